"""Boundaries of a merger: which land is known, what differs and by what width, shifts told apart from noise."""

import csv
from datetime import date

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.geometry import operation
from planning.mergers.boundaries import derived, located, surviving
from planning.mergers.clauses import EXTENTS, SCOPES, Event, Part
from planning.mergers.differences import compared, outline_differences
from planning.mergers.overlay import overlay
from planning.mergers.shifts import shift
from tests.conftest import REAL
from tests.drawing import ring
from tests.planning.worlds import cell, former_code

DAY = date(2025, 7, 1)
PLACES = """
    A . B . C
    . . . . .
    D . E . F
"""
WEST, EAST, BOTH = (ring(PLACES, corners, 1000.0) for corners in ("ABED", "BCFE", "ACFD"))


def clause(number: int, code: str, *parts: Part) -> Event:
    return Event("1/NQ", str(number), DAY, code, f"Xã {code}", parts)


def whole(code: str) -> Part:
    return Part(code, f"Xã {code}", "whole")


def part(code: str) -> Part:
    return Part(code, f"Xã {code}", "part")


def rest(code: str, *after: str) -> Part:
    return Part(code, f"Xã {code}", "rest", after_clauses=after)


DIVIDED = (clause(1, "00010", part("00001")), clause(2, "00011", rest("00001", "1"), whole("00002")))


def test_a_part_is_the_former_unit_within_the_new_one():
    new = {"00010": shapely.box(*WEST.bounds[:2], WEST.bounds[0] + 400, WEST.bounds[3])}
    lands = located(DIVIDED, {"00001": WEST, "00002": EAST}, new, {})
    assert lands["1/NQ khoản 1", 0].shape.area == pytest.approx(400 * WEST.bounds[3] - 400 * WEST.bounds[1])
    assert lands["1/NQ khoản 2", 0].shape.equals(WEST.difference(new["00010"])), "the rest is what the part left"
    assert derived([lands["1/NQ khoản 2", place].shape for place in (0, 1)]).area == pytest.approx(
        BOTH.area - new["00010"].area
    )


def test_nothing_is_invented_where_neither_side_tells():
    assert set(located(DIVIDED, {}, {"00010": WEST, "00011": EAST}, {})) == set()
    assert set(located(DIVIDED, {"00001": WEST}, {}, {})) == set()


def test_a_unit_that_went_whole_and_alone_has_the_new_boundary():
    [(key, land)] = located([clause(1, "00010", whole("00001"))], {}, {"00010": WEST}, {}).items()
    assert (key, land.how) == (("1/NQ khoản 1", 0), "derived")
    assert land.shape.equals(WEST)


def test_land_given_by_an_office_comes_first():
    drawn = shapely.box(*WEST.bounds[:2], WEST.bounds[0] + 300, WEST.bounds[3])
    lands = located(DIVIDED, {"00001": WEST}, {"00010": WEST}, {("1/NQ khoản 1", "00001"): (drawn, "official")})
    assert lands["1/NQ khoản 1", 0].how == "official"
    assert lands["1/NQ khoản 1", 0].shape.equals(drawn)


def test_width_decides_not_area():
    """A sliver of 3 m along 3 km is 0.9 ha of noise; a square of 30 m is 0.09 ha and a transfer."""
    assert surviving(shapely.box(0, 0, 3000, 3)) == []
    assert len(surviving(shapely.box(0, 0, 30, 30))) == 1


def grown(shapes: dict[str, shapely.Geometry], seed: int, noise_m: float, shift_m: tuple[float, float]):
    """The same borders as another office would draw them: vertices every 40 m, each off by noise, all off by a shift.

    A vertex that several units share moves for all of them alike, so the new units still cover each other's borders.
    """

    def moved(xy):
        keys = np.round(xy, 3)
        offsets = np.array(
            [np.random.default_rng([seed, *np.abs(key * 1000).astype(np.int64)]).uniform(-1, 1, 2) for key in keys]
        )
        return xy + offsets * noise_m / np.sqrt(2) + np.array(shift_m)

    return {code: shapely.transform(shapely.segmentize(shape, 40), moved) for code, shape in shapes.items()}


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    noise_m=st.sampled_from([0.3, 2.0, 3.0]),
    side_m=st.sampled_from([32.0, 60.0, 200.0]),
    planted=st.booleans(),
    shifted=st.booleans(),
)
def test_a_planted_transfer_is_found_and_noise_never_is(seed, noise_m, side_m, planted, shifted):
    """Four units become two; borders are drawn anew with errors up to 3 m and a shift of 1.4 m; a square changes hands."""
    former = {former_code(place): cell(place) for place in range(4)}
    official = {"00050": shapely.union_all([cell(0), cell(1)]), "00051": shapely.union_all([cell(2), cell(3)])}
    if planted:
        x, y = cell(1).bounds[2] - side_m, cell(1).bounds[1] + 300
        square = shapely.box(x, y, x + side_m, y + side_m)
        official = {"00050": official["00050"].difference(square), "00051": official["00051"].union(square)}
    events = [
        clause(1, "00050", whole(former_code(0)), whole(former_code(1))),
        clause(2, "00051", whole(former_code(2)), whole(former_code(3))),
    ]
    drawn = grown(official, seed, noise_m, (1.0, 1.0) if shifted else (0.0, 0.0))
    pieces = overlay(former, drawn)
    found = compared(events, pieces, ({}, drawn)).differences
    transfers = [one for one in found if one.verdict == "transfer"]
    assert [(one.former, one.new) for one in transfers] == ([(former_code(1), "00051")] if planted else [])
    assert [one for one in found if one.verdict != "transfer"] == []
    if planted:
        assert transfers[0].area_m2 == pytest.approx(side_m**2, rel=0.35, abs=60)
        assert transfers[0].explained_by == ()
    conserved = sum(piece.area_m2 for piece in pieces if piece.former is not None)
    assert conserved == pytest.approx(sum(shape.area for shape in former.values()), abs=0.01)


