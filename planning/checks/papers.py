"""Plans whose documents are not on file: the decision, the management rules, the drawings that are to be made public."""

from collections.abc import Sequence

from planning.checks.records import PlanRecord
from planning.checks.rule import Rule
from planning.documents import REQUIRED, missing
from planning.findings import Finding

MISSING = Rule(
    "plan.document-missing",
    "info",
    "department",
    "Chưa có tài liệu phải công bố của đồ án",
    "Documents of the plan that are to be made public are not on file",
    "Gắn quyết định phê duyệt, quy định quản lý và bản vẽ vào đồ án: quyhoach document add.",
    "Attach the decision, the management rules and the drawings to the plan: quyhoach document add.",
    "Law 47/2024/QH15, article 50: what of an approved plan is made public",
)
RULES: tuple[Rule, ...] = (MISSING,)


def paper_findings(plans: Sequence[PlanRecord]) -> list[Finding]:
    """Plans in force that lack one of the documents, each with what it lacks."""
    return [
        Finding(
            MISSING.code, MISSING.severity, plan.level, (), (plan.code,), plan.shape, facts={"missing": list(lacking)}
        )
        for plan in plans
        if (lacking := missing(plan.documents, REQUIRED))
    ]
