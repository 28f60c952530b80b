"""A merger carried out and taken back: what is in force, what stays on record, what is refused."""

from datetime import date, timedelta

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from planning.mergers.clauses import Event, Part
from planning.mergers.ledger import ledger
from planning.mergers.operation import CannotMerge
from planning.store import releases
from planning.store.events import current_view, events_on_record
from planning.store.incoming import Dataset, record
from planning.store.merging import carry_out
from planning.store.repealing import Repeal, repeal
from planning.store.situations import situation_of
from tests.planning.worlds import (
    FORMER_FROM,
    MERGED,
    REPEALED,
    RESOLUTION,
    World,
    announce,
    cell,
    former_code,
    half,
    in_force,
    settle,
)

NEW_CODES = ("07001", "07002", "07050", "07051")
"""New units may take codes of former ones."""

DAYS = [
    FORMER_FROM,
    date(2023, 5, 5),
    MERGED - timedelta(days=1),
    MERGED,
    REPEALED - timedelta(days=1),
    REPEALED,
    date(2035, 1, 1),
]

SIMPLE = World((("07050", "07050"), ("07050", "07050"), ("07002", "07051"), ("07051", "07051")))
"""Two units become one; the third is divided; the fourth goes with its rest."""


def worlds():
    place = st.tuples(st.sampled_from(NEW_CODES), st.sampled_from(NEW_CODES))
    return st.lists(place, min_size=2, max_size=8).map(lambda halves: World(tuple(halves))).filter(codes_are_free)


def codes_are_free(world: World) -> bool:
    """A new unit must not take the code of a unit that no clause takes; all former units here are taken."""
    former = {former_code(place) for place in range(len(world.halves))}
    return all(code in former or code > "07020" for pair in world.halves for code in pair)


def carried_out(session, world: World):
    view = current_view(session)
    return carry_out(session, situation_of(session, world.events, view, world.official), view)


def taken_back(session, effective: date = MERGED, by: str = "9/NQ"):
    view = current_view(session)
    events = [one for one in events_on_record(session, view, RESOLUTION) if not one.repeals]
    return repeal(session, events, Repeal(RESOLUTION, MERGED, by, effective), view)


def refusals(act, *arguments) -> str:
    with pytest.raises(CannotMerge) as caught:
        act(*arguments)
    return " | ".join(caught.value.reasons)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds(), published=st.booleans(), apart=st.booleans(), annuls=st.booleans())
def test_a_merger_taken_back_leaves_what_is_in_force_as_it_was(session, world, published, apart, annuls):
    """On every day outside the merger's own time all units, shapes, plans and statements are the same, to the byte."""
    point = session.connection.begin_nested()
    settle(session, world, published=published)
    before = {day: in_force(session, current_view(session), day) for day in DAYS}
    carried_out(session, world)
    if apart:
        releases.publish(session, "sắp xếp")
    merged = in_force(session, current_view(session), MERGED)
    assert {row[0] for row in merged["units"]} == set(world.official)
    taken_back(session, MERGED if annuls else REPEALED)
    view = current_view(session)
    outside = [day for day in DAYS if annuls or not MERGED <= day < REPEALED]
    assert {day: in_force(session, view, day) for day in outside} == {day: before[day] for day in outside}
    if not annuls:
        assert in_force(session, view, MERGED)["units"] == merged["units"]
    point.rollback()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds())
def test_land_is_neither_lost_nor_doubled_and_plans_keep_their_footprint(session, world):
    point = session.connection.begin_nested()
    settle(session, world, published=True)
    before = in_force(session, 1, MERGED)["plans"]
    carried_out(session, world)
    after = in_force(session, 2, MERGED)
    shapes = [shapely.from_wkb(row[10]) for row in after["units"]]
    whole = shapely.union_all([cell(place) for place in range(len(world.halves))])
    assert sum(shape.area for shape in shapes) == pytest.approx(whole.area, abs=0.01)
    assert shapely.union_all(shapes).symmetric_difference(whole).area < 0.01
    assert [row[-1] for row in after["plans"]] == [row[-1] for row in before]
    point.rollback()


def test_before_the_day_the_former_units_answer_and_from_it_the_new_ones(session):
    settle(session, SIMPLE, published=True)
    done = carried_out(session, SIMPLE)
    assert done.closed == ("07001", "07002", "07003", "07004")
    assert done.opened == ("07002", "07050", "07051")
    codes = [[row[0] for row in in_force(session, 2, day)["units"]] for day in (MERGED - timedelta(days=1), MERGED)]
    assert codes == [["07001", "07002", "07003", "07004"], ["07002", "07050", "07051"]]


