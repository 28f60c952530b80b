"""Cutting a raster into patches: cells nearest to scattered points, connected regions, and small regions given away."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layers.sample.noise import Numbers, Whole


@dataclass(frozen=True, slots=True)
class Nearest:
    """For every cell the nearest scattered point, how far it is, and how much farther the next one is."""

    point: Whole
    distance_m: Numbers
    lead_m: Numbers
    points: int


def nearest(u_m: Numbers, v_m: Numbers, *, spacing_m: float, source: np.random.Generator) -> Nearest:
    """Scatter one point into every square of `spacing_m` and find the nearest for all (u, v), two arrays of one shape."""
    shape = int(u_m.max() / spacing_m) + 5, int(v_m.max() / spacing_m) + 5
    scatter = (source.uniform(0.08, 0.92, (*shape, 2)) + np.indices(shape).transpose(1, 2, 0) - 2) * spacing_m
    point = np.zeros(u_m.shape, dtype=np.int64)
    first, second = np.full(u_m.shape, np.inf), np.full(u_m.shape, np.inf)
    column = np.clip((u_m / spacing_m).astype(np.int64) + 2, 1, shape[0] - 2)
    row = np.clip((v_m / spacing_m).astype(np.int64) + 2, 1, shape[1] - 2)
    for across in (-1, 0, 1):
        for along in (-1, 0, 1):
            here = (column + across) * shape[1] + row + along
            away = scatter.reshape(-1, 2)[here]
            square = (away[..., 0] - u_m) ** 2 + (away[..., 1] - v_m) ** 2
            closer = square < first
            second = np.where(closer, first, np.minimum(second, square))
            point = np.where(closer, here, point)
            first = np.minimum(first, square)
    return Nearest(point, np.sqrt(first), np.sqrt(second) - np.sqrt(first), shape[0] * shape[1])


def components(keys: Whole) -> Whole:
    """Number the regions of equal keys ≥ 0 whose cells hang together by their sides, from 0; −1 stays −1.

    Runs along the rows are joined across columns by repeatedly pointing each to the lowest number it touches.
    """
    new_run = np.ones(keys.shape, dtype=bool)
    new_run[:, 1:] = keys[:, 1:] != keys[:, :-1]
    run = (np.cumsum(new_run) - 1).reshape(keys.shape)
    same = keys[1:] == keys[:-1]
    one, other = run[:-1][same], run[1:][same]
    fresh = np.append(True, (one[1:] != one[:-1]) | (other[1:] != other[:-1]))[: len(one)]
    root = _joined(int(run[-1, -1]) + 1, one[fresh], other[fresh])[run]
    root[keys < 0] = -1
    return compact(root)


def _joined(count: int, one: Whole, other: Whole) -> Whole:
    parent = np.arange(count)
    while len(one):
        low, high = np.minimum(parent[one], parent[other]), np.maximum(parent[one], parent[other])
        np.minimum.at(parent, high, low)
        while not np.array_equal(parent, parent[parent]):
            parent = parent[parent]
        apart = parent[one] != parent[other]
        one, other = one[apart], other[apart]
    return parent


def compact(labels: Whole) -> Whole:
    """Labels ≥ 0 renumbered 0, 1, 2 … in their order; −1 stays −1."""
    used = np.zeros(int(labels.max()) + 2, dtype=np.int64)
    used[labels.ravel()] = 1
    used[-1] = 0
    numbers = np.cumsum(used) - 1
    numbers[-1] = -1
    return np.asarray(numbers[labels])


def first_cells(labels: Whole) -> Whole:
    """For every label 0 … n − 1 the place of its first cell in the flattened raster."""
    found, first = np.unique(labels, return_index=True)
    return np.asarray(first[found >= 0])


def absorbed(labels: Whole, within: Whole, *, least_cells: int, rounds: int = 4) -> Whole:
    """Regions smaller than `least_cells` given to the neighbour in the same `within` with the longest common border."""
    for _ in range(rounds):
        cells = np.bincount(labels[labels >= 0])
        giver, taker = _given_away(labels, within, cells, least_cells)
        if not len(giver):
            break
        target = np.arange(len(cells))
        target[giver] = taker
        while not np.array_equal(target, target[target]):
            target = target[target]
        labels = compact(np.where(labels >= 0, target[labels], -1))
    return labels


def _given_away(labels: Whole, within: Whole, cells: npt.NDArray[np.int64], least: int) -> tuple[Whole, Whole]:
    """Which region goes to which. Only to a larger one, or to an equal one of lower number: no two give to each other."""
    one, other = [], []
    for a, b in ((np.s_[1:], np.s_[:-1]), (np.s_[:, 1:], np.s_[:, :-1])):
        touching = (labels[a] != labels[b]) & (within[a] == within[b]) & (labels[a] >= 0) & (labels[b] >= 0)
        one += [labels[a][touching], labels[b][touching]]
        other += [labels[b][touching], labels[a][touching]]
    giver, taker = np.concatenate(one), np.concatenate(other)
    larger = (cells[taker] > cells[giver]) | ((cells[taker] == cells[giver]) & (taker < giver))
    fit = (cells[giver] < least) & larger
    pair, length = np.unique(giver[fit] * len(cells) + taker[fit], return_counts=True)
    giver, taker = pair // len(cells), pair % len(cells)
    order = np.lexsort((taker, length, giver))
    last = np.flatnonzero(np.append(giver[order][1:] != giver[order][:-1], True)) if len(order) else order
    return giver[order][last], taker[order][last]
