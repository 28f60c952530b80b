"""Vector tiles drawn by the database with ST_AsMVT, one question a tile.

`TileSource` is the seam: pre-built archives answer the same call with stored bytes.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from layers.catalogue import LAYERS, Layer
from planning.errors import TileOutside, UnknownLayer
from planning.store.reading import Readings
from tiles.grid import Tile

_SQL = {path.stem: path.read_text(encoding="utf-8") for path in (Path(__file__).parent / "sql").glob("*.sql")}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawn tile: its bytes (empty where nothing is drawn) and the release it shows."""

    release: int
    mvt: bytes


class TileSource(Protocol):
    """Whatever gives the bytes of a tile."""

    async def tile(self, layer: Layer, tile: Tile, on: date, release: int | None) -> Drawing:
        """The tile of a layer on a day, as known in a release."""


class DrawnTiles:
    """Tiles drawn on request."""

    def __init__(self, readings: Readings) -> None:
        self._readings = readings

    async def tile(self, layer: Layer, tile: Tile, on: date, release: int | None) -> Drawing:
        """Draw one tile; an empty tile is empty bytes."""
        rows = await self._readings.fetch(_SQL[layer.name.replace("-", "_")], tile.z, tile.x, tile.y, on, release)
        if not rows:
            raise await self._readings.unknown_release(release)
        return Drawing(rows[0]["release"], bytes(rows[0]["mvt"] or b""))


def layer_named(name: str) -> Layer:
    """The layer of that name."""
    layer = LAYERS.get(name)
    if layer is None:
        raise UnknownLayer(layer=name, known=", ".join(LAYERS))
    return layer


def tile_of(layer: Layer, z: int, x: int, y: int) -> Tile:
    """The tile, if the grid and the layer have it."""
    tile = Tile(z, x, y)
    if not tile.exists or not layer.minzoom <= z <= layer.maxzoom:
        raise TileOutside(layer=layer.name, z=z, x=x, y=y, minzoom=layer.minzoom, maxzoom=layer.maxzoom)
    return tile
