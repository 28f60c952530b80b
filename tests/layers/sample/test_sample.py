"""The sample province is what it says: a clean coverage, deterministic, with exactly the defects its truth lists."""

import csv
import json
from collections import defaultdict
from dataclasses import fields
from datetime import date
from itertools import groupby

import geopandas
import numpy as np
import pytest
import shapely

from layers.sample import SampleFiles, generate, lattice
from planning.functions import function_of
from planning.mergers.accounts import breaches
from planning.mergers.clauses import EXTENTS, SCOPES, Event, Part, clause_numbers
from planning.units import area_verdict, declared_area, kind_of
from tests.layers.sample.oracle import findings, read, same, wide

PARCELS, ZONES = 2_000, 300


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> SampleFiles:
    return generate(tmp_path_factory.mktemp("sample"), parcels=PARCELS, zones=ZONES)


@pytest.fixture(scope="module")
def parcels(files) -> geopandas.GeoDataFrame:
    return read((files.parcels_a, "parcel"), (files.parcels_b, "parcel"))


@pytest.fixture(scope="module")
def former(files) -> geopandas.GeoDataFrame:
    return read((files.former_units_a, "unit"), (files.former_units_b, "unit"))


@pytest.fixture(scope="module")
def truth(files) -> dict:
    return json.loads(files.truth.read_text(encoding="utf-8"))


def test_a_slow_checker_finds_exactly_the_truth(files, truth):
    found, expected = findings(files), truth["findings"]
    for one in found:
        assert sum(same(one, row) for row in expected) == 1, f"not in the truth: {one}"
    for row in expected:
        assert sum(same(one, row) for one in found) == 1, f"not found: {row}"


