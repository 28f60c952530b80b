"""Repair of a coverage: a proposal, local to each cluster of misfits, never silent and never applied here.

    Land that nobody holds, and land that several hold, is first taken from all of them; then each plot of it is given to the polygon that
    runs along it furthest among those that claim it: of a gap all neighbours, of an overlap those that lie over it.

A decision (`Wishes.precedence`) goes before that rule. Of polygons that run along a plot equally far, the larger is given it, then the one
further west, then south: the order of the input decides nothing. Where two pieces of land meet, both have the same nodes afterwards;
nothing is snapped or rounded, the extent never moves.

A cluster is all misfits that touch a polygon in common, one way or another. No polygon belongs to two clusters, and what touches no misfit
is not rewritten. Where a cluster cannot be mended soundly, the misfits at fault go to a person and the rest is tried again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy as np
import shapely

from planning.coverage.examination import Examination
from planning.coverage.misfits import Left, Misfit, Reason, Wishes, judged
from planning.coverage.ordering import OwnOrder
from planning.coverage.outlines import NEAR_M, Holdings, built
from planning.coverage.plots import Plot, Scene, scene, with_common_nodes
from planning.coverage.proof import Plan, Proof, proved
from planning.coverage.sharing import Proposal, Unsound, shared_out
from planning.coverage.widths import wider
from planning.geometry import Shapes


@dataclass(frozen=True, slots=True)
class Repair:
    """What is proposed, cluster by cluster. `changed`: place → new polygon, empty where it is dropped; some have new nodes only, see
    `Proof.changes`.
    """

    changed: dict[int, Any]
    clusters: tuple[tuple[Proposal, ...], ...]
    proof: Proof

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """Those of all clusters."""
        return tuple(chain.from_iterable(self.clusters))

    def applied(self, shapes: Shapes) -> Shapes:
        """The polygons as they would be; those that do not change are the very same objects."""
        out = shapes.copy()
        for place, shape in self.changed.items():
            out[place] = shape
        return out


@dataclass(frozen=True, slots=True)
class _Mended:
    changed: dict[int, Any]
    proposals: list[Proposal]


@dataclass(frozen=True, slots=True)
class _Cluster:
    """Places of misfits in the scene, and the plots of these misfits."""

    misfits: list[int]
    plots: list[Plot]


def proposed(shapes: Shapes, extent: Any, seen: Examination, wishes: Wishes) -> Repair:
    """Propose a repair of valid polygons, `seen` being their examination against the extent (or None). Nothing given is changed."""
    own = OwnOrder.of(shapes)
    mended, left = _in_order(shapes[own.place], extent, own.seen(seen), own.wishes(wishes))
    changed = {int(own.place[rank]): shape for one in mended for rank, shape in one.changed.items()}
    clusters = tuple(tuple(own.proposal(each) for each in one.proposals) for one in mended if one.proposals)
    plan = Plan(changed, [*chain.from_iterable(clusters)], [own.left(one) for one in left], wishes.noise_m)
    return Repair(changed, clusters, proved(shapes, extent, seen, plan))


def _in_order(shapes: Shapes, extent: Any, seen: Examination, wishes: Wishes) -> tuple[list[_Mended], list[Left]]:
    """Every cluster mended, and what is left; the polygons are in an order of their own."""
    misfits, left = judged(shapes, extent, seen, wishes)
    if not misfits:
        return [], left
    known = scene(shapes, extent, misfits, left)
    done = []
    for cluster in _clusters(known):
        mended, given_up = _mended(cluster, known, wishes)
        done.append(mended)
        left += given_up
    return done, left


def _clusters(known: Scene) -> Iterator[_Cluster]:
    """Misfits that touch a polygon in common."""
    root = list(range(len(known.misfits)))

    def top(at: int) -> int:
        while root[at] != at:
            root[at] = root[root[at]]
            at = root[at]
        return at

    first: dict[int, int] = {}
    for at, touched in enumerate(known.touched):
        for place in touched:
            one, other = sorted((top(at), top(first.setdefault(place, at))))
            root[other] = one
    clusters: dict[int, _Cluster] = {}
    for at in range(len(root)):
        clusters.setdefault(top(at), _Cluster([], [])).misfits.append(at)
    for plot in known.plots:
        clusters[top(plot.misfits[0])].plots.append(plot)
    yield from clusters.values()


def _mended(cluster: _Cluster, known: Scene, wishes: Wishes) -> tuple[_Mended, list[Left]]:
    """A cluster mended as far as it goes, and what of it is given up."""
    reasons = _not_whole(cluster, known)
    while True:
        _entangle(cluster.plots, known, reasons)
        able = [replace(one, misfits=tuple(at for at in one.misfits if at not in reasons)) for one in cluster.plots]
        try:
            done = _attempt([plot for plot in able if plot.misfits], known, wishes)
        except Unsound as unsound:
            rest = [at for at in cluster.misfits if at not in reasons]
            reasons |= dict.fromkeys(unsound.misfits or rest, unsound.reason)
        else:
            return done, [Left(known.misfits[at], reason) for at, reason in sorted(reasons.items())]


def _not_whole(cluster: _Cluster, known: Scene) -> dict[int, Reason]:
    """Misfits that no polygon touches, and those that their plots do not add up to."""
    missing = {at: known.misfits[at].shape.area for at in cluster.misfits}
    for plot in cluster.plots:
        for at in plot.misfits:
            missing[at] -= plot.shape.area
    reasons: dict[int, Reason] = {}
    for at, area_m2 in missing.items():
        if not known.touched[at]:
            reasons[at] = "alone"
        elif abs(area_m2) > known.misfits[at].shape.length * NEAR_M:
            reasons[at] = "unbuilt"
    return reasons


def _entangle(plots: list[Plot], known: Scene, reasons: dict[int, Reason]) -> None:
    """Give up overlaps that lie over one that goes to a person, then those that lie over these."""
    more = True
    while more:
        more = False
        for plot in plots:
            several = [at for at in plot.misfits if known.misfits[at].kind == "overlap"]
            able = [at for at in several if at not in reasons]
            if able and (plot.entangled or len(able) < len(several)):
                reasons.update(dict.fromkeys(able, "entangled"))
                more = True


def _attempt(plots: list[Plot], known: Scene, wishes: Wishes) -> _Mended:
    """Mend all these plots, or raise `Unsound`."""
    if not plots:
        return _Mended({}, [])
    places = sorted({place for plot in plots for at in plot.misfits for place in known.touched[at]})
    near = known.sides_near(places)
    edges, sides = with_common_nodes(near, plots)
    holdings, before = Holdings(edges, places), Holdings(near, places)
    proposals = shared_out(plots, sides, holdings, known, wishes)
    changed = {}
    for place in places:
        if holdings.held[place] != before.held[place]:
            ends = np.array([*known.sides_far(place).ends.tolist(), *holdings.held[place]], dtype=float).reshape(-1, 4)
            changed[place] = built(ends, several=known.shapes[place].geom_type == "MultiPolygon")
    dropped = _dropped(changed, plots, known, wishes)
    named = [_named(one, dropped) for one in proposals]
    mended = _Mended(changed | dropped, named)
    _assert_sound(mended, plots, known, wishes)
    return mended


def _dropped(changed: dict[int, Any], plots: list[Plot], known: Scene, wishes: Wishes) -> dict[int, Any]:
    """Duplicates and contained polygons of which no more than noise is left, as empty polygons."""
    asked = [one for one in _misfits_of(plots, known).values() if one.whole]
    places = {place for one in asked for place in one.places if place in changed}
    return {place: shapely.Polygon() for place in places if not _is_wide(changed[place], wishes.noise_m)}


def _named(one: Proposal, dropped: dict[int, Any]) -> Proposal:
    return replace(one, action="drop") if one.action == "cut" and dropped.keys() & {*one.cut_from} else one


def _assert_sound(mended: _Mended, plots: list[Plot], known: Scene, wishes: Wishes) -> None:
    """Raise `Unsound` where a polygon is not valid, has not the area that the proposals say, or would be lost unasked."""
    moved = dict.fromkeys(mended.changed, 0.0)
    for one in mended.proposals:
        if one.to is not None and one.action == "close":
            moved[one.to] += one.area_m2
        for place in one.cut_from:
            moved[place] -= one.area_m2
    able = _misfits_of(plots, known)
    asked = {place for one in able.values() if one.whole for place in one.places}
    for place, shape in mended.changed.items():
        was = known.shapes[place]
        if place not in asked and _is_wide(was, wishes.noise_m) and not _is_wide(shape, wishes.noise_m):
            raise Unsound("vanishing", [at for at, one in able.items() if place in one.places])
        stray = abs(shape.area - was.area - moved[place])
        if stray > (was.length + shape.length) * NEAR_M or not shape.is_valid:
            raise Unsound("unbuilt", [at for at in able if place in known.touched[at]])


def _misfits_of(plots: list[Plot], known: Scene) -> dict[int, Misfit]:
    return {at: known.misfits[at] for plot in plots for at in plot.misfits}


def _is_wide(shape: Any, width_m: float) -> bool:
    return bool(wider(np.array([shape], dtype=object), width_m)[0])
