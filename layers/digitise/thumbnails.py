"""Small pictures of scans, for reports."""

from typing import Any

import numpy as np
import rasterio
from rasterio.io import MemoryFile

LONGEST_PX = 1000
"""The longer side."""


def thumbnail(laid: Any) -> bytes:
    """A JPEG of an open picture."""
    share = min(1.0, LONGEST_PX / max(laid.width, laid.height))
    size = (3, max(1, round(laid.height * share)), max(1, round(laid.width * share)))
    colours = laid.read(out_shape=size, resampling=rasterio.enums.Resampling.average)
    profile = {"driver": "JPEG", "count": 3, "height": size[1], "width": size[2], "dtype": "uint8", "quality": 80}
    with MemoryFile() as memory:
        with memory.open(**profile) as target:
            target.write(np.asarray(colours))
        return bytes(memory.read())
