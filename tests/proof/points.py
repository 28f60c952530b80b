"""The oracle at points. Touching is within 1 mm; a point whose distance to an edge is 1 mm to a micrometre is undecided, and so is what
hangs on a metre or an angle to such a hair, or on a spike of a shape that is no wider.
"""

import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import shapely

from tests.proof.saying import Line, Part, Saying, Shared, replaces, themes_of
from tests.proof.tables import Ground, Layer, Record, Tables

TOUCHING_M, HAIR_M = 0.001, 1e-6
NEAR_M, THIN_M2 = 0.01, 1e-6
"""What has more ground than that within a centimetre is no spike, and need not be looked at more closely."""

AROUND_M, MOST_LINES = 50.0, 50
ORIGIN = shapely.Point(0, 0)
COMPASS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")


def at_points(tables: Tables, places: list[tuple[float, float]], days: list[date]) -> list[Saying | None]:
    """What applies at each place on its day; None: undecided."""
    found: list[Saying | None] = [None] * len(places)
    for day in set(days):
        turns = [turn for turn, other in enumerate(days) if other == day]
        sayings = _on_one_day(tables.on(day), shapely.points(np.array([places[turn] for turn in turns])))
        for turn, saying in zip(turns, sayings, strict=True):
            found[turn] = saying
    return found


class _Touched:
    """Which rows of each layer touch which points."""

    def __init__(self, ground: Ground, points: Any) -> None:
        self.undecided: set[int] = set()
        self._points = points
        self.units = self._of(ground.units)
        self.plans = self._of(ground.plans)
        self.zones = self._of(ground.zones)
        self.parcels = self._of(ground.parcels)
        self.findings = self._of(ground.findings)
        self.inside = self._inside(ground.plans)

    def _of(self, held: Layer) -> dict[int, list[Record]]:
        turns, rows = held.tree.query(shapely.buffer(self._points, 0.002, quad_segs=1, cap_style="square"))
        surely = shapely.dwithin(held.shapes[rows], self._points[turns], TOUCHING_M - HAIR_M)
        perhaps = shapely.dwithin(held.shapes[rows], self._points[turns], TOUCHING_M + HAIR_M)
        self.undecided |= set(turns[surely != perhaps].tolist())
        self.undecided |= self._on_spikes(held, turns[surely], rows[surely])
        found: dict[int, list[Record]] = defaultdict(list)
        for turn, row in zip(turns[surely].tolist(), rows[surely].tolist(), strict=True):
            found[turn].append(held.rows[row])
        return found

    def _on_spikes(self, held: Layer, turns: Any, rows: Any) -> set[int]:
        """Points that touch a shape only where it is a spike narrower than two hairs: the shape, cut into pieces, has none."""
        around = shapely.buffer(self._points[turns], NEAR_M, quad_segs=1, cap_style="square")
        ground = shapely.intersection(held.shapes[rows], around)
        thin = np.flatnonzero(shapely.area(ground) < THIN_M2)
        wide = shapely.buffer(shapely.buffer(ground[thin], -HAIR_M, join_style="mitre"), 2 * HAIR_M, join_style="mitre")
        return set(turns[thin[~shapely.dwithin(wide, self._points[turns[thin]], TOUCHING_M - HAIR_M)]].tolist())

    def _inside(self, plans: Layer) -> dict[int, set[int]]:
        """Plans that hold a point farther than 1 mm from their edge."""
        edges = shapely.boundary(plans.shapes)
        shapely.prepare(edges)
        turns, rows = plans.tree.query(self._points)
        within = shapely.contains_properly(plans.shapes[rows], self._points[turns])
        near = shapely.dwithin(edges[rows], self._points[turns], TOUCHING_M + HAIR_M)
        touching = shapely.dwithin(edges[rows], self._points[turns], TOUCHING_M - HAIR_M)
        self.undecided |= set(turns[within & (near != touching)].tolist())
        found: dict[int, set[int]] = defaultdict(set)
        for turn, row in zip(turns[within & ~near].tolist(), rows[within & ~near].tolist(), strict=True):
            found[turn].add(plans.rows[row]["id"])
        return found


