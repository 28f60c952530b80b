"""Hot questions are answered through their indexes: no sequential scan of a big table, whatever the planner thinks of a small one."""

import json
import re
from datetime import date

import psycopg
import pytest
import shapely

from planning.settings import Settings
from planning.store.texts import QUESTIONS
from tests.guide import ROOT
from tiles.vector import _SQL as TILES

BIG = {"parcel", "zone", "plan", "unit"}
DAY = date(2026, 1, 15)


def scans(settings: Settings, question: str, *values: object) -> list[tuple[str, str]]:
    """The scans of the plan: (kind, table). The planner may choose freely; the statistics are those of the loaded sample."""
    question, bound = bound_by_name(question, *values)
    with psycopg.connect(settings.database_url) as connection:
        connection.execute("ANALYZE")
        [(plan,)] = connection.execute("EXPLAIN (FORMAT JSON) " + question, bound).fetchall()
    found: list[tuple[str, str]] = []

    def walk(node: dict[str, object]) -> None:
        if "Relation Name" in node:
            found.append((str(node["Node Type"]), str(node["Relation Name"])))
        for child in node.get("Plans", []):  # type: ignore[attr-defined]
            walk(child)

    walk((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])
    return found


def bound_by_name(question: str, *values: object) -> tuple[str, dict[str, object]]:
    """The question as this driver wants it."""
    question = question.replace("%", "%%")
    for place in range(len(values), 0, -1):
        question = question.replace(f"${place}", f"%(p{place})s")
    return question, {f"p{place}": value for place, value in enumerate(values, start=1)}


def sequential(found: list[tuple[str, str]], tables: set[str]) -> list[tuple[str, str]]:
    return [one for one in found if one[0] == "Seq Scan" and one[1] in tables]


def test_a_point_lookup_reads_no_big_table_whole(sample):
    found = scans(sample[0], QUESTIONS["lookup"], [416_000.0], [2_350_000.0], DAY, None, 9214, False)
    assert {"parcel", "zone"} <= {table for _, table in found}
    assert sequential(found, {"parcel", "zone"}) == []


PLACE = ([416_000.0], [2_350_000.0], DAY, None, 9214, False)
SQUARE = shapely.to_wkb(shapely.set_srid(shapely.box(416_000, 2_350_000, 416_300, 2_350_300), 9214), include_srid=True)
READ_WHOLE = {"release", "check_run", "deployment"}
"""A row for each publication or run of the checks: no index serves them better."""


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("lookup", PLACE),
        ("parcel", ("90001", 1, 1, DAY, None, False)),
        ("area", (SQUARE, DAY, None, False)),
        ("window", (416_000.0, 2_350_000.0, 416_350.0, 2_350_200.0, DAY, None, 9214, 500, 500, 0.03)),
    ],
)
def test_whatever_grows_with_the_data_has_an_index_for_the_question(sample, question, values):
    """Sequential scans made dear, one that is left has no index to go by: shares, pieces, lines, findings, decisions and all."""
    asked, bound = bound_by_name(QUESTIONS[question], *values)
    with psycopg.connect(sample[0].database_url) as connection:
        connection.execute("SET enable_seqscan = off")
        plan = "\n".join(row[0] for row in connection.execute("EXPLAIN " + asked, bound).fetchall())
    assert set(re.findall(r"Seq Scan on (\w+)", plan)) <= READ_WHOLE, plan


@pytest.mark.parametrize("question", ["lookup", "parcel", "area"])
def test_the_plan_kept_in_the_docs_reads_nothing_whole_that_grows(question):
    """As `script/bench plans` wrote it, the planner choosing freely."""
    kept = (ROOT / "docs" / "benchmarks" / "plans" / f"{question}.txt").read_text(encoding="utf-8")
    assert "Index Scan using zone_piece_geom_idx" in kept or "Index Scan using parcel_share_pkey" in kept
    assert set(re.findall(r"Seq Scan on (\w+)", kept)) <= READ_WHOLE


def test_a_parcel_answer_reads_no_big_table_whole(sample):
    with psycopg.connect(sample[0].database_url) as connection:
        [key] = connection.execute("SELECT former_code, sheet, number FROM parcel LIMIT 1").fetchall()
    found = scans(sample[0], QUESTIONS["parcel"], *key, DAY, None, False)
    assert sequential(found, {"parcel", "zone"}) == []


def test_the_window_of_a_map_reads_no_big_table_whole(sample):
    found = scans(
        sample[0], QUESTIONS["window"], 416_000.0, 2_350_000.0, 416_350.0, 2_350_200.0, DAY, None, 9214, 500, 500, 0.03
    )
    assert {"parcel", "zone"} <= {table for _, table in found}
    assert sequential(found, {"parcel", "zone"}) == []


def test_an_area_reads_no_big_table_whole(sample):
    square = shapely.to_wkb(
        shapely.set_srid(shapely.box(416_000, 2_350_000, 416_300, 2_350_300), 9214), include_srid=True
    )
    found = scans(sample[0], QUESTIONS["area"], square, DAY, None, False)
    assert {"parcel", "zone"} <= {table for _, table in found}
    assert sequential(found, {"parcel", "zone"}) == []


