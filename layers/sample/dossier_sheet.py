"""The scanned sheet of the sample dossier: the lots in colours, turned by the scanner, with the control points of the sheet."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
import shapely
from rasterio.features import rasterize

from layers.digitise.pictures import explaining
from layers.sample.files import write_table
from layers.sample.noise import stream
from planning.geometry import Coordinates

if TYPE_CHECKING:
    from layers.sample.dossier import Lot

PIXEL_M = 0.25
MARGIN = 60
TURNED_DEGREES = 0.8
SIZE = (1080, 780)


def write_sheet(path: Path, points: Path, lots: Sequence["Lot"], boundary: Any, seed: int) -> None:
    """Write the picture (JPEG) and its control points: pixel and place, EPSG:9214."""
    left, low, right, high = boundary.bounds
    width, height = SIZE
    picture = np.full((3, height, width), 255.0)
    for lot in lots:
        inside = _burnt(_on_sheet(lot.shape, boundary)) > 0
        picture[:, inside] = np.array([int(lot.fill[at : at + 2], 16) for at in (1, 3, 5)])[:, None]
    lines = [
        shapely.buffer(shapely.boundary(_on_sheet(one, boundary)), 1.2)
        for one in (boundary, *(lot.shape for lot in lots))
    ]
    picture[:, _burnt(shapely.union_all(lines)) > 0] = 20
    picture += stream(seed, "dossier").normal(0, 4, picture.shape)
    with (
        explaining(path),
        rasterio.open(
            path, "w", driver="JPEG", width=width, height=height, count=3, dtype="uint8", quality=85
        ) as target,
    ):
        target.write(np.clip(picture, 0, 255).astype(np.uint8))
    path.with_name(f"{path.name}.aux.xml").unlink(missing_ok=True)
    places = np.array([(x, y) for x in np.linspace(left, right, 3) for y in np.linspace(low, high, 3)])
    rows = [
        {"col": f"{col:.2f}", "row": f"{row:.2f}", "x": f"{x:.3f}", "y": f"{y:.3f}", "name": f"K{number}"}
        for number, ((col, row), (x, y)) in enumerate(zip(_pixels(places, boundary), places, strict=True), start=1)
    ]
    write_table(points, rows)


def _burnt(shape: Any) -> Any:
    return rasterize([shape], out_shape=SIZE[::-1], dtype="uint8")


def _on_sheet(shape: Any, boundary: Any) -> Any:
    return shapely.transform(shape, lambda xy: _pixels(xy, boundary))


def _pixels(places: Coordinates, boundary: Any) -> Coordinates:
    """Where places come to lie on the sheet, columns and rows from its upper left corner."""
    left, _, _, high = boundary.bounds
    flat = np.column_stack([places[:, 0] - left, high - places[:, 1]]) / PIXEL_M + MARGIN
    turn = np.radians(TURNED_DEGREES)
    return np.asarray(flat @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]))