def test_a_divided_unit_explains_what_lies_elsewhere():
    """The west went in part to 10 and for the rest to 11, but a strip of it lies in 12."""
    new = {"00010": shapely.box(*WEST.bounds[:3], WEST.bounds[1] + 500), "00011": EAST}
    new["00012"] = WEST.difference(new["00010"])
    found = compared(DIVIDED, overlay({"00001": WEST, "00002": EAST}, new), ({}, {})).differences
    [strip] = found
    assert (strip.former, strip.new, strip.expected) == ("00001", "00012", ("00010", "00011"))
    assert strip.explained_by == ("1/NQ khoản 1", "1/NQ khoản 2")


@pytest.mark.parametrize("noise_m", [0.1, 0.5, 1.0])
def test_a_constant_shift_is_recovered_through_noise(noise_m):
    line = shapely.boundary(shapely.segmentize(shapely.Point(0, 0).buffer(3000, quad_segs=64), 40))
    rng = np.random.default_rng(7)

    def off(xy):
        moved = xy + np.array([1.1, -0.8]) + rng.normal(0, noise_m, xy.shape)
        moved[-1] = moved[0]
        return moved

    found = shift(line, shapely.transform(line, off))
    assert found is not None
    assert found.constant
    assert found.determined
    assert (found.east_m, found.north_m) == pytest.approx((1.1, -0.8), abs=0.05 + 0.1 * noise_m)


def test_noise_without_a_shift_is_none():
    line = shapely.boundary(shapely.segmentize(shapely.Point(0, 0).buffer(3000, quad_segs=64), 40))
    rng = np.random.default_rng(8)

    def off(xy):
        moved = xy + rng.normal(0, 1.5, xy.shape)
        moved[-1] = moved[0]
        return moved

    found = shift(line, shapely.transform(line, off))
    assert found is None or not found.constant


def test_a_straight_border_tells_only_the_shift_across_it():
    line = shapely.LineString([(0, 0), (4000, 0)])
    found = shift(line, shapely.LineString([(0, 1.4), (4000, 1.4)]))
    assert found is not None
    assert (found.determined, found.east_m) == (False, pytest.approx(0, abs=1e-6))
    assert found.north_m == pytest.approx(1.4)


def test_a_province_and_its_communes_may_disagree():
    north, east = BOTH.bounds[3], BOTH.bounds[2]
    province = shapely.box(*BOTH.bounds[:3], north + 100)
    beyond = shapely.box(east, BOTH.bounds[1], east + 50, BOTH.bounds[1] + 50)
    found, _ = outline_differences([WEST, EAST.union(beyond)], province)
    areas = {one.verdict: round(one.area_m2) for one in found}
    assert areas == {"outside": 2500, "unclaimed": round((east - BOTH.bounds[0]) * 100)}


@pytest.mark.real_data
def test_the_real_parts_of_luc_ngan_make_its_known_area():
    frame = gpd.read_file(REAL / "vn" / "old_communes_2025-06_RECONSTRUCTED_24.gpkg")
    shapes = operation(4326, 9214).shapes(np.array(frame.geometry, dtype=object))
    former = dict(zip(frame["old_code"], shapes, strict=True))
    with (REAL / "vn" / "mergers_24.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["new_code"] == "07582"]
    parts = tuple(Part(row["old_code"], row["old_name"], EXTENTS[row["extent"]], SCOPES[row["scope"]]) for row in rows)
    event = Event("1658/NQ-UBTVQH15", rows[0]["clause"], DAY, "07582", "Xã Lục Ngạn", parts)
    lands = located([event], former, {}, {})
    assert len(lands) == 5
    assert derived([land.shape for land in lands.values()]).area / 1e6 == pytest.approx(82.84, abs=0.01)
