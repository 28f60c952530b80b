"""Reading what a merger meets: units, given part geometry, plans, parcels and provinces, in one view of the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import shapely
from sqlalchemy import RowMapping, text

from planning.checks.records import MergerRecord
from planning.mergers.accounts import standing
from planning.mergers.boundaries import located
from planning.mergers.clauses import Event, Located
from planning.mergers.situation import Collision, ParcelMove, Parcels, PlanFacts, Situation, UnitFacts
from planning.store.events import events_on_record
from planning.store.session import ReadSession

LISTED_COLLISIONS = 100_000

_UNITS = """
SELECT u.code, u.name, u.kind, u.level, u.province_code, u.district, u.declared_area_km2, u.population, u.coastal,
    ST_AsBinary(u.geom) AS shape, u.boundary_how AS how, d.source_crs
FROM unit u
JOIN dataset d ON d.id = u.dataset_id
WHERE known(u.release_from, u.release_to, :release)
"""
_FORMER = _UNITS + " AND u.code = ANY (:codes) AND in_force(u.valid_from, u.valid_to, :day)"
_NEW = _UNITS + " AND u.code = ANY (:codes) AND u.valid_from = :day"
_STANDING = """
SELECT u.code
FROM unit u
WHERE known(u.release_from, u.release_to, :release) AND u.code = ANY (:codes) AND u.valid_from = :day
    AND in_force(u.valid_from, u.valid_to, :on)
"""
_PROVINCES = _UNITS + " AND u.level = 'province' AND in_force(u.valid_from, u.valid_to, :day)"

_GIVEN = """
SELECT e.resolution, e.clause, p.from_code, ST_AsBinary(p.geom) AS shape, p.how
FROM unit_event e
JOIN unit_event_part p ON p.event_id = e.id
WHERE known(e.release_from, e.release_to, :release) AND e.effective = :day AND p.how IN ('official', 'digitised')
"""
_PLANS = """
SELECT p.code, p.name, p.kind, p.level, p.amends, p.scale, p.decision_number, p.decision_date, p.approver, p.valid_from, p.valid_to,
    ST_AsBinary(p.geom) AS shape, d.source_crs, o.decision, o.basis
FROM plan p
JOIN dataset d ON d.id = p.dataset_id
LEFT JOIN carry_over o ON o.plan_code = p.code AND o.effective = :effective AND known(o.release_from, o.release_to, :release)
WHERE known(p.release_from, p.release_to, :release) AND in_force(p.valid_from, p.valid_to, :day)
    AND {0}
ORDER BY p.code
"""
_ON_LAND = """EXISTS (
        SELECT FROM unit u
        WHERE {0} known(u.release_from, u.release_to, :release) AND ST_Intersects(u.geom, p.geom)
    )"""
# New units stand for former ones that have no boundary on record: a plan there is touched, though nobody knows in which unit it lay.
_ON_NEW_LAND = """EXISTS (
        SELECT FROM unnest(CAST(:lands AS bytea[])) AS l(land)
        WHERE ST_Intersects(ST_SetSRID(ST_GeomFromWKB(l.land), :srid), p.geom)
    )"""
_OLD_LAND = _ON_LAND.format("u.code = ANY (:codes) AND in_force(u.valid_from, u.valid_to, :day) AND")
_TOUCHED = _PLANS.format(f"({_OLD_LAND} OR {_ON_NEW_LAND})")
_STRAYS = _PLANS.format(f"NOT ({_ON_LAND.format('')} OR {_ON_NEW_LAND})")
# Where the land of a divided unit's part is known, its parcels are told apart by a point inside each; else they are unknown.
_PLACED = """
WITH goes AS MATERIALIZED (
    SELECT former, new, whole, ST_SetSRID(ST_GeomFromWKB(land), :srid) AS land
    FROM unnest(CAST(:formers AS text[]), CAST(:news AS text[]), CAST(:wholes AS boolean[]), CAST(:lands AS bytea[]))
        AS g(former, new, whole, land)
),
placed AS MATERIALIZED (
    SELECT c.former_code AS former, g.new, c.sheet, c.number
    FROM parcel c
    JOIN goes g ON g.former = c.former_code AND g.whole
    WHERE known(c.release_from, c.release_to, :release) AND in_force(c.valid_from, c.valid_to, :day)
    UNION ALL
    SELECT c.former_code, part.new, c.sheet, c.number
    FROM parcel c
    LEFT JOIN LATERAL (
        SELECT g.new FROM goes g
        WHERE g.former = c.former_code AND ST_Intersects(g.land, ST_PointOnSurface(c.geom))
        ORDER BY g.new LIMIT 1
    ) part ON true
    WHERE c.former_code IN (SELECT former FROM goes WHERE NOT whole)
        AND known(c.release_from, c.release_to, :release) AND in_force(c.valid_from, c.valid_to, :day)
)
"""
_MOVES = _PLACED + "SELECT former, new, count(*) AS parcels FROM placed GROUP BY former, new ORDER BY former, new"
_COLLISIONS = (
    _PLACED
    + """
