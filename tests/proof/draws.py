"""Questions drawn at random: a third of the points anywhere, a third on or within 2 mm of edges and corners, a third inside parcels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely

from tests.proof.tables import Ground, Tables

OFF_M = 0.002


@dataclass(frozen=True)
class Draw:
    """Points and parcels, each with the day it is asked about."""

    places: list[tuple[float, float]]
    place_days: list[date]
    keys: list[str]
    key_days: list[date]


def draw(tables: Tables, days: Sequence[date], *, points: int, parcels: int, seed: int) -> Draw:
    """The same seed draws the same questions; days without a unit on record are left out."""
    dice = np.random.default_rng(seed)
    days = [day for day in days if tables.on(day).units.rows]
    place_days = [days[turn] for turn in dice.integers(len(days), size=points)]
    third = points // 3
    kinds = dice.permutation(np.repeat([0, 1, 2], [points - 2 * third, third, third]))
    places: list[tuple[float, float]] = [(0.0, 0.0)] * points
    for day in set(place_days):
        ground = tables.on(day)
        for kind, drawn in enumerate((_anywhere, _at_edges, _in_parcels)):
            turns = [turn for turn in range(points) if place_days[turn] == day and kinds[turn] == kind]
            for turn, (x, y) in zip(turns, drawn(ground, len(turns), dice), strict=True):
                places[turn] = (float(x), float(y))
    rows = [(row, day) for day in days for row in tables.on(day).parcels.rows]
    chosen = (
        [rows[turn] for turn in dice.choice(len(rows), size=min(parcels, len(rows)), replace=False)] if rows else []
    )
    keys = [f"{row['former_code']}/{row['sheet']}/{row['number']}" for row, _ in chosen]
    return Draw(places, place_days, keys, [day for _, day in chosen])


def _anywhere(ground: Ground, number: int, dice: np.random.Generator) -> Any:
    west, south, east, north = shapely.total_bounds(ground.units.shapes)
    spread = 0.02 * np.array([east - west, north - south])
    return dice.uniform(np.array([west, south]) - spread, np.array([east, north]) + spread, size=(number, 2))


def _at_edges(ground: Ground, number: int, dice: np.random.Generator) -> Any:
    """Half of them at corners; half of them exactly there, as exactly as numbers can say, half within 2 mm."""
    layers = [
        held
        for held in (ground.units, ground.plans, ground.zones, ground.parcels, ground.lines, ground.findings)
        if held.rows
    ]
    found = np.empty((number, 2))
    for turn in range(number):
        held = layers[dice.integers(len(layers))]
        shape = held.shapes[dice.integers(len(held.rows))]
        corners = shapely.get_coordinates(shape)
        at = int(dice.integers(max(len(corners) - 1, 1)))
        along = dice.choice([0.0, dice.uniform()]) if len(corners) > 1 else 0.0
        place = corners[at] + along * (corners[min(at + 1, len(corners) - 1)] - corners[at])
        turned, off = dice.uniform(0, 2 * np.pi), dice.choice([0.0, dice.uniform(0, OFF_M)])
        found[turn] = place + off * np.array([np.cos(turned), np.sin(turned)])
    return found


def _in_parcels(ground: Ground, number: int, dice: np.random.Generator) -> Any:
    if not ground.parcels.rows:
        return _anywhere(ground, number, dice)
    shapes = ground.parcels.shapes[dice.integers(len(ground.parcels.rows), size=number)]
    west, south, east, north = shapely.bounds(shapes).T
    found = shapely.get_coordinates(shapely.point_on_surface(shapes))
    for _ in range(8):
        tried = np.column_stack([dice.uniform(west, east), dice.uniform(south, north)])
        inside = shapely.contains_xy(shapes, tried[:, 0], tried[:, 1])
        found[inside] = tried[inside]
    return found
