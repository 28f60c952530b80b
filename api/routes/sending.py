"""An answer on its way out: as JSON, as GeoJSON, as a page that prints, or as a PDF."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Protocol

import orjson
from fastapi import Request, Response

from api.documents.sheet.blocks import Tongue
from api.documents.sheet.page import as_page, file_name, whole
from api.documents.sheet.pdf import as_pdf
from api.documents.sheet.scenes import window
from api.printing import Press
from api.routes.wiring import OLDEST_SECONDS
from planning.errors import Language
from planning.register import Record
from planning.store.reading import Readings

MEDIA_TYPES = {"json": "application/json", "html": "text/html; charset=utf-8", "pdf": "application/pdf"}
EDITION = "7"
"""Changes with the layout of sheets: a browser that holds a sheet of another edition asks for it again."""


class Wanted(Protocol):
    """In which form and language an answer is wanted."""

    format: Any
    lang: Language


async def sent(answer: Record, wanted: Wanted, request: Request) -> Response:
    """The answer in the form that is wanted; 304 where the asker holds it."""
    if wanted.format in {"html", "pdf"}:
        return await _as_sheet(answer, wanted, request)
    drawn = wanted.format == "geojson"
    content = orjson.dumps(features(answer) if drawn else answer)
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    return _unless_held(content, tag, request, "application/geo+json" if drawn else MEDIA_TYPES["json"])


def _unless_held(
    content: bytes, tag: str, request: Request, media_type: str, more: dict[str, str] | None = None
) -> Response:
    headers = {"Cache-Control": f"public, max-age={OLDEST_SECONDS}", "ETag": tag, **(more or {})}
    if _is_held(tag, request):
        return Response(status_code=304, headers=headers)
    return Response(content, 200, headers, media_type)


def _is_held(tag: str, request: Request) -> bool:
    return request.headers.get("if-none-match") in {tag, f"W/{tag}"}


async def _as_sheet(answer: Record, wanted: Wanted, request: Request) -> Response:
    """A sheet is printed only for who does not hold it."""
    tag = _tag(answer, wanted, origin_of(request))
    content = b"" if _is_held(tag, request) else await _sheet(answer, wanted, request)
    named = {"Content-Disposition": f'inline; filename="{file_name(answer, wanted.format)}"'}
    return _unless_held(content, tag, request, MEDIA_TYPES[wanted.format], named)


def features(answer: Record) -> Record:
    """A GeoJSON collection: the subject, whose properties are the whole answer; what each plan says of it, cut to the subject; control
    lines and corridors near it.

    What amendments replaced comes last of its theme, with their codes as `amended_by`; of what applies that is null.
    """
    subject = {"type": "Feature", "id": "subject", "geometry": answer["subject"]["geometry"], "properties": answer}
    return {"type": "FeatureCollection", "features": [subject, *_restrictions(answer), *_lines(answer)]}


def _restrictions(answer: Record) -> Iterator[Record]:
    for theme in answer["themes"]:
        for entry in (*theme["restrictions"], *theme["amended"]):
            plan, zone = entry["plan"], entry["zone"] or {}
            said = {"theme": theme["theme"], "plan_code": plan["code"], "plan_name": plan["name"], "standing": plan["standing"],
                **zone, "area_m2": entry["area_m2"], "share_pct": entry["share_pct"],
                "amended_by": ", ".join(one["code"] for one in entry.get("amended_by", ())) or None}  # fmt: skip
            yield {"type": "Feature", "geometry": entry["geometry"], "properties": said}


def _lines(answer: Record) -> Iterator[Record]:
    for line in answer["lines"]:
        said = {name: value for name, value in line.items() if name != "geometry"}
        yield {"type": "Feature", "geometry": line["geometry"], "properties": said}


def origin_of(request: Request) -> str:
    """Under which scheme and host people reach the service: as the setting says, else as they asked."""
    public: str | None = request.app.state.settings.public_url
    return (public or str(request.base_url)).rstrip("/")


async def _sheet(answer: Record, wanted: Wanted, request: Request) -> bytes:
    asked: Readings = request.app.state.readings
    press: Press = request.app.state.press
    around = await asked.window(window(answer), answer["on"], answer["release"]["number"])
    origin, tongue = origin_of(request), Tongue(wanted.lang)

    def print_it() -> bytes:
        page = whole(answer, around, origin, tongue)
        if wanted.format == "html":
            return as_page(page).encode()
        return as_pdf(page, datetime.fromisoformat(str(answer["release"]["published_at"])))

    return await press.printed(print_it)


def _tag(answer: Record, wanted: Wanted, origin: str) -> str:
    """The entity tag of a sheet: the hash of the answer, and what the checks say now, which it does not cover."""
    beside = [answer["checks"], answer["verify"], wanted.format, wanted.lang, origin, EDITION]
    return f'"{answer["hash"][:32]}-{hashlib.sha256(orjson.dumps(beside)).hexdigest()[:12]}"'
