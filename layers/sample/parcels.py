"""The parcels of the sample province: every former commune cut in two again and again, along lines of the lattice."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from layers.sample.landscape import Land
from layers.sample.lattice import Size
from layers.sample.mesh import Mask
from layers.sample.noise import Numbers, Whole, stream
from layers.sample.province import FORMER, Part
from planning.geometry import Coordinates, Shapes

SHEET = 130
"""A sheet is a piece to be cut into at most so many parcels: about a hundred on average."""

CHUNK = 100_000


@dataclass(frozen=True, slots=True)
class Pieces:
    """Rectangles of lattice cells, and into how many parcels each is to be cut."""

    left: Whole
    right: Whole
    low: Whole
    high: Whole
    count: Whole
    sheet: Whole
    former: Whole

    def __len__(self) -> int:
        return len(self.left)

    def at(self, places: Whole | slice) -> "Pieces":
        """Some of the pieces."""
        return Pieces(*(getattr(self, name)[places] for name in Pieces.__slots__))


@dataclass(frozen=True, slots=True)
class Parcels:
    """The parcels as pieces of the lattice, with the numbers they bear."""

    pieces: Pieces
    number: Whole
    nodes: Coordinates

    def __len__(self) -> int:
        return len(self.pieces)

    def chunks(self) -> Iterator[tuple[slice, Shapes]]:
        """The polygons, some at a time to spare memory."""
        for start in range(0, len(self), CHUNK):
            some = slice(start, min(start + CHUNK, len(self)))
            yield some, _polygons(self.pieces.at(some), self.nodes)


def parcels_of(
    nodes: Coordinates, size: Size, communes: tuple[Part, ...], land: Whole, wanted: int, seed: int
) -> Parcels:
    """About `wanted` parcels; they are smaller where people live. Sheets restart in every former commune."""
    weight = _weights(nodes, land, size.stride)
    pieces = _shared_out(communes, weight, wanted)
    source = stream(seed, "parcels")
    while (pieces.count > SHEET).any():
        pieces = _cut(pieces, pieces.count > SHEET, weight, source)
    start = np.flatnonzero(np.append(True, pieces.former[1:] != pieces.former[:-1]))
    sheet = np.arange(len(pieces)) - np.repeat(start, np.diff(np.append(start, len(pieces)))) + 1
    pieces = Pieces(pieces.left, pieces.right, pieces.low, pieces.high, pieces.count, sheet, pieces.former)
    while (pieces.count > 1).any():
        pieces = _cut(pieces, pieces.count > 1, weight, source)
    pieces = pieces.at(np.lexsort((pieces.left, -pieces.high, pieces.sheet, pieces.former)))
    new = np.append(True, (pieces.sheet[1:] != pieces.sheet[:-1]) | (pieces.former[1:] != pieces.former[:-1]))
    start = np.flatnonzero(new)
    number = np.arange(len(pieces)) - np.repeat(start, np.diff(np.append(start, len(pieces)))) + 1
    return Parcels(pieces, number, nodes)


def _weights(nodes: Coordinates, land: Whole, stride: int) -> Numbers:
    """Sums of area × wish for parcels over all cells south-west of each node."""
    wish = np.ones(len(Land))
    wish[[Land.VILLAGE, Land.TOWN]] = 2.0
    wish[[Land.FOREST, Land.PROTECTED, Land.LAKE, Land.RIVER, Land.INDUSTRY]] = 0.75
    diagonal, other = nodes[1:, 1:] - nodes[:-1, :-1], nodes[:-1, 1:] - nodes[1:, :-1]
    sums = np.zeros(nodes.shape[:2])
    inner = sums[1:, 1:]
    inner += 0.5 * (diagonal[..., 0] * other[..., 1] - diagonal[..., 1] * other[..., 0])
    inner *= np.repeat(np.repeat(wish[land], stride, axis=0), stride, axis=1)
    np.cumsum(inner, axis=0, out=inner)
    np.cumsum(inner, axis=1, out=inner)
    return sums


def _weight(sums: Numbers, left: Whole, right: Whole, low: Whole, high: Whole) -> Numbers:
    return np.asarray(sums[right, high] - sums[left, high] - sums[right, low] + sums[left, low])


def _shared_out(communes: tuple[Part, ...], sums: Numbers, wanted: int) -> Pieces:
    columns = np.array([part.columns for part in communes])
    rows = np.array([part.rows for part in communes])
    former = np.array([part.former for part in communes])
    share = _weight(sums, columns[:, 0], columns[:, 1], rows[:, 0], rows[:, 1])
    exact = wanted * share / share.sum()
    count = np.floor(exact).astype(np.int64)
    count[np.argsort(count - exact, kind="stable")[: wanted - count.sum()]] += 1
    return Pieces(columns[:, 0], columns[:, 1], rows[:, 0], rows[:, 1], count, np.zeros_like(count), former)


def _cut(pieces: Pieces, chosen: Mask, sums: Numbers, source: np.random.Generator) -> Pieces:
    """The chosen pieces in two, across their longer side; the halves stay where the whole was."""
    left, right, low, high = pieces.left, pieces.right, pieces.low, pieces.high
    wide, tall, count = right - left, high - low, pieces.count
    upright = wide * source.uniform(0.5, 2.0, len(pieces)) >= tall
    length = np.where(upright, wide, tall)
    few = np.clip(np.round(count * source.uniform(0.38, 0.62, len(pieces))), 1, np.maximum(count - 1, 1))
    near = length * few / np.maximum(count, 1) + source.uniform(-0.35, 0.35, len(pieces))
    at = np.clip(np.round(near).astype(np.int64), 1, np.maximum(length - 1, 1))
    middle_column, middle_row = np.where(upright, left + at, right), np.where(upright, high, low + at)
    share = _weight(sums, left, middle_column, low, middle_row) / _weight(sums, left, right, low, high)
    first = np.where(count > 8, np.round(count * share), few).astype(np.int64)
    first = np.clip(first, 1, np.maximum(count - 1, 1))
    room = at * np.where(upright, tall, wide)
    other_room = wide * tall - room
    first = np.clip(first, count - other_room, room)
    chosen = chosen & (length > 1)
    count = np.where(chosen | (length > 1), count, 1)
    return _halved(pieces, chosen, count, _Halving(first, middle_column, middle_row, upright))


@dataclass(frozen=True, slots=True)
class _Halving:
    """Where pieces are cut: how many parcels go to the first half, and the line, upright or level."""

    first: Whole
    column: Whole
    row: Whole
    upright: Mask


def _halved(pieces: Pieces, chosen: Mask, count: Whole, cut: _Halving) -> Pieces:
    times = np.where(chosen, 2, 1)
    origin = np.repeat(np.arange(len(pieces)), times)
    second = np.zeros(len(origin), dtype=bool)
    second[1:] = origin[1:] == origin[:-1]
    halved, upright = chosen[origin], cut.upright[origin]
    left = np.where(second & upright, cut.column[origin], pieces.left[origin])
    right = np.where(halved & ~second & upright, cut.column[origin], pieces.right[origin])
    low = np.where(second & ~upright, cut.row[origin], pieces.low[origin])
    high = np.where(halved & ~second & ~upright, cut.row[origin], pieces.high[origin])
    shares = np.where(second, count[origin] - cut.first[origin], np.where(halved, cut.first[origin], count[origin]))
    return Pieces(left, right, low, high, shares, pieces.sheet[origin], pieces.former[origin])


def _polygons(pieces: Pieces, nodes: Coordinates) -> Shapes:
    """Rectangles of cells as polygons through every node on their sides, counter-clockwise from the south-west corner."""
    wide, tall = pieces.right - pieces.left, pieces.high - pieces.low
    length = 2 * (wide + tall) + 1
    piece = np.repeat(np.arange(len(pieces)), length)
    step = np.arange(len(piece)) - np.repeat(np.cumsum(length) - length, length)
    w, t = wide[piece], tall[piece]
    column = np.clip(step, 0, w) - np.clip(step - w - t, 0, w)
    row = np.clip(step - w, 0, t) - np.clip(step - 2 * w - t, 0, t)
    rings = nodes[pieces.left[piece] + column, pieces.low[piece] + row]
    offsets = np.concatenate([[0], np.cumsum(length)])
    polygons = np.arange(len(pieces) + 1)
    return np.asarray(shapely.from_ragged_array(shapely.GeometryType.POLYGON, rings, (offsets, polygons)), dtype=object)


def former_codes(parcels: Parcels) -> np.ndarray[tuple[int, ...], np.dtype[np.object_]]:
    """The code of the former commune of every parcel."""
    return np.array([commune.code for commune in FORMER], dtype=object)[parcels.pieces.former]
