"""Many places at once: rows in, answers out, one line a row in their order, while the rows are still being answered."""

import asyncio
import csv
import io
from collections import deque
from collections.abc import AsyncIterator
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from api import schemas
from api.errors import explained
from api.places import Batch
from api.routes.bodies import body_of
from api.routes.choosing import Meant
from api.routes.looking_up import looked_up
from api.routes.lookup import LARGE, UNUSABLE
from api.routes.rows import LARGEST_BYTES, AskedRow, rows_in
from api.routes.wiring import Asked
from planning.errors import Language, QuyhoachError
from planning.register import Record
from planning.store.reading import Readings
from planning.themes import THEMES

router = APIRouter(prefix="/v1", tags=["Tra cứu / Lookup"])

AT_ONCE = 2
"""Rows under way in one process, of all batches together: single lookups keep the other connections of the pool."""

MEDIA = {"ndjson": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}

LINES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Mỗi dòng một câu trả lời / a line a row",
        "content": {"application/x-ndjson": {"schema": {"type": "string"}}, "text/csv": {"schema": {"type": "string"}}},
    }
}


@router.post(
    "/lookup/batch",
    responses=schemas.PROBLEMS | LARGE | UNUSABLE | LINES,
    response_class=StreamingResponse,
    summary="Nhiều nơi một lần / a batch",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "text/csv": {"schema": {"type": "string"}, "example": "id,lon,lat\na,106.17,21.25\nb,106.18,21.26\n"},
                "application/geo+json": {"schema": {"type": "object"}},
            },
        }
    },
)
async def batch(question: Annotated[Batch, Query()], asked: Asked, request: Request) -> StreamingResponse:
    """Tra cứu tới 10.000 dòng CSV hoặc GeoJSON; không lưu gì. / Up to 10,000 rows of CSV or GeoJSON; nothing is stored.

    Columns of CSV, in any order: `id`, and `lon`, `lat`, or `x`, `y` (with `crs`, `order`), or `former_code`, `sheet`, `number`, or
    `commune`, `sheet`, `number`, or `corners`, or `q`. GeoJSON: a FeatureCollection of points and polygons. Each row is answered or has
    its own problem or choices, in the order of the rows; all of one release.
    """
    body = await body_of(request, LARGEST_BYTES)
    release = question.release or await asked.latest_release()
    await asked.register(release)
    rows = rows_in(body, request.headers.get("content-type", ""), question.model_copy(update={"release": release}))
    lines = _as_csv if question.format == "csv" else _as_ndjson
    return StreamingResponse(
        lines(_answers(rows, asked, request.app.state.rows_under_way), question.lang),
        media_type=MEDIA[question.format],
        headers={"Cache-Control": "no-store"},
    )


async def _answers(
    rows: list[AskedRow], asked: Readings, under_way: asyncio.Semaphore
) -> AsyncIterator[tuple[AskedRow, Record | Meant | QuyhoachError]]:
    """The answers in the order of the rows; a few are under way while one is sent, and none is when nobody listens any more."""
    waiting: deque[tuple[AskedRow, asyncio.Task[Record | Meant | QuyhoachError]]] = deque()
    try:
        for row in rows:
            waiting.append((row, asyncio.create_task(_answer(row, asked, under_way))))
            if len(waiting) > AT_ONCE:
                first, task = waiting.popleft()
                yield first, await task
        while waiting:
            first, task = waiting.popleft()
            yield first, await task
    finally:
        for _, task in waiting:
            task.cancel()


async def _answer(row: AskedRow, asked: Readings, under_way: asyncio.Semaphore) -> Record | Meant | QuyhoachError:
    if isinstance(row.question, QuyhoachError):
        return row.question
    async with under_way:
        try:
            return await looked_up(row.question, asked)
        except QuyhoachError as error:
            return error


Answers = AsyncIterator[tuple[AskedRow, Record | Meant | QuyhoachError]]


async def _as_ndjson(answers: Answers, lang: Language) -> AsyncIterator[bytes]:
    async for row, found in answers:
        line: Record = {"row": row.number, "id": row.name, "status": 200}
        if isinstance(found, QuyhoachError):
            problem = explained(found, lang)
            line |= {"status": problem["status"], "problem": problem}
        elif isinstance(found, Meant):
            line |= {"status": 300, "choices": found.choices}
        else:
            line["answer"] = found
        yield orjson.dumps(line, default=str) + b"\n"


async def _as_csv(answers: Answers, lang: Language) -> AsyncIterator[bytes]:
    """One line a row, to be opened in a spreadsheet: of each theme its state and the codes of its plans."""
    of_themes = [f"{theme.key}_{what}" for theme in THEMES for what in ("state", "plans")]
    yield b"\xef\xbb\xbf" + _line(["row", "id", "status", "detail", "lon", "lat", "communes", "parcels", *of_themes])
    async for row, found in answers:
        yield _line([row.number, row.name, *_cells(found, lang)])


def _cells(found: Record | Meant | QuyhoachError, lang: Language) -> list[Any]:
    if isinstance(found, QuyhoachError):
        problem = explained(found, lang)
        return [problem["status"], problem["detail"]]
    if isinstance(found, Meant):
        return [300, "; ".join(choice["label"][lang] for choice in found.choices)]
    subject, themes = found["subject"], {one["theme"]: one for one in found["themes"]}
    communes = "; ".join(f"{one['name']} ({one['code']})" for one in found["units"] if one["level"] == "commune")
    parcels = subject["key"] if subject["kind"] == "parcel" else "; ".join(one["key"] for one in found["parcels"])
    cells: list[Any] = [200, None, subject["lon"], subject["lat"], communes, parcels]
    for theme in THEMES:
        one = themes.get(theme.key)
        entries = [*one["restrictions"], *one["amended"]] if one else []
        plans = dict.fromkeys(entry["plan"]["code"] for entry in entries)
        cells += [one["state"] if one else None, "; ".join(plans)]
    return cells


def _line(cells: list[Any]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerow([_safe(cell) for cell in cells])
    return stream.getvalue().encode()


def _safe(cell: Any) -> Any:
    """A spreadsheet takes a text that begins so for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
