"""What the plans say: the state of every theme, zones with their shares and indicators, plans with their decisions, documents."""

from collections.abc import Iterator

from api.documents.sheet.blocks import Column, Pair, Record, Tongue, cell, left_out, note, section, table
from planning.documents import TYPES
from planning.plans import KINDS, ORIGINS

STATES: dict[str, Pair] = {
    "applies": ("Có áp dụng", "applies"),
    "none": ("Không có; dữ liệu đầy đủ", "none; the data is complete"),
    "no_data": (
        "Chưa có dữ liệu; điều này không có nghĩa là không có",
        "no data; this does not mean that there is none",
    ),
    "not_carried_over": (
        "Quy hoạch của đơn vị cũ, chờ quyết định sau sáp nhập",
        "a former unit's plan, awaiting a decision",
    ),
}
MOST_ZONES = 40
"""Zones listed in a theme, the largest."""
ZONES_IN_ALL = 60
"""Zones listed on a sheet: themes share them, so that a sheet of many themes is not the longest to print."""
MOST_REPLACED = 15
MOST_CONFLICTS = 10
MOST_PLANS = 15
"""Zones that apply no more, conflicts and plans listed in a theme."""
MOST_DOCUMENTS = 15

NO_OFFICE: Pair = ("→ nay chưa rõ cơ quan nào", "→ the office today is not on record")
STANDINGS: dict[str, Pair] = {
    "in_force": ("đang áp dụng", "in force"),
    "not_carried_over": ("chưa chuyển tiếp", "not carried over"),
}


def states(answer: Record, tongue: Tongue) -> Record | None:
    """Every theme with its state; the four states are never collapsed."""
    pair = tongue.pair
    columns = [
        Column(pair(("Nội dung", "Theme")), 1.1),
        Column(pair(("Trả lời", "Answer")), 2.0),
        Column(pair(("Căn cứ", "Basis")), 1.6),
    ]
    rows = [
        [_both(tongue.of(one["name"])), _both(pair(STATES[one["state"]])), cell(_basis(one, tongue))]
        for one in answer["themes"]
    ]
    return section(pair(("Kết quả theo từng nội dung", "The answer, theme by theme")), table(columns, rows))


def _basis(theme: Record, tongue: Tongue) -> str:
    articles = [tongue.of(one)["first"] for one in theme.get("basis") or []]
    word = theme.get("on_whose_word")
    return "; ".join([*([f"{tongue.one(('theo', 'on the word of'))} {word}"] if word else []), *articles])


