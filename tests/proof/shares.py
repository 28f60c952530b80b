"""The oracle on areas: what a parcel or a polygon shares with whole units, plans and zones. What hangs on a hair is undecided."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely

from tests.proof.points import AROUND_M, HAIR_M, MOST_LINES, TOUCHING_M, around
from tests.proof.saying import Line, Part, Saying, Shared, replaces, themes_of
from tests.proof.tables import Ground, Layer, Record, Tables

NOISE_M2, NOISE_M = 1.0, 0.02
HAIR_M2, HAIR_WIDTH_M = 1e-4, 1e-4
TOUCHED_M2 = 1e-4
"""Two zones that share no more than this only touch."""

MOST_PARCELS = 200


class Undecided(Exception):
    """A hair decides: the oracle does not know."""


@dataclass(frozen=True)
class Truth:
    """What applies, and how well the oracle knows what each corridor takes: a buffer is a polygon, here of finer arcs than the store's."""

    saying: Saying
    slack_m2: dict[int, float]


def on_area(tables: Tables, subject: Any, day: date, *, parcels: bool = False) -> Truth:
    """What applies in a polygon of the storage CRS; `parcels`: with the parcels under it. Raises `Undecided`."""
    ground = tables.on(day)
    shapely.prepare(subject)
    lines, slack = _lines(ground, subject)
    here: dict[bool, dict[tuple[str, str], float | None]] = {False: {}, True: {}}
    for row in _meeting(ground.units, subject):
        area = row["geom"].intersection(subject).area
        if _at_least(area, min(NOISE_M2, subject.area / 2), HAIR_M2):
            here[row["id"] in ground.ended][row["code"], row["valid_from"].isoformat()] = area
    saying = Saying(
        units=here[False],
        former=here[True],
        parcels=_parcels(ground, subject) if parcels else {},
        lines=lines,
        findings=_findings(ground, subject),
    )
    plans = {row["id"]: row["geom"].intersection(subject) for row in _meeting(ground.plans, subject)}
    zones = _meeting(ground.zones, subject)
    shared = {
        number: _shared(ground, (number, plans.get(number)), zones, subject)
        for number in {*plans, *(zone["plan_id"] for zone in zones)}
    }
    spoken_for = _is_spoken_for(ground, subject)
    saying.themes = themes_of(ground, shared, _on_each_other(ground, plans), saying, spoken_for=spoken_for)
    return Truth(saying, slack)


def _is_spoken_for(ground: Ground, subject: Any) -> bool:
    """Whether communes in force hold all of it, but for a thousandth or 1 m²."""
    communes = [
        row["geom"].intersection(subject)
        for row in _meeting(ground.units, subject)
        if row["level"] == "commune" and row["id"] not in ground.ended
    ]
    beyond = subject.area - sum(one.area for one in communes if one.area >= min(NOISE_M2, subject.area / 2))
    return not _at_least(beyond, max(NOISE_M2, subject.area / 1000), HAIR_M2)


def _meeting(held: Layer, subject: Any) -> list[Record]:
    return [held.rows[row] for row in held.tree.query(subject, predicate="intersects")]


def _at_least(value: float, least: float, hair: float) -> bool:
    if abs(value - least) < hair:
        raise Undecided
    return value >= least


def _is_noise(shape: Any, subject: Any) -> bool:
    """Under 1 m² or narrower than 2 cm, unless it is half of the subject."""
    width = 2 * shape.area / shape.length if shape.length else 0.0
    small = not _at_least(shape.area, NOISE_M2, HAIR_M2) or not _at_least(width, NOISE_M, HAIR_WIDTH_M)
    return small and not _at_least(shape.area, subject.area / 2, HAIR_M2)


def _shared(ground: Ground, plan: tuple[int, Any | None], zones: list[Record], subject: Any) -> Shared:
    """Zones of a plan by their share, apart what amendments have in their place, and what the plan holds beside its zones where that is no
    noise.
    """
    number, within = plan
    taken = {zone["id"]: zone["geom"].intersection(subject) for zone in zones if zone["plan_id"] == number}
    taken = {zone: shape for zone, shape in taken.items() if shape.area > 0}
    codes = {row["id"]: row["code"] for row in ground.plans.rows}
    over = [(codes[zone["plan_id"]], zone["geom"].intersection(subject)) for zone in zones
        if replaces(codes[zone["plan_id"]], codes[number], ground)]  # fmt: skip
    shares: dict[Part, float | None] = {}
    noise: dict[Part, float | None] = {}
    for zone, whole in taken.items():
        for part, shape in _parts(zone, whole, over):
            (noise if _is_noise(shape, subject) else shares)[part] = shape.area
    if within is not None:
        bare = within.difference(shapely.union_all(list(taken.values())))
        if bare.area > HAIR_M2 and not _is_noise(bare, subject):
            shares[None, ()] = bare.area
    return Shared(shares, noise)


