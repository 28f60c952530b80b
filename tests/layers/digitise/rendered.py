"""A plan of known zones, drawn as a printer and a scanner leave it: coloured, lined, labelled, noisy, compressed, turned."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
import shapely
from affine import Affine
from rasterio.features import rasterize

from layers.digitise.drawings import Drawing, read_drawing
from layers.digitise.georeference import Wanted, georeference
from planning.functions import LAND_USE
from planning.geometry import Coordinates, Shapes
from tests.layers.digitise.sheets import grid, points_file, rotated

WIDTH, HEIGHT = 1300, 1000
"""Of a sheet in pixels."""

CODES = ("LUC", "RSX", "ODT", "CQP", "DGT", "SON", "NTD", "CLN")
LETTERS = {
    "A": "010101111101101",
    "B": "110101110101110",
    "C": "011100100100011",
    "1": "010110010010111",
    "2": "110001010100111",
}
"""Three by five dots each."""


@dataclass(frozen=True)
class Plan:
    """Zones in pixels of the sheet, and what each is for."""

    zones: Shapes
    codes: tuple[str, ...]

    def in_metres(self, transform: Callable[[Coordinates], Coordinates] = rotated) -> Shapes:
        return np.asarray(shapely.transform(self.zones, transform), dtype=object)


def plan(width: int, height: int, number: int = 18, seed: int = 4) -> Plan:
    """Cells around random places inside a paper margin; no two neighbours are for the same."""
    rng = np.random.default_rng(seed)
    land = shapely.box(60, 60, width - 60, height - 60)
    seeds = shapely.MultiPoint(rng.uniform((60, 60), (width - 60, height - 60), (number, 2)))
    cells = shapely.intersection(shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=land)), land)
    codes: list[str] = []
    for place, cell in enumerate(cells):
        near = {codes[other] for other in range(place) if cell.distance(cells[other]) < 8}
        codes.append(next(code for code in np.roll(CODES, place) if code not in near))
    return Plan(cells, tuple(codes))


def sheet_of(
    path: Path, drawn: Plan, width: int, height: int, *, noise: float = 5.0, quality: int = 60, labels: bool = True
) -> Path:
    """A JPEG of the plan: fills, black lines of 3 pixels, labels, noise of the scanner."""
    picture = np.full((height, width, 3), 255.0)
    place = rasterize(
        ((zone, n) for n, zone in enumerate(drawn.zones, start=1)), out_shape=(height, width), dtype="int32"
    )
    for n, code in enumerate(drawn.codes, start=1):
        picture[place == n] = [int(LAND_USE[code].fill[i : i + 2], 16) for i in (1, 3, 5)]
    ink = _inked(shapely.buffer(shapely.boundary(drawn.zones), 1.5), width, height)[:, :, None]
    picture = picture * (1 - ink) + 20 * ink
    if labels:
        for n, zone in enumerate(drawn.zones):
            _write(picture, "ABC"[n % 3] + "12"[n % 2], shapely.centroid(zone))
    picture += np.random.default_rng(7).normal(0, noise, picture.shape)
    bands = np.clip(picture, 0, 255).astype(np.uint8).transpose(2, 0, 1)
    with rasterio.open(
        path, "w", driver="JPEG", width=width, height=height, count=3, dtype="uint8", quality=quality
    ) as target:
        target.write(bands)
    return path


def _inked(lines: Shapes, width: int, height: int, fine: int = 4) -> np.ndarray:
    """For each pixel how much of it the lines cover, as a scanner sees it: whole pixels would put a line up to half a pixel aside."""
    each = rasterize(lines, out_shape=(height * fine, width * fine), transform=Affine.scale(1 / fine), dtype="uint8")
    return np.asarray(each.reshape(height, fine, width, fine).mean(axis=(1, 3)))


def _write(picture: np.ndarray, text: str, centre: shapely.Point, dot: int = 3) -> None:
    for place, letter in enumerate(text):
        for n, bit in enumerate(LETTERS[letter]):
            if bit == "1":
                top, left = int(centre.y) + n // 3 * dot, int(centre.x) + (place * 4 + n % 3) * dot
                picture[top : top + dot, left : left + dot] = 20


def legend_file(path: Path, codes: tuple[str, ...] = CODES) -> Path:
    rows = [f"{LAND_USE[code].fill},{code}" for code in codes]
    path.write_text("\n".join(["colour,function_code", *rows]) + "\n", encoding="utf-8")
    return path


def drawing_of(folder: Path, drawn: Plan, *, noise: float = 5.0, quality: int = 60, labels: bool = True) -> Drawing:
    """The plan as a scanned sheet, turned by 1.7°, brought to its place."""
    image = sheet_of(folder / "plan.jpg", drawn, WIDTH, HEIGHT, noise=noise, quality=quality, labels=labels)
    gcps = points_file(folder / "points.csv", grid(WIDTH, HEIGHT))
    georeference(image, Wanted(5000, gcps, crs="EPSG:9214"), folder / "plan.tif", 9214)
    return read_drawing(folder / "plan.tif", 9214)