def restrictions(answer: Record, tongue: Tongue) -> Iterator[Record | None]:
    """One section a theme in which something lies: zones, what amendments replaced, conflicts, plans, noise."""
    told = [theme for theme in answer["themes"] if theme["restrictions"] or theme["amended"] or theme["noise"]]
    most = min(MOST_ZONES, ZONES_IN_ALL // max(1, len(told)))
    for theme in told:
        yield section(
            tongue.of(theme["name"]), _zones(theme["restrictions"], most, tongue), _amended(theme["amended"], tongue),
            *_conflicts(theme, answer["checks"]["decisions"], tongue),
            _plans(theme, tongue), _noise(theme, tongue),
        )  # fmt: skip


def _zones(entries: list[Record], most: int, tongue: Tongue) -> Record:
    pair = tongue.pair
    columns = [Column(pair(("Chức năng quy hoạch", "Planned function")), 2.0), Column(pair(("Lô", "Lot")), 0.6),
        Column(pair(("Đồ án", "Plan")), 1.0), Column(pair(("Diện tích", "Area")), 1.0, numbers=True),
        Column(pair(("Tỷ lệ", "Share")), 0.6, numbers=True), Column(pair(("Chỉ tiêu", "Indicators")), 2.2)]  # fmt: skip
    more = left_out(len(entries) - most, ("ô nhỏ hơn nữa", "smaller ones"), tongue)
    largest = sorted(entries, key=lambda entry: -(entry["area_m2"] or 0.0))
    return table(columns, [_zone(entry, tongue) for entry in largest[:most]], more)


def _zone(entry: Record, tongue: Tongue) -> list[Record]:
    zone, plan = entry["zone"], entry["plan"]
    share = "–" if entry["share_pct"] is None else f"{tongue.number(entry['share_pct'], 1)} %"
    sizes = [cell(tongue.area(entry["area_m2"])), cell(share)]
    if zone is None:
        inside = tongue.pair(("Trong ranh giới đồ án, không có ô chức năng", "inside the plan, no zone on record"))
        return [_both(inside), cell(None), cell(plan["code"]), *sizes, cell(None)]
    hatched = plan["standing"] == "not_carried_over"
    name = cell(
        zone.get("function_name") or zone["function_code"],
        zone["function_code"],
        zone.get("fill") or "#ffffff",
        hatched=hatched,
    )
    return [
        name,
        cell(zone.get("lot_symbol")),
        cell(plan["code"]),
        *sizes,
        cell(_indicators(zone, tongue), zone.get("article") or "", href=_rules(plan) if zone.get("article") else ""),
    ]


def _rules(plan: Record) -> str:
    """Where the management rules of a plan can be read, the ones its articles stand in; nothing where they are not on file."""
    return next((str(one["url"]) for one in plan.get("documents") or [] if one["type"] == "regulation"), "")


def _amended(entries: list[Record], tongue: Tongue) -> Record | None:
    """Zones that apply no more, with the decision that replaced them."""
    if not entries:
        return None
    pair = tongue.pair
    columns = [Column(pair(("Đã được điều chỉnh, không còn áp dụng", "Amended, applies no more")), 2.0), Column(pair(("Lô", "Lot")), 0.6),
        Column(pair(("Đồ án", "Plan")), 1.0), Column(pair(("Diện tích", "Area")), 1.0, numbers=True),
        Column(pair(("Tỷ lệ", "Share")), 0.6, numbers=True), Column(pair(("Điều chỉnh bởi", "Amended by")), 2.2)]  # fmt: skip
    more = left_out(len(entries) - MOST_REPLACED, ("ô nữa", "more"), tongue)
    rows = []
    for entry in entries[:MOST_REPLACED]:
        by = "; ".join(_amendment(one, tongue) for one in entry["amended_by"])
        rows.append([*_zone(entry, tongue)[:-1], cell(by)])
    return table(columns, rows, more)


def _amendment(by: Record, tongue: Tongue) -> str:
    dated = tongue.day(by["decision_date"]) if by["decision_date"] else None
    return " · ".join(part for part in (by["code"], by["decision_number"], dated) if part)


def _indicators(zone: Record, tongue: Tongue) -> str:
    floors = "–".join(
        str(one) for one in dict.fromkeys((zone.get("floors_min"), zone.get("floors_max"))) if one is not None
    )
    said = [
        (
            ("mật độ xây dựng", "density"),
            zone.get("density_pct") is not None and f"≤ {tongue.exact(zone['density_pct'])} %",
        ),
        (("tầng cao", "floors"), floors),
        (
            ("chiều cao", "height"),
            zone.get("height_max_m") is not None and f"≤ {tongue.exact(zone['height_max_m'])} m",
        ),
        (
            ("hệ số sử dụng đất", "floor-area ratio"),
            zone.get("far_max") is not None and f"≤ {tongue.exact(zone['far_max'])}",
        ),
        (("khoảng lùi", "setback"), zone.get("setback_m") is not None and f"{tongue.exact(zone['setback_m'])} m"),
    ]
    return "; ".join(f"{tongue.one(label)} {value}" for label, value in said if value)


def _conflicts(theme: Record, decisions: list[Record], tongue: Tongue) -> Iterator[Record]:
    for conflict in theme["conflicts"][:MOST_CONFLICTS]:
        plans = " – ".join(conflict["plans"])
        decision = next((one for one in decisions if one["plans"] == conflict["plans"]), None)
        if decision:
            until = f" ({tongue.day(decision['until'])})" if decision.get("until") else ""
            said = (f"{plans}: {decision['why']}, {decision['by']}{until}.",) * 2
            yield note(tongue.pair((f"Mâu thuẫn đã có quyết định: {said[0]}", f"Conflict decided: {said[1]}")))
        else:
            yield note(tongue.pair((
                f"Mâu thuẫn: các đồ án {plans} cùng cấp chồng lên nhau; luật không ưu tiên đồ án nào, cơ quan có thẩm quyền quyết định.",
                f"Conflict: plans {plans} of one level lie on each other; neither goes before by itself, the competent authority decides.",
            )), warning=True)  # fmt: skip
    if more := left_out(len(theme["conflicts"]) - MOST_CONFLICTS, ("mâu thuẫn nữa", "more conflicts"), tongue):
        yield note({"first": more, "second": more}, warning=True)


def _plans(theme: Record, tongue: Tongue) -> Record:
    pair = tongue.pair
    columns = [Column(pair(("Đồ án", "Plan")), 2.0), Column(pair(("Quyết định", "Decision")), 1.2),
        Column(pair(("Cơ quan phê duyệt → nay phụ trách", "Approver → office today")), 1.6),
        Column(pair(("Thời hạn, hiệu lực", "Term, standing")), 1.6)]  # fmt: skip
    plans = list(plans_of(theme).values())
    more = left_out(len(plans) - MOST_PLANS, ("đồ án nữa", "more"), tongue)
    return table(columns, [_plan(plan, tongue) for plan in plans[:MOST_PLANS]], more)


def plans_of(theme: Record) -> dict[str, Record]:
    """The plans of a theme by their codes, in the order of their restrictions."""
    entries = [*theme["restrictions"], *theme["amended"], *(theme.get("noise") or [])]
    return {one["plan"]["code"]: one["plan"] for one in entries}


def _plan(plan: Record, tongue: Tongue) -> list[Record]:
    scale = f"1:{plan['scale']}" if plan.get("scale") else None
    origin = ORIGINS.get(plan.get("origin") or "")
    exact = f"± {tongue.exact(plan['accuracy_m'])} m" if plan.get("accuracy_m") is not None else None
    made = ", ".join(part for part in (plan["code"], KINDS.get(plan["kind"]), scale, origin, exact) if part)
    now = plan.get("office_now") or {}
    status = tongue.of(plan["legal_status"])["first"] if plan.get("legal_status") else ""
    carried = plan.get("carried") or {}
    standing = [status or tongue.one(STANDINGS[plan["standing"]]), carried.get("resolution"), carried.get("basis")]
    return [
        cell(plan["name"], made),
        cell(plan.get("decision_number"), tongue.day(plan["decision_date"]) if plan.get("decision_date") else ""),
        cell(
            plan.get("approver"),
            f"→ {now['name']}" + (f" ({now['basis']})" if now.get("basis") else "")
            if now.get("name")
            else tongue.one(NO_OFFICE),
        ),
        cell(tongue.term(plan), "; ".join(part for part in standing if part)),
    ]


def _noise(theme: Record, tongue: Tongue) -> Record | None:
    entries = theme.get("noise") or []
    if not entries:
        return None
    lots = ", ".join(
        " ".join(
            part
            for part in (
                one["plan"]["code"],
                (one["zone"] or {}).get("lot_symbol"),
                tongue.area(one["area_m2"]),
                *(f"→ {by['code']}" for by in one.get("amended_by", ())),
            )
            if part
        )
        for one in entries[:8]
    )
    return note(tongue.pair((
        f"Không coi là hạn chế: {len(entries)} phần dưới 1 m² hoặc hẹp hơn 2 cm ({lots}).",
        f"Not counted as restrictions: {len(entries)} shares under 1 m² or narrower than 2 cm ({lots}).",
    )))  # fmt: skip


def documents(answer: Record, tongue: Tongue) -> Record | None:
    """Decisions, rules and drawings on file, and which of them are not."""
    pair = tongue.pair
    columns = [Column(pair(("Đồ án", "Plan")), 0.9), Column(pair(("Loại", "Type")), 1.0), Column(pair(("Tài liệu", "Document")), 2.2),
        Column(pair(("Số, ngày", "Number, day")), 1.2), Column(pair(("SHA-256", "SHA-256")), 0.9)]  # fmt: skip
    rows = []
    plans = {code: plan for theme in answer["themes"] for code, plan in plans_of(theme).items()}
    for code, plan in plans.items():
        for one in plan.get("documents") or []:
            dated = " · ".join(
                part for part in (one.get("number"), tongue.day(one["date"]) if one.get("date") else "") if part
            )
            rows.append(
                [
                    cell(code),
                    _both(tongue.of(one["type_name"])),
                    cell(one["title"], href=one["url"]),
                    cell(dated),
                    cell(f"{one['sha256'][:12]}…"),
                ]
            )
        lacking = ", ".join(tongue.one(TYPES[one]) for one in plan.get("missing_documents") or [])
        if lacking:
            rows.append(
                [cell(code), cell(tongue.one(("chưa có", "not on file"))), cell(lacking), cell(None), cell(None)]
            )
    more = left_out(len(rows) - MOST_DOCUMENTS, ("dòng nữa", "more lines"), tongue)
    return section(pair(("Văn bản của đồ án", "Documents of the plans")), table(columns, rows[:MOST_DOCUMENTS], more))


def _both(words: Record) -> Record:
    return cell(words["first"], words["second"])
