"""The plans of the sample province, what they are called and when they apply; their shapes come later."""

from dataclasses import dataclass
from datetime import date

from layers.sample.province import COMMUNE_RESOLUTION, DIVIDED, FORMER, MERGED_ON, WEST, Former, Province
from planning.plans import Level
from planning.units import bare_name

UNPLANNED = "90010"
"""The commune without a general plan."""

UNDECIDED = f"QHC-{DIVIDED}"
"""The general plan of the divided commune: nobody has decided yet whether it is carried over."""

EXPIRED_ON = date(2026, 1, 1)
REDRAWN, REDRAWN_ON = "QHCT-001", date(2023, 6, 15)
"""The detailed plan that has an earlier version under the same code, and the day it took its place."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as its decision describes it."""

    code: str
    name: str
    kind: str
    level: Level
    province: Province
    scale: int
    valid_from: date
    valid_to: date | None
    approver: str
    amends: str | None = None
    supersedes: str | None = None

    @property
    def decision_number(self) -> str:
        """A number that tells at once that there is no such decision."""
        return f"{100 + sum(map(ord, self.code)) * 7 % 3800}/QĐ-MH"


@dataclass(frozen=True, slots=True)
class Quarter:
    """Where a subdivision plan lies: around a point given in shares of the lattice. Two around one point share it out."""

    plan: Plan
    centre: tuple[float, float]
    radius_m: float


def _term(index: int) -> tuple[date, date | None]:
    begins = date(2020 + index % 5, 1 + (index * 5) % 12, 3 + (index * 11) % 25)
    ends = (date(2035, 1, 1), date(2040, 1, 1), None, date(2030, 12, 31), date(2045, 1, 1))[index % 5]
    return begins, ends


def _committee(province: Province) -> str:
    return f"UBND {province.name[0].lower()}{province.name[1:]}"


def general_plans() -> list[Plan]:
    """One for each former commune but one, in the order of the communes."""
    return [_general(index, one) for index, one in enumerate(FORMER) if one.code != UNPLANNED]


def _general(index: int, commune: Former) -> Plan:
    bare = bare_name(commune.name)
    words = commune.name.removesuffix(bare).strip().lower()
    since, until = _term(index)
    name = f"Quy hoạch chung {words} {bare} đến năm {until.year if until else 2035} (minh họa)"
    rural = words == "xã"
    approver = f"UBND huyện {commune.district} (minh họa)" if rural else _committee(commune.province)
    kind, scale = ("rural", 10_000) if rural else ("urban", 5_000)
    return Plan(f"QHC-{commune.code}", name, kind, "general", commune.province, scale, since, until, approver)


def land_use_plans() -> list[Plan]:
    """One for each former district, in the order the districts first appear."""
    districts = {commune.district: commune.province for commune in FORMER}
    return [
        Plan(
            f"QHSDĐ-{number:02}", f"Quy hoạch sử dụng đất huyện {district} thời kỳ 2021–2030 (minh họa)", "land_use", "land_use",
            province, 25_000, date(2021, 6 + number, 15), date(2031, 1, 1), _committee(province),
        )
        for number, (district, province) in enumerate(districts.items(), 1)
    ]  # fmt: skip


def district_number(commune: Former) -> int:
    """The place of the commune's district among the land-use plans."""
    return list(dict.fromkeys(one.district for one in FORMER)).index(commune.district)


def quarters() -> list[Quarter]:
    """The subdivision plans. The first two share a border; the third and the fourth cross borders of communes."""
    west, east = FORMER[4], FORMER[7]
    return [
        _quarter(1, "khu trung tâm phía tây phường Đình Thượng", west, (0.405, 0.515), 2_000),
        _quarter(2, "khu trung tâm phía đông phường Đình Thượng", west, (0.405, 0.515), 2_000),
        _quarter(3, "khu đô thị Đức Thắng – Khánh Hòa", east, (0.775, 0.20), 1_650),
        _quarter(4, "khu công nghiệp Đình Thượng – Thụy Phú", west, (0.315, 0.345), 1_350, kind="functional_zone"),
        _quarter(5, "khu trung tâm thị trấn Yên Thụy", FORMER[10], (0.77, 0.72), 1_150),
    ]


def _quarter(
    number: int, place: str, commune: Former, centre: tuple[float, float], radius_m: float, *, kind: str = "urban"
) -> Quarter:
    since, until = _term(number + 1)
    approver = _committee(commune.province)
    name = f"Quy hoạch phân khu {place}, tỷ lệ 1/2000 (minh họa)"
    plan = Plan(f"QHPK-{number:02}", name, kind, "subdivision", commune.province, 2_000, since, until, approver)
    return Quarter(plan, centre, radius_m)


def amendment() -> Plan:
    """The local adjustment of the first subdivision plan: it lies over the plan that it amends."""
    return Plan(
        "QHPK-01-ĐC1", "Điều chỉnh cục bộ quy hoạch phân khu khu trung tâm phía tây phường Đình Thượng (minh họa)", "urban",
        "subdivision", WEST, 2_000, date(2024, 9, 20), date(2040, 1, 1), "UBND tỉnh Đông Lĩnh (minh họa)", amends="QHPK-01",
    )  # fmt: skip


def detailed_plan(number: int, commune: Former) -> Plan:
    """A detailed plan. The first was drawn anew in 2023, the second has run out."""
    since, until = _term(number)
    if number == 1:
        since, until = REDRAWN_ON, date(2038, 1, 1)
    if number == 2:
        since, until = date(2019, 4, 10), EXPIRED_ON
    kind = ("khu dân cư", "khu nhà ở", "điểm dân cư nông thôn", "khu tái định cư")[number % 4]
    name = f"Quy hoạch chi tiết {kind} số {number}, {commune.name[0].lower()}{commune.name[1:]}, tỷ lệ 1/500 (minh họa)"
    urban = "rural" if commune.name.startswith("Xã") else "urban"
    approver = f"UBND huyện {commune.district} (minh họa)"
    return Plan(f"QHCT-{number:03}", name, urban, "detailed", commune.province, 500, since, until, approver)


def carry_over_rows(plans: list[Plan]) -> list[dict[str, str]]:
    """What became of each plan that was in force at the merger."""
    rows = []
    for plan in plans:
        if plan.valid_from >= MERGED_ON or (plan.valid_to and plan.valid_to <= MERGED_ON):
            continue
        basis = "Điều 59 khoản 1 Luật 47/2024/QH15: tiếp tục thực hiện đến hết thời hạn (minh họa)"
        decision = "kept"
        if plan.code == UNDECIDED:
            decision, basis = (
                "undecided",
                "Xã cũ bị chia về hai đơn vị mới; chờ cấp có thẩm quyền quyết định (minh họa)",
            )
        rows.append({
            "plan_code": plan.code, "resolution": COMMUNE_RESOLUTION, "effective": MERGED_ON.isoformat(),
            "decision": decision, "basis": basis,
        })  # fmt: skip
    return rows
