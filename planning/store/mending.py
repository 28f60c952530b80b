"""Repairs put into the draft: plans and their zones, some with other outlines, as new versions; the published ones stay."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from sqlalchemy import delete, text

from planning.errors import NotAllowed
from planning.geometry import Shapes
from planning.store.records import IN_RELEASE, ON, STANDS, Scope
from planning.store.redrawing import redrawn
from planning.store.releases import forget_checks, open_draft
from planning.store.session import ReadSession, WriteSession
from planning.store.tables import zone
from planning.store.versions import reissue_plan

_PLAN = (
    "SELECT p.id, p.code, p.level, p.valid_from, p.amends, p.dataset_id, ST_AsBinary(p.geom) AS shape FROM plan p"
    f" WHERE {IN_RELEASE.format('p')} AND {ON.format('p')}"
)
_BY_CODE = text(f"{_PLAN} AND p.code = :code")
_OF_LEVEL = text(f"{_PLAN} AND p.level = :level AND {STANDS} ORDER BY p.code")
_ZONES = text(
    "SELECT id, coalesce(lot_symbol, function_code) AS name, ST_AsBinary(geom) AS shape FROM zone WHERE plan_id = :plan ORDER BY id"
)


@dataclass(frozen=True, slots=True)
class ZonedPlan:
    """A plan in force with its zones, in the order of their rows. `amends`: the code of the plan it amends."""

    id: int
    code: str
    level: str
    valid_from: date
    amends: str | None
    dataset: int
    boundary: Any
    ids: tuple[int, ...]
    names: tuple[str, ...]
    shapes: Shapes


@dataclass(frozen=True, slots=True)
class Redrawing:
    """A plan to be redrawn: its boundary, None where it stays, and its zones by place; an empty one is dropped."""

    plan: ZonedPlan
    boundary: Any
    zones: dict[int, Any]


def zoned_plan(session: ReadSession, code: str, scope: Scope) -> ZonedPlan:
    """The plan of that code in force on the day."""
    row = session.connection.execute(_BY_CODE, {**scope.bound, "code": code}).one_or_none()
    if row is None:
        raise NotAllowed(
            vi=f"không có đồ án {code} có hiệu lực ngày {scope.on}.", en=f"no plan {code} is in force on {scope.on}."
        )
    return _with_zones(session, row)


def plans_of_level(session: ReadSession, scope: Scope) -> list[ZonedPlan]:
    """The plans of the scope's level in force on the day, as the ledger of mergers lets them stand, by code."""
    rows = session.connection.execute(_OF_LEVEL, scope.bound).all()
    return [_with_zones(session, row) for row in rows]


def _with_zones(session: ReadSession, row: Any) -> ZonedPlan:
    zones = session.connection.execute(_ZONES, {"plan": row.id}).all()
    shapes = np.array([shapely.from_wkb(bytes(one.shape)) for one in zones], dtype=object)
    boundary = shapely.from_wkb(bytes(row.shape))
    ids, names = tuple(one.id for one in zones), tuple(one.name for one in zones)
    return ZonedPlan(
        row.id, row.code, row.level, row.valid_from, row.amends, row.dataset_id, boundary, ids, names, shapes
    )


def redraw(session: WriteSession, redrawings: Sequence[Redrawing]) -> int:
    """Give plans and their zones other outlines in the draft. The number of the draft."""
    draft = open_draft(session)
    forget_checks(session, draft)
    for one in redrawings:
        version, ids = _version_of_the_draft(session, one.plan, draft)
        if one.boundary is not None:
            redrawn(session, "plan", {version: one.boundary})
        gone = [ids[place] for place, shape in one.zones.items() if shape.is_empty]
        session.connection.execute(delete(zone).where(zone.c.id.in_(gone)))
        redrawn(session, "zone", {ids[place]: shape for place, shape in one.zones.items() if not shape.is_empty})
    return draft


def _version_of_the_draft(session: WriteSession, zoned: ZonedPlan, draft: int) -> tuple[int, tuple[int, ...]]:
    """The draft's version of the plan and the ids of its zones, in the order of the places: copies where the plan is published."""
    version = reissue_plan(session, zoned.id, draft, {"level": zoned.level})
    return version, tuple(row.id for row in session.connection.execute(_ZONES, {"plan": version}))
