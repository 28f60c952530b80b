"""Detailed plans: small sites with streets, blocks and lots on a grid of their own."""

from dataclasses import dataclass

import numpy as np
import shapely

from layers.sample.mesh import outlines, plain_mesh
from layers.sample.noise import Numbers, Whole, stream
from planning.geometry import Coordinates, Shapes

STREET_M = 13.5
TURNS = ((1.0, 0.0), (0.96, 0.28), (0.8, 0.6), (0.96, -0.28), (12 / 13, 5 / 13), (15 / 17, -8 / 17), (0.8, -0.6))
"""Cosine and sine of the directions of streets."""

WHOLE_BLOCK = ("CayxanhCC", "Truonghoc", "Vanhoa", "Dichvu", "Yte")


@dataclass(frozen=True, slots=True)
class Site:
    """A detailed plan as drawn."""

    boundary: shapely.Polygon
    zones: Shapes
    function: list[str]


def site(centre: tuple[float, float], blocks: tuple[int, int], seed: int, name: str) -> Site:
    """Draw `blocks` across and along around a centre, one corner block left out where there are many."""
    source = stream(seed, "site", name)
    across, x = _lines(blocks[0], 3, source)
    along, y = _lines(blocks[1], 2, source)
    nodes = _placed(x, y, centre, TURNS[int(source.integers(len(TURNS)))])
    labels, function = _lots(across, along, source)
    if blocks[0] >= 4 and blocks[1] >= 2:
        left = len(across) - 4, len(along) - 3
        labels[left[0] :, left[1] :] = -1
    used, labels = np.unique(labels, return_inverse=True)
    missing = int((used < 0).any())
    labels = labels.reshape(len(across), len(along)) - missing
    mesh = plain_mesh(nodes)
    boundary = outlines(np.minimum(labels, 0), mesh)[0]
    return Site(boundary, outlines(labels, mesh), [function[label] for label in used[missing:]])


def _lines(blocks: int, cells: int, source: np.random.Generator) -> tuple[Whole, Numbers]:
    """The block of every cell along one side (−1 for streets), and the lines between cells in metres from the middle."""
    block, widths = [-1], [STREET_M]
    for number in range(blocks):
        block += [number] * cells + [-1]
        widths += [float(source.uniform(23, 31))] * cells + [STREET_M]
    lines = np.concatenate([[0.0], np.cumsum(widths)])
    return np.array(block), lines - lines[-1] / 2


def _placed(x: Numbers, y: Numbers, centre: tuple[float, float], turn: tuple[float, float]) -> Coordinates:
    bent = y[None, :] + 0.00007 * (x * x)[:, None]
    nodes = np.empty((len(x), len(y), 2))
    nodes[..., 0] = centre[0] + turn[0] * x[:, None] - turn[1] * bent
    nodes[..., 1] = centre[1] + turn[1] * x[:, None] + turn[0] * bent
    return np.asarray(np.round(nodes, 3))


def _lots(across: Whole, along: Whole, source: np.random.Generator) -> tuple[Whole, dict[int, str]]:
    """Zone 0 is the streets; a block is one zone, or two rows of lots back to back."""
    labels = np.zeros((len(across), len(along)), dtype=np.int64)
    function = {0: "DuongGT"}
    for bx in range(int(across.max()) + 1):
        for by in range(int(along.max()) + 1):
            columns, rows = np.flatnonzero(across == bx), np.flatnonzero(along == by)
            whole = (bx + by) % 4 == 1 or source.random() < 0.12
            halves = [rows] if whole else [rows[:1], rows[1:]]
            kind = WHOLE_BLOCK[int(source.integers(len(WHOLE_BLOCK)))] if whole else "Nhomnhao"
            for half in halves:
                number = len(function)
                labels[np.ix_(columns, half)] = number
                function[number] = kind
    return labels, function
