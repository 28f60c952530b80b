"""Repairs as a person is shown them: chapter by chapter, each about the polygons of one coverage and what is proposed for them."""

from collections.abc import Sequence
from dataclasses import dataclass

from planning.coverage.repair import Repair
from planning.geometry import Shapes


@dataclass(frozen=True, slots=True)
class Chapter:
    """What the polygons are (“zones of QH-01”, in both languages), their names and shapes before, and the repair by their places."""

    subject: str
    names: Sequence[str]
    shapes: Shapes
    repair: Repair

    def named(self, places: Sequence[int]) -> str:
        """The names at some places."""
        return " ".join(self.names[place] for place in places)


def as_record(chapters: Sequence[Chapter]) -> dict[str, list[dict[str, object]]]:
    """Repairs as facts without shapes, to be kept beside what they changed: proposals, changed polygons, what is left to a person."""
    return {
        "proposals": [
            {
                "subject": one.subject, "action": each.action, "to": None if each.to is None else one.names[each.to],
                "from": [one.names[place] for place in each.cut_from], "area_m2": each.area_m2,
            }
            for one in chapters for each in one.repair.proposals
        ],
        "changed": [
            {"subject": one.subject, "name": one.names[place], "before_m2": each.before_m2, "after_m2": each.after_m2}
            for one in chapters for place, each in sorted(one.repair.proof.changes.items())
        ],
        "left": [
            {
                "subject": one.subject, "kind": each.misfit.kind, "reason": each.reason,
                "names": [one.names[place] for place in each.misfit.places], "area_m2": float(each.misfit.shape.area),
            }
            for one in chapters for each in one.repair.proof.left
        ],
    }  # fmt: skip
