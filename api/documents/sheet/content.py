"""The sheet of an answer: the one place where the document of an answer becomes words on paper. Pure."""

from api.documents.sheet.blocks import Column, Record, Tongue, cell, facts, left_out, note, section, table
from api.documents.sheet.plans import documents, restrictions, states
from api.documents.sheet.subject import corners, subject_facts, title
from api.documents.words import LEVELS
from planning.control_lines import SUBJECTS

MOST_LINES = 30
MOST_FINDINGS = 15

SIDES = {
    "inside": ("nằm trong", "inside"),
    "crosses": ("cắt qua", "crosses"),
    "touches": ("dọc theo ranh", "along its edge"),
    "outside": ("nằm ngoài", "outside"),
}
DIRECTIONS = {
    "N": ("Bắc", "north"), "NE": ("Đông Bắc", "north-east"), "E": ("Đông", "east"), "SE": ("Đông Nam", "south-east"),
    "S": ("Nam", "south"), "SW": ("Tây Nam", "south-west"), "W": ("Tây", "west"), "NW": ("Tây Bắc", "north-west"),
}  # fmt: skip
SEVERITIES = {"error": ("lỗi", "error"), "warning": ("cảnh báo", "warning"), "info": ("thông tin", "information")}


def sheet(answer: Record, tongue: Tongue) -> Record:
    """Headings and sections of a sheet, in the order of reading."""
    sections = [
        states(answer, tongue), *restrictions(answer, tongue), lines(answer, tongue), documents(answer, tongue), corners(answer, tongue),
        findings(answer, tongue),
    ]  # fmt: skip
    release = answer["release"]
    return {
        "language": tongue.language,
        "heading": tongue.pair(("PHIẾU TRA CỨU QUY HOẠCH", "Planning sheet")),
        "title": title(answer, tongue),
        "illustration": tongue.pair(ILLUSTRATION) if release["illustration"] else None,
        "asof": tongue.pair((
            f"Ngày hỏi {tongue.day(answer['on'])} · lần công bố {release['number']} ({tongue.day(release['published_at'])})",
            f"Day asked about {tongue.day(answer['on'])} · release {release['number']} ({tongue.day(release['published_at'])})",
        )),
        "subject": subject_facts(answer, tongue),
        "sections": [one for one in sections if one],
        "colophon": colophon(answer, tongue),
    }  # fmt: skip


ILLUSTRATION = ("DỮ LIỆU MINH HỌA – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ", "ILLUSTRATION – WITHOUT LEGAL FORCE")


def lines(answer: Record, tongue: Tongue) -> Record | None:
    """Control lines and corridors near the subject."""
    pair, found = tongue.pair, answer.get("lines") or []
    columns = [Column(pair(("Chỉ giới, hành lang", "Line or corridor")), 2.0), Column(pair(("Vị trí so với thửa", "Where it lies")), 1.4),
        Column(pair(("Trong thửa", "On the subject")), 1.0, numbers=True), Column(pair(("Rộng mỗi bên / lùi", "Width / setback")), 1.0),
        Column(pair(("Căn cứ", "Legal basis")), 1.4)]  # fmt: skip
    more = left_out(len(found) - MOST_LINES, ("đường nữa", "more"), tongue)
    rows = [_line(one, tongue) for one in found[:MOST_LINES]]
    return section(pair(("Chỉ giới và hành lang bảo vệ", "Control lines and corridors")), table(columns, rows, more))


def _line(line: Record, tongue: Tongue) -> list[Record]:
    subject = SUBJECTS.get(line.get("subject") or "")
    named = " · ".join(
        str(part) for part in (line.get("code"), line.get("name"), subject and tongue.one(subject)) if part
    )
    side = tongue.one(SIDES[line["side"]])
    direction = tongue.one(DIRECTIONS.get(line.get("direction") or "", ("", "")))
    away = f"{tongue.number(line['distance_m'], 1)} m" if line.get("distance_m") else ""
    size = tongue.area(line.get("area_m2"))
    share = f"{tongue.number(line['share_pct'], 1)} %" if line.get("share_pct") is not None else ""
    widths = " / ".join(
        f"{tongue.exact(line[name])} m" if line.get(name) is not None else "–" for name in ("half_width_m", "setback_m")
    )
    return [cell(tongue.of(line["kind_name"])["first"], named), cell(side, ", ".join(part for part in (away, direction) if part)),
        cell(size, share), cell(widths), cell(line.get("legal_basis"), line.get("plan_code") or "")]  # fmt: skip


def findings(answer: Record, tongue: Tongue) -> Record | None:
    """What the checks of the data found wrong here."""
    pair, found = tongue.pair, answer["checks"]["findings"]
    columns = [Column(pair(("Phát hiện khi kiểm tra dữ liệu", "Finding")), 3.0), Column(pair(("Mức", "Severity")), 0.8),
        Column(pair(("Diện tích", "Area")), 0.8, numbers=True), Column(pair(("Bề rộng", "Width")), 0.8, numbers=True)]  # fmt: skip
    rows = [
        [cell(tongue.of(one["name"])["first"], ", ".join([_level(one["level"], tongue), one["check"], *one["plan_codes"]])),
            cell(tongue.one(SEVERITIES[one["severity"]])),
            cell(tongue.area(one.get("area_m2"))), cell("–" if one.get("width_m") is None else f"{tongue.number(one['width_m'], 2)} m")]
        for one in found[:MOST_FINDINGS]
    ]  # fmt: skip
    more = left_out(len(found) - MOST_FINDINGS, ("phát hiện nữa", "more"), tongue)
    return section(pair(("Lỗi dữ liệu còn mở tại đây", "Open findings on the data here")), table(columns, rows, more))


def _level(level: str, tongue: Tongue) -> str:
    return tongue.one(LEVELS[level]) if level in LEVELS else tongue.one(("Địa giới", "Boundaries"))


def colophon(answer: Record, tongue: Tongue) -> Record | None:
    """Release, day, CRS, hash and what the sheet is worth."""
    release, subject, pair = answer["release"], answer["subject"], tongue.pair
    return section(
        pair(("Về phiếu này", "About this sheet")),
        facts([
            (pair(("Lần công bố", "Release")),
                " · ".join(str(part) for part in (release["number"], tongue.day(release["published_at"]), release.get("note")) if part)),
            (pair(("Ngày hỏi", "Day asked about")), tongue.day(answer["on"])),
            (pair(("Hệ tọa độ", "CRS")), f"{subject['crs']}, VN-2000; {subject['operation']}"),
            (pair(("Dữ liệu được kiểm tra", "Data checked")), tongue.day(answer["checks"]["checked_at"])),
            (pair(("Mã của câu trả lời (SHA-256)", "Hash of the answer (SHA-256)")), answer["hash"]),
        ]),
        note(tongue.of(answer["disclaimer"])),
    )  # fmt: skip
