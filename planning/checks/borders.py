"""Seams along former borders: what the plans of former communes say on either side, and why they do not meet."""

from collections.abc import Sequence

import numpy as np

from planning.checks.records import PlanRecord, UnitRecord
from planning.checks.rule import Rule
from planning.coverage.widths import NOISE_M, wider
from planning.findings import Finding
from planning.mergers.seams import Seam, seams
from planning.mergers.situation import PlanFacts, UnitFacts

_MEASURED = "planning/mergers/seams.py: widths along the border, a constant shift by least squares"

RULES: tuple[Rule, ...] = (
    Rule("seam.conflict", "error", "authority",
        "Hai đồ án mâu thuẫn dọc ranh giới xã cũ", "Two plans contradict each other along a former border",
        "Cơ quan phê duyệt quyết định phần đất thuộc đồ án nào; ghi vào sổ kế thừa.",
        "The authority decides which plan holds on the land; enter it in the carry-over ledger.",
        "Luật 47/2024/QH15, Điều 8 khoản 2, Điều 59"),
    Rule("seam.datum", "warning", "surveyor",
        "Đồ án hai bên ranh giới xã cũ lệch đều", "Plans on either side of a former border are off by a constant shift",
        "Tính chuyển lại một bên bằng bộ tham số đã ghim, không bắt điểm từng đỉnh.",
        "Reproject one side with the pinned operation; do not snap vertex by vertex.", _MEASURED),
    Rule("seam.densification", "info", "surveyor",
        "Cạnh thẳng dài thiếu điểm ở một bên ranh giới xã cũ", "A long straight edge without vertices on one side of a former border",
        "Thêm đỉnh cho cạnh dài hơn 500 m trước khi tính chuyển múi.",
        "Give edges longer than 500 m vertices before they change their zone.", _MEASURED),
    Rule("seam.digitising", "info", "planner",
        "Sai số số hóa dọc ranh giới xã cũ", "Digitising error along a former border",
        "Bắt hai bên vào một đường ranh giới chung.", "Snap both sides to one common border.", _MEASURED),
)  # fmt: skip

_SEVERITY = {rule.code: rule.severity for rule in RULES}


def seam_findings(former: Sequence[UnitRecord], plans: Sequence[PlanRecord]) -> list[Finding]:
    """Gaps and overlaps of plans of one level along the borders of communes that have ended; `former`: these, with their boundaries."""
    units = {one.code: UnitFacts(one.code, one.name, "", shape=one.shape, source_crs=one.source_crs) for one in former}
    found = seams(units, [_facts(plan) for plan in plans]) if units else []
    if not found:
        return []
    wide = wider(np.array([one.shape for one in found], dtype=object), NOISE_M)
    return [_finding(one) for one, kept in zip(found, wide, strict=True) if kept]


def _finding(seam: Seam) -> Finding:
    code = f"seam.{seam.cause}"
    first, second = sorted(seam.plans)
    facts = {"kind": seam.kind, "former_units": list(seam.units), "length_m": seam.length_m, "crs": list(seam.crs)}
    return Finding(code, _SEVERITY[code], seam.level, (), (first, second), seam.shape, facts=facts)


def _facts(plan: PlanRecord) -> PlanFacts:
    return PlanFacts(
        plan.code, plan.name, plan.kind, plan.level, plan.amends, plan.scale, plan.decision_number, plan.decision_date, plan.approver,
        plan.valid_from, plan.valid_to, plan.shape, plan.source_crs,
    )  # fmt: skip