def _parts(zone: int, shape: Any, over: list[tuple[str, Any]]) -> Iterator[tuple[Part, Any]]:
    """What is left of a zone's share, and what lies under zones of amendments, with the codes of these."""
    on_it = [
        (code, other) for code, other in over if _at_least(other.intersection(shape).area, TOUCHED_M2, TOUCHED_M2 / 2)
    ]
    if not on_it:
        yield (zone, ()), shape
        return
    whole = shapely.union_all([other for _, other in on_it])
    left = shape.difference(whole)
    if left.area > 0:
        yield (zone, ()), left
    yield (zone, tuple(sorted({code for code, _ in on_it}))), shape.intersection(whole)


def _on_each_other(ground: Ground, plans: dict[int, Any]) -> set[frozenset[int]]:
    rows = {row["id"]: row for row in ground.plans.rows}
    return {
        frozenset((one, other))
        for one in plans
        for other in plans
        if one < other
        and rows[one]["level"] == rows[other]["level"]
        and _at_least(plans[one].intersection(plans[other]).area, NOISE_M2, HAIR_M2)
    }


def _parcels(ground: Ground, subject: Any) -> dict[str, float | None]:
    held = {
        f"{row['former_code']}/{row['sheet']}/{row['number']}": row["geom"].intersection(subject).area
        for row in _meeting(ground.parcels, subject)
    }
    order = sorted(held, key=lambda key: -held[key])
    if len(order) > MOST_PARCELS and held[order[MOST_PARCELS - 1]] - held[order[MOST_PARCELS]] < HAIR_M2:
        raise Undecided
    return {key: held[key] for key in order[:MOST_PARCELS]}


def _findings(ground: Ground, subject: Any) -> list[tuple[int, str]]:
    found = []
    for row in ground.findings.tree.query(subject, predicate="dwithin", distance=2 * TOUCHING_M):
        finding = ground.findings.rows[row]
        if not _at_least(shapely.distance(finding["geom"], subject), TOUCHING_M, HAIR_M):
            found.append((int(finding["case_id"] or 0), finding["check_code"]))
    return sorted(found)


def _lines(ground: Ground, subject: Any) -> tuple[dict[int, Line], dict[int, float]]:
    """Control lines within 50 m, the nearest 50."""
    found: dict[int, Line] = {}
    slack: dict[int, float] = {}
    for row in around(ground.lines, subject):
        half = row["half_width_m"] or 0.0
        away = shapely.distance(row["geom"], subject)
        if _at_least(away, half + AROUND_M, HAIR_M):
            continue
        distance = max(away - half, 0.0)
        held = row["geom"].buffer(half, quad_segs=256) if half else row["geom"]
        arc = 1e-4 * half
        side = _side(row, held, arc, distance, subject)
        area = held.intersection(subject).area if row["kind"] == "corridor" else None
        found[row["id"]] = Line(distance, side, "any" if side == "outside" else None, area)
        slack[row["id"]] = arc * subject.length
    order = sorted(found, key=lambda number: (found[number].distance_m, number))
    if (
        len(order) > MOST_LINES
        and found[order[MOST_LINES]].distance_m - found[order[MOST_LINES - 1]].distance_m < HAIR_M
    ):
        raise Undecided
    return {number: found[number] for number in order[:MOST_LINES]}, slack


def _side(row: Record, held: Any, arc: float, distance: float, subject: Any) -> str:
    if not (distance <= TOUCHING_M - HAIR_M) and _at_least(distance, TOUCHING_M, HAIR_M):
        return "outside"
    if row["kind"] != "corridor":
        deep, deeper = subject.buffer(-NOISE_M + HAIR_WIDTH_M), subject.buffer(-NOISE_M - HAIR_WIDTH_M)
        enters = {row["geom"].intersects(deep), row["geom"].intersects(deeper)}
        if len(enters) > 1:
            raise Undecided
        return "crosses" if enters == {True} else "touches"
    edge = arc + HAIR_M
    if held.buffer(-edge).covers(subject):
        return "inside"
    if held.buffer(edge).covers(subject):
        raise Undecided
    area = held.intersection(subject).area
    return "crosses" if _at_least(area, min(NOISE_M2, subject.area / 2), HAIR_M2 + arc * subject.length) else "touches"
