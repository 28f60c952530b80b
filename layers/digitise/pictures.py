"""Pictures of plans as scanners write them: recognised by what they hold, bounded, read from top to bottom.

A picture is laid out once, strip by strip, as an uncompressed tiled copy of three colours: a JPEG or PNG can only be read from its top, and
what is laid out can be read anywhere. So a broken file is found at once, and memory does not grow with the picture.
"""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio
from rasterio.enums import ColorInterp
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.windows import Window

from layers.sources.fingerprint import sha256_of
from planning.errors import BadFile

Colours = npt.NDArray[np.uint8]
"""(3, rows, columns): red, green, blue."""

FORMATS = {"GTiff": (".tif", ".tiff"), "JPEG": (".jpg", ".jpeg"), "PNG": (".png",), "JP2OpenJPEG": (".jp2", ".j2k")}
"""GDAL driver → endings. Only these are opened: other formats of GDAL can name further files, or other machines, to read."""

KNOWN = " ".join(ending for endings in FORMATS.values() for ending in endings)

BEGINNINGS = {
    b"II*\0": "GTiff", b"MM\0*": "GTiff", b"II+\0": "GTiff", b"MM\0+": "GTiff", b"\xff\xd8\xff": "JPEG", b"\x89PNG": "PNG",
    b"\0\0\0\x0cjP": "JP2OpenJPEG", b"\xff\x4f\xff\x51": "JP2OpenJPEG",
}  # fmt: skip
"""First bytes of a file → GDAL driver."""

MOST_PIXELS = 600_000_000
"""An A0 sheet at 600 dots per inch has 560 million."""

PNG_END_WITHIN = 4096
"""Bytes before the end of a file in which the last chunk of a PNG begins."""

MOST_BYTES = 8 * 1024**3
CACHE_BYTES = 256 * 1024**2
"""Pixels that GDAL may keep in memory."""

STRIP_PIXELS = 8_000_000
TILE = 512
MOST_BANDS = 4

