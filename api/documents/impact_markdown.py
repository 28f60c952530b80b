"""The impact report of a merger as Markdown, Vietnamese first."""

from collections.abc import Iterable
from typing import Any

from api.documents.words import DECISIONS, EXTENTS, LEVELS, VERDICTS, day, hectares, named, names_of, number

Record = dict[str, Any]
Names = dict[str, str]

SHOWN = 60
"""Rows of a table on paper; the JSON and the GeoPackage hold the rest."""

NO_BOUNDARY = "chưa rõ / unknown"


def as_markdown(report: Record) -> str:
    """The report from its document."""
    sections = (
        _heading,
        _summary,
        _accounts,
        _units,
        _boundaries,
        _plans,
        _parcels,
        _levels,
        _seams,
        _matrix,
        _closing,
    )
    return "\n".join(line for section in sections for line in [*section(report), ""])


def _heading(report: Record) -> list[str]:
    lines = [
        f"# Báo cáo tác động sắp xếp đơn vị hành chính: {', '.join(report['resolutions'])}",
        "",
        f"Impact of a merger · hiệu lực / effective **{day(report['effective'])}**",
    ]
    if report["illustration"]:
        lines += ["", "> **DỮ LIỆU MINH HỌA**, không có giá trị pháp lý / illustration, without legal force"]
    return lines


def _summary(report: Record) -> list[str]:
    one, (_, new) = report["summary"], names_of(report)
    kinds = ", ".join(f"{kind['clauses']} {kind['vi']} / {kind['en']}" for kind in one["kinds"])
    without = ", ".join(named(code, new) for code in one["without_boundary"])
    rows = [
        ("Đơn vị đóng → mở / units closed → opened", f"{one['closed']} → {one['opened']}"),
        ("Khoản / clauses", kinds),
        ("Phần đất đã rõ; chưa rõ / parts known; unknown", _both(one["parts_known"], one["parts_unknown"])),
        ("Đơn vị mới chưa rõ ranh giới / new units without a boundary", without or "–"),
        ("Lỗi của các khoản / breaches", number(one["breaches"])),
        ("Sai khác ranh giới rộng hơn nhiễu / differences wider than noise", number(one["differences"])),
        ("Đồ án bị ảnh hưởng; thuộc nhiều xã mới / plans touched; in several new units", _both(one["plans"], one["plans_across_units"])),
        ("Đồ án cùng cấp chồng nhau / overlaps of plans of one level", number(one["clashes"])),
        ("Thửa đổi xã; chưa rõ xã / parcels that move; unknown", _both(one["parcels"], one["parcels_unknown"])),
        ("Số tờ–số thửa trùng trong xã mới / keys that collide", number(one["colliding"])),
        ("Xã × cấp chưa có đồ án; có nhiều / levels without a plan; with several",
         _both(one["levels_without_plan"], one["levels_with_several"])),
        ("Đường ráp / seams", number(one["seams"])),
    ]  # fmt: skip
    return _table(("Tóm tắt / summary", ""), rows)


def _accounts(report: Record) -> list[str]:
    rows = [
        (one["rule"], f"{one['vi']} / {one['en']}", one["message"], ", ".join(map(str, one["lines"])))
        for one in report["accounts"]
    ]
    columns = ("lỗi / breach", "nghĩa / meaning", "ở đâu / where", "dòng / rows")
    none = "Mỗi đơn vị cũ được nhắc đúng một lần, mỗi đơn vị mới được lập đúng một lần. / Every unit is accounted for once."
    return _section("Các khoản có khớp không / do the clauses add up", columns, rows, none)


def _units(report: Record) -> list[str]:
    opened, (_, new) = {unit["code"]: unit for unit in report["opened"]}, names_of(report)
    rows = []
    for event in report["events"]:
        unit = opened.get(event["code"], {})
        made = "; ".join(_part(part, new) for part in event["parts"])
        doubt = f" ⚠ {unit['area_why']}" if unit.get("area_why") else ""
        how = f"{unit['how_vi']} / {unit['how_en']}" if unit.get("how") else NO_BOUNDARY
        area, declared = number(unit.get("area_km2"), 2), number(unit.get("declared_km2"), 2)
        kind = f"{event['kind_vi']} / {event['kind_en']}"
        rows.append((event["clause"], f"{event['name']} {event['code']}", kind, made, area, declared + doubt, how))
    columns = ("khoản / clause", "đơn vị mới / new unit", "loại / kind", "từ / from", "km² đo / drawn", "km² công bố / declared",
               "ranh giới / boundary")  # fmt: skip
    return _section("Đơn vị / units", columns, rows, "–")


