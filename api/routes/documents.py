"""Documents of plans: lists of them, and the files. A file never changes, so it may be kept for ever; it never runs anything here."""

import re
from collections.abc import AsyncIterator
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from api import schemas
from api.headers import FOR_EVER
from api.questions import Dated
from api.routes.wiring import Asked, answered, heading
from layers.documents.shelf import Shelf, open_shelf
from planning.errors import UnknownDocument, UnknownPlan
from planning.register import documents_shown

router = APIRouter(prefix="/v1", tags=["Tài liệu / Documents"])

SHOWN = ("image/png", "image/jpeg")
"""Types that a browser shows by itself and that can hold nothing else; the others are saved."""

PlanCode = Annotated[
    str, Path(min_length=1, max_length=100, description="Mã đồ án / code of the plan", examples=["QHC-90001"])
]
SAMPLE_DECISION = "1f1d17f1f816ae4e65b87cf428fd54b070e47d0a9af25bf6f21268fd3375e888"
"""The document of the sample province."""

Sha256 = Annotated[
    str, Path(pattern=r"^[0-9a-f]{64}$", description="sha256 của tệp / of the file", examples=[SAMPLE_DECISION])
]


def shelf_of(request: Request) -> Shelf:
    """The store of files, opened when a file is first asked for: whoever asks for none needs none."""
    state = request.app.state
    if not hasattr(state, "shelf"):
        state.shelf = open_shelf(state.settings.file_store)
    shelf: Shelf = state.shelf
    return shelf


@router.get(
    "/plans/{code}/documents",
    response_model=schemas.PlanDocuments,
    responses=schemas.PROBLEMS,
    summary="Tài liệu / of a plan",
)
async def of_plan(code: PlanCode, question: Annotated[Dated, Query()], asked: Asked) -> Response:
    """Tài liệu của một đồ án, và loại còn thiếu. / Documents of a plan, and the types that are to be public and are not on file."""
    row = await asked.plan_documents(code, question.day, question.release) if "\0" not in code else None
    if row is None or row["plan"] is None:
        raise UnknownPlan(plan=code)
    return answered({**heading(row, question.day), "plan": row["plan"], **documents_shown(row["documents"])})


@router.get(
    "/documents/{sha256}", responses=schemas.PROBLEMS, response_class=StreamingResponse, summary="Một tệp / a file"
)
async def file(
    sha256: Sha256,
    question: Annotated[Dated, Query()],  # noqa: ARG001 - refuses unknown parameters
    request: Request,
    asked: Asked,
    shelf: Annotated[Shelf, Depends(shelf_of)],
) -> Response:
    """Tệp của một tài liệu đã công bố. / The file of a published document; ranges and If-None-Match are understood."""
    row = await asked.document(sha256)
    if row is None:
        raise UnknownDocument(sha256=sha256)
    headers = _headers(row["file_name"], row["media_type"], sha256)
    if sha256 in request.headers.get("if-none-match", ""):
        return Response(None, 304, headers)
    size = row["size"]
    wanted = _range(request, size, sha256)
    if wanted is None:
        return Response(None, 416, {**headers, "Content-Range": f"bytes */{size}"})
    start, stop = wanted
    headers["Content-Length"] = str(stop - start)
    partial = (start, stop) != (0, size)
    if partial:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    pieces = await _begun(shelf.read(sha256, start, stop))
    return StreamingResponse(pieces, 206 if partial else 200, headers, row["media_type"])


def _headers(file_name: str, media_type: str, sha256: str) -> dict[str, str]:
    way = "inline" if media_type in SHOWN else "attachment"
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", file_name)
    return {
        "Content-Type": media_type,
        "Content-Disposition": f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}",
        "ETag": f'"{sha256}"',
        "Cache-Control": FOR_EVER,
        "Accept-Ranges": "bytes",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }


def _range(request: Request, size: int, sha256: str) -> tuple[int, int] | None:
    """First byte and the byte after the last; the whole file where no one range is asked for; None where the range lies outside it."""
    asked = re.fullmatch(r"bytes=([0-9]{0,18})-([0-9]{0,18})", request.headers.get("range", "").replace(" ", ""))
    same = sha256 in request.headers.get("if-range", sha256)
    if asked is None or not (asked[1] or asked[2]) or not same:
        return 0, size
    if not asked[1]:
        return (max(0, size - int(asked[2])), size) if int(asked[2]) else None
    start, last = int(asked[1]), int(asked[2]) if asked[2] else size - 1
    return (start, min(last + 1, size)) if start < size and start <= last else None


async def _begun(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The pieces, the first of them already read: a store that is away is an error while there is still a status to say so."""
    first = await anext(pieces)

    async def going_on() -> AsyncIterator[bytes]:
        yield first
        async for piece in pieces:
            yield piece

    return going_on()