@pytest.mark.parametrize("stride", [2, 4])
def test_the_truth_holds_where_zones_are_drawn_more_coarsely_than_parcels(tmp_path, monkeypatch, stride):
    monkeypatch.setattr(lattice, "MOST_ZONE_CELLS", 250_000 // stride**2)
    assert lattice.size_for(20_000, 500).stride == stride
    files = generate(tmp_path, parcels=20_000, zones=500, seed=3)
    found, expected = findings(files), json.loads(files.truth.read_text(encoding="utf-8"))["findings"]
    assert len(found) == len(expected)
    assert all(sum(same(one, row) for row in expected) == 1 for one in found)
    assert read((files.plans_a, "zone"), (files.plans_b, "zone")).is_valid.all()


def test_every_kind_of_defect_is_planted_in_both_zones_of_projection(truth):
    checks = {row["check"] for row in truth["findings"]}
    assert checks == {
        "unit.gap", "unit.overlap", "level.uncovered", "plan.zone-gap", "plan.zone-overlap", "plan.zone-overhang", "plan.overlap",
    }  # fmt: skip
    assert sum("9209" in row["planted"] for row in truth["findings"]) >= 6
    assert all(row["width_m"] < truth["tolerance_m"] for row in truth["noise"])
    assert all(row["width_m"] > 2 * truth["tolerance_m"] for row in truth["findings"])


@pytest.mark.parametrize("seed", [2025, 7])
def test_the_same_seed_gives_the_same_bytes(tmp_path, files, seed):
    first = files if seed == 2025 else generate(tmp_path / "first", parcels=PARCELS, zones=ZONES, seed=seed)
    again = generate(tmp_path / "again", parcels=PARCELS, zones=ZONES, seed=seed)
    for field in fields(SampleFiles):
        assert getattr(first, field.name).read_bytes() == getattr(again, field.name).read_bytes(), field.name


def test_another_seed_gives_another_province(tmp_path, files):
    other = generate(tmp_path, parcels=PARCELS, zones=ZONES, seed=1)
    assert other.parcels_a.read_bytes() != files.parcels_a.read_bytes()


def test_there_is_as_much_as_was_asked_for(files, parcels):
    zones = read((files.plans_a, "zone"), (files.plans_b, "zone"))
    assert len(parcels) == pytest.approx(PARCELS, rel=0.01)
    assert len(zones) == pytest.approx(ZONES, rel=0.15)
    corners = shapely.get_num_coordinates(parcels.geometry.to_numpy()) - 1
    assert 12 <= corners.mean() <= 16


def test_every_shape_is_a_valid_polygon(files, parcels, former):
    plans = read(
        *((path, layer) for path in (files.plans_a, files.plans_b, files.plans_a_earlier) for layer in ("plan", "zone"))
    )
    for frame in (parcels, former, plans, read((files.new_units, "unit"))):
        assert frame.is_valid.all()
        assert (frame.geom_type == "Polygon").all()


def test_parcels_tile_the_province_without_gap_or_overlap(parcels, former):
    shapes = parcels.geometry.to_numpy()
    province = shapely.union_all(former[former.code.str.len() == 5].geometry)
    union = shapely.union_all(shapes)
    assert union.area == pytest.approx(shapely.area(shapes).sum(), rel=1e-6)
    assert wide(union ^ province) == []
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = one < other
    common = shapely.intersection(shapes[one[pairs]], shapes[other[pairs]])
    assert shapely.area(common).max() < 1e-3


def test_parcels_lie_in_the_former_commune_of_their_key(parcels, former):
    communes = former.set_index("code").geometry
    home = communes.loc[parcels.former_code].to_numpy()
    assert shapely.area(shapely.difference(parcels.geometry.to_numpy(), home)).max() < 1e-3


def test_sheets_restart_in_every_former_commune_and_numbers_in_every_sheet(parcels):
    assert not parcels.duplicated(["former_code", "sheet", "number"]).any()
    assert (parcels.groupby("former_code").sheet.min() == 1).all()
    assert (parcels.groupby("former_code").sheet.max() == parcels.groupby("former_code").sheet.nunique()).all()
    by_sheet = parcels.groupby(["former_code", "sheet"]).number
    assert (by_sheet.min() == 1).all()
    assert (by_sheet.max() == by_sheet.count()).all()
    assert by_sheet.count().max() <= 130


def test_borders_have_no_long_straight_edge(files, former):
    for shape in (*former.geometry, *read((files.new_units, "unit")).geometry):
        assert np.hypot(*np.diff(shapely.get_coordinates(shape), axis=0).T).max() < 400


def test_a_new_commune_keeps_the_vertices_of_the_former_ones_but_where_one_was_divided(files):
    west = geopandas.read_file(files.former_units_a).set_index("code").geometry
    new = geopandas.read_file(files.new_units).set_index("code").geometry["90102"]
    known = {tuple(xy) for xy in shapely.get_coordinates(west.to_numpy())}
    strangers = [xy for xy in shapely.get_coordinates(new) if tuple(xy) not in known]
    assert strangers
    assert shapely.contains_properly(west["90004"], shapely.points(strangers)).all()


def test_many_parcels_lie_in_several_zones_of_one_level(files, parcels):
    zones = read((files.plans_a, "zone"), (files.plans_b, "zone"))
    land_use = zones[zones.plan_code.str.startswith("QHSDĐ")].geometry.to_numpy()
    shapes = parcels.geometry.to_numpy()
    parcel, zone = shapely.STRtree(land_use).query(shapes, predicate="intersects")
    shared = shapely.area(shapely.intersection(shapes[parcel], land_use[zone])) > 1
    assert np.mean(np.bincount(parcel[shared], minlength=len(shapes)) > 1) > 0.25


def test_former_and_new_units_cover_the_same_land_but_for_what_is_planted(files, former, truth):
    new = read((files.new_units, "unit"))
    old_land = shapely.union_all(former[former.code.str.len() == 5].geometry)
    new_land = shapely.union_all(new[new.code.str.len() == 5].geometry)
    [gap] = [row["area_m2"] for row in truth["findings"] if row["check"] == "unit.gap"]
    assert sum(part.area for part in wide(old_land ^ new_land)) == pytest.approx(gap, rel=1e-6)
    provinces = former[former.code.str.len() == 2].geometry
    assert wide(shapely.union_all(provinces) ^ new[new.code == "92"].geometry.iloc[0]) == []


def test_units_have_names_that_tell_their_kind_and_homonyms_are_told_apart_by_district(former):
    assert all(kind_of(name) for name in former.name)
    communes = former[former.code.str.len() == 5]
    twins = communes[communes.duplicated("name", keep=False)]
    assert len(twins) == 2
    assert twins.district.nunique() == 2


def test_one_declared_area_has_the_wrong_unit_of_measure(former, truth):
    doubtful = {}
    for unit in former.itertuples():
        area = declared_area(unit.declared_km2)
        if doubt := area_verdict(area.area_km2, unit.geometry.area / 1e6).why:
            doubtful[unit.code] = doubt
    assert list(doubtful) == [truth["declared_area"]["unit_code"]]
    assert "ha written for km²" in next(iter(doubtful.values()))


def test_the_mergers_account_for_every_former_unit_once(files, former):
    events = _events(files.mergers)
    assert breaches(events) == []
    assert {part.code for event in events for part in event.parts} == set(former.code)
    assert {event.kind for event in events} == {"merge", "absorb"}


def _events(path) -> list[Event]:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = sorted(csv.DictReader(stream), key=lambda row: (row["resolution"], row["clause"]))
    events = []
    for (resolution, clause), group in groupby(rows, key=lambda row: (row["resolution"], row["clause"])):
        ours = list(group)
        parts = tuple(
            Part(
                row["old_code"],
                row["old_name"],
                EXTENTS[row["extent"]],
                SCOPES[row["scope"]],
                clause_numbers(row["after_clause"]),
            )
            for row in ours
        )
        events.append(Event(resolution, clause, date(2025, 7, 1), ours[0]["new_code"], ours[0]["new_name"], parts))
    return events


def test_zones_have_known_functions_and_plausible_indicators(files):
    zones = read((files.plans_a, "zone"), (files.plans_b, "zone"))
    assert all(function_of(row.function_code, row.function_scheme) for row in zones.itertuples())
    built = zones[zones.density_pct.notna()]
    assert len(built) > 20
    assert built.density_pct.between(1, 100).all()
    assert (built.floors_min <= built.floors_max).all()
    assert (built.far_max <= built.density_pct / 100 * built.floors_max + 1e-9).all()
    assert (built.height_max_m >= 3 * built.floors_max).all()
    assert zones[zones.function_scheme == "land_use"].density_pct.isna().all()


def test_dates_of_plans_matter(files):
    plans, earlier = read((files.plans_a, "plan"), (files.plans_b, "plan")), read((files.plans_a_earlier, "plan"))
    assert (plans.valid_to == "2026-01-01").sum() == 1
    [old] = earlier.itertuples()
    new = plans[plans.code == old.code].iloc[0]
    assert old.valid_to == new.valid_from
    assert plans.valid_to.isna().any()


def test_everything_says_that_it_is_an_illustration(files, former):
    plans = read((files.plans_a, "plan"), (files.plans_b, "plan"))
    assert plans.name.str.contains("minh họa").all()
    assert plans.approver.str.contains("minh họa").all()
    assert former[former.code.str.len() == 2].name.str.contains("minh họa").all()
    for path in (files.availability, files.carry_over, files.mergers):
        assert "minh họa" in path.read_text(encoding="utf-8")


def test_statements_leave_every_state_of_an_answer_possible(files):
    with files.availability.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    states = defaultdict(set)
    for row in rows:
        states[row["theme"]].add(row["state"])
    assert {"complete", "partial"} <= states["general"] | states["detailed"]
    assert "urban_design" not in states
    with files.carry_over.open(encoding="utf-8", newline="") as stream:
        decisions = [row["decision"] for row in csv.DictReader(stream)]
    assert decisions.count("undecided") == 1
    assert "kept" in decisions


def test_progress_is_told_to_the_end(tmp_path):
    heard = []
    generate(tmp_path, parcels=PARCELS, zones=ZONES, progress=lambda *step: heard.append(step))
    for doing in {step[0] for step in heard}:
        _, done, total = [step for step in heard if step[0] == doing][-1]
        assert done == total


def test_too_small_a_province_is_refused(tmp_path):
    with pytest.raises(ValueError, match="at least"):
        generate(tmp_path, parcels=100, zones=100)