def test_the_release_before_the_merger_answers_as_it_did(session):
    settle(session, SIMPLE, published=True)
    before = {day: in_force(session, 1, day) for day in DAYS}
    carried_out(session, SIMPLE)
    releases.publish(session, "sắp xếp")
    taken_back(session, REPEALED)
    releases.publish(session, "bãi bỏ")
    assert {day: in_force(session, 1, day) for day in DAYS} == before
    assert [row[0] for row in in_force(session, 2, REPEALED)["units"]] == ["07002", "07050", "07051"]
    assert [row[0] for row in in_force(session, 3, REPEALED)["units"]] == ["07001", "07002", "07003", "07004"]


def test_a_reused_code_carries_no_words_spoken_of_its_former_unit(session):
    """07002 was declared complete as a small commune; the new unit of that code was never spoken of."""
    settle(session, SIMPLE, published=True)
    assert "07002" in {row[0] for row in in_force(session, 1, MERGED)["statements"]}
    carried_out(session, SIMPLE)
    assert in_force(session, 2, MERGED)["statements"] == []


def test_every_plan_on_the_land_gets_a_row_of_the_ledger(session):
    settle(session, SIMPLE, published=True)
    carried_out(session, SIMPLE)
    rows = session.connection.execute(
        text("SELECT plan_code, decision, basis, unit_codes FROM carry_over ORDER BY 1")
    ).all()
    assert [(row.plan_code, row.decision) for row in rows] == [("QH-0", "kept"), ("QH-1", "kept"), ("QH-2", "kept")]
    assert "Điều 59" in rows[0].basis
    assert rows[1].unit_codes == ["07001", "07002"]


def test_plans_on_land_of_former_units_without_a_boundary_are_in_the_ledger(session):
    """As in Hải Phòng: former units by their names alone, new ones with official boundaries. The plans lie in one or the other."""
    settle(session, SIMPLE, published=True, plans=7)
    session.connection.execute(
        text("UPDATE unit SET geom = NULL, geom_web = NULL, boundary_how = NULL WHERE code <> '07001'")
    )
    view = current_view(session)
    situation = situation_of(session, SIMPLE.events, view, SIMPLE.official)
    entries = {entry.plan.code: entry.units for entry in ledger(situation)}
    assert [code for code, _ in entries["QH-0"]] == ["07001"]
    assert entries["QH-1"] == (("07001", pytest.approx(160_000)), ("07002", None))
    assert {code for code, _ in entries["QH-2"]} == {"07002", "07003", "07004"}
    assert {code for code, _ in entries["QH-4"]} == {"07003", "07004"}
    assert [plan.code for plan in situation.strays] == ["QH-6"], "it lies east of all units, former and new"
    carry_out(session, situation, view)
    written = session.connection.execute(
        text("SELECT plan_code FROM carry_over WHERE decision = 'kept' ORDER BY 1")
    ).scalars()
    assert list(written) == ["QH-0", "QH-1", "QH-2", "QH-3", "QH-4"]


def test_a_plan_across_two_mergers_of_one_day_is_entered_once_with_the_units_of_both(session):
    world = World((("07050", "07050"), ("07051", "07051")))
    settle(session, world, published=True)
    session.connection.execute(text("UPDATE unit_event SET resolution = '2/NQ' WHERE to_code = '07051'"))
    for resolution in ("1/NQ", "2/NQ"):
        view = current_view(session)
        events = events_on_record(session, view, resolution)
        carry_out(session, situation_of(session, events, view, world.official), view)
    rows = session.connection.execute(
        text("SELECT unit_codes FROM carry_over WHERE plan_code = 'QH-1' AND release_to IS NULL")
    )
    assert [row.unit_codes for row in rows] == [["07001", "07002"]]


def test_a_new_unit_without_an_official_boundary_is_the_union_of_its_parts(session):
    settle(session, SIMPLE, published=True)
    view = current_view(session)
    official = {code: facts for code, facts in SIMPLE.official.items() if code != "07050"}
    done = carry_out(session, situation_of(session, SIMPLE.events, view, official), view)
    assert done.without_boundary == ()
    [row] = [row for row in in_force(session, 2, MERGED)["units"] if row[0] == "07050"]
    assert row[9] == "derived"
    assert shapely.from_wkb(row[10]).symmetric_difference(shapely.union_all([cell(0), cell(1)])).area < 1e-6


