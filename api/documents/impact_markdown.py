"""The impact report of a merger as Markdown, Vietnamese first."""

from collections.abc import Iterable
from typing import Any

Record = dict[str, Any]

SHOWN = 60
"""Rows of a table on paper; the JSON and the GeoPackage hold the rest."""


def as_markdown(report: Record) -> str:
    """The report from its document."""
    sections = (_heading, _summary, _accounts, _units, _boundaries, _plans, _parcels, _levels, _seams, _matrix)
    return "\n".join(line for section in sections for line in [*section(report), ""])


def _heading(report: Record) -> list[str]:
    lines = [
        f"# Báo cáo tác động sắp xếp đơn vị hành chính: {', '.join(report['resolutions'])}",
        "",
        f"Impact of a merger · hiệu lực / effective **{report['effective']}**",
    ]
    if report["illustration"]:
        lines += ["", "> **DỮ LIỆU MINH HỌA**, không có giá trị pháp lý / illustration, without legal force"]
    return lines


def _summary(report: Record) -> list[str]:
    one = report["summary"]
    kinds = ", ".join(f"{kind['clauses']} {kind['vi']}" for kind in one["kinds"])
    rows = [
        ("Đơn vị đóng → mở / units closed → opened", f"{one['closed']} → {one['opened']}"),
        ("Khoản / clauses", kinds),
        ("Phần đất đã rõ, chưa rõ / parts known, unknown", f"{one['parts_known']}, {one['parts_unknown']}"),
        ("Đơn vị mới chưa rõ ranh giới / new units without a boundary", ", ".join(one["without_boundary"]) or "–"),
        ("Lỗi của các khoản / breaches", one["breaches"]),
        ("Sai khác ranh giới rộng hơn nhiễu / differences wider than noise", one["differences"]),
        ("Đồ án bị ảnh hưởng / plans touched", one["plans"]),
        ("Thửa đổi xã, chưa rõ xã / parcels that move, unknown", f"{one['parcels']:,}, {one['parcels_unknown']:,}"),
        ("Số tờ–số thửa trùng trong xã mới / keys that collide", f"{one['colliding']:,}"),
        (
            "Xã × cấp chưa có đồ án, có nhiều / levels without a plan, with several",
            f"{one['levels_without_plan']}, {one['levels_with_several']}",
        ),
        ("Đường ráp / seams", one["seams"]),
    ]
    return _table(("", ""), rows)


def _accounts(report: Record) -> list[str]:
    rows = [
        (one["rule"], f"{one['vi']} / {one['en']}", one["message"], ", ".join(map(str, one["lines"])))
        for one in report["accounts"]
    ]
    head = ["## Các khoản có khớp không / do the clauses add up", ""]
    if not rows:
        return [
            *head,
            "Mỗi đơn vị cũ được nhắc đúng một lần, mỗi đơn vị mới được lập đúng một lần. / Every unit is accounted for once.",
        ]
    return [*head, *_table(("lỗi / breach", "nghĩa / meaning", "ở đâu / where", "dòng / rows"), rows)]


def _units(report: Record) -> list[str]:
    rows = []
    opened = {unit["code"]: unit for unit in report["opened"]}
    for event in report["events"]:
        unit = opened.get(event["code"], {})
        made = "; ".join(_part(part) for part in event["parts"])
        declared = f" (công bố / declared {unit['declared_km2']:g})" if unit.get("declared_km2") else ""
        area = (
            f"{unit['area_km2']:.2f}{declared}" if unit.get("area_km2") is not None else f"chưa rõ / unknown{declared}"
        )
        doubt = f" ⚠ {unit['area_why']}" if unit.get("area_why") else ""
        rows.append(
            (
                event["clause"],
                f"{event['code']} {event['name']}",
                event["kind_vi"],
                made,
                area + doubt,
                unit.get("how_vi", ""),
            )
        )
    columns = ("khoản", "đơn vị mới / new unit", "loại / kind", "từ / from", "km²", "ranh giới / boundary")
    return ["## Đơn vị / units", "", *_table(columns, rows)]


EXTENTS = {"whole": "toàn bộ", "part": "một phần", "rest": "phần còn lại"}


def _part(part: Record) -> str:
    after = f" sau khoản {', '.join(part['after_clauses'])}" if part["after_clauses"] else ""
    share = f", {part['share_of_from_pct']:.1f} %" if part["share_of_from_pct"] is not None else ""
    unknown = "" if part["how"] or part["extent"] == "whole" else ", chưa rõ phần nào"
    district = f", {part['district']}" if part["district"] else ""
    return f"{EXTENTS[part['extent']]} {part['name']} ({part['code'] or 'không mã'}{district}){after}{share}{unknown}"


def _boundaries(report: Record) -> list[str]:
    one = report["boundaries"]
    noise, province = one["noise"], one["province"]
    lines = [
        "## Ranh giới: suy ra và chính thức / boundaries: derived and official",
        "",
        f"Nhiễu số hóa / noise: {noise['pieces']} mảnh / pieces, {noise['area_m2']:,.1f} m², rộng nhất / widest {noise['widest_m']:.3f} m.",
    ]
    rows = [_difference(row) for row in [*one["differences"], *province["differences"]]]
    if rows:
        columns = ("loại / verdict", "cũ / former", "mới / new", "m²", "rộng / width m", "giải thích / explained by")
        lines += ["", *_table(columns, rows)]
    lines += ["", *_table(("đơn vị", "đông / east m", "bắc / north m", "trước / before m", "sau / after m"),
        [(s["code"], s["east_m"], s["north_m"], s["before_m"], s["after_m"]) for s in one["shifts"]])] if one["shifts"] else []  # fmt: skip
    return lines


