"""Findings as work: which finding of this run is the same case as one of an earlier run.

The same case: the same check at the same level, of the same plans and zones, at the same place. Units are not part of it: a gap between two
communes stays the gap it was when the communes are merged. Places are the same where they overlap, or lie within half a metre.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely

from planning.findings import Finding

NEAR_M = 0.5

Key = tuple[str, str, tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Known:
    """A case as it was last seen."""

    case: int
    check: str
    level: str
    plan_codes: tuple[str, ...]
    subjects: tuple[str, ...]
    shape: Any

    @property
    def key(self) -> Key:
        """What must be equal, the place apart."""
        return self.check, self.level, tuple(sorted(self.plan_codes)), tuple(sorted(self.subjects))


def key_of(finding: Finding) -> Key:
    """What of a finding must be equal to a case."""
    return finding.check, finding.level, tuple(sorted(finding.plan_codes)), tuple(sorted(finding.subjects))


def same_cases(known: Sequence[Known], found: Sequence[Finding]) -> list[int | None]:
    """For each finding the case it is, or None where it is new. A case is one finding; where two claim it, the greater common area has it,
    then the nearer place, then the older case.
    """
    by_key: dict[Key, list[int]] = defaultdict(list)
    for place, one in enumerate(known):
        by_key[one.key].append(place)
    claims: list[tuple[float, float, int, int]] = []
    for place, finding in enumerate(found):
        rivals = by_key.get(key_of(finding), [])
        claims += _claims(place, finding.shape, [known[rival] for rival in rivals]) if rivals else []
    result: list[int | None] = [None] * len(found)
    given: set[int] = set()
    for _, _, case, place in sorted(claims):
        if result[place] is None and case not in given:
            result[place] = case
            given.add(case)
    return result


def _claims(place: int, shape: Any, rivals: Sequence[Known]) -> list[tuple[float, float, int, int]]:
    shapes = np.array([one.shape for one in rivals], dtype=object)
    if shape.is_empty:
        return [(0.0, 0.0, one.case, place) for one in rivals if one.shape.is_empty]
    near = np.flatnonzero(shapely.dwithin(shapes, shape, NEAR_M))
    common = shapely.area(shapely.intersection(shapes[near], shape))
    distance = shapely.distance(shapes[near], shape)
    return [
        (-float(area), float(metres), rivals[int(rival)].case, place)
        for rival, area, metres in zip(near, common, distance, strict=True)
    ]


Fate = Literal["new", "gone", "grown", "shrunk", "still"]

GROWTH = 0.001
"""By this share of its area a case must change to have grown or shrunk; less is the last digit of coordinates."""


@dataclass(frozen=True, slots=True)
class CaseCourse:
    """A case in two runs; the figures of a run that did not find it are None."""

    case: int
    check: str
    level: str
    plan_codes: tuple[str, ...]
    subjects: tuple[str, ...]
    before_m2: float | None
    after_m2: float | None
    before_width_m: float | None
    after_width_m: float | None

    @property
    def fate(self) -> Fate:
        """What became of it from the one run to the other."""
        if self.before_m2 is None or self.after_m2 is None:
            return "new" if self.before_m2 is None else "gone"
        if abs(self.after_m2 - self.before_m2) <= GROWTH * self.before_m2:
            return "still"
        return "grown" if self.after_m2 > self.before_m2 else "shrunk"