def test_a_new_unit_with_an_unknown_part_is_opened_without_a_boundary(session):
    """Nobody knows where 07003 was divided: the units that got its land are on record, their boundaries are not invented."""
    settle(session, SIMPLE, published=True)
    view = current_view(session)
    done = carry_out(session, situation_of(session, SIMPLE.events, view, {}), view)
    assert done.without_boundary == ("07002", "07051")
    rows = {row[0]: row for row in in_force(session, 2, MERGED)["units"]}
    assert (rows["07002"][9], rows["07002"][10]) == (None, None)


def test_parts_are_located_where_both_sides_are_known(session):
    settle(session, SIMPLE, published=True)
    carried_out(session, SIMPLE)
    question = (
        "SELECT e.to_code, p.from_code, p.how, ST_AsBinary(p.geom) AS shape FROM unit_event e JOIN unit_event_part p ON p.event_id = e.id"
        " WHERE e.release_to IS NULL AND p.extent <> 'whole' ORDER BY 1"
    )
    rows = session.connection.execute(text(question)).all()
    assert [(row.to_code, row.from_code, row.how) for row in rows] == [
        ("07002", "07003", "derived"),
        ("07051", "07003", "derived"),
    ]
    assert shapely.from_wkb(bytes(rows[0].shape)).symmetric_difference(half(2, 0)).area < 1e-6


def test_carrying_out_twice_is_refused(session):
    settle(session, SIMPLE, published=True)
    carried_out(session, SIMPLE)
    assert "carried out already" in refusals(carried_out, session, SIMPLE)


def test_one_clause_of_a_division_alone_is_refused(session):
    settle(session, SIMPLE, published=True)
    view = current_view(session)
    events = [event for event in SIMPLE.events if event.code == "07002"]
    assert "no-rest" in refusals(carry_out, session, situation_of(session, events, view, SIMPLE.official), view)
    assert releases.draft(session) is None


def test_a_unit_nobody_knows_is_refused_with_its_rows(session):
    settle(session, SIMPLE, published=True)
    view = current_view(session)
    event = Event("2/NQ", "1", MERGED, "07060", "Xã Lạ", (Part("07999", "Xã Lạ", "whole", line=7),))
    said = refusals(carry_out, session, situation_of(session, [event], view), view)
    assert "unknown-code" in said
    assert "rows 7" in said


def test_a_code_that_belongs_to_a_standing_unit_is_refused(session):
    settle(session, SIMPLE, published=True)
    view = current_view(session)
    event = Event("2/NQ", "1", MERGED, "07002", "Xã Chiếm Mã", (Part("07001", "Xã Cũ 0", "whole"),))
    situation = situation_of(session, [event], view)
    assert "07002 is built by 2/NQ" in refusals(carry_out, session, situation, view)
    kept = Event("3/NQ", "1", date(2024, 1, 1), "07002", "Xã Chiếm Mã", (Part("07001", "Xã Cũ 0", "whole"),))
    assert "belongs to a unit in force" in refusals(carry_out, session, situation_of(session, [kept], view), view)


def test_a_unit_that_another_resolution_takes_on_the_day_is_refused(session):
    settle(session, SIMPLE, published=True)
    carried_out(session, SIMPLE)
    view = current_view(session)
    rival = Event("2/NQ", "1", MERGED, "07060", "Xã Khác", (Part("07001", "Xã Cũ 0", "whole", line=2),))
    said = refusals(carry_out, session, situation_of(session, [rival], view), view)
    assert "07001 is taken on 2025-07-01 by 1/NQ and 2/NQ" in said


def decide(session, plan: str, decision: str) -> None:
    """An office's word on a plan at the merger, in the place of what the merger wrote."""
    dataset = record(session, Dataset("carry-over", "decision", "3" * 64, {}), releases.open_draft(session))
    session.connection.execute(
        text(
            "UPDATE carry_over SET decision = :decision, unit_codes = NULL, dataset_id = :dataset WHERE plan_code = :plan"
        ),
        {"decision": decision, "plan": plan, "dataset": dataset},
    )


def test_a_decision_made_on_a_merger_goes_with_the_merger(session):
    settle(session, SIMPLE, published=True)
    before = in_force(session, 1, MERGED)["plans"]
    carried_out(session, SIMPLE)
    decide(session, "QH-1", "undecided")
    assert [row[3] for row in in_force(session, 2, MERGED)["plans"]] == ["kept", "undecided", "kept"]
    taken_back(session)
    assert in_force(session, 2, MERGED)["plans"] == before


