"""The floor of a lookup: FastAPI and asyncpg, one route that runs the point-in-polygon question and returns two ids."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from fastapi import FastAPI, Request

QUESTION = """
SELECT
    (SELECT id FROM parcel WHERE ST_Intersects(geom, here.point) LIMIT 1) AS parcel,
    (SELECT id FROM zone WHERE ST_Intersects(geom, here.point) LIMIT 1) AS zone
FROM (SELECT ST_SetSRID(ST_MakePoint($1, $2), $3::int) AS point) here
"""


@asynccontextmanager
async def _pooled(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["BARE_URL"], min_size=1, max_size=8, server_settings={"jit": "off"}) as pool:
        app.state.pool = pool
        yield


def create_app() -> FastAPI:
    """The bare service."""
    app = FastAPI(lifespan=_pooled, openapi_url=None)
    srid = int(os.environ["BARE_SRID"])

    @app.get("/bare")
    async def bare(request: Request, x: float, y: float) -> dict[str, int | None]:
        return dict(await request.app.state.pool.fetchrow(QUESTION, x, y, srid))

    return app