SELECT new, sheet, number, array_agg(DISTINCT former ORDER BY former) AS formers, count(*) OVER () AS colliding
FROM placed
WHERE new IS NOT NULL
GROUP BY new, sheet, number
HAVING count(DISTINCT former) > 1
ORDER BY new, sheet, number
LIMIT :most
"""
)
_BYSTANDERS = """
SELECT DISTINCT u.code
FROM unit u
WHERE known(u.release_from, u.release_to, :release) AND in_force(u.valid_from, u.valid_to, :day) AND u.level = 'commune'
    AND u.province_code = ANY (:provinces) AND NOT u.code = ANY (:named)
ORDER BY u.code
"""
_ILLUSTRATION = """
SELECT bool_or(d.illustration)
FROM unit u
JOIN dataset d ON d.id = u.dataset_id
WHERE u.code = ANY (:codes) AND known(u.release_from, u.release_to, :release)
"""


def situation_of(
    session: ReadSession, events: Sequence[Event], release: int, official: Mapping[str, UnitFacts] | None = None
) -> Situation:
    """What the events, all of one day, meet in a view of the store. `official` units are laid over those on record.

    A unit that the events build and that is neither on record nor given is there by its clause alone: code, name, no shape.
    """
    effective = events[0].effective
    bound = {"release": release, "day": effective - timedelta(days=1), "effective": effective}
    codes = sorted({part.code for event in events for part in event.parts if part.code})
    former = _units(session, _FORMER, {**bound, "codes": codes})
    of_the_day = events_on_record(session, release, effective=effective)
    new = _new_units(session, events, {**bound, "day": effective}, official or {})
    situation = Situation(
        events=tuple(events),
        effective=effective,
        former=former,
        new=new,
        parts=_given(session, {**bound, "day": effective}),
        plans=tuple(_plans(session, _TOUCHED, {**bound, "codes": codes, **_lands(session, events, former, new)})),
        strays=tuple(_plans(session, _STRAYS, {**bound, **_lands(session, events, former, new)})),
        provinces=_units(session, _PROVINCES, {**bound, "day": effective}),
        bystanders=_bystanders(session, former, of_the_day, bound),
        province_successors=_province_successors(of_the_day),
        illustration=bool(session.connection.execute(text(_ILLUSTRATION), {**bound, "codes": codes}).scalar()),
    )
    return replace(situation, parcels=_parcels(session, situation, bound))


def mergers_by(session: ReadSession, on: date, release: int) -> list[MergerRecord]:
    """The mergers of which a unit is in force on a day as it was built, with the boundaries on record on both sides."""
    events = standing([event for event in events_on_record(session, release) if event.effective <= on])
    found = []
    for day in sorted({event.effective for event in events}):
        of_the_day = tuple(event for event in events if event.effective == day)
        bound = {"release": release, "on": on, "day": day, "codes": sorted({event.code for event in of_the_day})}
        in_force = frozenset(session.connection.execute(text(_STANDING), bound).scalars())
        if in_force:
            taken = sorted({part.code for event in of_the_day for part in event.parts if part.code})
            former = _units(session, _FORMER, {**bound, "day": day - timedelta(days=1), "codes": taken})
            new = _units(session, _NEW, bound)
            found.append(MergerRecord(day, of_the_day, known_shapes(former), known_shapes(new), in_force))
    return found


@dataclass(frozen=True, slots=True)
class UnitsAround:
    """Codes on record around a day: those in force the day before with their province, and those that begin on it."""

    former: dict[str, str | None]
    new: tuple[str, ...]


def units_around(session: ReadSession, day: date, release: int) -> UnitsAround:
    """The units on record on both sides of a day."""
    question = text(
        "SELECT code, province_code, valid_from = :day AS begins, in_force(u.valid_from, u.valid_to, :before) AS stood FROM unit u"
        " WHERE known(u.release_from, u.release_to, :release) AND u.level IN ('commune', 'province')"
    )
    rows = session.connection.execute(
        question, {"day": day, "before": day - timedelta(days=1), "release": release}
    ).all()
    former = {row.code: row.province_code for row in rows if row.stood}
    return UnitsAround(former, tuple(row.code for row in rows if row.begins))


def beginnings(session: ReadSession, codes: Sequence[str], release: int) -> list[tuple[str, date]]:
    """Code and first day of the units on record under these codes."""
    question = text(
        "SELECT code, valid_from FROM unit u WHERE code = ANY (:codes) AND known(u.release_from, u.release_to, :release)"
    )
    rows = session.connection.execute(question, {"codes": list(codes), "release": release})
    return [(row.code, row.valid_from) for row in rows]


def units_beginning(session: ReadSession, codes: Sequence[str], day: date, release: int) -> dict[str, UnitFacts]:
    """Units on record that begin on `day`, by code."""
    return _units(session, _NEW, {"release": release, "day": day, "codes": list(codes)})


def known_shapes(units: Mapping[str, UnitFacts]) -> dict[str, Any]:
    """Code → shape, of the units whose boundary is known."""
    return {code: unit.shape for code, unit in units.items() if unit.shape is not None}


def _units(session: ReadSession, question: str, bound: Mapping[str, Any]) -> dict[str, UnitFacts]:
    rows = session.connection.execute(text(question), bound).mappings()
    return {row["code"]: UnitFacts(**{**row, "shape": _shape(row)}) for row in rows}


def _new_units(
    session: ReadSession, events: Sequence[Event], bound: Mapping[str, Any], official: Mapping[str, UnitFacts]
) -> dict[str, UnitFacts]:
    built = {event.code: UnitFacts(event.code, event.name, kind="") for event in events if not event.repeals}
    recorded = _units(session, _NEW, {**bound, "codes": list(built)})
    return {code: official.get(code) or recorded.get(code) or bare for code, bare in built.items()}


def _given(session: ReadSession, bound: Mapping[str, Any]) -> dict[tuple[str, str], tuple[Any, Located]]:
    rows = session.connection.execute(text(_GIVEN), bound).mappings()
    return {(f"{row['resolution']} khoản {row['clause']}", row["from_code"]): (_shape(row), row["how"]) for row in rows}


def _lands(
    session: ReadSession, events: Sequence[Event], former: Mapping[str, UnitFacts], new: Mapping[str, UnitFacts]
) -> dict[str, Any]:
    """The new units that took from former ones without a boundary, as values of a question."""
    takers = {
        event.code
        for event in events
        for part in event.parts
        if part.code and part.code in former and former[part.code].shape is None
    }
    shapes = [new[code].shape for code in sorted(takers) if code in new and new[code].shape is not None]
    return {"lands": [shapely.to_wkb(shape) for shape in shapes], "srid": session.storage_srid}


def _plans(session: ReadSession, question: str, bound: Mapping[str, Any]) -> list[PlanFacts]:
    rows = session.connection.execute(text(question), bound).mappings()
    return [PlanFacts(**{**row, "shape": _shape(row)}) for row in rows]


def _shape(row: RowMapping) -> Any:
    return None if row["shape"] is None else shapely.from_wkb(bytes(row["shape"]))


def _parcels(session: ReadSession, situation: Situation, bound: Mapping[str, Any]) -> Parcels:
    lands = located(situation.events, known_shapes(situation.former), known_shapes(situation.new), situation.parts)
    goes = [
        (part.code, event.code, part.extent == "whole", lands.get((event.label, place)))
        for event in situation.events
        for place, part in enumerate(event.parts)
        if part.code and len(part.code) == 5 and event.code not in situation.kept
    ]
    asked = {
        **bound,
        "srid": session.storage_srid,
        "formers": [one[0] for one in goes],
        "news": [one[1] for one in goes],
        "wholes": [one[2] for one in goes],
        "lands": [None if one[2] or one[3] is None else shapely.to_wkb(one[3].shape) for one in goes],
        "most": LISTED_COLLISIONS,
    }
    moves = [ParcelMove(*row) for row in session.connection.execute(text(_MOVES), asked)]
    rows = session.connection.execute(text(_COLLISIONS), asked).all()
    collisions = tuple(Collision(row.new, row.sheet, row.number, tuple(row.formers)) for row in rows)
    return Parcels(tuple(moves), rows[0].colliding if rows else 0, collisions)


def _bystanders(
    session: ReadSession, former: Mapping[str, UnitFacts], of_the_day: Sequence[Event], bound: Mapping[str, Any]
) -> tuple[str, ...]:
    """Communes of the rearranged provinces that no clause of the day takes."""
    provinces = sorted(
        {unit.province_code for unit in former.values() if unit.province_code and unit.level == "commune"}
    )
    named = sorted({part.code for event in of_the_day for part in event.parts if part.code})
    asked = {**bound, "provinces": provinces, "named": named}
    return tuple(session.connection.execute(text(_BYSTANDERS), asked).scalars())


def _province_successors(of_the_day: Sequence[Event]) -> dict[str, str]:
    return {
        part.code: event.code
        for event in of_the_day
        for part in event.parts
        if part.code and len(part.code) == 2 and part.extent == "whole"
    }
