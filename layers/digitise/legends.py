"""The legend of a coloured plan: which colour stands for which function, from a CSV or picked on the drawing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rasterio.windows import Window

from layers.digitise.pictures import Colours
from layers.sources.tables import read_table
from planning.errors import BadFile, BadQuestion
from planning.functions import SCHEMES, Scheme, function_of

MOST_ENTRIES = 100
CLOSEST = 5.0
"""Two colours of a legend nearer than this (CIE 1976 difference) cannot be told apart on paper; 2.3 is just noticeable."""

PICK_REACH = 2
"""Pixels around a picked place of which the middle colour is taken."""

_HEX = re.compile(r"#?[0-9a-fA-F]{6}")
_PICK = re.compile(r"(\d+),(\d+)=(\S+)")

Lab = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Entry:
    """A colour (0 to 255 each) and the function it stands for; code None is the paper."""

    rgb: tuple[int, int, int]
    code: str | None

    @property
    def hex(self) -> str:
        """The colour as #rrggbb."""
        return "#{:02x}{:02x}{:02x}".format(*self.rgb)


@dataclass(frozen=True, slots=True)
class Legend:
    """The entries, each a class of pixels by its place."""

    scheme: Scheme
    entries: tuple[Entry, ...]

    @property
    def labs(self) -> Lab:
        """(entries, 3) in CIELAB."""
        return lab(np.array([one.rgb for one in self.entries], dtype=np.uint8).T[:, :, None])[:, :, 0].T


def read_legend(path: Path, scheme: Scheme) -> list[Entry]:
    """Read colour, function_code. Refuses what is no colour, and codes that the scheme does not know."""
    table = read_table(path, ("colour", "function_code"))
    found = []
    for line, row in zip(table.lines, table.rows, strict=True):
        if not _HEX.fullmatch(row["colour"]):
            shown = row["colour"][:40]
            raise BadFile(
                file=path.name,
                vi=f"dòng {line}: “{shown}” không phải màu dạng #rrggbb.",
                en=f"line {line}: “{shown}” is no colour like #rrggbb.",
            )
        number = int(row["colour"].removeprefix("#"), 16)
        found.append(
            Entry(
                (number >> 16, number >> 8 & 255, number & 255),
                _known(row["function_code"], scheme, f"{path.name}:{line}"),
            )
        )
    return found


def picked(drawing: Any, picks: Sequence[str], scheme: Scheme) -> list[Entry]:
    """Entries from “col,row=CODE”: the middle colour of the pixels around a place of an open drawing."""
    found = []
    for pick in picks:
        match = _PICK.fullmatch(pick)
        if not match:
            raise BadQuestion(parameter="--pick", vi="viết là cột,hàng=MÃ.", en="write it as col,row=CODE.")
        col, row = int(match[1]), int(match[2])
        if not (col < drawing.width and row < drawing.height):
            raise BadQuestion(parameter="--pick", vi=f"{pick}: nằm ngoài bản vẽ.", en=f"{pick}: it is off the drawing.")
        left, top = max(0, col - PICK_REACH), max(0, row - PICK_REACH)
        around = drawing.read(window=Window(left, top, col + PICK_REACH + 1 - left, row + PICK_REACH + 1 - top))
        red, green, blue = np.median(around.reshape(3, -1), axis=1).astype(int).tolist()
        found.append(Entry((red, green, blue), _known(match[3], scheme, "--pick")))
    return found


def legend(entries: Sequence[Entry], scheme: Scheme) -> Legend:
    """The entries with the paper, white, where no entry is white itself; refused where two functions share a colour."""
    if not 0 < len(entries) <= MOST_ENTRIES:
        raise BadQuestion(
            parameter="--legend",
            vi=f"bảng chú giải cần 1 đến {MOST_ENTRIES} màu.",
            en=f"a legend has 1 to {MOST_ENTRIES} colours.",
        )
    whole = Legend(scheme, tuple(entries))
    apart = np.linalg.norm(whole.labs[:, None] - whole.labs[None], axis=2)
    for one, other in combinations(range(len(entries)), 2):
        if apart[one, other] < CLOSEST and entries[one].code != entries[other].code:
            names = f"{entries[one].code} {entries[one].hex}, {entries[other].code} {entries[other].hex}"
            raise BadQuestion(
                parameter="--legend",
                vi=f"hai màu quá gần nhau để phân biệt trên giấy: {names}; hãy gộp chúng hoặc dùng màu thật trên bản vẽ (--pick).",
                en=f"two colours are too near each other to be told apart on paper: {names}; unite them, or pick what is drawn (--pick).",
            )
    with_paper = Legend(scheme, (*entries, Entry((255, 255, 255), None)))
    nearest = np.linalg.norm(with_paper.labs[:-1] - with_paper.labs[-1], axis=1).min()
    return with_paper if nearest >= CLOSEST else whole


def lab(colours: Colours) -> Lab:
    """sRGB (3, …) of 0 to 255 in CIELAB, white D65: distances there are about what an eye sees."""
    linear = _LINEAR[colours]
    xyz = np.tensordot(_TO_XYZ, linear, axes=1)
    curved = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.stack([116 * curved[1] - 16, 500 * (curved[0] - curved[1]), 200 * (curved[1] - curved[2])])


_SHARES = np.arange(256) / 255
_LINEAR = np.where(_SHARES > 0.04045, ((_SHARES + 0.055) / 1.055) ** 2.4, _SHARES / 12.92)
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
) / np.array([[0.95047], [1.0], [1.08883]])


def _known(code: str, scheme: Scheme, where: str) -> str:
    if function_of(code, scheme) is None:
        known = ", ".join([*SCHEMES[scheme]][:8])
        raise BadQuestion(
            parameter="--legend, --pick",
            vi=f"{where}: mã “{code}” không có trong bảng {scheme} ({known}, …).",
            en=f"{where}: the code “{code}” is not in the scheme {scheme} ({known}, …).",
        )
    return code
