"""Texts that stand for something listed: functions of land, kinds and levels, dates, yes and no."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from functools import cache
from typing import Literal

from layers.profiles.reasons import Problem
from layers.sources.values import date_or_none, yes_or_no
from planning.functions import PREFIXES, SCHEMES, Scheme, function_of
from planning.units import folded

Order = Literal["iso", "day-month-year"]
Read = str | bool | date | Problem | tuple[str, str]

SYNONYMS: dict[Scheme, dict[str, str]] = {
    "planning": {
        "nhóm nhà ở hiện trạng": "Nhomnhao", "nhóm nhà ở mới": "Nhomnhao",
        "sử dụng hỗn hợp": "Honhop", "làng xóm đô thị hóa": "Langxom", "trường mầm non": "Truonghoc",
        "trường tiểu học": "Truonghoc", "trường trung học cơ sở": "Truonghoc", "trường THPT": "TruongTHPT",
        "cây xanh sử dụng công cộng": "CayxanhCC", "công viên cây xanh": "CayxanhCC",
        "khu công nghiệp": "Congnghiep", "cụm công nghiệp": "Congnghiep", "cơ quan, trụ sở": "Coquan",
        "trụ sở cơ quan": "Coquan", "thương mại dịch vụ": "Dichvu",
        "di tích": "Ditich_tongiao", "tôn giáo": "Ditich_tongiao",
        "giao thông": "DuongGT", "nghĩa trang, nhà tang lễ": "Nghiatrang", "hạ tầng kỹ thuật khác": "Hatangkhac",
        "sản xuất nông nghiệp": "Nongnghiep", "nuôi trồng thủy sản": "Thuysan", "hồ, ao, đầm": "Honuoc",
        "sông, suối, kênh, rạch": "Songsuoi",
    },
    "land_use": {
        "đất ở nông thôn": "ONT", "đất ở đô thị": "ODT", "đất chuyên trồng lúa nước": "LUC",
        "đất trồng lúa nước còn lại": "LUK", "đất thương mại dịch vụ": "TMD", "đất cơ sở giáo dục": "DGD",
        "đất cơ sở sản xuất phi nông nghiệp": "SKC", "đất cơ sở tôn giáo": "TON", "đất cơ sở tín ngưỡng": "TIN",
        "đất xây dựng trụ sở cơ quan": "TSC", "đất sông, ngòi, kênh, rạch, suối": "SON", "đất có mặt nước chuyên dùng": "MNC",
        "đất làm nghĩa trang, nghĩa địa, nhà tang lễ, nhà hỏa táng": "NTD", "đất bãi thải, xử lý chất thải": "DRA",
    },
}  # fmt: skip
"""Other words in use for a function → its code. Practice of drawings and of land statistics; a profile may add its own."""

LEAST_LIKENESS = 0.75


def plain(text: str) -> str:
    """Letters and digits only, without capitals and diacritics: how spellings are compared."""
    return re.sub(r"[^a-z0-9]", "", folded(text))


@dataclass(frozen=True, slots=True)
class Listed:
    """A person's own list: their words → ours. Words compare by `plain`; a word with * is a pattern."""

    exact: Mapping[str, str]
    patterns: Mapping[str, str]

    @classmethod
    def of(cls, values: Mapping[str, str]) -> "Listed":
        """From what a profile says."""
        exact = {plain(word): ours for word, ours in values.items() if "*" not in word}
        return cls(exact, {_pattern(word): ours for word, ours in values.items() if "*" in word})

    def __bool__(self) -> bool:
        return bool(self.exact or self.patterns)

    def get(self, text: str) -> str | None:
        """Our word for theirs; None where the list does not know it."""
        bare = plain(text)
        if bare in self.exact:
            return self.exact[bare]
        return next((ours for pattern, ours in self.patterns.items() if fnmatchcase(bare, pattern)), None)


def _pattern(word: str) -> str:
    return "*".join(plain(part) for part in word.split("*"))


