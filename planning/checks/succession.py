"""Plans that supersede others: what they supersede is on record, and has ended when they begin."""

from collections.abc import Sequence

from planning.checks.records import PlanRecord
from planning.checks.rule import Rule
from planning.findings import Finding

SUPERSEDES_NOTHING = Rule(
    "plan.supersedes-nothing",
    "error",
    "department",
    "Đồ án thay thế một đồ án không có trong dữ liệu",
    "The plan supersedes a plan that is not there",
    "Sửa mã của đồ án bị thay thế, hoặc nhập đồ án đó trước.",
    "Correct the code of the plan it supersedes, or bring in that plan first.",
    "practice: a new plan names the plan it replaces, and people ask for both",
)
SUPERSEDED_STANDS = Rule(
    "plan.superseded-stands",
    "error",
    "authority",
    "Đồ án bị thay thế vẫn còn hiệu lực",
    "The plan it supersedes is still in force",
    "Ghi đúng ngày đồ án mới có hiệu lực, sau ngày bắt đầu của đồ án cũ, rồi nhập lại: đồ án cũ kết thúc vào ngày đó.",
    "Give the day the new plan takes effect, after the first day of the old one, and bring it in again: the old one ends on that day.",
    "Law 47/2024/QH15, article 59.1: a plan stays in force to its term unless it is replaced",
)
RULES: tuple[Rule, ...] = (SUPERSEDES_NOTHING, SUPERSEDED_STANDS)


def succession_findings(plans: Sequence[PlanRecord]) -> list[Finding]:
    """What is wrong with what plans in force supersede."""
    return [finding for plan in plans if plan.supersedes for finding in _judged(plan)]


def _judged(plan: PlanRecord) -> list[Finding]:
    if plan.supersedes == plan.code or not plan.superseded_on_record:
        rule, facts = SUPERSEDES_NOTHING, {"supersedes": plan.supersedes}
    elif plan.superseded_stands:
        rule, facts = SUPERSEDED_STANDS, {"supersedes": plan.supersedes, "valid_from": plan.valid_from.isoformat()}
    else:
        return []
    return [Finding(rule.code, rule.severity, plan.level, (), (plan.code,), plan.shape, facts=facts)]
