"""What a rule of the catalogue says of itself."""

from dataclasses import dataclass
from typing import Literal

from planning.findings import Severity

Mender = Literal["surveyor", "planner", "authority", "department"]

MENDERS: dict[Mender, tuple[str, str]] = {
    "surveyor": ("đơn vị đo đạc, bản đồ", "the surveyor or map maker"),
    "planner": ("đơn vị tư vấn lập quy hoạch", "the consultant who drew the plan"),
    "authority": ("cơ quan phê duyệt", "the authority that approves"),
    "department": ("Sở quản lý dữ liệu", "the department that keeps the data"),
}
"""Who can mend what a rule finds, in both languages."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule. `vi` and `en` say what is wrong, the advice what to do; `basis` is the law, standard or measurement behind it.

    `severity` is that of a finding unless its width makes it a sliver, which is a warning at most.
    """

    code: str
    severity: Severity
    mends: Mender
    vi: str
    en: str
    advice_vi: str
    advice_en: str
    basis: str
