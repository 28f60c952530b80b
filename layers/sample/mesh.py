"""From labelled cells to polygons: every region of equal labels becomes one polygon, shared borders with the same vertices."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import shapely

from layers.sample.lattice import untangled
from layers.sample.noise import Whole, stream
from planning.geometry import Coordinates, Shapes

Mask = npt.NDArray[np.bool_]

EAST, NORTH, WEST, SOUTH = range(4)
ALONG = np.array([(1, 0), (0, 1), (-1, 0), (0, -1)])


@dataclass(frozen=True, slots=True)
class Mesh:
    """Nodes between cells. Edges that are seams (borders of units) run through every node of the finer lattice."""

    nodes: Coordinates
    fine: Coordinates
    stride: int
    east: Mask
    """Whether the edge from node (i, j) to (i + 1, j) is a seam."""
    north: Mask
    """Whether the edge from node (i, j) to (i, j + 1) is a seam."""

    @property
    def fixed(self) -> Mask:
        """The nodes on a seam: they belong to units and are not moved."""
        fixed = np.zeros(self.nodes.shape[:2], dtype=bool)
        fixed[:-1] |= self.east
        fixed[1:] |= self.east
        fixed[:, :-1] |= self.north
        fixed[:, 1:] |= self.north
        return fixed


def borders(labels: Whole) -> tuple[Mask, Mask]:
    """The edges between cells of different labels, eastward and northward ones; the outside is −1."""
    framed = np.pad(labels, 1, constant_values=-1)
    return framed[1:-1, 1:] != framed[1:-1, :-1], framed[1:, 1:-1] != framed[:-1, 1:-1]


def plain_mesh(nodes: Coordinates) -> Mesh:
    """A mesh of its own without seams."""
    columns, rows = nodes.shape[0] - 1, nodes.shape[1] - 1
    none = np.zeros((columns, rows + 1), dtype=bool), np.zeros((columns + 1, rows), dtype=bool)
    return Mesh(nodes, nodes, 1, *none)


def seamed_mesh(fine: Coordinates, stride: int, parts: Whole) -> Mesh:
    """The zone lattice over the parcel lattice, with the borders of units as seams."""
    return Mesh(fine[::stride, ::stride], fine, stride, *borders(parts))


def shaken(mesh: Mesh, *, share: float, seed: int, name: str) -> Mesh:
    """The mesh with its free nodes moved about by up to a share of a cell: it no longer runs along the parcels."""
    reach = share * float(np.abs(np.diff(mesh.nodes[:, 0], axis=0)).mean()) * 2
    moved = mesh.nodes + stream(seed, "shake", name).uniform(-reach / 2, reach / 2, mesh.nodes.shape)
    moved[mesh.fixed] = mesh.nodes[mesh.fixed]
    return replace(mesh, nodes=untangled(np.round(moved, 3), mesh.nodes))


def smoothed(mesh: Mesh, labels: Whole, passes: int = 2) -> Mesh:
    """The mesh with the stairs between regions flattened; seams and corners where regions meet stay."""
    nodes = mesh.nodes.copy()
    east, north = (edges.astype(np.float64) for edges in borders(labels))
    degree = np.zeros(nodes.shape[:2])
    for edges, ahead, behind in ((east, np.s_[:-1], np.s_[1:]), (north, np.s_[:, :-1], np.s_[:, 1:])):
        degree[ahead] += edges
        degree[behind] += edges
    free = (degree == 2) & ~mesh.fixed
    for _ in range(passes):
        pull = np.zeros_like(nodes)
        for edges, ahead, behind in ((east, np.s_[:-1], np.s_[1:]), (north, np.s_[:, :-1], np.s_[:, 1:])):
            pull[ahead] += edges[..., None] * nodes[behind]
            pull[behind] += edges[..., None] * nodes[ahead]
        nodes[free] = 0.5 * nodes[free] + 0.25 * pull[free]
    return _sound(replace(mesh, nodes=untangled(np.round(nodes, 3), mesh.nodes)))


def _sound(mesh: Mesh) -> Mesh:
    """The mesh with every cell beside a seam simple. A seam bends between its ends, and a straight side near it may cross it:
    such a cell goes back to where the finer lattice has it, and all its sides run through the nodes of that."""
    if mesh.stride == 1:
        return mesh
    nodes, east, north = mesh.nodes.copy(), mesh.east.copy(), mesh.north.copy()
    while True:
        mesh = replace(mesh, nodes=nodes, east=east, north=north)
        cells = _crossed(mesh)
        if not len(cells):
            return mesh
        column, row = cells.T
        for i, j in ((0, 0), (1, 0), (1, 1), (0, 1)):
            nodes[column + i, row + j] = mesh.fine[(column + i) * mesh.stride, (row + j) * mesh.stride]
        east[column, row] = east[column, row + 1] = True
        north[column, row] = north[column + 1, row] = True


def _crossed(mesh: Mesh) -> Whole:
    """Column and row of the cells at seams whose drawn sides cross."""
    fixed = mesh.fixed
    cells = np.argwhere(fixed[:-1, :-1] | fixed[1:, :-1] | fixed[1:, 1:] | fixed[:-1, 1:])
    corners = (cells[:, None, :] + np.array([(0, 0), (1, 0), (1, 1), (0, 1)])).reshape(-1, 2)
    ways = np.tile(np.arange(4), len(cells))
    edges = _HalfEdges(corners[:, 0], corners[:, 1], ways, np.repeat(np.arange(len(cells)), 4))
    coordinates, lengths = _drawn(edges, np.arange(0, len(ways), 4), mesh)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    shapes = shapely.from_ragged_array(shapely.GeometryType.POLYGON, coordinates, (offsets, np.arange(len(cells) + 1)))
    sound = shapely.is_valid(shapes) & shapely.is_ccw(shapely.get_exterior_ring(shapes))
    return np.asarray(cells[~sound])


def outlines(labels: Whole, mesh: Mesh) -> Shapes:
    """The polygon of each label 0 … n − 1, whose cells must hang together by their sides; −1 is no region."""
    edges = _half_edges(labels)
    order, starts = _chained(_next_of(edges, labels.shape), edges.label)
    edges = edges.at(order)
    coordinates, lengths = _drawn(edges, starts, mesh)
    return _assembled(edges.label[starts], coordinates, lengths)


@dataclass(frozen=True, slots=True)
class _HalfEdges:
    """Edges of cells whose neighbour has another label, the cell on their left."""

    column: Whole
    row: Whole
    way: Whole
    label: Whole

    def at(self, places: Whole) -> "_HalfEdges":
        return _HalfEdges(self.column[places], self.row[places], self.way[places], self.label[places])


def _half_edges(labels: Whole) -> _HalfEdges:
    framed = np.pad(labels, 1, constant_values=-1)
    found = []
    neighbours = {EAST: (1, 0), NORTH: (2, 1), WEST: (1, 2), SOUTH: (0, 1)}
    corner = {EAST: (0, 0), NORTH: (1, 0), WEST: (1, 1), SOUTH: (0, 1)}
    columns, rows = labels.shape
    for way, (i, j) in neighbours.items():
        other = framed[i : i + columns, j : j + rows]
        column, row = np.nonzero((labels != other) & (labels >= 0))
        found.append((column + corner[way][0], row + corner[way][1], np.full(len(column), way), labels[column, row]))
    return _HalfEdges(*(np.concatenate(values).astype(np.int64) for values in zip(*found, strict=True)))


def _next_of(edges: _HalfEdges, shape: tuple[int, ...]) -> Whole:
    """The edge that follows each edge around its region. Where a region touches itself in a corner, turn right: the loop
    on the other side becomes a ring of its own, and no ring passes a node twice."""
    labels = int(edges.label.max()) + 1
    start = (edges.column * (shape[1] + 1) + edges.row) * labels + edges.label
    order = np.argsort(start * 4 + edges.way, kind="stable")
    sorted_start = start[order]
    column, row = edges.column + ALONG[edges.way, 0], edges.row + ALONG[edges.way, 1]
    end = (column * (shape[1] + 1) + row) * labels + edges.label
    first = np.searchsorted(sorted_start, end)
    second = np.minimum(first + 1, len(order) - 1)
    right = (edges.way + 3) % 4
    forked = (sorted_start[second] == end) & (second != first) & (edges.way[order[first]] != right)
    return np.asarray(order[np.where(forked, second, first)])


def _chained(following: Whole, label: Whole) -> tuple[Whole, Whole]:
    """The edges in the order of their rings, rings by label, and where each ring starts. By pointer doubling."""
    leader, jump = np.arange(len(following)), following.copy()
    while True:
        lower = np.minimum(leader, leader[jump])
        if np.array_equal(lower, leader):
            break
        leader, jump = lower, jump[jump]
    here = np.arange(len(following))
    at_leader = leader == here
    distance, jump = np.where(at_leader, 0, 1), np.where(at_leader, here, following)
    while not at_leader[jump].all():
        distance, jump = distance + distance[jump], jump[jump]
    order = np.lexsort((-distance * ~at_leader, ~at_leader, leader, label))
    ring = leader[order]
    return order, np.flatnonzero(np.concatenate([[True], ring[1:] != ring[:-1]]))


def _drawn(edges: _HalfEdges, starts: Whole, mesh: Mesh) -> tuple[Coordinates, Whole]:
    """Closed rings of coordinates one after the other, and their lengths; seams bring the nodes of the finer lattice."""
    horizontal = edges.way % 2 == 0
    column = edges.column - (edges.way == WEST)
    row = edges.row - (edges.way == SOUTH)
    seam = np.empty(len(column), dtype=bool)
    seam[horizontal] = mesh.east[column[horizontal], row[horizontal]]
    seam[~horizontal] = mesh.north[column[~horizontal], row[~horizontal]]
    counts = np.where(seam, mesh.stride, 1)
    edge = np.repeat(np.arange(len(counts)), counts)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts)
    coordinates = mesh.nodes[edges.column[edge], edges.row[edge]]
    between = np.flatnonzero(step)
    at, on = edge[between], step[between]
    fine_column = edges.column[at] * mesh.stride + on * ALONG[edges.way[at], 0]
    coordinates[between] = mesh.fine[fine_column, edges.row[at] * mesh.stride + on * ALONG[edges.way[at], 1]]
    return _closed(coordinates, np.add.reduceat(counts, starts))


def _closed(coordinates: Coordinates, lengths: Whole) -> tuple[Coordinates, Whole]:
    first = np.cumsum(lengths) - lengths
    return np.insert(coordinates, first + lengths, coordinates[first], axis=0), lengths + 1


def _assembled(label: Whole, coordinates: Coordinates, lengths: Whole) -> Shapes:
    """Rings to polygons: the counter-clockwise ring of a label is its shell, the others are its holes."""
    ends = np.cumsum(lengths)
    local = coordinates - coordinates[0]
    cross = np.zeros(len(local))
    cross[:-1] = local[:-1, 0] * local[1:, 1] - local[1:, 0] * local[:-1, 1]
    cross[ends - 1] = 0
    shell = np.add.reduceat(cross, ends - lengths) > 0
    order = np.lexsort((~shell, label))
    places = np.repeat(ends[order] - lengths[order] - (np.cumsum(lengths[order]) - lengths[order]), lengths[order])
    offsets = np.concatenate([[0], np.cumsum(lengths[order])])
    rings = np.bincount(label)
    if shell.sum() != len(rings):
        raise ValueError("a region does not hang together")
    polygons = np.concatenate([[0], np.cumsum(rings)])
    moved = coordinates[places + np.arange(len(places))]
    return np.asarray(shapely.from_ragged_array(shapely.GeometryType.POLYGON, moved, (offsets, polygons)), dtype=object)
