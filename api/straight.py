"""The straight way: hot questions go to their handler past the router of the framework, which takes longer than the answer itself.

Only what is plain goes this way: GET of an address that fits. All else, and every word of OpenAPI, is the router's; both ways end in
the same handler, and leave with the same headers, an error as the same problem.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import of_fault, of_question
from api.headers import SECURITY
from planning.errors import QuyhoachError

Handler = Callable[[Request, tuple[str, ...]], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Way:
    """An address, whose groups are given to the handler."""

    address: re.Pattern[str]
    handler: Handler


class Straight:
    """Lets questions of these ways past the router and all that stands before it."""

    def __init__(self, app: ASGIApp, ways: Sequence[Way]) -> None:
        self._app = app
        self._ways = ways

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET":
            for way in self._ways:
                if fits := way.address.fullmatch(scope["path"]):
                    answer = await _answered(way.handler, Request(scope, receive), fits.groups())
                    answer.raw_headers.extend(SECURITY)
                    await answer(scope, receive, send)
                    return
        await self._app(scope, receive, send)


async def _answered(handler: Handler, request: Request, parts: tuple[str, ...]) -> Response:
    try:
        return await handler(request, parts)
    except (QuyhoachError, RequestValidationError) as error:
        return await of_question(request, error)
    except Exception as error:  # noqa: BLE001 - the last door
        return of_fault(request, error)
