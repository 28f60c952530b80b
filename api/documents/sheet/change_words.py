"""What changed since a sheet was printed, in sentences."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from api.documents.sheet.blocks import Pair, Record, Tongue
from api.documents.sheet.plans import STATES
from planning.answer_changes import Change, Kind
from planning.themes import THEMES

THEME_NAMES: dict[str, Pair] = {theme.key: (theme.vi, theme.en) for theme in THEMES}

SAID: dict[Kind, Pair] = {
    "subject": (
        "Đối tượng tra cứu: {field} từ {before} thành {after}",
        "The subject: {field} from {before} to {after}",
    ),
    "unit": ("Đơn vị hành chính {subject}: {came}", "Administrative unit {subject}: {came}"),
    "state": ("{field} từ “{before}” thành “{after}”", "{field} from “{before}” to “{after}”"),
    "plan_come": ("Thêm đồ án {subject} {after}", "Plan {subject} {after} was added"),
    "plan_gone": ("Không còn đồ án {subject} {before}", "Plan {subject} {before} is gone"),
    "plan": ("Đồ án {subject}: {field} từ {before} thành {after}", "Plan {subject}: {field} from {before} to {after}"),
    "zone_come": ("Thêm ô chức năng {subject}, {after}", "Zone {subject} was added, {after}"),
    "zone_gone": ("Không còn ô chức năng {subject}, {before}", "Zone {subject} is gone, {before}"),
    "zone": (
        "Ô chức năng {subject}: {field} từ {before} thành {after}",
        "Zone {subject}: {field} from {before} to {after}",
    ),
    "share": (
        "Ô chức năng {subject}: diện tích từ {before} thành {after}",
        "Zone {subject}: area from {before} to {after}",
    ),
    "amended": (
        "Ô chức năng {subject}, phần đã được điều chỉnh: {field} từ {before} thành {after}",
        "Zone {subject}, its amended part: {field} from {before} to {after}",
    ),
    "line_come": ("Thêm chỉ giới hoặc hành lang {subject}", "Line or corridor {subject} was added"),
    "line_gone": ("Không còn chỉ giới hoặc hành lang {subject}", "Line or corridor {subject} is gone"),
    "line": ("Chỉ giới hoặc hành lang {subject} đã thay đổi", "Line or corridor {subject} changed"),
    "other": ("Đã thay đổi: {field}", "Changed: {field}"),
}

FIELDS: dict[str, Pair] = {
    "state": ("trả lời", "answer"), "on_whose_word": ("nguồn của trả lời", "on whose word"), "area_m2": ("diện tích", "area"),
    "perimeter_m": ("chu vi", "perimeter"), "corners": ("tọa độ góc ranh", "corners"), "land_use_code": ("loại đất", "land use"),
    "declared_area_m2": ("diện tích theo hồ sơ", "declared area"), "valid_from": ("hiệu lực từ", "valid from"),
    "valid_to": ("hiệu lực đến hết", "valid to the end of"), "name": ("tên", "name"),
    "decision_number": ("số quyết định", "decision number"),
    "decision_date": ("ngày quyết định", "decision date"), "approver": ("cơ quan phê duyệt", "approver"), "scale": ("tỷ lệ", "scale"),
    "kind": ("loại", "kind"), "level": ("cấp", "level"), "standing": ("hiệu lực", "standing"), "documents": ("văn bản", "documents"),
    "legal_status": ("tình trạng pháp lý", "legal status"), "office_now": ("cơ quan nay phụ trách", "office today"),
    "carried": ("quyết định chuyển tiếp", "carry-over decision"), "function_name": ("chức năng", "function"),
    "article": ("điều khoản", "article"), "density_pct": ("mật độ xây dựng", "density"), "floors_min": ("số tầng từ", "fewest floors"),
    "floors_max": ("tầng cao nhất", "most floors"), "height_max_m": ("chiều cao", "height"), "far_max": ("hệ số sử dụng đất", "FAR"),
    "setback_m": ("khoảng lùi", "setback"), "parcels": ("các thửa tại điểm", "parcels here"), "disclaimer": ("lời lưu ý", "disclaimer"),
    "basis": ("căn cứ", "legal basis"), "noise": ("phần nhỏ không tính", "shares not counted"), "key": ("khóa thửa", "key"),
    "amended_by": ("điều chỉnh bởi", "amended by"), "lon": ("kinh độ", "longitude"), "lat": ("vĩ độ", "latitude"),
}  # fmt: skip


def change_rows(changes: Iterable[Change]) -> list[Record]:
    """Changes as JSON, each with a sentence in both languages."""
    return [
        {**asdict(one), "said": {"vi": _said(one, Tongue("vi")), "en": _said(one, Tongue("en"))}} for one in changes
    ]


def said(change: Change, tongue: Tongue) -> Record:
    """One change as a sentence in both languages, the theme it lies in before it."""
    return tongue.pair((_said(change, Tongue("vi")), _said(change, Tongue("en"))))


def _said(change: Change, tongue: Tongue) -> str:
    came = ("mới", "new") if change.before is None else ("không còn", "gone")
    names = {
        "field": tongue.one(FIELDS.get(change.field or "", (change.field or "", change.field or ""))),
        "subject": change.subject, "came": tongue.one(came),
        "before": _value(change.before, change.field, tongue), "after": _value(change.after, change.field, tongue),
    }  # fmt: skip
    sentence = tongue.one(SAID[change.kind]).format_map(names)
    theme = tongue.one(THEME_NAMES[change.theme]) + ": " if change.theme in THEME_NAMES else ""
    return f"{theme}{sentence}."


def _value(value: Any, field: str | None, tongue: Tongue) -> str:
    """A value of the document as people read it; what has parts is not written out."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        return (
            tongue.area(value)
            if field in {"area_m2", "declared_area_m2"}
            else tongue.number(value, 2).removesuffix(tongue.one((",00", ".00")))
        )
    if isinstance(value, dict):
        return str(value.get(tongue.language) or value.get("name") or value.get("decision") or "…")
    if isinstance(value, list):
        return f"({len(value)})"
    if field == "state" and value in STATES:
        return tongue.one(STATES[value])
    if value is None:
        return "–"
    return DAYS[field](tongue, value) if field in DAYS else str(value)


DAYS: dict[str | None, Callable[[Tongue, object], str]] = {
    "valid_from": Tongue.day,
    "decision_date": Tongue.day,
    "valid_to": Tongue.last_day,
}
