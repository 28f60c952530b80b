"""Repairs put into the draft: the zones of one plan, some with other outlines, as a new version of the plan; the published one stays."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from sqlalchemy import delete, text

from planning.errors import NotAllowed
from planning.geometry import WEB, Shapes, for_tiles, multipolygons, operation
from planning.store.records import IN_RELEASE, ON, Scope
from planning.store.releases import forget_checks, open_draft
from planning.store.session import ReadSession, WriteSession
from planning.store.tables import zone
from planning.store.versions import reissue_plan

_PLAN = text(
    f"SELECT p.id, p.level, p.valid_from, ST_AsBinary(p.geom) AS shape FROM plan p WHERE p.code = :code AND {IN_RELEASE.format('p')}"
    f" AND {ON.format('p')}"
)
_ZONES = text(
    "SELECT id, coalesce(lot_symbol, function_code) AS name, ST_AsBinary(geom) AS shape FROM zone WHERE plan_id = :plan ORDER BY id"
)
_REDRAW = text(
    "UPDATE zone z SET geom = ST_SetSRID(ST_GeomFromWKB(n.geom), :srid), geom_web = ST_SetSRID(ST_GeomFromWKB(n.web), 3857)"
    " FROM unnest(CAST(:ids AS bigint[]), CAST(:geoms AS bytea[]), CAST(:webs AS bytea[])) AS n(id, geom, web) WHERE z.id = n.id"
)


@dataclass(frozen=True, slots=True)
class ZonedPlan:
    """A plan in force with its zones, in the order of their rows."""

    id: int
    code: str
    level: str
    boundary: Any
    ids: tuple[int, ...]
    names: tuple[str, ...]
    shapes: Shapes


def zoned_plan(session: ReadSession, code: str, scope: Scope) -> ZonedPlan:
    """The plan of that code in force on the day."""
    row = session.connection.execute(_PLAN, {"code": code, "release": scope.release, "on": scope.on}).one_or_none()
    if row is None:
        raise NotAllowed(
            vi=f"không có đồ án {code} có hiệu lực ngày {scope.on}.", en=f"no plan {code} is in force on {scope.on}."
        )
    zones = session.connection.execute(_ZONES, {"plan": row.id}).all()
    shapes = np.array([shapely.from_wkb(bytes(one.shape)) for one in zones], dtype=object)
    boundary = shapely.from_wkb(bytes(row.shape))
    return ZonedPlan(
        row.id, code, row.level, boundary, tuple(one.id for one in zones), tuple(one.name for one in zones), shapes
    )


def redraw(session: WriteSession, zoned: ZonedPlan, changed: dict[int, Any]) -> int:
    """Give zones other outlines in the draft, by their places; an empty outline drops the zone. The number of the draft."""
    draft = open_draft(session)
    forget_checks(session, draft)
    ids = _version_of_the_draft(session, zoned, draft)
    drawn = {place: shape for place, shape in changed.items() if not shape.is_empty}
    gone = [ids[place] for place in changed if place not in drawn]
    session.connection.execute(delete(zone).where(zone.c.id.in_(gone)))
    if drawn:
        geom = multipolygons(np.array([*drawn.values()], dtype=object))
        web = for_tiles(operation(session.storage_srid, WEB).shapes(geom))
        session.connection.execute(_REDRAW, {
            "srid": session.storage_srid, "ids": [ids[place] for place in drawn], "geoms": list(shapely.to_wkb(geom)),
            "webs": list(shapely.to_wkb(web)),
        })  # fmt: skip
    return draft


def _version_of_the_draft(session: WriteSession, zoned: ZonedPlan, draft: int) -> tuple[int, ...]:
    """The ids of the zones in the draft's version of the plan, in the order of the places: copies where the plan is published."""
    version = reissue_plan(session, zoned.id, draft, {"level": zoned.level})
    return tuple(row.id for row in session.connection.execute(_ZONES, {"plan": version}))
