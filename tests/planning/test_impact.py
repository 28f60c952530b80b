"""What the impact report says of small mergers whose every answer is known by heart."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from planning.mergers.clauses import Event, Part
from planning.mergers.document import document
from planning.mergers.impact import impact
from planning.mergers.matrix import Cell, matrix
from planning.mergers.overlay import overlay
from planning.mergers.situation import Collision, ParcelMove, Parcels, PlanFacts, Situation, UnitFacts
from tests.drawing import ORIGIN, ring

MERGED = date(2025, 7, 1)
PLACES = """
    A . . B . . C . . D
    . . . . . . . . . .
    . . . . . . . . . .
    E . . F . . G . . H
"""
STEP = 100.0
WEST, MIDDLE, EAST, NEW, OTHER = "07001", "09001", "09002", "07210", "07211"
X, Y = ORIGIN


def drawn(corners: str):
    return ring(PLACES, corners, STEP)


def box(west: float, east: float, south: float = 0.0, north: float = 300.0):
    """Metres from the south-western corner E."""
    return shapely.box(X + west, Y + south, X + east, Y + north)


def unit(code: str, shape=None, **facts) -> UnitFacts:
    return UnitFacts(code, f"Xã {code}", "xa", shape=shape, district=None, **facts)


def plan(code: str, shape, level: str = "general", valid_to: date | None = None) -> PlanFacts:
    day = date(2020, 1, 1)
    return PlanFacts(
        code, f"Đồ án {code}", "rural", level, None, 5000, "1/QĐ", day, "UBND tỉnh", day, valid_to, shape, 9214
    )


def clause(number: str, code: str, *parts: Part) -> Event:
    return Event("1/NQ", number, MERGED, code, f"Phường {code}", parts)


def whole(code: str) -> Part:
    return Part(code, f"Xã {code}", "whole")


def town(**changes) -> Situation:
    """West and middle become one ward, east is kept; three plans on their land."""
    former = {WEST: unit(WEST, drawn("ABFE")), MIDDLE: unit(MIDDLE, drawn("BCGF")), EAST: unit(EAST, drawn("CDHG"))}
    made = (clause("1", NEW, whole(WEST), whole(MIDDLE)), clause("2", OTHER, whole(EAST)))
    plans = (plan("P1", box(0, 300)), plan("P2", box(260, 700)), plan("P3", box(100, 200, 100, 200), "detailed"))
    new = {NEW: unit(NEW, declared_area_km2=0.18), OTHER: unit(OTHER, declared_area_km2=9.0)}
    return replace(Situation(made, MERGED, former, new, plans=plans), **changes)


def divided(**changes) -> Situation:
    """As at Hà Bắc: a new unit takes a whole unit and a part of the middle one, whose rest goes to another; nobody drew the line."""
    former = {WEST: unit(WEST, drawn("ABFE")), MIDDLE: unit(MIDDLE, drawn("BCGF")), EAST: unit(EAST, drawn("CDHG"))}
    made = (
        clause("1", NEW, whole(WEST), Part(MIDDLE, "Xã Cẩm Việt", "part")),
        clause("2", OTHER, whole(EAST), Part(MIDDLE, "Xã Cẩm Việt", "rest", after_clauses=("1",))),
    )
    return replace(Situation(made, MERGED, former, {NEW: unit(NEW), OTHER: unit(OTHER)}), **changes)


def test_the_heading_counts_what_closes_and_opens():
    report = document(impact(town(illustration=True)))
    assert (report["resolutions"], report["effective"], report["illustration"]) == (["1/NQ"], "2025-07-01", True)
    assert (report["summary"]["closed"], report["summary"]["opened"]) == (3, 2)
    assert [unit["code"] for unit in report["closed"]] == [WEST, MIDDLE, EAST]


def test_a_new_unit_without_an_official_boundary_is_the_union_of_its_parts():
    report = document(impact(town()))
    new = {unit["code"]: unit for unit in report["opened"]}[NEW]
    assert (new["how"], new["area_km2"]) == ("derived", 0.18)
    [west, middle] = report["events"][0]["parts"]
    assert (west["share_of_from_pct"], west["share_of_to_pct"], middle["share_of_to_pct"]) == (100.0, 50.0, 50.0)


def test_a_declared_area_in_the_wrong_unit_of_measure_is_doubted_and_one_on_the_coast_is_not():
    units = {unit["code"]: unit for unit in document(impact(town()))["opened"]}
    assert (units[NEW]["area_judgement"], units[OTHER]["area_judgement"]) == ("agrees", "doubtful")
    for declared, judged, why in ((0.7, "exempt", "on the sea"), (9.0, "doubtful", "km² written for ha")):
        coast = {NEW: unit(NEW), OTHER: unit(OTHER, declared_area_km2=declared, coastal=True)}
        units = {unit["code"]: unit for unit in document(impact(town(new=coast)))["opened"]}
        assert units[OTHER]["area_judgement"] == judged
        assert why in units[OTHER]["area_why"]


def test_breaches_are_shown_and_the_rest_of_the_report_stands():
    twice = (*town().events, clause("3", "07299", whole(WEST), whole("99999")))
    report = document(impact(town(events=twice, new={**town().new, "07299": unit("07299")}, bystanders=("09009",))))
    rules = {(one["rule"], one["code"]) for one in report["accounts"]}
    assert {("taken-twice", WEST), ("unknown-code", "99999"), ("left-out", "09009")} <= rules
    assert all(one["vi"] and one["en"] and one["message"] for one in report["accounts"])
    assert report["summary"]["without_boundary"] == ["07299"]


def test_a_divided_unit_whose_line_nobody_drew_leaves_its_parts_unknown():
    """W . . M . . E : where in M the line runs is unknown, and with it the boundaries of both new units."""
    moves = (ParcelMove(WEST, NEW, 10), ParcelMove(MIDDLE, None, 7), ParcelMove(EAST, OTHER, 5))
    report = document(impact(divided(parcels=Parcels(moves))))
    assert report["summary"]["without_boundary"] == [NEW, OTHER]
    assert (report["summary"]["parts_unknown"], report["summary"]["parcels_unknown"]) == (2, 7)
    part = report["events"][0]["parts"][1]
    assert (part["how"], part["area_km2"], part["share_of_from_pct"]) == (None, None, None)
    assert part["candidates"] == [NEW, OTHER]
    assert {unit["code"]: unit["goes_to"] for unit in report["closed"]}[MIDDLE] == [NEW, OTHER]
    assert {unit["how"] for unit in report["opened"]} == {None}
    assert report["boundaries"]["differences"] == []


def test_the_official_line_tells_what_the_clause_does_not():
    new = {NEW: unit(NEW, box(0, 400), how="official"), OTHER: unit(OTHER, box(400, 900), how="official")}
    report = document(impact(divided(new=new)))
    assert report["summary"]["parts_unknown"] == 0
    part, rest = report["events"][0]["parts"][1], report["events"][1]["parts"][1]
    assert (part["share_of_from_pct"], rest["share_of_from_pct"]) == (pytest.approx(33.333), pytest.approx(66.667))


def test_land_that_went_elsewhere_than_the_clauses_say_is_a_transfer_and_narrow_land_is_noise():
    """The official border runs 5 m inside the middle unit along its whole length, but for a bay of 60 m by 100 m beyond it."""
    line = shapely.union(box(0, 595), box(595, 660, 100, 200))
    new = {
        NEW: unit(NEW, line, how="official"),
        OTHER: unit(OTHER, shapely.difference(box(0, 900), line), how="official"),
    }
    report = document(impact(town(new=new)))
    [difference] = report["boundaries"]["differences"]
    assert (difference["verdict"], difference["former"], difference["new"]) == ("transfer", EAST, NEW)
    assert (difference["area_m2"], difference["explained_by"]) == (pytest.approx(60 * 100), [])
    assert difference["width_m"] == pytest.approx(60, abs=1.5)
    assert report["boundaries"]["noise"]["area_m2"] == pytest.approx(5 * 200)


def test_a_plan_is_asked_about_with_the_units_it_lies_in_and_is_never_widened():
    plans = {one["code"]: one for one in document(impact(town()))["plans"]}
    two = plans["P2"]
    assert [one["code"] for one in two["former"]] == [WEST, MIDDLE, EAST]
    assert [(one["code"], one["area_m2"]) for one in two["new"]] == [(NEW, 340 * 300.0), (OTHER, 100 * 300.0)]
    assert (two["carry_over"], two["decided"]) == ("kept", False)
    assert "Điều 59" in two["basis"]
    assert sum(one["area_m2"] for one in two["new"]) == two["area_m2"]
    assert (two["spans"], plans["P1"]["spans"]) == (True, False)


def test_two_plans_of_one_level_over_the_same_land_of_a_new_unit_are_flagged_and_an_amendment_is_not():
    """P1 ends at 300 m, P2 begins at 260 m; P3 is of another level."""
    report = document(impact(town()))
    assert report["clashes"]["rows"] == [{"new": NEW, "level": "general", "plans": ["P1", "P2"], "area_m2": 40 * 300.0}]
    plans = {one["code"]: one["overlaps"] for one in report["plans"]}
    assert plans["P1"] == [{"plan": "P2", "new": NEW, "area_m2": 12000.0}]
    assert plans["P3"] == []
    amended = (plan("P1", box(0, 300)), replace(plan("P2", box(260, 700)), amends="P1"))
    assert document(impact(town(plans=amended)))["clashes"]["total"] == 0


def test_provinces_and_communes_are_laid_over_their_own_kind_so_that_no_land_counts_twice():
    outline = drawn("ADHE")
    former = {**town().former, "24": unit("24", outline, level="province")}
    made = (*town().events, clause("4", "27", whole("24")))
    report = document(impact(town(former=former, events=made, new={**town().new, "27": unit("27", level="province")})))
    pairs = {(row["former"], row["new"]): row["area_m2"] for row in report["matrix"]["rows"] if row["plan"] is None}
    assert pairs == {(WEST, NEW): 90_000.0, (MIDDLE, NEW): 90_000.0, (EAST, OTHER): 90_000.0, ("24", "27"): 270_000.0}


def test_a_plan_whose_term_ends_by_the_day_is_expired_and_what_an_office_decided_stands():
    ended = plan("P1", box(0, 300), valid_to=MERGED)
    spoken = replace(plan("P2", box(300, 600)), decision="undecided", basis="Công văn 12")
    plans = {one["code"]: one for one in document(impact(town(plans=(ended, spoken))))["plans"]}
    assert (plans["P1"]["carry_over"], plans["P1"]["decided"]) == ("expired", False)
    assert (plans["P2"]["carry_over"], plans["P2"]["basis"], plans["P2"]["decided"]) == (
        "undecided",
        "Công văn 12",
        True,
    )


def test_a_plan_that_only_touches_the_land_by_a_sliver_is_not_in_the_report():
    beside = plan("P9", box(899.99, 1200))
    assert document(impact(town(plans=(beside,))))["plans"] == []


def test_parcels_and_colliding_keys_are_told():
    parcels = Parcels(
        (ParcelMove(WEST, NEW, 3), ParcelMove(MIDDLE, NEW, 4)), 2, (Collision(NEW, 1, 12, (WEST, MIDDLE)),)
    )
    told = document(impact(town(parcels=parcels)))["parcels"]
    assert told["moves"] == [{"former": WEST, "new": NEW, "parcels": 3}, {"former": MIDDLE, "new": NEW, "parcels": 4}]
    assert (told["colliding"], told["collisions"][0]["formers"]) == (2, [WEST, MIDDLE])


def test_levels_tell_communes_with_no_plan_and_with_several():
    rows = {(row["new"], row["level"]): row for row in document(impact(town()))["levels"]["rows"]}
    general, land_use = rows[NEW, "general"], rows[NEW, "land_use"]
    assert (general["state"], general["covered_pct"], general["overlap_m2"]) == ("several", 100.0, 40 * 300.0)
    assert (land_use["state"], land_use["covered_pct"]) == ("none", 0.0)
    assert rows[NEW, "detailed"]["state"] == "one"
    assert rows[OTHER, "detailed"]["state"] == "none"
    assert (NEW, "subdivision") not in rows


def test_the_document_is_plain_json_the_same_every_time_and_has_a_drawing():
    report = document(impact(town()))
    assert json.loads(json.dumps(report)) == report == document(impact(town()))
    assert len(report["map"]["before"]) == 3
    assert len(report["map"]["after"]) == 2
    assert (report["map"]["width"], report["map"]["height"]) == (1500, 500)


def test_progress_is_told_step_by_step():
    told: list[tuple[int, int]] = []
    impact(town(), lambda _, done, of: told.append((done, of)))
    assert [done for done, _ in told] == list(range(1, told[-1][1] + 1))


CELLS = 4
Assigned = st.lists(st.integers(0, 3), min_size=CELLS * CELLS, max_size=CELLS * CELLS).filter(any)
Edge = st.integers(0, CELLS * 10)


def grid(assigned: list[int], prefix: str) -> dict[str, object]:
    """Cells of 10 m united by what they were assigned; 0 lies in no unit."""
    cells: dict[str, list] = {}
    for place, number in enumerate(assigned):
        if number:
            x, y = place % CELLS * 10, place // CELLS * 10
            cells.setdefault(f"{prefix}{number}", []).append(box(x, x + 10, y, y + 10))
    return {code: shapely.union_all(shapes) for code, shapes in cells.items()}


@settings(max_examples=50, deadline=None)
@given(Assigned, Assigned, st.lists(st.tuples(Edge, Edge, Edge, Edge), min_size=1, max_size=4))
def test_the_matrix_is_what_an_overlay_of_tables_gives(before, after, lands):
    former, new = grid(before, "F"), grid(after, "N")
    boxes = [box(*sorted((a, b)), *sorted((c, d))) for a, b, c, d in lands if a != b and c != d]
    assume(boxes)
    plans = [plan(f"P{number}", shape) for number, shape in enumerate(boxes)]
    pieces = overlay(former, new)
    found = matrix(pieces, plans)
    cells = {(cell.former, cell.new, cell.plan): cell.area_m2 for cell in found}
    for key, area in _by_tables(former, new, {one.code: one.shape for one in plans}).items():
        assert cells.pop(key) == pytest.approx(area)
    assert cells == {}
    bare = {(one.former, one.new): one.no_plan_m2 for one in found if one.plan is None}
    planned = shapely.union_all(boxes)
    for piece in pieces:
        assert bare[piece.former, piece.new] == pytest.approx(piece.shape.difference(planned).area, abs=1e-6)
    assert _sums(found) == pytest.approx({code: float(shape.area) for code, shape in (former | new).items()})


def _sums(found: Iterable[Cell]) -> dict[str, float]:
    """Each unit's area as the cells of both sides say."""
    sums: dict[str, float] = {}
    for cell in found:
        for code in (cell.former, cell.new):
            if code is not None and cell.plan is None:
                sums[code] = sums.get(code, 0.0) + cell.area_m2
    return sums


def _by_tables(former, new, plans) -> dict[tuple[str | None, str | None, str | None], float]:
    """The oracle: tables of shapes laid over each other by geopandas."""
    units = _table(former, "former").overlay(_table(new, "new"), how="union", keep_geom_type=True)
    rows = units.assign(plan=None)
    both = units.overlay(_table(plans, "plan"), how="intersection", keep_geom_type=True)
    found: dict[tuple[str | None, str | None, str | None], float] = {}
    for frame in (rows, both):
        for _, row in frame.iterrows():
            key = tuple(row[name] if isinstance(row[name], str) else None for name in ("former", "new", "plan"))
            if row.geometry.area > 0:
                found[key] = found.get(key, 0.0) + row.geometry.area
    return found


def _table(shapes, name: str) -> gpd.GeoDataFrame:
    codes = list(shapes)
    return gpd.GeoDataFrame(
        {name: np.array(codes, dtype=object)}, geometry=[shapes[code] for code in codes], crs="EPSG:9214"
    )
