"""Plans held against their decisions: number and dates, term, publication, what they amend, the scale they are drawn at.

A plan is judged among all the plans given: those it amends, or shares a decision with, must be among them.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from planning.checks.records import PlanRecord
from planning.checks.rule import Rule
from planning.findings import Finding

Facts = Mapping[str, Any]
Judge = Callable[[PlanRecord], Facts | None]

PUBLICATION = timedelta(days=15)
"""From approval to publication, law 47/2024/QH15 article 50."""

LAW_IN_FORCE = date(2025, 7, 1)
"""Law 47/2024/QH15. Earlier decisions were published under other laws; a finding says so instead of accusing anybody."""

USUAL_SCALES: dict[str, tuple[str, Container[int]]] = {
    "general": ("1/25000–1/5000", range(5_000, 25_001)),
    "subdivision": ("1/5000, 1/2000", (5_000, 2_000)),
    "detailed": ("1/500", (500,)),
}
"""Level → its usual scales in words, and their denominators. Other levels have no scale of their own."""

MISSING = Rule(
    "plan.decision-missing",
    "error",
    "authority",
    "Đồ án thiếu số hoặc ngày của quyết định phê duyệt",
    "The number or the date of the approving decision is missing",
    "Bổ sung số và ngày quyết định phê duyệt theo bản quyết định đã ký; nếu đồ án chưa được phê duyệt thì không đưa vào dữ liệu hiện hành.",
    "Enter number and date from the signed decision; a plan that is not approved does not belong among those in force.",
    "TT 16/2025/TT-BXD, annex II (soQDQH, ngayQDQH)",
)
LATE_DECISION = Rule(
    "plan.approved-after-start",
    "error",
    "authority",
    "Quyết định phê duyệt ký sau ngày đồ án bắt đầu có hiệu lực",
    "The plan takes effect before the day it was approved",
    "Đối chiếu với quyết định: sửa ngày ký, hoặc lùi ngày bắt đầu hiệu lực của đồ án đến ngày ký hay sau đó.",
    "Compare with the decision: correct its date, or let the plan begin on that day or later.",
    "practice: a plan binds nobody before it is approved",
)
EXPIRED = Rule(
    "plan.term-expired",
    "warning",
    "authority",
    "Đồ án đã hết thời hạn hiệu lực",
    "The plan's term has run out",
    "Xác định đồ án được gia hạn, thay thế hay bãi bỏ và ghi quyết định đó; trước khi có quyết định, không trả lời như đồ án còn hiệu lực.",
    "Settle whether the plan is prolonged, replaced or repealed and record that decision; until then do not answer with it as in force.",
    "Law 47/2024/QH15, article 59.1: plans stay in force to their term",
)
LATE_PUBLICATION = Rule(
    "plan.published-late",
    "warning",
    "department",
    "Đồ án được công bố quá 15 ngày sau ngày phê duyệt",
    "The plan was published more than 15 days after its approval",
    "Kiểm tra ngày ký quyết định và ngày công bố; với các đồ án tiếp theo, công bố quyết định, bản vẽ và quy định quản lý trong 15 ngày.",
    "Check both dates; publish the decision, drawings and management rules of the next plans within 15 days.",
    "Law 47/2024/QH15, article 50 (in force since 1 July 2025)",
)
SHARED = Rule(
    "plan.decision-shared",
    "info",
    "department",
    "Hai đồ án cùng số và ngày quyết định nhưng không điều chỉnh nhau",
    "Plans that do not amend one another carry the same decision number and date",
    "Xem có phải một đồ án được nhập hai lần không; nếu là hai đồ án thì sửa số quyết định, hoặc ghi đồ án nào điều chỉnh đồ án nào.",
    "See whether one plan was entered twice; if they are two, correct the number, or record which of them amends the other.",
    "practice: one authority numbers each decision once",
)
AMENDS_NOTHING = Rule(
    "plan.amends-nothing",
    "error",
    "department",
    "Đồ án điều chỉnh một đồ án không có trong dữ liệu",
    "The plan amends a plan that is not there",
    "Sửa mã của đồ án được điều chỉnh, hoặc nhập đồ án gốc trước khi nhập đồ án điều chỉnh.",
    "Correct the code of the plan it amends, or bring in that plan first.",
    "practice: an adjustment covers only part of the plan it amends, the rest stands in the original",
)
SCALE = Rule(
    "plan.scale-unfit",
    "warning",
    "planner",
    "Tỷ lệ bản đồ không phù hợp với cấp độ quy hoạch",
    "The scale is not usual for the level of the plan",
    "Đối chiếu tỷ lệ và cấp độ quy hoạch với khung tên bản vẽ rồi sửa giá trị sai.",
    "Compare scale and level with the title block of the drawing, and correct the one that is wrong.",
    "Law 47/2024/QH15 and NĐ 178/2025/NĐ-CP: scales of the plan levels",
)
RULES: tuple[Rule, ...] = (MISSING, LATE_DECISION, EXPIRED, LATE_PUBLICATION, SHARED, AMENDS_NOTHING, SCALE)


def decision_findings(plans: Sequence[PlanRecord], on: date) -> list[Finding]:
    """What is wrong with the records of all plans, asked on a day. Days in the facts are ISO text."""
    judges: tuple[tuple[Rule, Judge], ...] = (
        (MISSING, _missing),
        (LATE_DECISION, _approved_after_start),
        (EXPIRED, lambda plan: _expired(plan, on)),
        (LATE_PUBLICATION, _published_late),
        (AMENDS_NOTHING, _amending_nothing({plan.code for plan in plans})),
        (SCALE, _scale_unfit),
    )
    found = [_finding(rule, plan, facts) for plan in plans for rule, judge in judges if (facts := judge(plan))]
    return found + [_finding(SHARED, plan, facts) for plan, facts in _sharing(plans)]


def _finding(rule: Rule, plan: PlanRecord, facts: Facts) -> Finding:
    severity = "info" if facts.get("decided_before_law") else rule.severity
    return Finding(rule.code, severity, plan.level, (), (plan.code,), plan.shape, facts=facts)


def _missing(plan: PlanRecord) -> Facts | None:
    given = {"decision_number": (plan.decision_number or "").strip(), "decision_date": plan.decision_date}
    missing = [name for name, value in given.items() if not value]
    return {"missing": missing} if missing else None


def _approved_after_start(plan: PlanRecord) -> Facts | None:
    if plan.decision_date is None or plan.decision_date <= plan.valid_from:
        return None
    return {"decision_date": plan.decision_date.isoformat(), "valid_from": plan.valid_from.isoformat()}


def _expired(plan: PlanRecord, on: date) -> Facts | None:
    """`valid_to` is the first day out of force."""
    if plan.valid_to is None or plan.valid_to > on:
        return None
    return {"valid_to": plan.valid_to.isoformat(), "on": on.isoformat()}


def _published_late(plan: PlanRecord) -> Facts | None:
    if plan.decision_date is None or plan.published_on is None:
        return None
    taken = plan.published_on - plan.decision_date
    if taken <= PUBLICATION:
        return None
    return {
        "decision_date": plan.decision_date.isoformat(),
        "published_on": plan.published_on.isoformat(),
        "days": taken.days,
        "decided_before_law": plan.decision_date < LAW_IN_FORCE,
    }


def _amending_nothing(codes: set[str]) -> Judge:
    def judge(plan: PlanRecord) -> Facts | None:
        nothing = plan.amends is not None and plan.amends not in codes - {plan.code}
        return {"amends": plan.amends} if nothing else None

    return judge


def _scale_unfit(plan: PlanRecord) -> Facts | None:
    words, usual = USUAL_SCALES.get(plan.level, ("", ()))
    if plan.scale is None or not words or plan.scale in usual:
        return None
    return {"scale": plan.scale, "usual": words}


def _sharing(plans: Sequence[PlanRecord]) -> Iterator[tuple[PlanRecord, Facts]]:
    """Each plan with a decision that is also that of plans it has nothing to do with."""
    by_decision: dict[tuple[str, date], list[PlanRecord]] = defaultdict(list)
    for plan in plans:
        if plan.decision_date and (number := _plain(plan.decision_number)):
            by_decision[number, plan.decision_date].append(plan)
    for (_, day), several in by_decision.items():
        for plan in several:
            if others := sorted(other.code for other in several if _strangers(plan, other)):
                said = {"decision_number": plan.decision_number, "decision_date": day.isoformat()}
                yield plan, {**said, "shared_with": others}


def _strangers(one: PlanRecord, other: PlanRecord) -> bool:
    """Two plans, neither amending the other. Different approvers may well give the same number on the same day."""
    related = one.amends == other.code or other.amends == one.code
    approvers = {_plain(one.approver), _plain(other.approver)} - {""}
    return one.code != other.code and not related and len(approvers) < 2


def _plain(text: str | None) -> str:
    """Decision numbers and names of offices are typed with and without spaces and capitals."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", text or "")).casefold()
