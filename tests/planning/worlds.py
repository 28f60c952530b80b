"""Small worlds of units on a grid, put into the store, for tests of mergers: every unit is two halves, west and east."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from sqlalchemy import insert, text

from planning.geometry import WEB, for_tiles, multipolygons, operation
from planning.mergers.clauses import Event, Part
from planning.mergers.situation import UnitFacts
from planning.store import releases
from planning.store.incoming import Dataset, Rows, add, record
from planning.store.session import WriteSession
from planning.store.tables import availability, plan, unit, unit_event, unit_event_part
from planning.units import folded, sought

FORMER_FROM, MERGED, REPEALED = date(2020, 1, 1), date(2025, 7, 1), date(2026, 3, 1)
RESOLUTION = "1/NQ"
CELL = 1000.0
ORIGIN = (416_000.0, 2_353_000.0)


def half(place: int, side: int):
    """The western (0) or eastern (1) half of the cell of a unit; cells stand four in a row."""
    x, y = ORIGIN[0] + (place % 4) * CELL + side * CELL / 2, ORIGIN[1] + (place // 4) * CELL
    return shapely.box(x, y, x + CELL / 2, y + CELL)


def former_code(place: int) -> str:
    """The code of the former unit of a cell."""
    return f"{7001 + place:05d}"


def cell(place: int):
    """The cell of a former unit."""
    return shapely.union_all([half(place, 0), half(place, 1)])


def footprint(east: float):
    """The land of a plan, which heeds no border of units."""
    return shapely.box(ORIGIN[0] + east, ORIGIN[1] + 100, ORIGIN[0] + east + CELL, ORIGIN[1] + 900)


@dataclass(frozen=True)
class World:
    """Former units by their place, and where each half goes: a code of a new unit. Equal halves: the unit goes whole."""

    halves: tuple[tuple[str, str], ...]

    @property
    def events(self) -> list[Event]:
        """One clause a new unit; of a divided unit the lower clause takes a part, the other the rest."""
        codes = sorted({code for pair in self.halves for code in pair})
        return [
            Event(RESOLUTION, str(number), MERGED, code, f"Xã Mới {code}", tuple(self._parts(code, codes)))
            for number, code in enumerate(codes, start=1)
        ]

    def _parts(self, code: str, codes: list[str]):
        for place, (west, east) in enumerate(self.halves):
            if code not in {west, east}:
                continue
            name, old = f"Xã Cũ {place}", former_code(place)
            if west == east:
                yield Part(old, name, "whole")
            elif code == min(west, east):
                yield Part(old, name, "part")
            else:
                yield Part(old, name, "rest", after_clauses=(str(codes.index(min(west, east)) + 1),))

    @property
    def official(self) -> dict[str, UnitFacts]:
        """The boundaries of the new units."""
        pieces: dict[str, list] = {}
        for place, pair in enumerate(self.halves):
            for side, code in enumerate(pair):
                pieces.setdefault(code, []).append(half(place, side))
        return {
            code: UnitFacts(
                code, f"Xã Mới {code}", "xa", shape=shapely.union_all(shapes), how="official", source_crs=9214
            )
            for code, shapes in pieces.items()
        }


def settle(session: WriteSession, world: World, *, published: bool, plans: int = 3) -> None:
    """Put the world as it was before the merger into the store, with plans and statements; and the clauses."""
    draft = releases.open_draft(session)
    dataset = record(session, Dataset("units", "world", "1" * 64, {}, source_crs=9214), draft)
    places = range(len(world.halves))
    known = {"release_from": draft, "dataset_id": dataset}
    _add(session, unit, [
        {"code": former_code(place), "name": f"Xã Cũ {place}", "kind": "xa", "level": "commune", "province_code": "07",
         "district": "Huyện Cũ", "name_folded": folded(f"Xã Cũ {place}"), "sought": sought(f"Xã Cũ {place}", "Huyện Cũ"),
         "boundary_how": "official", "valid_from": FORMER_FROM, **known}
        for place in places
    ], [cell(place) for place in places])  # fmt: skip
    wide = CELL * 0.8
    _add(session, plan, [
        {"code": f"QH-{number}", "name": f"Quy hoạch {number}", "kind": "rural", "level": "general",
         "valid_from": date(2021, 1, 1), "valid_to": None if number % 2 else date(2040, 1, 1), **known}
        for number in range(plans)
    ], [footprint(number * wide) for number in range(plans)])  # fmt: skip
    words = [
        {"theme": "general", "unit_code": former_code(place), "state": "complete", "on_whose_word": "Sở Xây dựng",
         "valid_from": FORMER_FROM, "valid_to": date(2030, 1, 1) if place % 3 == 0 else None, **known}
        for place in places
    ]  # fmt: skip
    session.connection.execute(insert(availability), words)
    announce(session, world.events, draft, dataset)
    if published:
        releases.publish(session, "trước sắp xếp")


def announce(session: WriteSession, events: list[Event], draft: int, dataset: int) -> None:
    """Put clauses on record."""
    for event in events:
        values = {"resolution": event.resolution, "clause": event.clause, "effective": event.effective, "kind": event.kind,
            "to_code": event.code, "to_name": event.name, "release_from": draft, "dataset_id": dataset}  # fmt: skip
        number = session.connection.execute(insert(unit_event).values(**values).returning(unit_event.c.id)).scalar_one()
        for part in event.parts:
            session.connection.execute(insert(unit_event_part).values(
                event_id=number, from_code=part.code, from_name=part.name, extent=part.extent, scope=part.scope,
                after_clauses=list(part.after_clauses), source_line=part.line,
            ))  # fmt: skip


def _add(session: WriteSession, table, rows, shapes) -> None:
    geom = multipolygons(np.array(shapes, dtype=object))
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    add(session, Rows(table, columns, {"geom": geom, "geom_web": for_tiles(operation(9214, WEB).shapes(geom))}))


IN_FORCE = {
    "units": "SELECT code, name, kind, level, province_code, district, declared_area_km2, population, coastal, boundary_how,"
    " ST_AsBinary(geom), ST_AsBinary(geom_web), (SELECT source_crs FROM dataset d WHERE d.id = t.dataset_id) FROM unit t",
    "plans": "SELECT code, name, level, coalesce(carried(code, :release, :day), 'kept'), ST_AsBinary(geom) FROM plan t",
    "statements": "SELECT unit_code, theme, state, on_whose_word FROM availability t",
}


def in_force(session: WriteSession, release: int, day: date) -> dict[str, list[tuple[object, ...]]]:
    """All that is in force on a day, as known in a release, shapes to the byte."""
    where = " WHERE known(t.release_from, t.release_to, :release) AND in_force(t.valid_from, t.valid_to, :day) ORDER BY 1, 2"
    bound = {"release": release, "day": day}
    return {
        what: [
            tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
            for row in session.connection.execute(text(q + where), bound)
        ]
        for what, q in IN_FORCE.items()
    }
