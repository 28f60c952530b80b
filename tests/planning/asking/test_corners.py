"""Corners pasted from a table become a parcel's outline; what bounds no parcel is told with its sides."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planning.asking.corners import crossing_sides
from planning.asking.reading import read
from planning.asking.records import AreaReading
from tests.planning.asking.test_points import PROVINCE, in_zone, sexagesimal

SQUARE = ((2353402.45, 416226.77), (2353402.45, 416246.77), (2353382.45, 416246.77), (2353382.45, 416226.77))
PLAIN = "\n".join(f"{x} {y}" for x, y in SQUARE)
NUMBERED = "\n".join(f"{n}\t{x}\t{y}" for n, (x, y) in enumerate(SQUARE, start=1))
TABLES = {
    "bare": PLAIN,
    "numbered": NUMBERED,
    "first corner again": f"{NUMBERED}\n1\t{SQUARE[0][0]}\t{SQUARE[0][1]}",
    "fifth corner the first": f"{NUMBERED}\n5\t{SQUARE[0][0]}\t{SQUARE[0][1]}",
    "headings": f"Số hiệu điểm\tX(m)\tY(m)\n{NUMBERED}",
    "sides": "STT X (m) Y (m) Cạnh (m)\n" + "\n".join(f"{row} 20.00" for row in NUMBERED.splitlines()),
    "named": "\n".join(f"M{n} {x} {y}" for n, (x, y) in enumerate(SQUARE, start=1)),
    "lettered": "\n".join(f"{name}; {x}; {y}" for name, (x, y) in zip("ABCD", SQUARE, strict=True)),
    "semicolons": NUMBERED.replace("\t", ";").replace("\n", ";"),
    "one line": NUMBERED.replace("\t", " ").replace("\n", " "),
    "commas": PLAIN.replace(".", ","),
    "numbered, commas": NUMBERED.replace(".", ",").replace("\t", "; "),
    "easting first": "\n".join(f"{y} {x}" for x, y in SQUARE),
    "east and north": "\n".join(f"E {y} N {x}" for x, y in SQUARE),
}


def areas(text: str) -> list[AreaReading]:
    return [one for one in read(text, PROVINCE).readings if isinstance(one, AreaReading)]


@pytest.mark.parametrize("table", TABLES)
def test_a_table_of_corners_is_the_square_it_lists(table):
    [found] = areas(TABLES[table] + "\nKTT 107°00'")
    assert found.epsg == 9214
    assert found.corners == 4
    assert found.shape.equals(shapely.Polygon([(y, x) for x, y in SQUARE]))


@pytest.mark.parametrize("table", TABLES)
def test_without_a_zone_every_zone_that_fits_is_a_choice(table):
    found = areas(TABLES[table])
    assert [one.epsg for one in found] == [9214, 9215, 9216, 5899]


@given(
    east=st.floats(-300, 300), north=st.floats(-300, 300), count=st.integers(3, 12), parts=st.integers(1, 3),
    numbered=st.booleans(), lat_first=st.booleans(), comma=st.booleans(), between=st.sampled_from((" ", "; ", "\t")),
)  # fmt: skip
def test_corners_in_degrees_are_read_back_within_a_centimetre(  # noqa: PLR0917 - what is drawn
    east, north, count, parts, numbered, lat_first, comma, between
):
    turns = np.linspace(0, 2 * np.pi, count, endpoint=False)
    corners = [(106.2 + east / 1e5 + np.cos(t) / 2000, 21.25 + north / 1e5 + np.sin(t) / 2000) for t in turns]
    signs = ("", "", "") if parts == 1 else ("°", "'", '"')
    rows = []
    for n, (lon, lat) in enumerate(corners, start=1):
        pair = [sexagesimal(one, parts, signs) for one in ((lat, lon) if lat_first else (lon, lat))]
        rows.append(between.join([*([str(n)] if numbered else []), *pair]))
    text = "\n".join(rows)
    [found] = areas(text.replace(".", ",") if comma else text)
    true = shapely.Polygon([in_zone(*corner, 9214) for corner in corners])
    assert found.shape.hausdorff_distance(true) < 0.01


def test_sides_that_cross_are_named():
    turned = "\n".join(f"{SQUARE[n][0]} {SQUARE[n][1]}" for n in (0, 2, 1, 3))
    heard = read(turned + " KTT 107-00", PROVINCE)
    assert heard.readings == ()
    assert "side 1–2 meets side 3–4" in heard.why.en
    assert "cạnh 1–2 cắt cạnh 3–4" in heard.why.vi


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=3, max_size=9, unique=True))
def test_an_outline_without_crossing_sides_is_valid_and_with_them_is_not(corners):
    """The oracle is GEOS: sides meet nowhere else exactly where the ring is simple."""
    ring = shapely.LinearRing(corners)
    assert (crossing_sides(np.array(corners, dtype=float)) == []) == bool(ring.is_simple)


def test_an_area_too_large_is_told():
    wide = "\n".join(
        f"{n} {e}" for n, e in ((2340000, 410000), (2340000, 425000), (2360000, 425000), (2360000, 410000))
    )
    assert "larger than 100 km²" in read(wide + " KTT 107-00", PROVINCE).why.en


def test_two_corners_are_no_parcel():
    heard = read("2353402.45 416226.77\n2353402.45 416246.77", PROVINCE)
    assert heard.readings == ()