def test_one_clause_taken_back_leaves_the_ledger_and_the_words_of_the_others(session):
    """07050 was made of 07001 and 07002; the clauses that divide 07003 stand, and so does what they wrote."""
    world = World((("07050", "07050"), ("07050", "07050"), ("07051", "07052"), ("07052", "07052")))
    settle(session, world, published=True)
    carried_out(session, world)
    view = current_view(session)
    [clause] = [one for one in events_on_record(session, view) if one.code == "07050"]
    repeal(session, [clause], Repeal(RESOLUTION, MERGED, "9/NQ", MERGED), view)
    entries = session.connection.execute(
        text("SELECT plan_code, unit_codes FROM carry_over WHERE release_to IS NULL ORDER BY 1")
    )
    assert [tuple(row) for row in entries] == [("QH-2", ["07003"])]
    assert {row[0] for row in in_force(session, view, MERGED)["statements"]} == {"07001", "07002"}
    assert {row[0] for row in in_force(session, view, MERGED)["units"]} == {"07001", "07002", "07051", "07052"}


def test_a_repeal_heeds_the_whole_number_of_a_resolution(session):
    """9/NQ of one merger and 19/NQ of another share digits, and nothing else."""
    settle(session, SIMPLE, published=True)
    carried_out(session, SIMPLE)
    draft = releases.open_draft(session)
    other = record(
        session, Dataset("merge", "11/NQ", "4" * 64, {"events": ["11/NQ khoản 1"], "effective": str(MERGED)}), draft
    )
    session.connection.execute(text("UPDATE dataset SET report = CAST(:report AS jsonb) WHERE id = :id"), {
        "id": other, "report": '{"statements": [["07001", "general", "2020-01-01", "2031-01-01"]]}'})  # fmt: skip
    taken_back(session)
    ends = text("SELECT valid_to FROM availability WHERE unit_code = '07001' AND release_to IS NULL")
    assert list(session.connection.execute(ends).scalars()) == [date(2030, 1, 1)]


def test_a_later_act_must_be_repealed_first(session):
    settle(session, SIMPLE, published=True)
    carried_out(session, SIMPLE)
    draft = releases.open_draft(session)
    dataset = record(session, Dataset("mergers", "later", "2" * 64, {}), draft)
    later = Event("5/NQ", "1", date(2026, 1, 1), "07050", "Phường Mới", (Part("07050", "Xã Mới 07050", "whole"),))
    announce(session, [later], draft, dataset)
    view = current_view(session)
    carry_out(session, situation_of(session, [later], view), view)
    before = in_force(session, view, date(2026, 2, 1))
    assert "5/NQ khoản 1" in refusals(taken_back, session)
    assert in_force(session, view, date(2026, 2, 1)) == before
    repeal(session, [later], Repeal("5/NQ", later.effective, "9/NQ", later.effective), view)
    taken_back(session, by="10/NQ")
    assert [row[0] for row in in_force(session, view, MERGED)["units"]] == ["07001", "07002", "07003", "07004"]


def test_a_repeal_before_the_merger_or_twice_is_refused(session):
    settle(session, SIMPLE, published=True)
    assert "not carried out" in refusals(taken_back, session)
    carried_out(session, SIMPLE)
    assert "before the merger" in refusals(taken_back, session, date(2025, 1, 1))
    taken_back(session)
    assert "not carried out, or repealed" in refusals(taken_back, session, MERGED, "11/NQ")
    assert "repealed" in refusals(carried_out, session, SIMPLE)


def test_the_clauses_and_their_repeal_stay_on_record(session):
    settle(session, SIMPLE, published=True)
    carried_out(session, SIMPLE)
    taken_back(session, REPEALED)
    kinds = [(event.resolution, event.kind, event.code) for event in events_on_record(session, current_view(session))]
    assert [kind for kind in kinds if kind[1] == "repeal"] == [
        ("9/NQ", "repeal", "07002"),
        ("9/NQ", "repeal", "07050"),
        ("9/NQ", "repeal", "07051"),
    ]
    assert len(kinds) == 6


def test_discarding_the_draft_undoes_a_merger_whole(session):
    settle(session, SIMPLE, published=True)
    before = {day: in_force(session, 1, day) for day in DAYS}
    carried_out(session, SIMPLE)
    releases.discard(session)
    assert {day: in_force(session, current_view(session), day) for day in DAYS} == before
    carried_out(session, SIMPLE)
