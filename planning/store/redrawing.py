"""New outlines for rows of the draft, with the shapes the map needs; and the record of the repair they come from."""

import hashlib
import json
from typing import Any

import numpy as np
import shapely
from sqlalchemy import select, text

from planning.geometry import WEB, for_tiles, multipolygons, operation
from planning.store.incoming import Dataset, conclude, record
from planning.store.session import WriteSession
from planning.store.tables import dataset

_REDRAW = (
    "UPDATE {0} t SET geom = ST_SetSRID(ST_GeomFromWKB(n.geom), :srid), geom_web = ST_SetSRID(ST_GeomFromWKB(n.web), 3857)"
    " FROM unnest(CAST(:ids AS bigint[]), CAST(:geoms AS bytea[]), CAST(:webs AS bytea[])) AS n(id, geom, web) WHERE t.id = n.id"
)
_OUTLINES = {name: text(_REDRAW.format(name)) for name in ("unit", "plan", "zone")}


def redrawn(session: WriteSession, table: str, shapes: dict[int, Any]) -> None:
    """Give rows of `unit`, `plan` or `zone` other outlines, by their id; none of them may be empty."""
    if not shapes:
        return
    geom = multipolygons(np.array([*shapes.values()], dtype=object))
    web = for_tiles(operation(session.storage_srid, WEB).shapes(geom))
    session.connection.execute(_OUTLINES[table], {
        "srid": session.storage_srid, "ids": [*shapes], "geoms": list(shapely.to_wkb(geom)), "webs": list(shapely.to_wkb(web)),
    })  # fmt: skip


def recorded_repair(
    session: WriteSession, draft: int, parameters: dict[str, Any], report: dict[str, Any], origin: int
) -> int:
    """Enter a repair among the data sets: what was asked and on whose decision, and what it changed. `origin` is the data set of rows that
    were repaired: what rests on an illustration stays one.
    """
    digest = hashlib.sha256(json.dumps(parameters, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    illustration = session.connection.execute(select(dataset.c.illustration).where(dataset.c.id == origin)).scalar_one()
    wanted = Dataset("repair", f"check repair {parameters['of']}", digest, parameters, illustration=illustration)
    number = record(session, wanted, draft)
    conclude(session, number, {"proposals": len(report["proposals"]), "changed": len(report["changed"])}, report)
    return number
