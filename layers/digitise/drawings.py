"""Georeferenced drawings as `quyhoach scan georeference` wrote them: read back, with what is known of their origin."""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rasterio
import shapely

from layers.digitise.fitting import METHODS
from layers.digitise.pictures import explaining, recognised
from planning.errors import BadFile

NEEDED: dict[str, type | tuple[type, ...]] = {"file": str, "sha256": str, "method": str, "map_crs": int, "scale": int, "frame": list,
    "gsd_m": float, "accuracy_m": (float, type(None)), "operation": str}  # fmt: skip
"""What the tag of a drawing holds at the least."""

SHA256_LETTERS = 64


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing in the storage CRS: `frame` is the part of the sheet that is shown, `accuracy_m` None where no point judged it."""

    path: Path
    sha256: str
    width: int
    height: int
    source_name: str
    source_sha256: str
    method: str
    map_crs: int
    operation: str
    scale: int
    gsd_m: float
    accuracy_m: float | None
    frame: Any


def read_drawing(path: Path, storage_crs: int) -> Drawing:
    """What a drawing tells of itself; refuses a picture that was not placed by quyhoach, or in another CRS than that of the store."""
    picture = recognised(path)
    with explaining(path), rasterio.open(path, driver=picture.format) as source:
        crs, tag = source.crs, source.tags().get("QUYHOACH", "")
    facts = _facts(path, tag)
    if crs is None or crs.to_epsg() != storage_crs:
        held = f"EPSG:{crs.to_epsg()}" if crs else "–"
        raise BadFile(
            file=path.name,
            vi=f"bản vẽ ở {held}, kho dữ liệu ở EPSG:{storage_crs}; hãy nắn lại từ ảnh gốc.",
            en=f"it is in {held} and the store in EPSG:{storage_crs}; place it anew from its picture.",
        )
    return Drawing(
        path, picture.sha256, picture.width, picture.height, facts["file"], facts["sha256"], facts["method"], facts["map_crs"],
        facts["operation"], facts["scale"], facts["gsd_m"], facts["accuracy_m"], shapely.Polygon(facts["frame"]),
    )  # fmt: skip


def _facts(path: Path, tag: str) -> dict[str, Any]:
    try:
        facts = dict(json.loads(tag))
        shapely.Polygon(facts["frame"])
        if all(isinstance(facts[name], kind) for name, kind in NEEDED.items()) and _sensible(facts):
            return facts
    except (ValueError, KeyError, TypeError):
        pass
    raise BadFile(
        file=path.name,
        vi="không phải bản vẽ do quyhoach scan georeference tạo ra; hãy nắn ảnh trước.",
        en="it was not made by quyhoach scan georeference; place the picture first.",
    )


def _sensible(facts: dict[str, Any]) -> bool:
    """Whether the numbers are such as a placing gives; a tag is text that anybody can write."""
    accuracy = facts["accuracy_m"]
    exact = accuracy is None or 0 <= accuracy < math.inf
    hexadecimal = len(facts["sha256"]) == SHA256_LETTERS and set(facts["sha256"]) <= set("0123456789abcdef")
    return (
        exact
        and hexadecimal
        and facts["method"] in {*METHODS, "world-file"}
        and facts["scale"] > 0
        and 0 < facts["gsd_m"] < math.inf
    )
