"""Whether a printed sheet is genuine, and whether a newer release answers otherwise. Pure.

A sheet bears the hash of its answer. The service keeps no sheets: it asks the same question of the same release again, and an
answer of a published release never changes, so the same hash comes out or the sheet is not of this service.
"""

import hmac
from dataclasses import dataclass, field
from typing import Any, Literal

from planning.answer_changes import Change, changes

Record = dict[str, Any]
Standing = Literal["genuine", "not_ours", "no_question"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of a sheet. `newest`: number of the latest release; `gone`: that it no longer knows the subject."""

    standing: Standing
    reason: str | None = None
    pinned: Record | None = None
    newest: int | None = None
    changes: list[Change] = field(default_factory=list)
    gone: str | None = None

    @property
    def superseded(self) -> bool:
        """Whether a newer release answers otherwise."""
        return bool(self.changes) or self.gone is not None


def verdict(claimed: str, pinned: Record, newest: Record | str) -> Verdict:
    """Judge a sheet by the answer its question gets from its release, and by that of the newest one, or why that one gives none."""
    if not hmac.compare_digest(claimed.lower(), pinned["hash"]):
        return Verdict("not_ours", pinned=pinned)
    if isinstance(newest, str):
        return Verdict("genuine", pinned=pinned, gone=newest)
    return Verdict("genuine", pinned=pinned, newest=newest["release"]["number"], changes=changes(pinned, newest))
