"""An order of polygons that their own coordinates alone decide, so that what is proposed does not depend on the order they came in."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import shapely

from planning.coverage.examination import Examination, Overhang, Overlap, ties_broken
from planning.coverage.halfedges import Numbers
from planning.coverage.misfits import Left, Misfit, Wishes
from planning.coverage.sharing import Proposal
from planning.geometry import Shapes


@dataclass(frozen=True, slots=True)
class OwnOrder:
    """`place`: rank → place in the input; `rank`: the other way round. West comes first, then south; of equal boxes the bytes decide."""

    place: Numbers
    rank: Numbers

    @classmethod
    def of(cls, shapes: Shapes) -> "OwnOrder":
        """Twins, equal to the byte, stay as they came: nothing but their place tells them apart. Empty polygons come last."""
        if not len(shapes):
            return cls(np.empty(0, np.int64), np.empty(0, np.int64))
        bounds = shapely.bounds(shapes)
        place = ties_broken(np.lexsort(bounds.T[::-1]), bounds, shapes)
        return cls(place, np.argsort(place))

    def seen(self, seen: Examination) -> Examination:
        """What was seen, told by ranks."""
        pairs = [sorted((int(self.rank[one.first]), int(self.rank[one.second]))) for one in seen.overlaps]
        overlaps = [
            Overlap(first, second, one.shape) for (first, second), one in zip(pairs, seen.overlaps, strict=True)
        ]
        overhangs = [Overhang(int(self.rank[one.place]), one.shape) for one in seen.overhangs]
        overlaps.sort(key=lambda one: (one.first, one.second))
        overhangs.sort(key=lambda one: one.place)
        return replace(seen, overlaps=overlaps, overhangs=overhangs)

    def wishes(self, wishes: Wishes) -> Wishes:
        """The same wishes, asked by ranks."""

        def keeper(ranks: tuple[int, ...]) -> int | None:
            chosen = wishes.keeper(self.places(ranks))
            return None if chosen is None else int(self.rank[chosen])

        return wishes if wishes.precedence is None else replace(wishes, precedence=keeper)

    def places(self, ranks: Iterable[int]) -> tuple[int, ...]:
        """Places of the input, sorted."""
        return tuple(sorted(int(self.place[rank]) for rank in ranks))

    def left(self, one: Left) -> Left:
        """What is left, told by places of the input."""
        return Left(self.misfit(one.misfit), one.reason)

    def misfit(self, one: Misfit) -> Misfit:
        """A misfit, told by places of the input."""
        return replace(one, places=self.places(one.places))

    def proposal(self, one: Proposal) -> Proposal:
        """A proposal, told by places of the input."""
        to = None if one.to is None else int(self.place[one.to])
        return replace(one, to=to, cut_from=self.places(one.cut_from))