def _difference(row: Record) -> tuple[Any, ...]:
    explained = "; ".join(row["explained_by"]) or "không giải thích được / unexplained"
    return (
        row["verdict"],
        row["former"] or "–",
        row["new"] or "–",
        f"{row['area_m2']:,.1f}",
        f"{row['width_m']:.1f}",
        explained,
    )


DECISIONS = {
    "kept": "giữ / kept",
    "replaced": "thay thế / replaced",
    "expired": "hết hạn / expired",
    "undecided": "chưa quyết định / undecided",
}


def _plans(report: Record) -> list[str]:
    rows = [
        (
            plan["code"],
            plan["name"],
            plan["level"],
            _places(plan["former"]),
            _places(plan["new"]),
            DECISIONS[plan["carry_over"]],
            plan["basis"],
        )
        for plan in report["plans"]
    ]
    columns = (
        "đồ án",
        "tên / name",
        "cấp / level",
        "xã cũ / former",
        "xã mới / new",
        "kế thừa? / carry-over",
        "căn cứ / basis",
    )
    return ["## Đồ án / plans", "", *(_table(columns, rows) if rows else ["Không có đồ án nào. / No plan lies there."])]


def _places(units: Iterable[Record]) -> str:
    return "; ".join(f"{one['code']} {one['area_m2'] / 1e4:,.1f} ha" for one in units) or "–"


def _parcels(report: Record) -> list[str]:
    parcels = report["parcels"]
    moves = [(one["former"], one["new"] or "chưa rõ / unknown", f"{one['parcels']:,}") for one in parcels["moves"]]
    lines = ["## Thửa đất / parcels", ""]
    lines += (
        _table(("xã cũ / former", "xã mới / new", "thửa / parcels"), moves)
        if moves
        else ["Chưa có thửa đất nào. / No parcels on record."]
    )
    if parcels["collisions"]:
        rows = [(one["new"], one["sheet"], one["number"], ", ".join(one["formers"])) for one in parcels["collisions"]]
        lines += ["", f"{parcels['colliding']:,} số tờ–số thửa trùng / colliding keys:", ""]
        lines += _table(("xã mới / new", "tờ / sheet", "thửa / number", "xã cũ / former"), rows)
    return lines


def _levels(report: Record) -> list[str]:
    rows = [
        (one["new"], one["level"], "chưa có / none" if one["state"] == "none" else f"{len(one['plans'])} đồ án / plans",
         f"{one['covered_pct']:.1f} %", f"{one['overlap_m2']:,.0f}", ", ".join(plan["code"] for plan in one["plans"]))
        for one in report["levels"]["rows"] if one["state"] != "one"
    ]  # fmt: skip
    columns = ("xã / commune", "cấp / level", "đồ án / plans", "phủ kín / covered", "chồng / overlap m²", "mã / codes")
    return [
        "## Xã chưa có đồ án, hoặc có nhiều / communes without a plan, or with several",
        "",
        *(_table(columns, rows) if rows else ["–"]),
    ]


def _seams(report: Record) -> list[str]:
    rows = [
        (one["kind"], one["level"], " | ".join(one["units"]), " | ".join(one["plans"]), " | ".join(str(c or "?") for c in one["crs"]),
         f"{one['area_m2']:,.2f}", f"{one['width_m']:.3f}", f"{one['cause_vi']} / {one['cause_en']}")
        for one in report["seams"]["rows"]
    ] + [
        ("–", "", one["unit"] or "", one["plan"], str(one["crs"] or "?"), "", f"{one['distance_m']:,.0f}", f"{one['vi'] or '?'} / {one['en'] or '?'}")
        for one in report["misplaced"]
    ]  # fmt: skip
    columns = ("loại", "cấp", "xã cũ / former", "đồ án / plans", "EPSG", "m²", "rộng / width m", "nguyên nhân / cause")
    return [
        "## Đường ráp dọc ranh giới cũ / seams along former borders",
        "",
        *(_table(columns, rows) if rows else ["Không có. / None."]),
    ]


def _matrix(report: Record) -> list[str]:
    rows = [
        (one["former"] or "–", one["new"] or "–", one["plan"] or "(toàn bộ / all)", f"{one['area_m2'] / 1e4:,.4f}")
        for one in report["matrix"]["rows"]
    ]
    return [
        "## Xã cũ × xã mới × đồ án, ha / former × new × plan",
        "",
        *_table(("xã cũ", "xã mới", "đồ án", "ha"), rows),
    ]


def _table(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> list[str]:
    everything = [[str(cell).replace("|", "/").replace("\n", " ") for cell in row] for row in rows]
    head = [str(column) for column in columns]
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(row)} |" for row in everything[:SHOWN]]
    more = len(everything) - SHOWN
    return [
        *lines,
        *(
            ["", f"… {more} dòng nữa, xem JSON hoặc GeoPackage / more rows in the JSON or GeoPackage"]
            if more > 0
            else []
        ),
    ]
