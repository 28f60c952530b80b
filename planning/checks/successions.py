"""New units against the former ones they were made of: land that lies elsewhere than the clauses say, by more than digitising noise."""

from collections.abc import Sequence
from typing import Any

from planning.checks.records import MergerRecord
from planning.checks.rule import Rule
from planning.findings import Finding, Severity
from planning.mergers.differences import Difference, compared, judgeable
from planning.mergers.overlay import overlaid_by_level

FORMER_DIFFERS = Rule(
    "unit.former-differs",
    "error",
    "department",
    "Ranh giới đơn vị mới khác hợp các phần đất của đơn vị cũ theo nghị quyết",
    "The boundary of a new unit is not that of the land its clauses give it",
    "Đối chiếu hồ sơ địa giới mới với ranh giới xã cũ và khoản của nghị quyết: sửa ranh giới sai, hoặc nhập phần đất còn thiếu của khoản.",
    "Compare the new boundary file with the former boundaries and the clause: mend the wrong boundary, or bring in the land of the part.",
    "measured: an opening by 12 m leaves no digitising noise and misses no transfer (planning/mergers/boundaries.py)",
)
RULES: tuple[Rule, ...] = (FORMER_DIFFERS,)


def former_findings(mergers: Sequence[MergerRecord]) -> list[Finding]:
    """A finding for each connected piece of a new unit in force, or of a former one, that does not lie where the clauses say.

    Units without a boundary, and land whose other side is not known whole, are not judged. Where a clause divides the former unit it is a
    warning: how the clause draws the line may not be on record.
    """
    return [_finding(merger, one) for merger in mergers for one in _differences(merger)]


def _differences(merger: MergerRecord) -> list[Difference]:
    pieces = judgeable(merger.events, merger.former, merger.new, overlaid_by_level(merger.former, merger.new))
    found = compared(merger.events, pieces, ({}, {})).differences
    return [one for one in found if merger.standing & {one.new, *one.expected}]


def _finding(merger: MergerRecord, one: Difference) -> Finding:
    codes = tuple(sorted({code for code in (one.new, *one.expected) if code}))
    severity: Severity = "warning" if one.explained_by else FORMER_DIFFERS.severity
    return Finding(FORMER_DIFFERS.code, severity, "unit", codes, (), one.shape, facts=_facts(merger, one))


def _facts(merger: MergerRecord, one: Difference) -> dict[str, Any]:
    """`excess_of` has the land and should not; `missing_in` should have it. `width_m`: of the greatest circle in it."""
    concerned = {one.new, *one.expected}
    names = {part.code: part.name for event in merger.events for part in event.parts}
    return {
        "kind": "excess" if one.former is None else "gap" if one.new is None else "transfer",
        "excess_of": one.new,
        "missing_in": list(one.expected),
        "former": one.former,
        "former_name": names.get(one.former),
        "width_m": round(one.width_m, 2),
        "clauses": sorted(event.label for event in merger.events if event.code in concerned),
        "divided_by": list(one.explained_by),
        "effective": merger.effective.isoformat(),
    }
