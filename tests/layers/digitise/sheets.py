"""Sheets for tests: a picture with a known place, and control points on it, right or wrong on purpose."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import rasterio

from planning.geometry import Coordinates

ORIGIN = (416_000.0, 2_353_000.0)
PIXEL_M = 0.5
"""0.1 mm of a map at 1:5000."""


def sheet(path: Path, width: int = 400, height: int = 300, driver: str = "PNG", seed: int = 5) -> Path:
    """A picture of soft blots, no two places of it alike."""
    rows, columns = np.mgrid[0:height, 0:width]
    waves = np.random.default_rng(seed).uniform(0.01, 0.06, (3, 2))
    bands = [127 + 100 * np.sin(a * columns + b * rows) for a, b in waves]
    with rasterio.open(path, "w", driver=driver, width=width, height=height, count=3, dtype="uint8") as target:
        target.write(np.array(bands).astype(np.uint8))
    return path


def rotated(pixels: Coordinates, degrees: float = 1.7) -> Coordinates:
    """Where pixels lie, on a sheet that the scanner turned."""
    turn = np.radians(degrees)
    down = np.array([[np.cos(turn), -np.sin(turn)], [-np.sin(turn), -np.cos(turn)]])
    return np.asarray(np.array(ORIGIN) + PIXEL_M * pixels @ down)


def bent(pixels: Coordinates) -> Coordinates:
    """Paper that swelled: a second-order bend of many pixels."""
    col, row = pixels.T / 400
    return rotated(pixels + 30 * np.column_stack([col * row, col**2 - row**2]))


def grid(width: int = 400, height: int = 300, steps: int = 4) -> Coordinates:
    """Places spread over a sheet, (steps² , 2)."""
    columns, rows = np.meshgrid(np.linspace(0, width, steps), np.linspace(0, height, steps))
    return np.column_stack([columns.ravel(), rows.ravel()])


def points_file(
    path: Path,
    pixels: Coordinates,
    to_map: Callable[[Coordinates], Coordinates] = rotated,
    *,
    slips: Sequence[str] = (),
) -> Path:
    """A CSV of control points; a slip “3 x 416023.7” writes another value at a point."""
    rows = [dict(zip(("col", "row", "x", "y"), map("{:.3f}".format, (*pixel, *point)), strict=True))
        for pixel, point in zip(pixels, to_map(pixels), strict=True)]  # fmt: skip
    for slip in slips:
        place, column, value = slip.split()
        rows[int(place) - 1][column] = value
    lines = ["col,row,x,y", *(",".join(row.values()) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
