"""Borders of regions: freed of the stairs of pixels, in the middle of the ink, still a coverage."""

from time import perf_counter

import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from rasterio.features import rasterize

from layers.digitise.arcs import faces
from layers.digitise.ink import lights
from layers.digitise.meeting import inked
from layers.digitise.net import net_of, smoothed
from planning.coverage.examination import examined

PICTURES = st.tuples(st.integers(1, 9), st.integers(1, 9)).flatmap(
    lambda size: st.tuples(
        arrays(np.uint8, size, elements=st.integers(0, 3)),
        arrays(np.uint8, size, elements=st.sampled_from([0, 60, 128, 255])),
    )
)


@settings(max_examples=60, deadline=None)
@given(PICTURES)
def test_borders_that_move_are_still_shared(picture):
    """Whatever the pixels and their light: as many faces, whole, a coverage; freed of stairs no corner has left its pixel."""
    classes, grey = (np.kron(each, np.ones((4, 4), dtype=np.uint8)) for each in picture)
    rough = faces(classes, 0).shapes
    net = net_of(rough)
    smooth = smoothed(net)
    assert (shapely.hausdorff_distance(net.faces_at(smooth), rough) < 0.75).all()
    for now in (smooth, inked(net, smooth, grey)):
        shapes = net.faces_at(now)
        assert len(shapes) == len(rough)
        assert shapely.is_valid(shapes).all()
        assert shapely.coverage_is_valid(shapes)
        assert examined(shapes).overlaps == []


@settings(max_examples=60, deadline=None)
@given(arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.integers(0, 3)))
def test_the_lines_of_a_net_hold_every_edge_once_and_end_in_nodes(classes):
    net = net_of(faces(classes, 0).shapes)
    lines = net.lines()
    edges = [tuple(sorted(pair)) for line in lines for pair in zip(line[:-1].tolist(), line[1:].tolist(), strict=True)]
    assert sorted(edges) == sorted(map(tuple, net.edges.tolist()))
    for line in lines:
        assert net.simple[line[1:-1]].all()
        assert line[0] == line[-1] or not net.simple[line[[0, -1]]].any()


@settings(max_examples=150, deadline=None)
@given(PICTURES, st.integers(0, 1_000_000))
def test_where_borders_cross_the_faces_are_no_coverage_and_nowhere_else(picture, seed):
    """Of faces that are valid each; corners are carried off at random, or one onto its neighbour."""
    net = net_of(faces(np.kron(picture[0], np.ones((4, 4), dtype=np.uint8)), 0).shapes)
    assume(len(net.edges))
    now, chance = smoothed(net), np.random.default_rng(seed)
    now[chance.integers(0, len(now), 2)] += chance.normal(0, 1.2, (2, 2))
    if seed % 3 == 0:
        one, other = chance.choice(net.edges)
        now[one] = now[other]
    shapes = net.faces_at(now)
    if shapely.is_valid(shapes).all():
        assert net.crossed(now).any() == (not shapely.coverage_is_valid(shapes))


def test_a_zone_around_thousands_of_others_is_not_looked_through_for_each_of_them():
    classes = np.ones((200, 200), dtype=np.uint8)
    classes[2::4, 2::4] = 2
    grey = np.random.default_rng(3).integers(0, 255, classes.shape).astype(np.uint8)
    net = net_of(faces(classes, 0).shapes)
    began = perf_counter()
    moved = inked(net, smoothed(net), grey)
    between = perf_counter()
    assert shapely.coverage_is_valid(net.faces_at(moved))
    assert between - began < perf_counter() - between


def test_where_there_is_no_ink_no_border_moves():
    """Two colours beside each other without a line, light on both sides or dark on one."""
    classes = np.ones((40, 40), dtype=np.uint8)
    classes[:, 20:] = 2
    for west, east in ((240, 240), (240, 60), (60, 240)):
        net = net_of(faces(classes, 0).shapes)
        assert (inked(net, smoothed(net), np.where(classes == 1, west, east).astype(np.uint8)) == smoothed(net)).all()


def test_a_slanted_border_of_pixels_comes_out_straight():
    """Stairs of two to one, and a corner of four regions that stays where it is."""
    rows, cols = np.indices((40, 40))
    net = net_of(faces(np.where(cols * 2 < rows + 20, 1, 2).astype(np.uint8), 0).shapes)
    west, east = net.faces_at(smoothed(net))
    line = shapely.LineString([(8, -4), (32, 44)])
    shared = shapely.get_coordinates(west.intersection(east))
    inner = shared[(shared[:, 1] > 4) & (shared[:, 1] < 36)]
    offsets = shapely.distance(shapely.points(inner), line)
    assert np.ptp(offsets) < 0.15
    net = net_of(faces(np.array([[1, 2], [3, 1]], dtype=np.uint8).repeat(6, 0).repeat(6, 1), 0).shapes)
    assert sum(shape.covers(shapely.Point(6, 6)) for shape in net.faces_at(smoothed(net))) == 4


