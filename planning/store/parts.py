"""The land of parts: located from what is on record, and kept beside the clauses of the draft."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

import numpy as np
import shapely
from sqlalchemy import text

from planning.geometry import WEB, for_tiles, multipolygons, operation
from planning.mergers.boundaries import PartLand, located
from planning.mergers.clauses import Event
from planning.store.events import events_on_record
from planning.store.session import ReadSession, WriteSession

_SHAPES = (
    "SELECT code, ST_AsBinary(geom) FROM unit u WHERE geom IS NOT NULL AND code = ANY (:codes)"
    " AND known(u.release_from, u.release_to, :draft) AND "
)
_FORMER = _SHAPES + "in_force(u.valid_from, u.valid_to, :day)"
_NEW = _SHAPES + "u.valid_from = :day"
_WAITING = (
    "SELECT p.id, e.resolution || ' khoản ' || e.clause AS label, p.how IS NOT NULL AS known,"
    " row_number() OVER (PARTITION BY e.id ORDER BY p.id) - 1 AS place"
    " FROM unit_event e JOIN unit_event_part p ON p.event_id = e.id WHERE e.release_from = :draft AND e.release_to IS NULL"
)
_KEEP = (
    "UPDATE unit_event_part p SET geom = ST_SetSRID(ST_GeomFromWKB(l.geom), :srid), geom_web = ST_SetSRID(ST_GeomFromWKB(l.web), 3857),"
    " how = l.how, area_m2 = l.area_m2 FROM unnest(CAST(:ids AS bigint[]), CAST(:geoms AS bytea[]), CAST(:webs AS bytea[]),"
    " CAST(:hows AS text[]), CAST(:areas AS float8[])) AS l(id, geom, web, how, area_m2) WHERE p.id = l.id"
)


@dataclass(frozen=True, slots=True)
class PartsLocated:
    """How many parts of the draft's clauses have land, and of how many it is unknown."""

    located: int
    unknown: int


def locate_parts(session: WriteSession, draft: int) -> PartsLocated:
    """Give land to the parts of the draft's clauses that have none yet, where units on record tell it."""
    waiting = session.connection.execute(text(_WAITING), {"draft": draft}).all()
    labels = {row.label for row in waiting}
    events = [event for event in events_on_record(session, draft) if event.label in labels]
    lands: dict[tuple[str, int], PartLand] = {}
    for _, same_day in groupby(events, key=lambda event: event.effective):
        lands |= _lands(session, tuple(same_day), draft)
    found = [
        (row.id, lands[row.label, row.place]) for row in waiting if not row.known and (row.label, row.place) in lands
    ]
    _keep(session, found)
    known = sum(row.known for row in waiting) + len(found)
    return PartsLocated(known, len(waiting) - known)


def keep_lands(session: WriteSession, lands: dict[tuple[str, str], PartLand], draft: int) -> int:
    """Write given land, by (label of the clause, former code), beside the parts of the draft's clauses; the number of parts."""
    question = text(
        "SELECT p.id, e.resolution || ' khoản ' || e.clause AS label, p.from_code FROM unit_event e"
        " JOIN unit_event_part p ON p.event_id = e.id WHERE e.release_from = :draft AND e.release_to IS NULL"
    )
    rows = session.connection.execute(question, {"draft": draft}).all()
    found = [(row.id, lands[row.label, row.from_code]) for row in rows if (row.label, row.from_code) in lands]
    _keep(session, found)
    return len(found)


def former_shapes(session: ReadSession, codes: list[str], day: date, draft: int) -> dict[str, Any]:
    """The boundaries of units in force the day before, by code."""
    return _shapes(session, _FORMER, {"codes": codes, "day": day - timedelta(days=1), "draft": draft})


def derived_from_parts(session: ReadSession, labels: set[str], draft: int) -> set[tuple[str, str]]:
    """(label, code) of the new units of these clauses whose boundary on record is the union of its parts."""
    question = text(
        "SELECT u.legal_basis, u.code FROM unit u WHERE u.legal_basis = ANY (:labels) AND u.boundary_how = 'derived'"
        " AND known(u.release_from, u.release_to, :draft)"
    )
    return {tuple(row) for row in session.connection.execute(question, {"labels": sorted(labels), "draft": draft})}


def with_boundary_on_record(session: ReadSession) -> set[tuple[str, date]]:
    """Code and first day of every unit that is on record with a boundary."""
    question = text("SELECT code, valid_from FROM unit WHERE release_to IS NULL AND geom IS NOT NULL")
    return {(row.code, row.valid_from) for row in session.connection.execute(question)}


def _lands(session: ReadSession, events: tuple[Event, ...], draft: int) -> dict[tuple[str, int], PartLand]:
    day = events[0].effective
    old = sorted({part.code for event in events for part in event.parts if part.code})
    new = _shapes(session, _NEW, {"codes": [event.code for event in events], "day": day, "draft": draft})
    return located(events, former_shapes(session, old, day, draft), new, {})


def _shapes(session: ReadSession, question: str, bound: dict[str, Any]) -> dict[str, Any]:
    rows = session.connection.execute(text(question), bound)
    return {code: shapely.from_wkb(bytes(shape)) for code, shape in rows}


def _keep(session: WriteSession, found: list[tuple[int, PartLand]]) -> None:
    if not found:
        return
    geom = multipolygons(np.array([land.shape for _, land in found], dtype=object))
    web = for_tiles(operation(session.storage_srid, WEB).shapes(geom))
    session.connection.execute(text(_KEEP), {
        "srid": session.storage_srid, "ids": [number for number, _ in found], "geoms": list(shapely.to_wkb(geom)),
        "webs": list(shapely.to_wkb(web)), "hows": [land.how for _, land in found], "areas": shapely.area(geom).tolist(),
    })  # fmt: skip
