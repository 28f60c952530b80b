"""Sharing out: the plots of a cluster are taken from all who hold them, then each is given to one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import shapely

from planning.coverage.misfits import Misfit, Reason, Wishes
from planning.coverage.outlines import Holdings, Side, Tangled
from planning.coverage.plots import Plot, Scene

Action = Literal["close", "cut", "trim", "drop"]
"""Give a gap away; cut an overlap from all but one; cut off what lies beyond the extent; cut a polygon that has no other land."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One plot of land that changes hands: `to` keeps or is given it (None beyond the extent), `cut_from` lose it. Places of the input."""

    action: Action
    shape: Any
    to: int | None
    cut_from: tuple[int, ...]

    @property
    def area_m2(self) -> float:
        """Plane area, each polygon at `cut_from` loses as much."""
        return float(self.shape.area)


class Unsound(ValueError):
    """A cluster cannot be mended as it is: the misfits at fault, by their places in the scene; none where that is not known."""

    def __init__(self, reason: Reason, misfits: Iterable[int] = ()) -> None:
        self.reason, self.misfits = reason, frozenset(misfits)
        super().__init__(f"{reason}: {sorted(self.misfits)}")


@dataclass(frozen=True, slots=True)
class _Claim:
    """A plot, its sides, the polygons that may be given it, and those that hold more than they may and lose it at once."""

    plot: Plot
    sides: list[Side]
    claimants: tuple[int, ...]
    outside: tuple[int, ...]


def shared_out(
    plots: list[Plot], sides: list[list[Side]], holdings: Holdings, known: Scene, wishes: Wishes
) -> list[Proposal]:
    """Take all plots, then give them; `holdings` change. Raises `Unsound`."""
    claims = [_claim(plot, own, known) for plot, own in zip(plots, sides, strict=True)]
    try:
        for claim in claims:
            for place in {*claim.outside, *(claim.claimants if claim.plot.over else ())}:
                holdings.take(place, claim.sides)
        keepers = _given([claim for claim in claims if claim.claimants], holdings, known, wishes)
    except Tangled as tangled:
        raise Unsound("unbuilt") from tangled
    trimmed = [Proposal("trim", claim.plot.shape, None, claim.outside) for claim in claims if claim.outside]
    return trimmed + [_proposal(claim, keeper) for claim, keeper in keepers]


def _claim(plot: Plot, sides: list[Side], known: Scene) -> _Claim:
    misfits = [known.misfits[at] for at in plot.misfits]
    if not plot.over:
        return _Claim(plot, sides, known.touched[plot.misfits[0]], ())
    outside = tuple(sorted(one.places[0] for one in misfits if one.kind == "overhang"))
    rest = tuple(place for place in plot.over if place not in outside)
    contested = len(rest) > 1 and any(_is_overlap(one) for one in misfits)
    return _Claim(plot, sides, rest if contested else (), outside)


def _is_overlap(one: Misfit) -> bool:
    return one.kind == "overlap"


def _given(claims: list[_Claim], holdings: Holdings, known: Scene, wishes: Wishes) -> list[tuple[_Claim, int]]:
    """Each plot given to its keeper, the largest first. Plots along which no claimant runs wait for their neighbours to be given away."""
    done: list[tuple[_Claim, int]] = []
    pending = sorted(claims, key=lambda claim: (-claim.plot.shape.area, claim.plot.shape.bounds))
    while pending:
        waiting = []
        for claim in pending:
            keeper = _keeper(claim, holdings, known, wishes)
            if keeper is None:
                waiting.append(claim)
            else:
                holdings.give(keeper, claim.sides)
                done.append((claim, keeper))
        if len(waiting) == len(pending):
            claim = waiting.pop(0)
            done.append((claim, _stranded(claim, known)))
            holdings.give(done[-1][1], claim.sides)
        pending = waiting
    return done


def _keeper(claim: _Claim, holdings: Holdings, known: Scene, wishes: Wishes) -> int | None:
    """Who is given a plot: by decision, else who runs along it furthest; None where nobody does. `Unsound` where that does not do."""
    decided = wishes.keeper(claim.claimants) if claim.plot.over else None
    if decided is not None:
        return decided
    if claim.plot.over and wishes.by_decision:
        raise Unsound("undecided", claim.plot.misfits)
    along = {place: holdings.shared_m(place, claim.sides) for place in claim.claimants}
    best = max(along, key=lambda place: (along[place], float(shapely.area(known.shapes[place])), -place))
    return best if along[best] > 0 else None


def _stranded(claim: _Claim, known: Scene) -> int:
    """Who is given a plot that nobody runs along, and never will: the larger of those who held it."""
    if not claim.plot.over:
        raise Unsound("alone", claim.plot.misfits)
    return max(claim.claimants, key=lambda place: (float(shapely.area(known.shapes[place])), -place))


def _proposal(claim: _Claim, keeper: int) -> Proposal:
    if not claim.plot.over:
        return Proposal("close", claim.plot.shape, keeper, ())
    return Proposal("cut", claim.plot.shape, keeper, tuple(place for place in claim.claimants if place != keeper))
