"""The map layers: what each shows, from which zoom, with which fields."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layer:
    """A map layer. `fields` are the attributes of its features and what they hold."""

    name: str
    vi: str
    en: str
    minzoom: int
    maxzoom: int
    fields: dict[str, str]


_UNIT_FIELDS = {"code": "mã / code", "name": "tên / name", "kind": "loại / kind"}

LAYERS: dict[str, Layer] = {
    layer.name: layer
    for layer in (
        Layer("units", "Xã, phường", "Communes", 0, 18, _UNIT_FIELDS),
        Layer("former-units", "Xã, phường cũ", "Former communes", 0, 18, _UNIT_FIELDS),
        Layer("plans", "Ranh giới đồ án", "Plan boundaries", 8, 18,
            {"code": "mã / code", "name": "tên / name", "level": "cấp / level"}),
        Layer("zones", "Khu chức năng", "Zones", 9, 18,
            {"plan_code": "đồ án / plan", "level": "cấp / level", "function_code": "chức năng / function",
             "function_scheme": "bảng mã / scheme", "lot_symbol": "ký hiệu lô / lot"}),
        Layer("control-lines", "Chỉ giới, hành lang an toàn", "Control lines and corridors", 10, 18,
            {"kind": "loại / kind", "code": "mã / code", "name": "tên / name", "subject": "hành lang của / subject",
             "half_width_m": "nửa bề rộng, m / half-width, m", "setback_m": "khoảng lùi, m / setback, m", "plan_code": "đồ án / plan"}),
        Layer("parcels", "Thửa đất", "Parcels", 14, 18,
            {"former_code": "xã cũ / former commune", "sheet": "tờ / sheet", "number": "thửa / number"}),
        Layer("findings", "Phát hiện", "Findings", 0, 18,
            {"check": "kiểm tra / check", "severity": "mức / severity", "level": "cấp / level", "area_m2": "m²", "width_m": "m"}),
    )
}  # fmt: skip