def _on_one_day(ground: Ground, points: Any) -> Iterator[Saying | None]:
    touched = _Touched(ground, points)
    for turn, point in enumerate(points):
        lines = lines_at(ground, point)
        if turn in touched.undecided or lines is None:
            yield None
            continue
        units = touched.units[turn]
        saying = Saying(
            units={
                (row["code"], row["valid_from"].isoformat()): None for row in units if row["id"] not in ground.ended
            },
            former={(row["code"], row["valid_from"].isoformat()): None for row in units if row["id"] in ground.ended},
            parcels={f"{row['former_code']}/{row['sheet']}/{row['number']}": None for row in touched.parcels[turn]},
            lines=lines,
            findings=sorted((int(row["case_id"] or 0), row["check_code"]) for row in touched.findings[turn]),
        )
        shared = _shared(ground, touched.plans[turn], touched.zones[turn], point)
        if shared is None:
            yield None
            continue
        inside = touched.inside[turn]
        saying.themes = themes_of(ground, shared, {frozenset((a, b)) for a in inside for b in inside if a != b}, saying)
        yield saying


def _shared(ground: Ground, plans: list[Record], zones: list[Record], point: Any) -> dict[int, Shared] | None:
    """What each plan says at a point; None where a hair decides whether an amendment holds there."""
    codes = {row["id"]: row["code"] for row in ground.plans.rows}
    parts: dict[int, dict[Part, float | None]] = defaultdict(dict)
    for number in {zone["plan_id"] for zone in zones}:
        over = [zone for zone in zones if replaces(codes[zone["plan_id"]], codes[number], ground)]
        held = _is_held([zone["geom"] for zone in over], point) if over else False
        if held is None:
            return None
        by = tuple(sorted({codes[zone["plan_id"]] for zone in over})) if held else ()
        parts[number] = {(zone["id"], by): None for zone in zones if zone["plan_id"] == number}
    for plan in plans:
        parts[plan["id"]] = parts[plan["id"]] or {(None, ()): None}
    return {number: Shared(shares, {}) for number, shares in parts.items()}


def _is_held(shapes: list[Any], point: Any) -> bool | None:
    """Whether polygons hold a point farther than 1 mm from where none of them lies; slits between them narrower than a hair are none."""
    around_it = shapely.box(*point.buffer(10 * TOUCHING_M).bounds)
    own = shapely.union_all([shape.intersection(around_it) for shape in shapes])
    bare = shapely.transform(around_it.difference(own), lambda xy: xy - shapely.get_coordinates(point))
    if shapely.distance(bare, ORIGIN) > TOUCHING_M + HAIR_M or bare.is_empty:
        return True
    if shapely.distance(bare.buffer(-HAIR_M), ORIGIN) < TOUCHING_M - 2 * HAIR_M:
        return False
    near = bare.intersection(ORIGIN.buffer(TOUCHING_M + HAIR_M))
    return True if near.buffer(-HAIR_M / 100).is_empty else None


def lines_at(ground: Ground, point: Any) -> dict[int, Line] | None:
    """Control lines within 50 m, the nearest 50; None where a hair decides."""
    found: dict[int, Line] = {}
    order = []
    for row in around(ground.lines, point):
        half = row["half_width_m"] or 0.0
        away = shapely.distance(row["geom"], point)
        if away > half + AROUND_M + HAIR_M:
            continue
        distance = max(away - half, 0.0)
        held = row["kind"] == "corridor" and away <= half
        drawn_edge = row["kind"] == "corridor" and not half and shapely.distance(row["geom"].boundary, point) < HAIR_M
        if drawn_edge or any(
            abs(away - half - edge) < HAIR_M for edge in ((0, TOUCHING_M, AROUND_M) if half else (TOUCHING_M, AROUND_M))
        ):
            return None
        side = "inside" if held else "crosses" if distance <= TOUCHING_M else "outside"
        direction = _direction(row["geom"], point) if side == "outside" else None
        found[row["id"]] = Line(distance, side, direction, None)
        order.append((distance, row["id"]))
    order.sort()
    if len(order) > MOST_LINES and order[MOST_LINES][0] - order[MOST_LINES - 1][0] < HAIR_M:
        return None
    return {number: found[number] for _, number in order[:MOST_LINES]}


def around(lines: Layer, place: Any) -> list[Record]:
    """Lines that may lie within 50 m, corridors from their edge."""
    widest = max((row["half_width_m"] or 0.0 for row in lines.rows), default=0.0)
    return [lines.rows[row] for row in lines.tree.query(place, predicate="dwithin", distance=AROUND_M + widest + 1)]


def _direction(line: Any, point: Any) -> str:
    """By the compass; “any” within a hair of the border of two directions."""
    there = shapely.get_coordinates(shapely.shortest_line(point, line))[1]
    east, north = there - shapely.get_coordinates(point)[0]
    turn = (math.degrees(math.atan2(east, north)) % 360) / 45
    return "any" if abs(turn % 1 - 0.5) < 1e-4 else COMPASS[round(turn) % 8]