ENVIRONMENT = {
    "GDAL_CACHEMAX": CACHE_BYTES,
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",  # files beside the picture are read where a person names them, never by themselves
    "GDAL_ERROR_ON_LIBJPEG_WARNING": True,  # a truncated JPEG would otherwise end in grey
    "GDAL_PAM_ENABLED": False,
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that can be read. Pixels are counted from the upper left corner: columns to the right, rows down."""

    path: Path
    format: str
    sha256: str
    width: int
    height: int


def recognised(path: Path) -> Picture:
    """What a file holds, from its header; refuses what is no picture, is named as another, is too large or not of 8 bits."""
    driver = _format(path)
    with explaining(path), rasterio.open(path, driver=driver) as source:
        width, height, count, depths = source.width, source.height, source.count, set(source.dtypes)
    if path.suffix.lower() not in FORMATS[driver]:
        endings = " ".join(FORMATS[driver])
        raise BadFile(
            file=path.name,
            vi=f"tên tệp là “{path.suffix}” nhưng bên trong là {driver} ({endings}); hãy đổi đuôi tệp cho đúng.",
            en=f"it is named “{path.suffix}” but holds {driver} ({endings}); give it the right ending.",
        )
    if width * height > MOST_PIXELS:
        raise BadFile(
            file=path.name,
            vi=f"ảnh {width:,} × {height:,} điểm ảnh vượt giới hạn {MOST_PIXELS:,}; hãy cắt hoặc quét lại thưa hơn.",
            en=f"its {width:,} × {height:,} pixels are more than the {MOST_PIXELS:,} allowed; crop it or scan it coarser.",
        )
    if depths != {"uint8"} or not 1 <= count <= MOST_BANDS:
        kind = f"{count} × {', '.join(sorted(depths))}"
        raise BadFile(
            file=path.name,
            vi=f"chỉ đọc ảnh xám, bảng màu hoặc RGB 8 bit; ảnh này là {kind}. Hãy lưu lại thành RGB 8 bit.",
            en=f"only grey, palette and RGB pictures of 8 bits are read, and this one is {kind}; save it as 8-bit RGB.",
        )
    return Picture(path, driver, sha256_of(path), width, height)


def _format(path: Path) -> str:
    if not path.is_file():
        raise BadFile(file=str(path), vi="không có tệp này.", en="there is no such file.")
    if path.stat().st_size > MOST_BYTES:
        raise BadFile(file=path.name, vi="tệp lớn hơn 8 GiB.", en="it is larger than 8 GiB.")
    with path.open("rb") as stream:
        first = stream.read(8)
        stream.seek(max(0, path.stat().st_size - PNG_END_WITHIN))
        cut_short = first.startswith(b"\x89PNG") and b"IEND" not in stream.read()
    if path.suffix.lower() == ".pdf" or first.startswith(b"%PDF"):
        raise BadFile(
            file=path.name,
            vi="chưa đọc được PDF; hãy đổi trang bản vẽ thành ảnh, ví dụ: pdftoppm -r 300 -tiff BẢN-VẼ.pdf trang.",
            en="PDF is not read; make the page a picture, for example: pdftoppm -r 300 -tiff DRAWING.pdf page.",
        )

    if cut_short:  # GDAL shows the rest of such a picture as black, and says nothing
        raise BadFile(
            file=path.name, vi="ảnh bị cắt cụt, thiếu phần cuối.", en="the picture is cut short: its end is missing."
        )
    for beginning, driver in BEGINNINGS.items():
        if first.startswith(beginning):
            return driver
    raise BadFile(file=path.name, vi=f"không phải ảnh {KNOWN}.", en=f"it is no picture of the kinds {KNOWN}.")


@contextmanager
def explaining(path: Path) -> Iterator[None]:
    """Bounds what GDAL may do, and tells in one sentence what it cannot read."""
    logger = logging.getLogger("rasterio")
    silent, logger.disabled = logger.disabled, True  # what it logs comes as an error, too
    try:
        with rasterio.Env(**ENVIRONMENT), warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            yield
    except RasterioError as error:
        reason = str(error.__cause__ or error).splitlines()[0].replace(str(path), path.name)[:160].rstrip(". ")
        raise BadFile(
            file=path.name,
            vi=f"ảnh hỏng, không đọc được hết ({reason}).",
            en=f"the picture is broken and cannot be read whole ({reason}).",
        ) from None
    finally:
        logger.disabled = silent


@contextmanager
def laid_out(picture: Picture, folder: Path) -> Iterator[Any]:
    """The picture as an open tiled data set of three colours in `folder`; white where it is transparent."""
    profile = {"driver": "GTiff", "width": picture.width, "height": picture.height, "count": 3, "dtype": "uint8", "tiled": True,
        "blockxsize": TILE, "blockysize": TILE, "bigtiff": "IF_SAFER", "photometric": "RGB", "interleave": "pixel"}  # fmt: skip
    copy = folder / "laid-out.tif"
    with explaining(picture.path):
        with (
            rasterio.open(picture.path, driver=picture.format) as source,
            rasterio.open(copy, "w", **profile) as target,
        ):
            for window in _strips(picture):
                target.write(_colours(source, window), window=window)
        with rasterio.open(copy) as laid:
            yield laid


def _strips(picture: Picture) -> Iterator[Window]:
    rows = max(TILE, STRIP_PIXELS // picture.width // TILE * TILE)
    for top in range(0, picture.height, rows):
        yield Window(0, top, picture.width, min(rows, picture.height - top))


def _colours(source: Any, window: Window) -> Colours:
    """One window in three colours: palettes (black and white, too) and greys spelled out, transparency on white paper."""
    bands = source.read(window=window)
    meaning = source.colorinterp
    if meaning[0] == ColorInterp.palette:
        colours = _palette(source)[:, bands[0]]
    else:
        colours = bands[:3] if source.count >= MOST_BANDS - 1 else np.repeat(bands[:1], 3, axis=0)
    if meaning[-1] == ColorInterp.alpha:
        colours = np.where(bands[-1] < np.uint8(128), np.uint8(255), colours)
    return np.asarray(colours, dtype=np.uint8)


def _palette(source: Any) -> Colours:
    table = np.zeros((3, 256), dtype=np.uint8)
    for place, colour in source.colormap(1).items():
        table[:, place] = colour[:3]
    return table
