"""Words and numbers of printed reports: Vietnamese first, English beside; numbers as Vietnamese print writes them."""

from datetime import date, timedelta
from typing import Any

from layers.ingest.report import Report
from planning.plans import THEMES

Record = dict[str, Any]

EXTENTS: dict[str, tuple[str, str]] = {
    "whole": ("toàn bộ", "whole"),
    "part": ("một phần", "part"),
    "rest": ("phần còn lại", "rest"),
}
DECISIONS = {
    "kept": "giữ / kept",
    "replaced": "thay thế / replaced",
    "expired": "hết hạn / expired",
    "undecided": "chưa quyết định / undecided",
}
LEVELS: dict[str, tuple[str, str]] = {theme.level: (theme.vi, theme.en) for theme in THEMES}
VERDICTS: dict[str, tuple[str, str]] = {
    "transfer": ("đất chuyển", "transfer"),
    "outside": ("ngoài mọi đơn vị mới", "outside the new units"),
    "unclaimed": ("ngoài mọi đơn vị cũ", "outside the former units"),
}
"""How a difference of boundaries lies."""


COUNTED = {
    "read": "đọc được / read",
    "stored": "đã lưu / stored",
    "replaced_in_draft": "thay trong bản nháp / replaced in the draft",
    "superseded": "thay bản đã công bố / supersede published ones",
    "refused": "bị từ chối / refused",
    "located": "phần đất đã rõ / parts located",
    "unknown": "phần đất chưa rõ / parts unknown",
}
"""What is counted in the report of an import."""


def left_off(report: Report) -> str:
    """That a report keeps only the first refusals and warnings, and how many more were counted; nothing where it keeps all."""
    refused, warned = (report.left_off.get(name, 0) for name in ("refused", "warnings"))
    if not (refused or warned):
        return ""
    return (
        f"báo cáo chỉ giữ phần đầu; còn đếm được {refused:,} đối tượng bị từ chối và {warned:,} cảnh báo nữa"
        f" / the report keeps the first ones; {refused:,} refused features and {warned:,} warnings more were counted"
    )


def number(value: float | None, digits: int = 0) -> str:
    """As Vietnamese print writes it: 1.234,5; a dash where there is none."""
    return "–" if value is None else f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def signed(value: float, digits: int = 0) -> str:
    """A difference with its sign; a true minus, for a hyphen gets lost in print."""
    rounded = round(value, digits) or 0.0
    return ("+" if rounded > 0 else "−" if rounded < 0 else "±") + number(abs(rounded), digits)


def left(until: str, on: str) -> str:
    """What is left of a term on a day, in whole months; in days where it is less than one. Both are ISO days."""
    last, day_now = date.fromisoformat(until), date.fromisoformat(on)
    months = (last.year - day_now.year) * 12 + last.month - day_now.month - (last.day < day_now.day)
    if months < 1:
        return f"{(last - day_now).days} ngày"
    years, rest = divmod(months, 12)
    return " ".join(f"{many} {word}" for many, word in ((years, "năm"), (rest, "tháng")) if many)


def hectares(area_m2: float | None, digits: int = 2) -> str:
    """Square metres written in hectares."""
    return number(None if area_m2 is None else area_m2 / 1e4, digits)


def day(iso: str) -> str:
    """As Vietnamese print writes it: 01/07/2025."""
    return "/".join(reversed(iso.split("-")))


def last_day(valid_to: str) -> str:
    """The last day of a term, which is kept by the first day after it."""
    return day((date.fromisoformat(valid_to) - timedelta(days=1)).isoformat())


def names_of(report: Record) -> tuple[dict[str, str], dict[str, str]]:
    """Code → name of the former units, and of the new ones: apart, for a code may be reused."""
    old, new = ({unit["code"]: unit["name"] for unit in report[side]} for side in ("closed", "opened"))
    return old, new


def named(code: str | None, names: dict[str, str]) -> str:
    """“Xã Hà Bắc 10816”; a dash for none."""
    return f"{names.get(code, '')} {code}".strip() if code else "–"