def test_a_parcel_of_a_present_commune_is_found_by_its_key(sample):
    """By equality on the former code, the sheet and the number, for each former commune that may have it."""
    with psycopg.connect(sample[0].database_url) as connection:
        [(commune,)] = connection.execute("SELECT to_code FROM unit_event LIMIT 1").fetchall()
    found = scans(sample[0], QUESTIONS["parcel_keys"], commune, 1, 1, DAY, None, None, False)
    assert "parcel" in {table for _, table in found}
    assert {kind for kind, table in found if table == "parcel"} <= {"Index Scan", "Bitmap Heap Scan"}


@pytest.mark.parametrize("question", ["unit", "lineage", "parcel_keys"])
def test_descent_is_followed_by_index_once_units_and_events_are_many(sample, question):
    values = {
        "unit": ("90101", DAY, None, False),
        "lineage": ("90101", DAY, None, None, None, False, 300),
    }
    with psycopg.connect(sample[0].database_url) as connection:
        connection.execute("SET enable_seqscan = off")
        asked, bound = bound_by_name(
            QUESTIONS[question], *values.get(question, ("90101", 1, 1, DAY, None, None, False))
        )
        plan = "\n".join(row[0] for row in connection.execute("EXPLAIN " + asked, bound).fetchall())
    tables = ("unit", "unit_event", "unit_event_part", "parcel")
    assert not any(f"Seq Scan on {table} " in plan for table in tables), plan
    assert "unit_event_to_code_idx" in plan


@pytest.mark.parametrize(("layer", "zoom", "x", "y"), [("parcels", 16, 52226, 28803), ("zones", 15, 26113, 14401)])
def test_a_tile_reads_no_big_table_whole(sample, layer, zoom, x, y):
    found = scans(sample[0], TILES[layer], zoom, x, y, DAY, None)
    assert layer.rstrip("s") in {table for _, table in found}
    assert sequential(found, {"parcel", "zone"}) == []


def test_questions_reach_units_and_plans_by_index_once_these_are_many(sample):
    """Some dozens of units and plans are read whole, rightly; with sequential scans made dear their indexes serve."""
    question = QUESTIONS["lookup"]
    settings = sample[0]
    for place, value in (
        (6, "false"),
        (5, "9214"),
        (4, "NULL::int"),
        (3, "'2026-01-15'::date"),
        (2, "'{2350000.0}'"),
        (1, "'{416000.0}'"),
    ):
        question = question.replace(f"${place}", value)
    with psycopg.connect(settings.database_url) as connection:
        connection.execute("SET enable_seqscan = off")
        plan = "\n".join(row[0] for row in connection.execute("EXPLAIN " + question).fetchall())
    for index in ("unit_piece_geom_idx", "plan_piece_geom_idx", "zone_geom_idx", "parcel_geom_idx", "control_line_reach_idx",
        "finding_piece_geom_idx"):  # fmt: skip
        assert index in plan
    assert not any(
        f"Seq Scan on {table}" in plan
        for table in BIG | {"unit_piece", "plan_piece", "finding_piece", "control_line", "finding"}
    )


@pytest.mark.parametrize("unit", [None, "90101"])
def test_the_report_on_coverage_reaches_what_checks_kept_and_the_plans_by_index_once_these_are_many(sample, unit):
    with psycopg.connect(sample[0].database_url) as connection:
        connection.execute("SET enable_seqscan = off")
        asked, bound = bound_by_name(QUESTIONS["coverage_report"], unit, DAY, None, 500, True)
        plan = "\n".join(row[0] for row in connection.execute("EXPLAIN " + asked, bound).fetchall())
    kept = ("coverage", "coverage_change", "former_quality", "finding", "unit", "plan", "check_run")
    assert not any(f"Seq Scan on {table} " in plan for table in kept), plan
    for index in (
        "coverage_pkey",
        "coverage_change_pkey",
        "former_quality_pkey",
        "finding_release_holds_from_idx",
        "plan_geom_idx",
    ):
        assert index in plan, index


def test_localities_are_found_by_their_index_and_parcels_by_their_key_once_they_are_many(sample):
    """With a hundred thousand streets; the planner chooses freely."""
    with psycopg.connect(sample[0].database_url) as connection:
        connection.execute(
            "INSERT INTO locality (list, kind, name, name_folded, sought, valid_from, release_from, dataset_id, geom, geom_web)"
            " SELECT 'many', 'street', 'Đường ' || n, 'duong ' || n, 'duong ' || md5(n::text), '2025-07-01', release_from, dataset_id,"
            " geom, geom_web"
            " FROM generate_series(1, 100000) n, (SELECT * FROM locality WHERE kind = 'village' LIMIT 1) one"
        )
        connection.execute("ANALYZE locality")
        name = (["hoa", "mau"], "hoa mau", ["hoa", "mau"], None, True, DAY, None, 20)
        words = "hoa:* & mau:*"
        for question, parcels, last in (
            ("search", ([], []), words),
            ("search", ([1], [1]), words),
            ("parcel_named", ([1], [1]), False),
        ):
            asked, bound = bound_by_name(QUESTIONS[question], *name, *parcels, last)
            plan = "\n".join(row[0] for row in connection.execute("EXPLAIN " + asked, bound).fetchall())
            assert parcels[0] or "locality_sought_idx" in plan, plan
            assert not any(f"Seq Scan on {table} " in plan for table in ("locality", "parcel", "zone", "unit_piece")), (
                plan
            )
        connection.rollback()
