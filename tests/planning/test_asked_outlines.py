"""Why an outline that somebody draws is refused: every fault that GEOS names is said in both languages, with its place."""

import pytest

from planning.errors import BadQuestion
from planning.outlines import FAULTS, outline

SIDE = 0.001


def polygon(*rings: str) -> str:
    """WKT of rings drawn on a grid of thousandths of a degree near 106° E, 21° N: “0 0, 9 0, 9 9”."""
    return "(" + ", ".join(f"({', '.join(map(corner, ring.split(', ')))})" for ring in rings) + ")"


def corner(text: str) -> str:
    east, north = map(float, text.split())
    return f"{106 + east * SIDE:.6f} {21 + north * SIDE:.6f}"


SQUARE = "0 0, 9 0, 9 9, 0 9, 0 0"


@pytest.mark.parametrize(
    ("drawn", "fault"),
    [
        ("POLYGON " + polygon("0 0, 9 9, 9 0, 0 9, 0 0"), "Self-intersection"),
        ("POLYGON " + polygon("0 0, 9 0, 5 5, 9 9, 0 9, 5 5, 0 0"), "Ring Self-intersection"),
        ("POLYGON " + polygon(SQUARE, "20 20, 21 20, 21 21, 20 20"), "Hole lies outside shell"),
        ("POLYGON " + polygon(SQUARE, "1 1, 8 1, 8 8, 1 8, 1 1", "2 2, 3 2, 3 3, 2 2"), "Holes are nested"),
        ("MULTIPOLYGON (" + polygon(SQUARE) + ", " + polygon("1 1, 2 1, 2 2, 1 1") + ")", "Nested shells"),
        ("POLYGON " + polygon(SQUARE, "0 4, 4 3, 4 5, 0 4", "4 3, 9 4, 4 5, 6 4, 4 3"), "Interior is disconnected"),
        ("POLYGON " + polygon("0 0, 9 0, 0 0, 0 0"), "Too few points in geometry component"),
    ],
)
def test_a_fault_is_said_in_vietnamese_and_english_with_its_place(drawn, fault):
    vi, en = FAULTS[fault]
    with pytest.raises(BadQuestion) as refused:
        outline(drawn, 9214)
    assert f"đa giác không hợp lệ: {vi} tại 106" in refused.value.said("vi")
    assert f"the polygon is not valid: {en} at 106" in refused.value.said("en")
    assert not any(word in refused.value.said("vi") for word in FAULTS)
