"""Who and where: the subject of a sheet, its corners, the units it lies in now and lay in then."""

from typing import Any

from api.documents.sheet.blocks import Column, Pair, Record, Tongue, cell, facts, left_out, section, table

MOST_PARCELS = 12
"""Parcels under an area named on the sheet, the largest."""

MOST_CORNERS = 60
FIRST_CORNERS = 20
"""Up to so many corners are listed; of a longer outline the first few, as the whole of it is in the JSON."""


def title(answer: Record, tongue: Tongue) -> Record:
    """What the sheet is about, in a line."""
    subject = answer["subject"]
    if subject["kind"] == "parcel":
        of = _of_former(subject)
        return tongue.pair((
            f"Thửa đất số {subject['number']}, tờ bản đồ số {subject['sheet']}{of[0]}",
            f"Parcel {subject['number']}, sheet {subject['sheet']}{of[1]}",
        ))  # fmt: skip
    here = ", ".join(unit["name"] for unit in answer["units"] if unit["level"] == "commune")
    what: Pair = ("Khu đất", "An area") if subject["kind"] == "area" else ("Một điểm", "A point")
    return tongue.pair((f"{what[0]} tại {here}", f"{what[1]} in {here}"))


def _of_former(subject: Record) -> Pair:
    name = subject.get("former_name") or subject["former_code"]
    return (
        f", bản đồ địa chính {name} (mã {subject['former_code']})",
        f", cadastral map of {name} ({subject['former_code']})",
    )


def subject_facts(answer: Record, tongue: Tongue) -> Record:
    """Area, coordinates, CRS and where the outline comes from."""
    subject, pair = answer["subject"], tongue.pair
    source = subject.get("source") or {}
    return facts([
        (pair(("Khóa thửa (mã xã cũ/tờ/thửa)", "Key of the parcel")), subject.get("key")),
        (pair(("Đơn vị hành chính hiện nay", "Unit today")), _units(answer["units"], tongue)),
        (pair(("Đơn vị hành chính trước đây", "Former unit")), _units(answer["former_units"], tongue)),
        (pair(("Loại đất trên bản đồ địa chính", "Land use on record")), subject.get("land_use_code")),
        (pair(("Diện tích đo trên bản đồ", "Area measured on the map")), tongue.area(subject.get("area_m2"))),
        (pair(("Diện tích theo hồ sơ", "Area on record")), tongue.area(subject.get("declared_area_m2"))),
        (pair(("Chu vi", "Perimeter")), _metres(subject.get("perimeter_m"), tongue)),
        (pair(("Tọa độ VN-2000", "VN-2000 coordinates")),
            f"X = {_plane(subject['y'])}; Y = {_plane(subject['x'])} ({subject['crs']})"),
        (pair(("Kinh độ, vĩ độ WGS 84", "Longitude, latitude")), f"{subject['lon']:.7f}; {subject['lat']:.7f}"),
        (pair(("Phép chuyển hệ quy chiếu", "Datum operation")), subject.get("operation")),
        (pair(("Thời hạn của thửa trong dữ liệu", "Parcel on record")), tongue.term(subject) if subject.get("valid_from") else None),
        (pair(("Nguồn hình thửa", "Source of the outline")), _source(source, tongue) if source else None),
        (pair(("Độ chính xác của hình", "Accuracy of the outline")), _accuracy(source, tongue) if source else None),
        (pair(("Nguồn tọa độ", "Source of the coordinates")), tongue.one(ASKED) if subject["kind"] != "parcel" else None),
        (pair(("Các thửa tại đây", "Parcels here")), _parcels(answer, tongue)),
    ])  # fmt: skip


def _units(units: list[Record], tongue: Tongue) -> str:
    """Communes, with the metres of each where the subject lies in several."""
    communes = [unit for unit in units if unit["level"] == "commune"]
    several = len(communes) > 1
    return "; ".join(
        ", ".join(part for part in (unit["name"], unit.get("district"), unit.get("province_name")) if part)
        + f" ({unit['code']}{', ' + tongue.area(unit['area_m2']) if several and unit.get('area_m2') else ''})"
        for unit in communes
    )


def _parcels(answer: Record, tongue: Tongue) -> str:
    """The keys of the largest parcels, and how many more there are."""
    keys = [one["key"] for one in answer["parcels"]]
    left_off = (answer.get("parcels_total") or len(keys)) - MOST_PARCELS
    more = tongue.one((f" và {left_off} thửa nữa", f" and {left_off} more")) if left_off > 0 else ""
    return ", ".join(keys[:MOST_PARCELS]) + more


SAME_CRS: Pair = ("không chuyển hệ", "no change of CRS")


ASKED: Pair = ("do người hỏi nêu", "given by whoever asks")
NOT_ON_RECORD: Pair = ("chưa ghi nhận", "not on record")


def _accuracy(source: Record, tongue: Tongue) -> str:
    known = source.get("accuracy_m")
    return tongue.one(NOT_ON_RECORD) if known is None else f"± {tongue.exact(known)} m"


def _source(source: Record, tongue: Tongue) -> str:
    parts = [
        source.get("file_name"),
        source.get("crs") and f"EPSG:{source['crs']}",
        tongue.one(SAME_CRS) if source.get("operation") == "none" else source.get("operation"),
        tongue.day(source.get("imported_at")),
    ]
    digest = source.get("sha256")
    return "; ".join(part for part in [*parts, f"SHA-256 {digest[:16]}…" if digest else None] if part)


def corners(answer: Record, tongue: Tongue) -> Record | None:
    """Number, X (northing), Y (easting) and the edge to the next corner; the rings of an outline one after the other."""
    points = numbered_corners(answer["subject"])
    if not points:
        return None
    listed = len(points) if len(points) <= MOST_CORNERS else FIRST_CORNERS
    more = left_out(len(points) - listed, ("điểm nữa", "more"), tongue)
    pair = tongue.pair
    columns = [Column(pair(("Điểm", "Corner")), 0.6, numbers=True), Column(pair(("X (Bắc), m", "X (northing), m")), numbers=True),
        Column(pair(("Y (Đông), m", "Y (easting), m")), numbers=True), Column(pair(("Cạnh, m", "Edge, m")), 0.8, numbers=True)]  # fmt: skip
    rows = [
        [cell(place), cell(_plane(y)), cell(_plane(x)), cell(tongue.number(edge, 2))]
        for place, (x, y, edge) in enumerate(points[:listed], start=1)
    ]
    heading = pair((f"Tọa độ góc ranh ({answer['subject']['crs']})", f"Corners ({answer['subject']['crs']})"))
    return section(heading, table(columns, rows, more, narrow=True))


def numbered_corners(subject: Record) -> list[tuple[float, float, float]]:
    """Easting, northing and the edge to the next corner of the same ring; a ring's repeated last point is no corner."""
    found = []
    for ring in subject.get("corners") or []:
        open_ring = ring[:-1] if len(ring) > 1 and ring[0] == ring[-1] else ring
        for (x, y), (to_x, to_y) in zip(open_ring, [*open_ring[1:], *open_ring[:1]], strict=True):
            found.append((x, y, ((to_x - x) ** 2 + (to_y - y) ** 2) ** 0.5))
    return found


def _plane(value: float) -> str:
    """A plane coordinate as cadastral papers write it: no groups, a point."""
    return f"{value:.2f}"


def _metres(value: Any, tongue: Tongue) -> str | None:
    return None if value is None else f"{tongue.number(value, 2)} m"
