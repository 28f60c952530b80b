"""Lists of findings on the screen: every rule with its number, and a few of each, so that no rule pushes the others out."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from rich.table import Table

from api.cli.screen import OUT
from planning.checks.catalogue import RULES
from planning.findings import Finding, Severity

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")

A_RULE = 5
"""Findings listed of one rule, the gravest and largest first; `check findings --check CODE` lists more, --out has all."""


def show_findings(found: Sequence[Finding]) -> None:
    """How often each rule is broken and what it says, then the gravest of each."""
    groups: dict[str, list[Finding]] = defaultdict(list)
    for one in sorted(found, key=lambda one: (SEVERITIES.index(one.severity), -one.area_m2)):
        groups[one.check].append(one)
    OUT.print(_by_rule(groups))
    OUT.print(_gravest(groups))


def and_more(number: int, check: str) -> str:
    """What is not listed of a rule, and where it is."""
    return f"… {number} nữa / more: quyhoach check findings --check {check}"


def _by_rule(groups: dict[str, list[Finding]]) -> Table:
    total = sum(map(len, groups.values()))
    table = Table("kiểm tra / check", *SEVERITIES, "quy tắc / rule", title=f"{total} phát hiện / findings")
    for check, own in groups.items():
        counts = Counter(one.severity for one in own)
        numbers = (str(counts[severity] or "–") for severity in SEVERITIES)
        table.add_row(check, *numbers, f"{RULES[check].vi} / {RULES[check].en}")
    return table


def _gravest(groups: dict[str, list[Finding]]) -> Table:
    table = Table("kiểm tra / check", "mức", "cấp / level", "đơn vị / units", "đồ án / plans")
    for heading in ("m²", "rộng / width, m"):
        table.add_column(heading, justify="right", no_wrap=True)
    rest = {check: len(own) - A_RULE for check, own in groups.items() if len(own) > A_RULE}
    for check, own in groups.items():
        for one in own[:A_RULE]:
            codes = (" ".join(one.unit_codes), " ".join(one.plan_codes))
            table.add_row(check, one.severity, one.level, *codes, f"{one.area_m2:,.3f}", f"{one.width_m:,.4f}")
        table.add_section()
    table.caption = "\n".join(and_more(number, check) for check, number in rest.items()) or None
    table.caption_justify = "left"
    return table
