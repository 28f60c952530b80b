"""What plans supersede, and which documents they lack, judged by the records alone."""

from dataclasses import replace
from datetime import date

import pytest

from planning.checks.papers import paper_findings
from planning.checks.records import PlanRecord
from planning.checks.succession import succession_findings
from tests.drawing import ring

PLAN = PlanRecord("QH-2", "Quy hoạch 2", "general", "rural", ring("A B\nD C", "ABCD"), date(2024, 1, 1))


@pytest.mark.parametrize(
    ("supersedes", "on_record", "stands", "found"),
    [
        (None, False, False, []),
        ("QH-1", True, False, []),
        ("QH-1", False, False, ["plan.supersedes-nothing"]),
        ("QH-1", True, True, ["plan.superseded-stands"]),
        ("QH-2", True, True, ["plan.supersedes-nothing"]),
    ],
)
def test_what_a_plan_supersedes_is_on_record_and_has_ended(supersedes, on_record, stands, found):
    plan = replace(PLAN, supersedes=supersedes, superseded_on_record=on_record, superseded_stands=stands)
    assert [(one.check, one.severity, one.plan_codes) for one in succession_findings([plan])] == [
        (check, "error", ("QH-2",)) for check in found
    ]


@pytest.mark.parametrize(
    ("documents", "lacking"),
    [
        ((), ["decision", "regulation", "drawing"]),
        (("text", "decision", "other"), ["regulation", "drawing"]),
        (("decision", "regulation", "drawing"), None),
    ],
)
def test_a_plan_says_which_public_documents_it_lacks(documents, lacking):
    found = paper_findings([replace(PLAN, documents=documents)])
    assert [(one.check, one.severity, one.facts["missing"]) for one in found] == (
        [("plan.document-missing", "info", lacking)] if lacking else []
    )
