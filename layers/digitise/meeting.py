"""Where lines meet: borders led on to their corners and nodes from where they are clear.

In the point of a wedge two lines run together in one blot, and what was filled from both sides ends where the blot begins. The lines
themselves tell where they meet. A border goes there only over ink.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from layers.digitise.ink import BLUNT, Border, centred, lights
from layers.digitise.net import Mask, Net, Whole
from layers.digitise.regions import Greys
from planning.geometry import Coordinates

ARM, LEAST_ARM = 14, 5
"""Clear corners, most and fewest, that tell where a line goes on."""

FARTHEST_PX = 40.0
"""How far from where it was filled to a node or a corner may go: 1.5 mm on a sheet of 250 dots per inch."""

LEAN = 0.02
"""How much a node prefers its place to that in which its lines meet: lines nearly parallel do not carry it away."""

ON_INK = 0.95
"""Share of a straight piece that must have ink under it."""

ROUNDS = 8


@dataclass(frozen=True, slots=True)
class _Arm:
    """The straight run of a border next to a node, or to where it is not clear: a place on it, its direction away from there, the first
    clear corner, and the light half-way to paper.
    """

    at: Coordinates
    along: Coordinates
    first: Coordinates
    light: float


def inked(net: Net, now: Coordinates, grey: Greys) -> Coordinates:
    """The corners of the net in the middle of the ink. Where faces would not fit their neighbours any more, their borders stay."""
    if not len(net.edges):
        return now
    borders = centred(net, now, grey)
    moved = _led(borders, now, grey)
    if (wrong := _wrong(net, moved)).any():
        moved = _led(borders, now, grey, wrong)
    for _ in range(ROUNDS):
        wrong = _wrong(net, moved)
        if not wrong.any():
            return moved
        for border in borders:
            if wrong[border.corners].any():
                moved[border.corners] = now[border.corners]
    return now


def _wrong(net: Net, moved: Coordinates) -> Mask:
    """The corners of faces that are none any more, or no longer fit their neighbours: borders are shared, so only where they cross."""
    bad = ~shapely.is_valid(net.faces_at(moved))
    if not bad.any() and (crossed := net.crossed(moved)).any():
        bad = net.faces_with(crossed)
    corners = np.zeros(len(net.at), dtype=bool)
    corners[net.corners_of(net.faces[bad])] = True
    return corners


def _led(borders: list[Border], now: Coordinates, grey: Greys, close: Mask | None = None) -> Coordinates:
    """The corners with every border led from where it is clear; nodes in `close` with nothing clear between them meet in one place."""
    groups = np.arange(len(now)) if close is None else _groups(borders, close)
    places = _nodes(borders, now, grey, groups)
    moved = now.copy()
    for border in borders:
        for node in border.corners[[0, -1]]:
            moved[node] = places.get(int(groups[node]), now[node])
    for border in borders:
        whole = _from_a_clear_corner(border) if border.ring else _before_its_nodes(border, moved)
        _lead(whole, moved, now, grey)
    return moved


def _groups(borders: list[Border], close: Mask) -> Whole:
    """For each corner its group: nodes in `close` are together where the border between them is nowhere clear."""
    short = [border.corners[[0, -1]] for border in borders if not border.clear.any() and close[border.corners].all()]
    one, other = np.array(short, dtype=np.int64).reshape(-1, 2).T
    graph = coo_array((np.ones(len(one)), (one, other)), shape=(len(close), len(close)))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _nodes(borders: list[Border], now: Coordinates, grey: Greys, groups: Whole) -> dict[int, Coordinates]:
    """Where the lines of each group of nodes meet, as near as may be to all of them; not of those with a single clear line."""
    arms: dict[int, list[_Arm]] = {}
    before: dict[int, list[Coordinates]] = {}
    for border in borders:
        known = np.flatnonzero(border.clear)
        for end, order in ((0, known), (-1, known[::-1])):
            if not border.ring and (arm := _arm(border, order)):
                node = border.corners[end]
                arms.setdefault(int(groups[node]), []).append(arm)
                before.setdefault(int(groups[node]), []).append(now[node])
    found = {
        node: _meeting(np.mean(before[node], axis=0), several) for node, several in arms.items() if len(several) > 1
    }
    return {
        node: place
        for node, place in found.items()
        if np.hypot(*(place - before[node]).T).max() <= FARTHEST_PX
        and all(_on_ink([place, arm.first], arm.light, grey) for arm in arms[node])
    }


def _arm(border: Border, order: Whole) -> _Arm | None:
    """Of the first clear corners in this order; none where they are too few to tell a direction."""
    near = border.at[order[:ARM]]
    if len(near) < LEAST_ARM:
        return None
    middle = near.mean(axis=0)
    along = np.linalg.svd(near - middle)[2][0]
    return _Arm(middle, along if (near[-1] - near[0]) @ along >= 0 else -along, near[0], border.light)


def _meeting(before: Coordinates, arms: list[_Arm]) -> Coordinates:
    """The place nearest to all lines (least squares), leaning to where it was."""
    across = np.array([[-arm.along[1], arm.along[0]] for arm in arms])
    on = np.array([arm.at for arm in arms])
    weights = LEAN * np.eye(2) + across.T @ across
    return np.asarray(np.linalg.solve(weights, LEAN * before + across.T @ (across * on).sum(axis=1)))


def _on_ink(chain: list[Coordinates], light: float, grey: Greys) -> bool:
    """Whether the straight pieces of a chain lie on ink."""
    pieces = [
        start + (end - start) * np.linspace(0, 1, int(2 * np.hypot(*(end - start))) + 2)[:, None]
        for start, end in pairwise(chain)
    ]
    return bool(np.mean(lights(grey, np.concatenate(pieces)) <= light) >= ON_INK)


def _from_a_clear_corner(ring: Border) -> Border:
    """The ring, begun where it is clear."""
    open_, clear = ring.corners[:-1], ring.clear[:-1]
    start = int(clear.argmax())
    turn = np.append(np.roll(np.arange(len(open_)), -start), start)
    return replace(ring, corners=open_[turn], at=ring.at[:-1][turn], clear=clear[turn])


def _before_its_nodes(border: Border, moved: Coordinates) -> Border:
    """The border without the clear corners that its nodes have passed; its ends are where the nodes are."""
    clear, at = border.clear.copy(), border.at.copy()
    known = np.flatnonzero(clear)
    for end, order in ((0, known), (-1, known[::-1])):
        node = moved[border.corners[end]]
        if arm := _arm(border, order):
            passed = order[: 2 * ARM]
            clear[passed[(at[passed] - node) @ arm.along < 1]] = False
        at[end] = node
    clear[0] = clear[-1] = True
    return replace(border, at=at, clear=clear)


def _lead(border: Border, moved: Coordinates, now: Coordinates, grey: Greys) -> None:
    """Set the corners: the clear ones where they are, those between on the way from one to the next."""
    known = np.flatnonzero(border.clear)
    moved[border.corners[known]] = border.at[known]
    for place in np.flatnonzero(np.diff(known) > 1):
        first, last = known[place], known[place + 1]
        between = border.corners[first + 1 : last]
        ways = [_corner(border, known[: place + 1][::-1], known[place + 1 :]), []]
        for way in ways:
            chain = [border.at[first], *way, border.at[last]]
            if _on_ink(chain, border.light, grey):
                moved[between] = _spread(chain, len(between))
                break
        else:
            moved[between] = _carried(now[border.corners[first : last + 1]], border.at[first], border.at[last])


def _corner(border: Border, before: Whole, after: Whole) -> list[Coordinates]:
    """The corner in which the border bends where it is not clear, from its runs before and after; none where it hardly bends."""
    if not border.ring:
        before, after = before[before > 0], after[after < len(border.at) - 1]
    back, ahead = _arm(border, before), _arm(border, after)
    if back is None or ahead is None:
        return []
    forth = -back.along
    cross = forth[0] * ahead.along[1] - forth[1] * ahead.along[0]
    if abs(np.arctan2(cross, forth @ ahead.along)) < BLUNT or abs(cross) < 1e-9:
        return []
    way = ahead.at - back.at
    corner = back.at + forth * (way[0] * ahead.along[1] - way[1] * ahead.along[0]) / cross
    between = (corner - back.first) @ forth > 0 and (ahead.first - corner) @ ahead.along > 0
    near = np.hypot(*(corner - (back.first + ahead.first) / 2)) <= FARTHEST_PX
    return [corner] if between and near else []


def _spread(chain: list[Coordinates], number: int) -> Coordinates:
    """So many places along a chain, one of them on its corner."""
    steps = np.hypot(*np.diff(chain, axis=0).T)
    gone = np.append(0, np.cumsum(steps)) / max(steps.sum(), 1e-9)
    at = np.arange(1, number + 1) / (number + 1)
    for corner in gone[1:-1]:
        at[np.abs(at - corner).argmin()] = corner
    return np.column_stack([np.interp(at, gone, np.array(chain)[:, axis]) for axis in (0, 1)])


def _carried(places: Coordinates, first: Coordinates, last: Coordinates) -> Coordinates:
    """Corners between two that moved, carried along in proportion."""
    share = np.linspace(0, 1, len(places))[1:-1, None]
    return np.asarray(places[1:-1] + (first - places[0]) * (1 - share) + (last - places[-1]) * share)
