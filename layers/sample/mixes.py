"""What plans make of the land: function codes by kind of land, and building indicators by function."""

from dataclasses import dataclass

import numpy as np

from layers.sample.landscape import Land
from layers.sample.noise import Whole
from planning.functions import LAND_USE, PLANNING

Mix = dict[Land, dict[str, float]]
"""For every kind of land, how large a share of its patches gets which function."""

CODES: tuple[str, ...] = (*PLANNING, *LAND_USE)
"""Function codes of both schemes; their places in this tuple stand for them in rasters."""

GENERAL: Mix = {
    Land.PADDY: {"Nongnghiep": 0.96, "Thuysan": 0.04},
    Land.DRY: {"Nongnghiep": 0.93, "Chuasudung": 0.04, "Dulich": 0.03},
    Land.ORCHARD: {"Nongnghiep": 1.0},
    Land.POND: {"Thuysan": 1.0},
    Land.FOREST: {"Rungsanxuat": 0.94, "Dulich": 0.06},
    Land.PROTECTED: {"Rungphongho": 1.0},
    Land.VILLAGE: {"Langxom": 0.92, "Ditich_tongiao": 0.02, "Truonghoc": 0.03, "Vanhoa": 0.02, "Coquan": 0.01},
    Land.TOWN: {"Nhomnhao": 0.52, "Honhop": 0.09, "Dichvu": 0.08, "CayxanhCC": 0.10, "Truonghoc": 0.06, "Coquan": 0.04,
        "Yte": 0.02, "Vanhoa": 0.03, "TDTT": 0.04, "TruongTHPT": 0.01, "Anninh": 0.01},
    Land.INDUSTRY: {"Congnghiep": 0.84, "Hatangkhac": 0.05, "CayxanhCC": 0.07, "Dichvu": 0.04},
    Land.CEMETERY: {"Nghiatrang": 1.0},
    Land.LAKE: {"Honuoc": 1.0},
    Land.RIVER: {"Songsuoi": 1.0},
    Land.ROAD: {"DuongGT": 1.0},
}  # fmt: skip

_OPEN = (Land.PADDY, Land.DRY, Land.ORCHARD, Land.POND, Land.FOREST, Land.PROTECTED)
SUBDIVISION: Mix = GENERAL | dict.fromkeys(_OPEN, GENERAL[Land.TOWN])

LAND_USE_PLAN: Mix = {
    Land.PADDY: {"LUC": 0.80, "LUK": 0.10, "HNK": 0.06, "NTS": 0.02, "NKH": 0.02},
    Land.DRY: {"HNK": 0.62, "LUK": 0.25, "NKH": 0.06, "BCS": 0.05, "SKC": 0.02},
    Land.ORCHARD: {"CLN": 1.0},
    Land.POND: {"NTS": 1.0},
    Land.FOREST: {"RSX": 0.95, "SKS": 0.02, "SKX": 0.03},
    Land.PROTECTED: {"RPH": 1.0},
    Land.VILLAGE: {"ONT": 0.93, "DGD": 0.025, "TON": 0.015, "TIN": 0.01, "DVH": 0.02},
    Land.TOWN: {"ODT": 0.64, "TMD": 0.08, "DKV": 0.07, "DGD": 0.06, "TSC": 0.05, "DYT": 0.02, "DTT": 0.03, "DCH": 0.02,
        "DVH": 0.02, "CAN": 0.01},
    Land.INDUSTRY: {"SKK": 0.86, "SKN": 0.06, "DNL": 0.03, "DRA": 0.02, "DKV": 0.03},
    Land.CEMETERY: {"NTD": 1.0},
    Land.LAKE: {"MNC": 1.0},
    Land.RIVER: {"SON": 1.0},
    Land.ROAD: {"DGT": 1.0},
}  # fmt: skip


def functions_of(land: Whole, patch: Whole, mix: Mix, luck: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Whole:
    """The function of every cell, as a place in `CODES`. All cells of a patch with one kind of land get the same one."""
    found = np.empty(land.shape, dtype=np.int64)
    for kind, shares in mix.items():
        here = land == kind
        steps = np.cumsum([*shares.values()])[:-1]
        places = np.array([CODES.index(code) for code in shares])
        found[here] = places[np.searchsorted(steps, luck[patch[here]], side="right")]
    return found


@dataclass(frozen=True, slots=True)
class Built:
    """What may be built: the ranges that plans choose from."""

    density_pct: tuple[int, int]
    floors: tuple[int, int]
    least_floors: int = 1
    storey_m: float = 3.6
    setback_m: tuple[int, ...] = (0, 3)


BUILT: dict[str, Built] = {
    "Nhomnhao": Built((50, 80), (3, 7), 2, 3.5, (0, 0, 3)),
    "Honhop": Built((40, 60), (7, 18), 3, 3.7, (3, 6)),
    "Langxom": Built((30, 60), (2, 5), 1, 3.4, (0,)),
    "Dichvu": Built((40, 60), (3, 9), 1, 4.0, (3, 6)),
    "Dulich": Built((10, 25), (1, 5), 1, 3.8, (6,)),
    "Truonghoc": Built((30, 40), (2, 4), 1, 3.8, (6,)),
    "TruongTHPT": Built((30, 40), (3, 4), 1, 3.8, (6,)),
    "DaotaoNC": Built((25, 40), (3, 9), 1, 3.8, (6,)),
    "Yte": Built((30, 40), (2, 7), 1, 3.9, (6,)),
    "Vanhoa": Built((25, 40), (1, 3), 1, 4.2, (6,)),
    "TDTT": Built((5, 25), (1, 2), 1, 6.0, (6,)),
    "Coquan": Built((30, 40), (3, 7), 1, 3.8, (6,)),
    "Anninh": Built((30, 40), (2, 5), 1, 3.8, (6,)),
    "Ditich_tongiao": Built((20, 40), (1, 2), 1, 5.0, (3,)),
    "Congnghiep": Built((50, 70), (1, 5), 1, 6.0, (6,)),
    "Hatangkhac": Built((20, 40), (1, 2), 1, 5.0, (3,)),
    "CayxanhCC": Built((2, 5), (1, 1), 1, 4.0, (0,)),
}
"""Functions of the planning scheme that carry indicators; the others, and land-use plans, carry none."""

SYMBOLS: dict[str, str] = {
    "Nhomnhao": "NO", "Honhop": "HH", "Langxom": "LX", "Dichvu": "DV", "Dulich": "DL", "Truonghoc": "TH", "TruongTHPT": "PT",
    "DaotaoNC": "DT", "Yte": "YT", "Vanhoa": "VH", "TDTT": "TT", "Coquan": "CQ", "Anninh": "AN", "Ditich_tongiao": "TG",
    "Congnghiep": "CN", "Hatangkhac": "HT", "CayxanhCC": "CX", "Nongnghiep": "NN", "Chuasudung": "CSD", "Thuysan": "TS",
    "Rungsanxuat": "RSX", "Rungphongho": "RPH", "Nghiatrang": "NT", "Honuoc": "MN", "Songsuoi": "SS", "DuongGT": "GT",
}  # fmt: skip
"""First letters of lot symbols; land-use codes serve as they are."""
