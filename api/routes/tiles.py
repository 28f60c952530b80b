"""Map tiles and what describes them. Tile addresses may name their release and day; such tiles never change."""

import gzip
from hashlib import blake2b
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api import schemas
from api.headers import FOR_EVER, takes_gzip
from api.questions import Dated
from api.routes.wiring import OLDEST_SECONDS, Asked, answered
from layers.catalogue import LAYERS
from tiles.vector import Drawing, DrawnTiles, TileSource, layer_named, tile_of

router = APIRouter(prefix="/tiles", tags=["Ô bản đồ / Tiles"])

MVT = "application/vnd.mapbox-vector-tile"
GZIP_LEVEL = 1
"""Level 6 saves 7 % more and takes two and a half times as long; tiles built beforehand will afford it."""
SMALLEST_TO_COMPRESS = 256

LayerName = Annotated[str, Path(max_length=32, description=", ".join(LAYERS), examples=["units"])]
Column = Annotated[int, Path(ge=0, lt=2**30, description="x, về phía đông / eastwards", examples=[814])]
Line = Annotated[int, Path(ge=0, lt=2**30, description="y, về phía nam / southwards", examples=[450])]
Zoom = Annotated[int, Path(ge=0, le=30, description="mức phóng / zoom", examples=[10])]


@router.get("/{layer}.json", response_model=None, responses=schemas.PROBLEMS, summary="TileJSON 3.0")
async def describe(layer: LayerName, question: Annotated[Dated, Query()], asked: Asked, request: Request) -> Response:
    """Mô tả một lớp bản đồ. / A layer for map software: address of its tiles, zooms, fields, extent."""
    found = layer_named(layer)
    row = await asked.health(question.day, question.release)
    asked_for = [f"{name}={value}" for name, value in (("on", question.on), ("release", question.release)) if value]
    address = f"{str(request.base_url).rstrip('/')}/tiles/{found.name}/{{z}}/{{x}}/{{y}}.mvt"
    document = {
        "tilejson": "3.0.0",
        "name": found.vi,
        "description": found.en,
        "tiles": [address + ("?" + "&".join(asked_for) if asked_for else "")],
        "minzoom": found.minzoom,
        "maxzoom": found.maxzoom,
        "vector_layers": [
            {"id": found.name, "fields": found.fields, "minzoom": found.minzoom, "maxzoom": found.maxzoom}
        ],
    }
    if row["illustration"]:
        document["attribution"] = "Dữ liệu minh họa, không có giá trị pháp lý / illustration, without legal force"
    if row["west"] is not None:
        document["bounds"] = [row["west"], row["south"], row["east"], row["north"]]
    answer = answered(document)
    answer.headers["Cache-Control"] = "private, max-age=60"  # it names the host it was asked at
    return answer


@router.get(
    "/{layer}/{z}/{x}/{y}.mvt", response_class=Response, summary="Một ô / a tile",
    responses={200: {"content": {MVT: {}}}, 204: {"description": "không có gì / nothing there"}, **schemas.PROBLEMS},
)  # fmt: skip
async def tile(  # noqa: PLR0913, PLR0917 - four of them are the address
    layer: LayerName,
    z: Zoom,
    x: Column,
    y: Line,
    question: Annotated[Dated, Query()],
    asked: Asked,
    request: Request,
) -> Response:
    """Một ô bản đồ vectơ. / A Mapbox vector tile; 204 where nothing is drawn, 304 where it has not changed."""
    found = layer_named(layer)
    drawing = await _source(asked).tile(found, tile_of(found, z, x, y), question.day, question.release)
    return _sent(
        drawing, request, lasting=question.on is not None and question.release is not None and found.name != "findings"
    )


def _source(asked: Asked) -> TileSource:
    return DrawnTiles(asked)


def _sent(drawing: Drawing, request: Request, *, lasting: bool) -> Response:
    packed = len(drawing.mvt) >= SMALLEST_TO_COMPRESS and takes_gzip(request.headers)
    hashed = blake2b(drawing.mvt, digest_size=12).hexdigest()
    tag = f'"{drawing.release}-{hashed}{"-gzip" if packed else ""}"'
    headers = {
        "ETag": tag,
        "Cache-Control": FOR_EVER if lasting else f"public, max-age={OLDEST_SECONDS}",
        "Vary": "Accept-Encoding",
        "X-Quyhoach-Release": str(drawing.release),
    }
    if _unchanged(request, tag):
        return Response(status_code=304, headers=headers)
    if not drawing.mvt:
        return Response(status_code=204, headers=headers)
    body = drawing.mvt
    if packed:
        body = gzip.compress(body, GZIP_LEVEL, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(body, 200, headers, MVT)


def _unchanged(request: Request, tag: str) -> bool:
    known = request.headers.get("if-none-match", "")
    return known.strip() == "*" or tag in {one.strip().removeprefix("W/") for one in known.split(",")}
