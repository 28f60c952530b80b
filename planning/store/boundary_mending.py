"""Boundaries of units repaired in the draft: new versions of the units, on a legal basis; the published ones stay."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from sqlalchemy import select, text, update

from planning.store.records import IN_RELEASE, ON, Scope
from planning.store.redrawing import redrawn
from planning.store.releases import forget_checks, open_draft
from planning.store.session import ReadSession, WriteSession
from planning.store.tables import unit
from planning.store.versions import reissue

_DRAWN = text(
    "SELECT u.id, u.code, u.name, u.level, u.valid_from, u.legal_basis, u.dataset_id AS dataset, ST_AsBinary(u.geom) AS shape FROM unit u"
    f" WHERE u.level IN ('commune', 'province') AND {IN_RELEASE.format('u')} AND {ON.format('u')} AND u.geom IS NOT NULL ORDER BY u.code"
)


@dataclass(frozen=True, slots=True)
class DrawnUnit:
    """A commune or province in force, with its boundary."""

    id: int
    code: str
    name: str
    level: str
    valid_from: date
    legal_basis: str | None
    dataset: int
    shape: Any


@dataclass(frozen=True, slots=True)
class Basis:
    """What a repair of boundaries rests on, and the codes of the units whose land it changes; others only get nodes of their neighbours."""

    words: str
    moved: Collection[str]


def drawn_units(session: ReadSession, scope: Scope) -> list[DrawnUnit]:
    """Communes and provinces in force with a boundary on record, by code."""
    rows = session.connection.execute(_DRAWN, scope.bound).mappings()
    return [DrawnUnit(**{**row, "shape": shapely.from_wkb(bytes(row["shape"]))}) for row in rows]


def redraw_units(session: WriteSession, changed: list[tuple[DrawnUnit, Any]], basis: Basis) -> int:
    """Give units other boundaries in the draft; the basis is added to that of each unit whose land changes. The number of the draft."""
    draft = open_draft(session)
    forget_checks(session, draft)
    shapes = {}
    for one, shape in changed:
        reissue(session, unit, [one.id], draft, {"level": one.level})
        mine = (unit.c.code == one.code) & (unit.c.valid_from == one.valid_from) & (unit.c.release_from == draft)
        version = session.connection.execute(select(unit.c.id).where(mine)).scalar_one()
        shapes[version] = shape
        if one.code in basis.moved:
            words = "; ".join(filter(None, (one.legal_basis, basis.words)))
            session.connection.execute(update(unit).where(unit.c.id == version).values(legal_basis=words))
    redrawn(session, "unit", shapes)
    return draft
