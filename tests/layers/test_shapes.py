"""Shapes on their way into the store: what is reckoned once for many comes out as if it were reckoned for each."""

import numpy as np
import pytest
import shapely

from layers.ingest.repairs import repaired
from layers.ingest.shapes import sifted
from planning.geometry import WEB, operation

CORNER = (500_000.0, 2_320_000.0)


def test_neighbours_meet_on_the_web_where_each_vertex_lies_by_itself() -> None:
    """Four lots around a common corner:  A B  over  C D."""
    x, y = CORNER
    lots = np.array([shapely.box(x + i, y + j, x + i + 40, y + j + 40) for i in (0, 40) for j in (0, 40)], dtype=object)

    found = sifted(lots, 9214, 9214)

    to_web = operation(9214, WEB)
    for plane, web in zip(found.geom, found.geom_web, strict=True):
        one_by_one = {to_web.point(*corner) for corner in shapely.get_coordinates(plane).tolist()}
        assert set(map(tuple, shapely.get_coordinates(web).tolist())) == one_by_one
    assert shapely.coverage_is_valid(shapely.get_parts(found.geom_web))


@pytest.mark.parametrize(
    "drawn",
    [
        "POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))",
        "POLYGON ((0 0, 0 2, 2 2, 2 0, 0 0))",
        "POLYGON Z ((0 0 1, 2 0 1, 2 0 1, 2 2 1, 0 0 1))",
        "POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))",
        "POLYGON ((0 0, 4 0, 4 4, 2 4, 2 6, 2 4, 0 4, 0 0))",
        "LINESTRING (1 1, 1 1)",
    ],
)
def test_what_is_said_of_a_mended_shape_holds_of_it(drawn: str) -> None:
    """A square, turned, with a height and a vertex twice, a bow-tie, a spike, a line without length."""
    mended = repaired(np.array([shapely.from_wkt(drawn), None], dtype=object))

    assert mended.valid.tolist() == [bool(shapely.is_valid(one)) for one in mended.shapes]
