"""What is sent with a question: read up to its limit, never stored."""

import asyncio
from typing import Any
from urllib.parse import parse_qsl

import orjson
from fastapi import Request
from starlette.requests import ClientDisconnect

from planning.errors import TooLarge, Unusable
from planning.outlines import LONGEST_BODY

LONGEST_SECONDS = 60.0
"""How long a body may be on its way: the slowest line that is helped takes 20 MB in it, and nobody keeps memory by sending no more."""

LONGEST_FORM = 3 * LONGEST_BODY
"""Bytes of an outline that a form of a browser sends, every sign escaped as %XX."""
MOST_FIELDS = 20


async def body_of(request: Request, most: int) -> bytes:
    """The body, refused as soon as it is larger than `most` bytes, or not whole in time."""
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            return await _read(request, most)
    except ClientDisconnect as error:
        raise Unusable(vi="người gửi đã ngắt.", en="its sender went away.") from error
    except TimeoutError as error:
        seconds = f"{LONGEST_SECONDS:g}"
        raise Unusable(vi=f"chưa đến đủ sau {seconds} giây.", en=f"it is not whole after {seconds} seconds.") from error


async def _read(request: Request, most: int) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            kb = most // 1000
            raise TooLarge(parameter="body", vi=f"lớn hơn {kb:,} kB.", en=f"it is larger than {kb:,} kB.")
        parts.append(part)
    return b"".join(parts)


def polygon_in(body: bytes) -> str:
    """The geometry of a GeoJSON body, as text: of itself, of one Feature, or of a collection of one."""
    document = json_in(body)
    if document.get("type") == "FeatureCollection":
        features = document.get("features")
        if not isinstance(features, list) or len(features) != 1 or not isinstance(features[0], dict):
            raise Unusable(
                vi="cần đúng một đối tượng; nhiều hơn: /v1/lookup/batch.",
                en="one feature is wanted; more: /v1/lookup/batch.",
            )
        document = features[0]
    if document.get("type") == "Feature":
        document = document.get("geometry") or {}
    return text_of(document)


def form_in(body: bytes) -> dict[str, str]:
    """The fields of a form as a browser posts it. Raises `Unusable` where a field comes twice, or it is no such form."""
    try:
        pairs = parse_qsl(body.decode("ascii"), max_num_fields=MOST_FIELDS, errors="strict", keep_blank_values=True)
    except ValueError as error:
        raise Unusable(vi="không phải biểu mẫu của trang.", en="it is no form of the page.") from error
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise Unusable(vi="một trường được cho hai lần.", en="a field is given twice.")
    return fields


def text_of(geometry: Any) -> str:
    """A geometry out of a body as text again. Raises `Unusable` where it is nested deeper than any geometry."""
    try:
        return orjson.dumps(geometry).decode()
    except orjson.JSONEncodeError as error:
        raise Unusable(vi="lồng quá nhiều tầng.", en="it is nested too deep.") from error


def json_in(body: bytes) -> dict[str, Any]:
    """The JSON object that a body is."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Unusable(vi="không phải JSON.", en="it is not JSON.") from error
    if not isinstance(document, dict):
        raise Unusable(vi="không phải một đối tượng GeoJSON.", en="it is not a GeoJSON object.")
    return document
