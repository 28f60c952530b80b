"""All rules, by their codes."""

from planning.checks import (
    areas,
    borders,
    decisions,
    harmony,
    indicators,
    outlines,
    papers,
    placement,
    succession,
    successions,
)
from planning.checks.rule import Rule
from planning.coverage import rules as coverage

RULES: dict[str, Rule] = {
    rule.code: rule
    for group in (
        coverage.RULES, outlines.RULES, placement.RULES, areas.RULES, decisions.RULES, indicators.RULES, harmony.RULES,
        borders.RULES, successions.RULES, succession.RULES, papers.RULES,
    )
    for rule in group
}  # fmt: skip

COVERAGE_RULES = tuple(rule.code for rule in coverage.RULES)
RECORD_RULES = tuple(code for code in RULES if code not in COVERAGE_RULES)
