"""A picture drawn anew in the storage CRS, as a cloud-optimised GeoTIFF: block by block, so that memory does not grow with the sheet."""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.shutil
import shapely
from rasterio import Affine as GridTransform
from rasterio.features import geometry_mask
from rasterio.windows import Window
from scipy.ndimage import map_coordinates, zoom

from layers.digitise.fitting import Affine, Fit, scales, to_picture
from layers.digitise.pictures import ENVIRONMENT, MOST_PIXELS, TILE, Colours, Picture
from planning.errors import BadFile
from planning.geometry import Coordinates, operation
from planning.store.copying import Progress

NODATA = 0
"""Outside the frame. Pixels inside are at least 1 in each colour: no eye tells 1 from 0, and black ink stays."""

STEP = 16
"""Pixels between the places whose origin is computed; between them it is interpolated: no fit bends within that."""

EDGE_POINTS = 200
"""Points along an outline: a sheet's straight edge is a curve in another zone."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a picture lies: its fit to the plane `map_crs`, an affine fit near it, and the outline kept, in the storage CRS."""

    fit: Fit
    near: Affine
    map_crs: int
    storage_crs: int
    frame: Any

    def origins(self, points: Coordinates) -> Coordinates:
        """Pixels of the picture at points of the storage CRS."""
        return to_picture(self.fit, operation(self.storage_crs, self.map_crs).coordinates(points), self.near)


@dataclass(frozen=True, slots=True)
class Grid:
    """The pixels of the new picture: square, aligned to multiples of their size."""

    transform: GridTransform
    width: int
    height: int
    gsd_m: float


def outline(corners: Coordinates, to_storage: Callable[[Coordinates], Coordinates]) -> Any:
    """The polygon through corners, given in whatever plane `to_storage` leads from."""
    ring = shapely.LinearRing(corners)  # a ring, for densifying a polygon mends it without a word
    dense = shapely.segmentize(ring, ring.length / EDGE_POINTS)
    return shapely.Polygon(to_storage(shapely.get_coordinates(dense)))


def pixel_size_m(fit: Fit, picture: Picture) -> float:
    """Metres that a pixel measures in the middle of the sheet, to four digits."""
    middle = np.array([[picture.width / 2, picture.height / 2]])
    return float(f"{math.sqrt(abs(float(np.linalg.det(scales(fit, middle))[0]))):.4g}")


def grid_of(placement: Placement, picture: Picture, size: float) -> Grid:
    """The grid over the frame, of pixels of `size` metres."""
    west, south, east, north = (math.floor(edge / size) for edge in placement.frame.bounds)
    width, height = east + 1 - west, north + 1 - south
    if width * height > 2 * MOST_PIXELS:
        raise BadFile(
            file=picture.path.name,
            vi=f"bản đồ mới có {width:,} × {height:,} điểm ảnh, quá lớn; hãy cắt theo khung (--frame) hoặc dùng --pixel-m lớn hơn.",
            en=f"the new picture would have {width:,} × {height:,} pixels; crop it with --frame, or say a larger --pixel-m.",
        )
    return Grid(GridTransform(size, 0, west * size, 0, -size, (north + 1) * size), width, height, size)


def warped(
    laid: Any, placement: Placement, grid: Grid, to: Path, tags: dict[str, str], progress: Progress | None
) -> None:
    """Write the new picture at `to`, whose folder is the work's own. The same picture gives the same bytes."""
    raw = to.with_name("warped.tif")
    profile = {"driver": "GTiff", "width": grid.width, "height": grid.height, "count": 3, "dtype": "uint8", "tiled": True,
        "blockxsize": TILE, "blockysize": TILE, "bigtiff": "IF_SAFER", "photometric": "RGB", "interleave": "pixel",
        "nodata": NODATA, "crs": f"EPSG:{placement.storage_crs}", "transform": grid.transform}  # fmt: skip
    with rasterio.Env(**ENVIRONMENT):
        with rasterio.open(raw, "w", **profile) as target:
            target.update_tags(**tags)
            blocks = list(_blocks(grid))
            for done, window in enumerate(blocks, start=1):
                target.write(_block(laid, placement, grid, window), window=window)
                if progress:
                    progress("warp", done, len(blocks))
        rasterio.shutil.copy(raw, to, driver="COG", COMPRESS="DEFLATE", PREDICTOR="YES", BLOCKSIZE=str(TILE), BIGTIFF="IF_SAFER",
            OVERVIEW_RESAMPLING="AVERAGE", NUM_THREADS="ALL_CPUS")  # fmt: skip
    raw.unlink()


def as_tags(facts: dict[str, Any]) -> dict[str, str]:
    """What is known of a picture's origin as one tag of the file, JSON."""
    return {"QUYHOACH": json.dumps(facts, ensure_ascii=False, sort_keys=True)}


def _blocks(grid: Grid) -> Iterator[Window]:
    for top in range(0, grid.height, TILE):
        for left in range(0, grid.width, TILE):
            yield Window(left, top, min(TILE, grid.width - left), min(TILE, grid.height - top))


def _block(laid: Any, placement: Placement, grid: Grid, window: Window) -> Colours:
    transform = grid.transform @ GridTransform.translation(window.col_off, window.row_off)
    outside = geometry_mask([placement.frame], (window.height, window.width), transform)
    if outside.all():
        return np.full((3, window.height, window.width), NODATA, dtype=np.uint8)
    columns, rows = _origins(placement, transform, window)
    outside |= ~((columns >= 0) & (columns <= laid.width) & (rows >= 0) & (rows <= laid.height))
    colours = np.maximum(_sampled(laid, np.where(outside, np.nan, columns), np.where(outside, np.nan, rows)), 1)
    colours[:, outside] = NODATA
    return colours


def _origins(placement: Placement, transform: GridTransform, window: Window) -> tuple[np.ndarray, np.ndarray]:
    """Column and row in the picture of each centre of the block's pixels, computed on a coarse mesh and interpolated."""
    coarse = [np.linspace(0.5, length - 0.5, max(2, length // STEP + 1)) for length in (window.width, window.height)]
    columns, rows = (axis.ravel() for axis in np.meshgrid(*coarse))
    x, y = transform.a * columns + transform.c, transform.e * rows + transform.f
    mesh = placement.origins(np.column_stack([x, y])).reshape(len(coarse[1]), len(coarse[0]), 2)
    factors = (window.height / mesh.shape[0], window.width / mesh.shape[1])
    finer = [_finer(mesh[:, :, axis], factors) for axis in (0, 1)]
    return finer[0], finer[1]


def _finer(mesh: np.ndarray, factors: tuple[float, float]) -> np.ndarray:
    return np.asarray(zoom(mesh, factors, order=1, mode="nearest", grid_mode=False))


def _sampled(laid: Any, columns: np.ndarray, rows: np.ndarray) -> Colours:
    """Bilinear colours at places of the picture given from its corner; NaN places get whatever."""
    if np.isnan(columns).all():
        return np.ones((3, *columns.shape), dtype=np.uint8)
    left, top = (max(0, int(np.nanmin(axis)) - 1) for axis in (columns, rows))
    right, bottom = int(np.nanmax(columns)) + 2, int(np.nanmax(rows)) + 2
    window = Window(left, top, min(right, laid.width) - left, min(bottom, laid.height) - top)
    colours = laid.read(window=window).astype(np.float32)
    places = np.nan_to_num(np.stack([rows - top - 0.5, columns - left - 0.5]))
    return np.stack([np.rint(map_coordinates(band, places, order=1, mode="nearest")) for band in colours]).astype(
        np.uint8
    )
