"""What changed between two answers: every difference is told, and nothing else."""

from copy import deepcopy

from hypothesis import given
from hypothesis import strategies as st

from planning.answer_changes import changes
from planning.verification import verdict

PLAN = {
    "name": "Phân khu 1",
    "kind": "urban",
    "level": "subdivision",
    "decision_number": "1/QĐ",
    "standing": "in_force",
}


def answer(zones, state="applies", release=1):
    """An answer with one theme; `zones`: (plan, lot, function, m²)."""
    entries = [
        {
            "plan": {"code": plan, **PLAN},
            "zone": {"id": place, "lot_symbol": lot, "function_code": code},
            "area_m2": area,
            "share_pct": 1.0,
        }
        for place, (plan, lot, code, area) in enumerate(zones)
    ]
    theme = {
        "theme": "subdivision",
        "state": state,
        "on_whose_word": None,
        "basis": [],
        "restrictions": entries,
        "amended": [],
        "noise": [],
    }
    return {
        "release": {"number": release}, "subject": {"kind": "parcel", "area_m2": 100.0}, "units": [], "former_units": [], "themes": [theme],
        "lines": [], "parcels": [], "hash": "ab" * 32,
    }  # fmt: skip


def told(before, after):
    return {(one.kind, one.subject, one.before, one.after) for one in changes(before, after)}


def test_the_numbers_of_rows_are_no_change():
    pieces = [("P", "A", "Nhomnhao", 5.0), ("P", "B", "Honhop", 7.0)]
    one, other = answer(pieces), answer(pieces[::-1])
    assert changes(one, other) == []


def test_a_zone_that_grew_and_one_that_went():
    before = answer([("P", "A", "Nhomnhao", 5.0), ("P", "B", "Honhop", 7.0)])
    assert told(before, answer([("P", "A", "Nhomnhao", 12.0)])) == {
        ("share", "P · A · Nhomnhao", 5.0, 12.0),
        ("zone_gone", "P · B · Honhop", 7.0, None),
    }


def test_a_state_that_changed_and_a_plan_that_came():
    assert told(answer([], "no_data"), answer([("P", "A", "Nhomnhao", 5.0)])) == {
        ("state", "subdivision", "no_data", "applies"),
        ("plan_come", "P", None, "Phân khu 1"),
        ("zone_come", "P · A · Nhomnhao", None, 5.0),
    }


def test_a_decision_of_a_plan_and_a_line():
    before = answer([("P", "A", "Nhomnhao", 5.0)])
    after = deepcopy(before)
    after["themes"][0]["restrictions"][0]["plan"]["decision_number"] = "2/QĐ"
    after["lines"] = [{"kind": "corridor", "code": "HL-1", "distance_m": 3.0, "side": "outside"}]
    assert [(one.kind, one.field) for one in changes(before, after)] == [
        ("plan", "decision_number"),
        ("line_come", None),
    ]


lots = st.tuples(
    st.sampled_from("PQ"), st.sampled_from("AB"), st.sampled_from(["Nhomnhao", "Honhop"]), st.integers(1, 4).map(float)
)


@given(st.lists(lots, max_size=6), st.lists(lots, max_size=6))
def test_the_changes_are_those_of_the_sums_by_key(one, other):
    """Against sums reckoned key by key over all keys there can be, without the code's own grouping."""
    wanted = set()
    for plan in "PQ":
        for lot in "AB":
            for code in ("Nhomnhao", "Honhop"):
                then, now = (
                    sum(area for *key, area in side if key == [plan, lot, code]) or None for side in (one, other)
                )
                kind = "zone_come" if then is None else "zone_gone" if now is None else "share"
                if then != now:
                    wanted.add((kind, f"{plan} · {lot} · {code}", then, now))
    found = {change for change in told(answer(one), answer(other)) if not change[0].startswith("plan")}
    assert found == wanted


@given(st.lists(lots, max_size=4), st.lists(lots, max_size=4))
def test_turned_round_what_came_is_gone(one, other):
    turned = {"zone_come": "zone_gone", "zone_gone": "zone_come", "plan_come": "plan_gone", "plan_gone": "plan_come"}
    there, back = told(answer(one), answer(other)), told(answer(other), answer(one))
    assert back == {(turned.get(kind, kind), subject, after, before) for kind, subject, before, after in there}


def test_another_hash_is_not_ours_whatever_the_newest_release_says():
    assert verdict("cd" * 32, answer([]), answer([], release=2)).standing == "not_ours"
    judged = verdict("AB" * 32, answer([]), answer([], "none", release=2))
    assert (judged.standing, judged.newest, judged.superseded) == ("genuine", 2, True)
    assert verdict("ab" * 32, answer([]), "gone").superseded is True


def test_a_zone_that_an_amendment_replaced_is_told_and_its_plan_is_not_gone():
    before, after = answer([("P", "A", "Nhomnhao", 12.0)]), answer([("P", "A", "Nhomnhao", 5.0)])
    [entry] = deepcopy(after["themes"][0]["restrictions"])
    after["themes"][0]["amended"] = [{**entry, "area_m2": 7.0, "amended_by": [{"code": "P-1"}]}]
    key = "P · A · Nhomnhao"
    part = {("share", key, 12.0, 5.0), ("amended", key, None, "P-1"), ("amended", key, None, 7.0)}
    assert told(before, after) == part
    after["themes"][0]["restrictions"] = []
    assert told(before, after) == part - {("share", key, 12.0, 5.0)} | {("zone_gone", key, 12.0, None)}
