"""The service, wired: settings, readings, routes, the page.

Until accounts exist, HTTP only reads: POST asks what is too long for an address, and stores nothing.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import Depends, FastAPI, Request
from fastapi.responses import FileResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors
from api.documents.coverage_files import ReportFiles
from api.headers import SECURITY
from api.openapi import described
from api.page import PAGE, PageFiles
from api.printing import Press
from api.routes import (
    batch,
    changes,
    coverage,
    documents,
    lookup,
    mergers,
    scans,
    search,
    service,
    tiles,
    units,
    verify,
)
from api.routes.wiring import asked_once
from api.straight import Straight
from planning.settings import Settings
from planning.store.reading import open_readings

DESCRIPTION = """
Dữ liệu quy hoạch của một tỉnh: quy hoạch nào áp dụng ở một nơi, vào một ngày, và theo quyết định nào.

What planning applies to a place, on a day, and who says so. Every question may carry `on` (a day) and `release` (a
publication); the same question about the same release gives the same answer. An unknown parameter is an error.

Lỗi / problems: `application/problem+json`; `code` không đổi / is stable.

| status | code |
|---|---|
| 400 | `bad-question`, `unknown-parameter` |
| 404 | `outside-province`, `nothing-found`, `unknown-part`, `unknown-unit`, `unknown-parcel`, `unknown-plan` |
| 404 | `unknown-document`, `unknown-release`, `unknown-report`, `unknown-layer`, `tile-outside`, `not-checked`, `no-such-address` |
| 405 | `refused` |
| 413 | `too-large` |
| 422 | `unusable` |
| 429 | `busy` |
| 500 | `fault` |
| 503 | `unavailable` |
"""


class Service(FastAPI):
    """FastAPI, with the straight way before all else."""

    def build_middleware_stack(self) -> ASGIApp:
        """As Starlette builds it once, when it is first asked."""
        return Straight(super().build_middleware_stack(), lookup.WAYS)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The service on one deployment; its database connections live as long as it does."""
    own = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.readings = await open_readings(own)
        app.state.report_files = ReportFiles(own)
        app.state.press = Press()
        app.state.rows_under_way = asyncio.Semaphore(batch.AT_ONCE)
        yield
        app.state.press.close()
        app.state.report_files.close()
        await app.state.readings.close()

    app = Service(
        title="quyhoach",
        description=DESCRIPTION,
        version=version("quyhoach"),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = own
    errors.install(app)
    app.openapi = lambda: described(app)  # type: ignore[method-assign] # the way FastAPI names for it
    app.add_middleware(Guarded)
    for asking in (lookup, verify):  # their questions tell themselves what is given twice
        app.include_router(asking.router)
    for routes in (batch, search, units, mergers, changes, scans, coverage, documents, service, tiles):
        app.include_router(routes.router, dependencies=[Depends(asked_once)])
    if PAGE.is_dir():
        app.add_route("/docs", _docs, include_in_schema=False)
        app.mount("/", PageFiles(directory=PAGE, html=True), name="page")
    return app


async def _docs(_: Request) -> FileResponse:
    """The API page, with its scripts from here."""
    return FileResponse(PAGE / "docs.html")


class Guarded:
    """Adds headers that keep a browser from doing what the page never asks of it, and answers HEAD as GET without its body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        head_only = scope["method"] == "HEAD"

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(one for one in SECURITY if one[0] not in own)]
            elif head_only and message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        await self._app({**scope, "method": "GET"} if head_only else scope, receive, sending)
