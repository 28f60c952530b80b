"""What can be wrong with a value, as data: a stable code, the sentence in both languages, the row it stands in."""

from dataclasses import dataclass

REASONS: dict[str, tuple[str, str]] = {
    "missing": ("thiếu giá trị bắt buộc", "a value that is needed is missing"),
    "not-text": (
        "chữ có ký tự NUL hoặc dài quá {most} ký tự",
        "the text holds a NUL character or is longer than {most}",
    ),
    "not-a-number": ("không đọc được thành số hay khoảng số", "it is neither a number nor a range of numbers"),
    "ambiguous-number": (
        "đọc được hai cách, {one} hoặc {other}; ghi decimal: trong bảng ánh xạ",
        "it can be read as {one} or as {other}; say decimal: in the profile",
    ),
    "ambiguous-percent": (
        "không rõ là {one} % hay {other} %; ghi unit: percent hoặc fraction trong bảng ánh xạ",
        "it can be {one} % or {other} %; say unit: percent or fraction in the profile",
    ),
    "not-one-number": ("cần một số, đây là một khoảng", "one number is needed here, this is a range"),
    "other-bound": (
        "chỉ nêu mức {said_vi}, trường này là mức {wanted_vi}",
        "it states {said_en} only, this field is {wanted_en}",
    ),
    "wrong-order": ("khoảng số viết ngược", "the range is the wrong way round"),
    "wrong-unit": ("đơn vị “{unit}” không dùng cho trường này", "the unit “{unit}” does not suit this field"),
    "not-whole": ("{number} không phải số nguyên", "{number} is not a whole number"),
    "out-of-range": ("{number} nằm ngoài khoảng {least}–{most}", "{number} is not between {least} and {most}"),
    "not-a-date": (
        "không phải ngày dạng 2025-07-01{or_vi}",
        "it is not a date like 2025-07-01{or_en}",
    ),
    "several-symbols": (
        "nhiều chữ đọc như ký hiệu lô đất: {symbols}",
        "several of its texts read like a lot symbol: {symbols}",
    ),
    "unknown-word": ("không có trong các giá trị được dùng: {known}", "it is none of: {known}"),
    "unknown-function": (
        "không nhận ra chức năng sử dụng đất{near_vi}; thêm vào values: của bảng ánh xạ",
        "the function of land is not known{near_en}; add it to values: of the profile",
    ),
}
"""Stable codes and what they say, Vietnamese and English."""

SHOWN = 80
"""Letters of a value that are quoted."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a value, wherever it stands."""

    reason: str
    vi: str
    en: str

    @classmethod
    def of(cls, reason: str, **facts: object) -> "Problem":
        """The problem with its facts put into both sentences."""
        vi, en = REASONS[reason]
        return cls(reason, vi.format(**facts), en.format(**facts))


@dataclass(frozen=True, slots=True)
class Issue:
    """A value that could not be taken over. `row`: the row's label in the frame; `source`: the field of the file.

    `refuses` tells that its record cannot be stored; otherwise the value is left empty, and kept as it was written among
    the attributes where the kind of record has some.
    """

    row: int
    field: str
    source: str
    value: str
    reason: str
    vi: str
    en: str
    refuses: bool

    @property
    def sentence(self) -> str:
        """Both languages in a line, Vietnamese first."""
        where = f"{self.field} ← {self.source} “{self.value}”" if self.source else self.field
        return f"{where}: {self.vi} / {self.en}"