def _part(part: Record, new: Names) -> str:
    after = f" sau khoản {', '.join(part['after_clauses'])}" if part["after_clauses"] else ""
    district = f", {part['district']}" if part["district"] else ""
    told = f"{EXTENTS[part['extent']][0]} {part['name']} ({part['code'] or 'không có mã / no code'}{district}){after}"
    if part["extent"] == "whole":
        return told
    if part["how"]:
        return f"{told}, {number(part['share_of_from_pct'], 1)} %"
    among = ", ".join(named(code, new) for code in part["candidates"])
    return f"{told}, **chưa rõ phần nào / unknown part** (chia cho / divided among: {among})"


def _boundaries(report: Record) -> list[str]:
    one, (old, new) = report["boundaries"], names_of(report)
    noise, province = one["noise"], one["province"]
    lines = [
        f"So sánh {number(one['compared'])} xã mới có ranh giới riêng / new units with a boundary of their own. Nhiễu số hóa / noise: "
        f"{number(noise['pieces'])} mảnh / pieces, {number(noise['area_m2'], 1)} m², rộng nhất / widest {number(noise['widest_m'], 3)} m.",
        "",
    ]
    if not one["compared"]:
        lines = ["Chưa có ranh giới chính thức nào để so sánh. / No official boundary to compare with.", ""]
    wider = [*one["differences"], *(province["differences"] if province else ())]
    rows = [
        (" / ".join(VERDICTS[row["verdict"]]), named(row["former"], old), named(row["new"], new), number(row["area_m2"], 1),
         number(row["width_m"], 1), "; ".join(row["explained_by"]) or "không giải thích được / unexplained")
        for row in wider
    ]  # fmt: skip
    columns = ("loại / verdict", "cũ / former", "mới / new", "m²", "rộng / width m", "giải thích / explained by")
    title = "Ranh giới: suy ra và chính thức / boundaries: derived and official"
    none = "Không có sai khác nào rộng hơn 12 m. / No difference wider than 12 m." if one["compared"] else ""
    head, blank, *rest = _section(title, columns, rows, none)
    return [head, blank, *lines, *rest, *_shifts(one["shifts"], new)]


def _shifts(shifts: list[Record], new: Names) -> list[str]:
    rows = [
        (named(one["code"], new), *(number(one[key], 2) for key in ("east_m", "north_m", "before_m", "after_m")))
        for one in shifts
    ]
    columns = ("lệch đều / constant shift", "đông / east m", "bắc / north m", "trước / before m", "sau / after m")
    return ["", *_table(columns, rows)] if rows else []


def _plans(report: Record) -> list[str]:
    old, new = names_of(report)
    rows = [
        (plan["code"], plan["name"], LEVELS[plan["level"]][0], _lots(plan["former"], old), _lots(plan["new"], new), _overlaps(plan),
         DECISIONS[plan["carry_over"]] + ("" if plan["decided"] else " (mặc định / default)"), plan["basis"])
        for plan in report["plans"]
    ]  # fmt: skip
    columns = ("đồ án / plan", "tên / name", "cấp / level", "ở xã cũ / former", "ở xã mới / new", "chồng / overlaps",
               "kế thừa? / carry-over", "căn cứ / basis")  # fmt: skip
    return _section(
        "Đồ án / plans", columns, rows, "Chưa có đồ án nào trong dữ liệu trên đất này. / No plan on record lies there."
    )


def _lots(lots: Iterable[Record], names: Names) -> str:
    return "; ".join(_lot(one, names) for one in lots) or "–"


def _lot(one: Record, names: Names) -> str:
    if one["area_m2"] is None:
        return f"{named(one['code'], names)} (chưa rõ / unknown)"
    return f"{named(one['code'], names)} {hectares(one['area_m2'])} ha ({number(one['pct'], 1)} %)"


def _overlaps(plan: Record) -> str:
    return ", ".join(f"{one['plan']} {number(one['area_m2'])} m²" for one in plan["overlaps"]) or "–"


def _parcels(report: Record) -> list[str]:
    parcels, (old, new) = report["parcels"], names_of(report)
    moves = [
        (
            named(one["former"], old),
            named(one["new"], new) if one["new"] else "chưa rõ / unknown",
            number(one["parcels"]),
        )
        for one in parcels["moves"]
    ]
    columns = ("xã cũ / former", "xã mới / new", "thửa / parcels")
    lines = _section("Thửa đất / parcels", columns, moves, "Chưa có thửa đất nào. / No parcels on record.")
    rows = [
        (named(one["new"], new), one["sheet"], one["number"], ", ".join(named(code, old) for code in one["formers"]))
        for one in parcels["collisions"]
    ]
    if rows:
        lines += [
            "",
            f"{number(parcels['colliding'])} số tờ–số thửa trùng / colliding keys; {len(rows)} đầu tiên / the first:",
            "",
        ]
        lines += _table(("xã mới / new", "tờ / sheet", "thửa / number", "xã cũ / former"), rows)
    return lines


