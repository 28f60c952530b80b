"""One dossier as a clerk gets it, for the guide to walk through: a CAD drawing with TCVN3 letters, decisions, red lines, a scanned sheet.

An illustration, invented, drawn in EPSG:9214 inside the sample province. Three faults are planted: a sliver of 20 cm between OM-01 and
OM-02, corners of CX-01 that stop 40 cm short, and 30 m² in the corner of BX-01 that no lot takes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from layers.sample.dossier_drawing import write_drawing
from layers.sample.dossier_sheet import write_sheet
from layers.sample.files import write_table
from layers.sample.papers import paper

ORIGIN = (410_400.0, 2_356_000.0)
"""The lower left corner of the plan, easting and northing."""

WIDTH_M, DEPTH_M = 240.0, 160.0


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot as it is drawn: its CAD layer, its symbol, the words beside it; `open_m`: how far its lines stop short of their corners."""

    symbol: str
    layer: str
    words: str
    fill: str
    shape: Any
    open_m: float = 0.0


def _at(*corners: tuple[float, float]) -> Any:
    return shapely.Polygon(np.array(corners) + ORIGIN)


def _box(left: float, low: float, right: float, high: float) -> Any:
    return _at((left, low), (right, low), (right, high), (left, high))


BOUNDARY = _box(0, 0, WIDTH_M, DEPTH_M)
TITLE_BLOCK = _box(250, 0, 310, 40)

LOTS = (
    Lot("OM-01", "QH_DAT O MOI", "Đất ở mới", "#CC9900", _box(0, 0, 80, 70)),
    Lot("OM-02", "QH_DAT O MOI", "Đất ở mới", "#CC9900", _box(80.2, 0, 160, 70)),
    Lot("CX-01", "QH_CAY XANH CONG CONG", "Cây xanh công cộng", "#66CC00", _box(160, 0, 240, 70), open_m=0.4),
    Lot("GT-01", "QH_GIAO THONG", "Đường nội bộ", "#5B5B5B", _box(0, 70, 240, 84)),
    Lot("MN-01", "QH_TRUONG MAM NON", "Trường mầm non", "#994C4C", _box(0, 84, 90, 160)),
    Lot("DV-01", "QH_THUONG MAI DICH VU", "Thương mại, dịch vụ", "#CC0000", _box(90, 84, 170, 160)),
    Lot("HT-01", "QH_HA TANG KY THUAT", "Trạm xử lý nước thải", "#39264C", _box(170, 84, 205, 160)),
    Lot("BX-01", "QH_BAI DO XE", "Bãi đỗ xe", "#B0B0B0",
        _at((205, 84), (240, 84), (240, 155), (234, 155), (234, 160), (205, 160))),
)  # fmt: skip

RED_LINES = (("Đường nội bộ, mép nam", 70.0), ("Đường nội bộ, mép bắc", 84.0))

PROFILE = """\
profile: ho-so-mau
title: {vi: Bản vẽ của hồ sơ mẫu (minh họa), en: Drawing of the sample dossier (illustration)}
makes: zone
layers: [ban-ve]
asks: [plan_code]
fields:
  lot_symbol: {from: texts, pick: symbol, keep: true}
  function:
    from: cad_layer
    scheme: planning
    keep: true
    values:
      "*đất ở mới*": Nhomnhao
      "*cây xanh công cộng*": CayxanhCC
      "*giao thông*": DuongGT
      "*bãi đỗ xe*": DuongGT
      "*mầm non*": Truonghoc
      "*thương mại*": Dichvu
      "*hạ tầng kỹ thuật*": Hatangkhac
attributes: rest
skip:
  cad_layer: ["*ranh giới*", "*khung tên*"]
"""
"""The profile the guide arrives at: what `cad-zones` knows of this drawing, and the car park, which it does not."""


def write_dossier(folder: Path, seed: int) -> list[Path]:
    """Write the files of the dossier into a folder; the same seed gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    names = (
        "ban-ve.dxf",
        "ho-so-mau.yaml",
        "quyet-dinh.pdf",
        "quy-dinh-quan-ly.pdf",
        "chi-gioi.csv",
        "ban-quet.jpg",
        "diem-khong-che.csv",
    )
    drawing, profile, decision, rules, lines, sheet, points = paths = [folder / name for name in names]
    write_drawing(drawing, LOTS, BOUNDARY, TITLE_BLOCK)
    profile.write_text(PROFILE, encoding="utf-8")
    decision.write_bytes(paper("QUYET DINH phe duyet QHCT - DECISION"))
    rules.write_bytes(paper("QUY DINH QUAN LY - MANAGEMENT RULES"))
    write_table(lines, [_red_line(name, y) for name, y in RED_LINES])
    write_sheet(sheet, points, LOTS, BOUNDARY, seed)
    return paths


def _red_line(name: str, y: float) -> Mapping[str, Any]:
    line = shapely.LineString(np.array([(0.0, y), (WIDTH_M, y)]) + ORIGIN)
    return {"ten": name, "WKT": shapely.to_wkt(line, rounding_precision=3)}