def function_read(text: str, schemes: tuple[Scheme, ...], listed: Listed) -> tuple[str, str] | Problem:
    """The code and scheme of a function told in any spelling; its prefix of phase stays."""
    said = listed.get(text)
    for scheme in schemes:
        if said is not None and function_of(said, scheme):
            return said, scheme
        if function_of(text, scheme):
            return text, scheme
    for scheme in schemes:
        code = _known(text, scheme)
        if code:
            return code, scheme
    return _unknown(text, schemes)


def _known(text: str, scheme: Scheme) -> str | None:
    bare = plain(text)
    for prefix in ("", *PREFIXES):
        start = plain(prefix)
        if bare.startswith(start) and (code := spellings(scheme).get(bare[len(start) :])):
            return prefix + code
    return None


@cache
def spellings(scheme: Scheme) -> dict[str, str]:
    """Codes, names and synonyms of a scheme, plain, with and without “đất” before them → code. A code comes first."""
    codes = {plain(code): code for code in SCHEMES[scheme]}
    names = {plain(one.vi): one.code for one in SCHEMES[scheme].values()}
    names |= {plain(word): code for word, code in SYNONYMS[scheme].items()}
    with_land = {"dat" + name: code for name, code in names.items() if not name.startswith("dat")}
    without = {name.removeprefix("dat"): code for name, code in names.items()}
    return without | with_land | names | codes


def _unknown(text: str, schemes: tuple[Scheme, ...]) -> Problem:
    bare = plain(text).removeprefix("dat")  # else two functions are alike by their “đất” alone
    for scheme in schemes:
        names = [name for name in spellings(scheme) if not name.startswith("dat")]
        near = difflib.get_close_matches(bare, names, n=1, cutoff=LEAST_LIKENESS)
        if near:
            code = spellings(scheme)[near[0]]
            name = SCHEMES[scheme][code].vi
            return Problem.of(
                "unknown-function", near_vi=f", gần nhất: {code} ({name})", near_en=f", the nearest is {code} ({name})"
            )
    return Problem.of("unknown-function", near_vi="", near_en="")


def word_read(text: str, words: tuple[str, ...], listed: Listed) -> str | Problem:
    """Our word for theirs."""
    said = listed.get(text)
    if said is None:
        said = next((word for word in words if plain(word) == plain(text)), None)
    return said if said in words else Problem.of("unknown-word", known=", ".join([*words, *listed.exact]))


_DAY_FIRST = re.compile(r"([0-9]{1,2})\s*[/.-]\s*([0-9]{1,2})\s*[/.-]\s*([0-9]{4})")
_IN_WORDS = re.compile(r"(?:ngay )?([0-9]{1,2}) thang ([0-9]{1,2})(?: nam|,)? ([0-9]{4})")
_YEAR_FIRST = re.compile(
    r"([0-9]{4})[/-]([0-9]{1,2})[/-]([0-9]{1,2})(?:[t ]00:00(?::00(?:\.0+)?)?(?:z|\+00(?::?00)?)?)?"
)


def date_read(text: str, order: Order) -> date | Problem:
    """A date: year first, or in words, which are read in one way only; 01/02/2025 only where the order was said."""
    bare = folded(text)
    try:
        if match := _YEAR_FIRST.fullmatch(bare):
            year, month, day = match.groups()
            return date(int(year), int(month), int(day))
        match = _IN_WORDS.fullmatch(bare) or (_DAY_FIRST.fullmatch(bare) if order == "day-month-year" else None)
        if match:
            day, month, year = match.groups()
            return date(int(year), int(month), int(day))
        if found := date_or_none(text):
            return found
    except ValueError:
        pass
    more = order == "day-month-year"
    return Problem.of(
        "not-a-date",
        or_vi=" hay 01/07/2025" if more else "; ngày dạng 01/07/2025 cần dates: day-month-year trong bảng ánh xạ",
        or_en=" or 01/07/2025" if more else "; 01/07/2025 needs dates: day-month-year in the profile",
    )


def yes_or_no_read(text: str) -> bool | Problem:
    """Yes or no in either language."""
    try:
        said = yes_or_no(text)
    except ValueError:
        said = None
    return said if said is not None else Problem.of("unknown-word", known="có, không, yes, no")