def drawn(zones, size=120, wide=3.0, ink=20, fine=8):
    """What is seen of zones with lines around them, and their classes, filled half a pixel and more beside the line."""
    lines = shapely.union_all(shapely.buffer(shapely.boundary(zones), wide / 2))
    share = rasterize([lines], out_shape=(size * fine, size * fine), transform=Affine.scale(1 / fine), dtype="uint8")
    share = share.reshape(size, fine, size, fine).mean(axis=(1, 3))
    grey = (240 * (1 - share) + ink * share).round().astype(np.uint8)
    moved = [shapely.transform(zone, lambda corners: corners + 0.6) for zone in zones]
    return grey, rasterize(
        ((zone, n) for n, zone in enumerate(moved, start=1)), out_shape=(size, size), dtype="uint8", fill=0
    )


@pytest.mark.parametrize("wide", [2.0, 3.0, 4.5])
@pytest.mark.parametrize("turn", [0, 3, 17, 45, 71])
def test_borders_come_to_the_middle_of_their_line(wide, turn):
    """Three zones that meet in two nodes, lines as wide as printed: filled beside, brought back to a tenth on average."""
    zones = [
        shapely.box(20.3, 20.3, 60.7, 100.1),
        shapely.box(60.7, 20.3, 100.4, 55.2),
        shapely.box(60.7, 55.2, 100.4, 100.1),
    ]
    zones = [shapely.affinity.rotate(zone, turn, origin=(60, 60)) for zone in zones]
    grey, classes = drawn(zones, wide=wide)
    found = faces(classes, 0)
    net = net_of(found.shapes)
    before, after = (net.faces_at(now) for now in (smoothed(net), inked(net, smoothed(net), grey)))
    for number, zone in enumerate(zones, start=1):
        was, now = (shapes[found.classes == number][0] for shapes in (before, after))
        assert was.symmetric_difference(zone).area / zone.length > 0.2
        assert shapely.hausdorff_distance(now, zone) < 0.5
        assert now.symmetric_difference(zone).area / zone.length < 0.12


def test_a_wedge_goes_on_to_its_point():
    """Where two lines run together the paper between them is gone, and with it the last 11 pixels of the wedge as it was filled."""
    wedge = shapely.Polygon([(15, 60), (100, 48), (100, 72)])
    over, under = (
        shapely.Polygon([(15, 60), (15, 20), (100, 20), (100, 48)]),
        shapely.Polygon([(15, 60), (15, 100), (100, 100), (100, 72)]),
    )
    grey, classes = drawn([wedge, over, under])
    rows, cols = np.indices(classes.shape)
    classes[(classes == 1) & (cols < 26)] = 0
    classes[(classes == 0) & (cols > 15) & (cols < 26) & (rows > 50) & (rows < 70)] = 2
    found = faces(classes, 0)
    net = net_of(found.shapes)
    rough, fine = (net.faces_at(now)[found.classes == 1][0] for now in (smoothed(net), inked(net, smoothed(net), grey)))
    assert rough.bounds[0] > 25
    assert fine.distance(shapely.Point(15, 60)) < 2.5
    assert fine.intersection(wedge).area / fine.union(wedge).area > 0.97


def test_a_letter_on_a_line_does_not_draw_it_aside():
    """A bar of ink of 8 × 6 pixels beside the line, and the border filled around it."""
    zones = [shapely.box(20, 20, 100, 60), shapely.box(20, 60, 100, 100)]
    grey, classes = drawn(zones)
    grey[60:66, 56:64] = 20
    classes[60:64, 57:63] = 1
    found = faces(classes, 0)
    net = net_of(found.shapes)
    upper = net.faces_at(inked(net, smoothed(net), grey))[found.classes == 1][0]
    middle = shapely.clip_by_rect(upper, 30, 50, 90, 90)
    assert middle.bounds[3] == pytest.approx(60, abs=0.25)


def test_light_is_read_between_the_middles_of_pixels():
    grey = np.array([[0, 100], [200, 50]], dtype=np.uint8)
    places = np.array([[0.5, 0.5], [1.0, 0.5], [0.5, 1.0], [1.5, 1.5], [-9.0, -9.0]])
    assert lights(grey, places).tolist() == [0, 50, 100, 50, 0]