def _levels(report: Record) -> list[str]:
    _, new = names_of(report)
    rows = [
        (named(one["new"], new), LEVELS[one["level"]][0], ", ".join(plan["code"] for plan in one["plans"]) or "**chưa có / none**",
         f"{number(one['covered_pct'], 1)} %", number(one["overlap_m2"]))
        for one in report["levels"]["rows"] if one["state"] != "one"
    ]  # fmt: skip
    columns = ("xã / commune", "cấp / level", "đồ án / plans", "phủ / covered", "chồng / overlap m²")
    lines = _section("Xã chưa có đồ án, hoặc có nhiều / communes without a plan, or with several", columns, rows, "–")
    without = ", ".join(named(code, new) for code in report["summary"]["without_boundary"])
    unjudged = f"Không xét vì chưa rõ ranh giới / not judged, boundary unknown: {without}"
    return [*lines, "", unjudged] if without else lines


def _seams(report: Record) -> list[str]:
    seams, (old, _) = report["seams"], names_of(report)
    rows = [
        ("hở / gap" if one["kind"] == "gap" else "chồng / overlap", LEVELS[one["level"]][0],
         " – ".join(named(code, old) for code in one["units"]), " – ".join(one["plans"]), " – ".join(str(c or "?") for c in one["crs"]),
         number(one["area_m2"], 2), number(one["width_m"], 3), f"{one['cause_vi']} / {one['cause_en']}")
        for one in seams["rows"]
    ]  # fmt: skip
    columns = (
        "loại / kind",
        "cấp / level",
        "xã cũ / former",
        "đồ án / plans",
        "EPSG",
        "m²",
        "rộng / width m",
        "nguyên nhân / cause",
    )
    causes = [
        (f"{one['cause_vi']} / {one['cause_en']}", number(one["gaps"]), number(one["overlaps"]), number(one["area_m2"], 1),
         number(one["widest_m"], 3))
        for one in seams["causes"]
    ]  # fmt: skip
    title = "## Đường ráp dọc ranh giới cũ / seams along former borders"
    if not rows:
        return [
            title,
            "",
            "Không có đường ráp nào giữa các đồ án trong dữ liệu. / None between the plans on record.",
            *_misplaced(report, old),
        ]
    by_cause = _table(("nguyên nhân / cause", "hở / gaps", "chồng / overlaps", "m²", "rộng nhất / widest m"), causes)
    return [title, "", *by_cause, "", *_table(columns, rows, total=seams["total"]), *_misplaced(report, old)]


def _misplaced(report: Record, old: Names) -> list[str]:
    rows = [
        (one["plan"], one["crs"] or "?", named(one["unit"], old), number(one["distance_m"]),
         f"{one['vi'] or 'nằm ngoài mọi đơn vị'} / {one['en'] or 'lies in no unit'}")
        for one in report["misplaced"]
    ]  # fmt: skip
    columns = ("đồ án sai chỗ / plan off its place", "EPSG", "xã / unit", "cách / distance m", "dấu hiệu / sign")
    return ["", *_table(columns, rows)] if rows else []


def _matrix(report: Record) -> list[str]:
    cells, (old, new) = report["matrix"], names_of(report)
    rows = [
        (named(one["former"], old), named(one["new"], new), one["plan"] or "(toàn bộ / all)", hectares(one["area_m2"], 4),
         "" if one["plan"] else hectares(one["no_plan_m2"], 4))
        for one in cells["rows"]
    ]  # fmt: skip
    columns = ("xã cũ / former", "xã mới / new", "đồ án / plan", "ha", "chưa có đồ án / in no plan, ha")
    return [
        "## Xã cũ × xã mới × đồ án / former × new × plan",
        "",
        *_table(columns, rows, total=cells["total"]),
    ]


def _closing(_: Record) -> list[str]:
    return [
        "---",
        "",
        "Báo cáo tính từ dữ liệu đang có; không thay nghị quyết, hồ sơ địa giới hay quyết định phê duyệt. “Chưa rõ” là chưa có dữ liệu. / "
        "Computed from the data on record; it takes the place of no resolution, boundary file or approval. “Unknown” means no data.",
    ]


def _both(one: int, other: int) -> str:
    return f"{number(one)}; {number(other)}"


def _section(title: str, columns: Iterable[str], rows: list[tuple[Any, ...]], none: str) -> list[str]:
    return [f"## {title}", "", *(_table(columns, rows) if rows else [none])]


def _table(columns: Iterable[str], rows: Iterable[Iterable[Any]], total: int | None = None) -> list[str]:
    """Rows up to a page's worth; how many there are in all is told."""
    everything = [[str(cell).replace("|", "/").replace("\n", " ") for cell in row] for row in rows]
    head = [str(column) for column in columns]
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(row)} |" for row in everything[:SHOWN]]
    more = max(total or 0, len(everything)) - min(SHOWN, len(everything))
    told = f"… {number(more)} dòng nữa trong JSON và GeoPackage / more rows in the JSON and the GeoPackage"
    return [*lines, "", told] if more > 0 else lines
