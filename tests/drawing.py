"""Geometry in tests, drawn as a grid of points: letters are corners, dots are empty places, each step is `step` metres."""

import string
from textwrap import dedent

import numpy as np
import shapely

from planning.geometry import Shapes

ORIGIN = (416_000.0, 2_353_000.0)
"""A place in EPSG:9214, in the middle of the province of Bắc Ninh."""


def points(drawing: str, step: float = 10.0, origin: tuple[float, float] = ORIGIN) -> dict[str, tuple[float, float]]:
    """Letter → coordinates; the first line is the northernmost."""
    lines = [line.split() for line in dedent(drawing).strip().splitlines()]
    return {
        letter: (origin[0] + column * step, origin[1] + (len(lines) - 1 - row) * step)
        for row, line in enumerate(lines)
        for column, letter in enumerate(line)
        if letter in string.ascii_letters
    }


def ring(drawing: str, corners: str, step: float = 10.0) -> shapely.Polygon:
    """The polygon through the corners."""
    at = points(drawing, step)
    return shapely.Polygon([at[letter] for letter in corners])


def rings(drawing: str, *corners: str, step: float = 10.0) -> Shapes:
    """Several polygons of one drawing."""
    return np.array([ring(drawing, one, step) for one in corners], dtype=object)
