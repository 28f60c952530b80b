"""A drawn shire of five former communes and two mergers: a chain, a divided unit, a reused code, a unit without a boundary.

A . B . C . D . E . F     2020: 80001 “Xã Tân Hòa” ABHG, 80002 “Xã Tân Bình” BCIH, 80003 “Xã Hồng Lạc” CDJI,
. . . . . . . . . . .           80004 “Xã Cẩm Việt” (DEKJ, but its boundary is not on record), 80005 “Xã Tân Hòa” EFLK
G . H . I . J . K . L     2022-03-01, 2/NQ: 80010 “Xã Tân Thịnh” = 80001 + 80002

2025-07-01, 3/NQ: 1. 80020 “Phường Tây” = 80010 + the western half of 80003
                  2. 80003 “Xã Hà Bắc” = the rest of 80003 + the western part of 80004
                  3. 80021 “Phường Đông” = the rest of 80004 + 80005 + a military range that was no unit
2026-02-01, 4/NQ: 80030 “Phường Đông Mới” = 80021
One step is 100 m: a commune has 4 ha. Parcels numbered 1/1 and 1/2 stand in several of them.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely
from sqlalchemy import insert

from planning.geometry import WEB, for_tiles, multipolygons, operation
from planning.mergers.clauses import Event, Part
from planning.settings import Settings
from planning.store import releases
from planning.store.incoming import Dataset, Rows, add, record
from planning.store.session import WriteSession, engine
from planning.store.tables import parcel, unit, unit_event, unit_event_part
from planning.units import folded, kind_of, sought
from tests.drawing import points

PLACES = """
    A . B . C . D . E . F
    . . . . . . . . . . .
    G . H . I . J . K . L
"""
FIRST, SECOND, THIRD, FOURTH = date(2020, 1, 1), date(2022, 3, 1), date(2025, 7, 1), date(2026, 2, 1)
WEST, EAST = "Huyện Tây", "Huyện Đông"


def land(west: float, east: float):
    """The shire between two distances from its western edge, in metres."""
    at = points(PLACES, 100.0)
    return shapely.box(at["G"][0] + west, at["G"][1], at["A"][0] + east, at["A"][1])


def place(east: float, north: float = 100.0) -> dict[str, object]:
    """A point of the shire as a question asks for it."""
    x, y = points(PLACES, 100.0)["G"]
    return {"x": x + east, "y": y + north, "crs": "EPSG:9214"}


UnitOfTest = tuple[str, str, str | None, date, date | None, Any]
"""Code, name, district, first day, first day no longer in force, boundary."""

UNITS: tuple[UnitOfTest, ...] = (
    ("80001", "Xã Tân Hòa", WEST, FIRST, SECOND, land(0, 200)),
    ("80002", "Xã Tân Bình", WEST, FIRST, SECOND, land(200, 400)),
    ("80010", "Xã Tân Thịnh", WEST, SECOND, THIRD, land(0, 400)),
    ("80003", "Xã Hồng Lạc", EAST, FIRST, THIRD, land(400, 600)),
    ("80004", "Xã Cẩm Việt", EAST, FIRST, THIRD, None),
    ("80005", "Xã Tân Hoà", EAST, FIRST, THIRD, land(800, 1000)),
    ("80020", "Phường Tây", None, THIRD, None, land(0, 500)),
    ("80003", "Xã Hà Bắc", None, THIRD, None, land(500, 700)),
    ("80021", "Phường Đông", None, THIRD, FOURTH, land(700, 1000)),
    ("80030", "Phường Đông Mới", None, FOURTH, None, land(700, 1000)),
)

EVENTS = (
    Event("2/NQ", "1", SECOND, "80010", "Xã Tân Thịnh",
        (Part("80001", "Xã Tân Hòa", "whole"), Part("80002", "Xã Tân Bình", "whole"))),
    Event("3/NQ", "1", THIRD, "80020", "Phường Tây",
        (Part("80010", "Xã Tân Thịnh", "whole"), Part("80003", "Xã Hồng Lạc", "part", district=EAST))),
    Event("3/NQ", "2", THIRD, "80003", "Xã Hà Bắc",
        (Part("80003", "Xã Hồng Lạc", "rest", after_clauses=("1",)), Part("80004", "Xã Cẩm Việt", "part"))),
    Event("3/NQ", "3", THIRD, "80021", "Phường Đông",
        (Part("80004", "Xã Cẩm Việt", "rest", after_clauses=("2",)), Part("80005", "Xã Tân Hòa", "whole"),
         Part(None, "Thao trường", "whole"))),
    Event("4/NQ", "1", FOURTH, "80030", "Phường Đông Mới", (Part("80021", "Phường Đông", "whole"),)),
)  # fmt: skip

LOCATED = {("3/NQ", "1", "80003"): land(400, 500), ("3/NQ", "2", "80003"): land(500, 600)}
"""Parts whose land is on record."""

PARCELS = (
    ("80001", 1, 1, land(20, 60)),
    ("80002", 1, 1, land(220, 260)),
    ("80003", 1, 1, land(420, 460)),
    ("80003", 1, 2, land(520, 560)),
    ("80004", 1, 2, land(620, 660)),
    ("80005", 1, 3, land(820, 860)),
)


def build_shire(
    settings: Settings, *, without_boundary: Collection[str] = ("80004",), located: dict[Any, Any] = LOCATED
) -> None:
    """Put the shire into the store and publish it; units of the codes in `without_boundary` get no boundary, in any period."""
    units = [(*one[:5], None if one[0] in without_boundary else one[5]) for one in UNITS]
    with engine(settings).begin() as connection:
        session = WriteSession(connection, settings.storage_crs)
        known = _opened(session)
        _add_units(session, [one for one in units if one[5] is not None], known)
        _add_units(session, [one for one in units if one[5] is None], known)
        for event in EVENTS:
            _add_event(session, event, located, known)
        names = ("former_code", "sheet", "number")
        columns = {name: [one[place] for one in PARCELS] for place, name in enumerate(names)}
        _add(session, parcel, columns, [one[3] for one in PARCELS], {"valid_from": FIRST, **known})
        releases.publish(session, "huyện vẽ tay")


def add_units(session: WriteSession, units: Sequence[UnitOfTest]) -> None:
    """Put units without boundaries into the store, and publish them."""
    _add_units(session, units, _opened(session))
    releases.publish(session)


def _opened(session: WriteSession) -> dict[str, Any]:
    draft = releases.open_draft(session)
    return {"release_from": draft, "dataset_id": record(session, Dataset("units", "shire", "2" * 64, {}), draft)}


def _add_units(session: WriteSession, units: Sequence[UnitOfTest], known: dict[str, Any]) -> None:
    names = ("code", "name", "district", "valid_from", "valid_to")
    columns: dict[str, list[Any]] = {name: [one[place] for one in units] for place, name in enumerate(names)}
    columns["kind"] = [kind.kind for kind in map(kind_of, columns["name"]) if kind]
    columns["name_folded"] = [folded(name) for name in columns["name"]]
    columns["sought"] = [sought(*both) for both in zip(columns["name"], columns["district"], strict=True)]
    shapes = [one[5] for one in units if one[5] is not None]
    how = "official" if shapes else None
    _add(session, unit, columns, shapes, {"level": "commune", "province_code": "80", "boundary_how": how, **known})


def _add(
    session: WriteSession, table: Any, columns: dict[str, list[Any]], shapes: list[Any], same: dict[str, Any]
) -> None:
    many = len(next(iter(columns.values())))
    drawn = {}
    if shapes:
        geom = multipolygons(np.array(shapes, dtype=object))
        drawn = {"geom": geom, "geom_web": for_tiles(operation(9214, WEB).shapes(geom))}
    if many:
        add(session, Rows(table, {**columns, **{name: [value] * many for name, value in same.items()}}, drawn))


def _add_event(session: WriteSession, event: Event, located: dict[Any, Any], known: dict[str, Any]) -> None:
    values = {"resolution": event.resolution, "clause": event.clause, "effective": event.effective, "kind": event.kind,
        "to_code": event.code, "to_name": event.name, **known}  # fmt: skip
    number = session.connection.execute(insert(unit_event).values(**values).returning(unit_event.c.id)).scalar_one()
    for part in event.parts:
        shape = located.get((event.resolution, event.clause, part.code))
        columns = {"event_id": number, "from_code": part.code, "from_name": part.name, "from_district": part.district,
            "extent": part.extent, "scope": part.scope, "after_clauses": list(part.after_clauses),
            "how": "derived" if shape else None, "area_m2": shape.area if shape else None}  # fmt: skip
        _add(session, unit_event_part, {name: [value] for name, value in columns.items()}, [shape] if shape else [], {})
