"""Clauses account for every old unit once."""

from datetime import date

from planning.mergers.accounts import breaches
from planning.mergers.clauses import Event, Part, clause_numbers

DAY = date(2025, 7, 1)


def clause(number, code, *parts):
    return Event("1/NQ", str(number), DAY, code, f"Xã {code}", parts)


def whole(code):
    return Part(code, f"Xã {code}", "whole")


def part(code):
    return Part(code, f"Xã {code}", "part")


def rest(code, *after):
    return Part(code, f"Xã {code}", "rest", after_clauses=tuple(map(str, after)))


def rules(*events):
    return [breach.rule for breach in breaches(list(events))]


def test_whole_units_and_a_divided_one_are_accounted_for():
    assert rules(clause(1, "00001", whole("00001"), part("00002")), clause(2, "00003", rest("00002", 1))) == []


def test_each_way_to_fail_has_its_name():
    assert rules(clause(1, "00001", whole("00002")), clause(2, "00003", whole("00002"))) == ["taken-twice"]
    assert rules(clause(1, "00001", part("00002"))) == ["no-rest"]
    assert rules(clause(1, "00001", rest("00002", 9))) == ["rest-of-nothing"]
    assert rules(clause(1, "00001", part("00002")), clause(2, "00003", rest("00002", 7))) == ["rest-names-no-clause"]
    twice = [
        clause(1, "00001", part("00002")),
        clause(2, "00003", rest("00002", 1)),
        clause(3, "00004", rest("00002", 1)),
    ]
    assert rules(*twice) == ["two-rests"]
    assert rules(clause(1, "00001")) == ["nothing-taken"]


def test_land_that_was_no_unit_needs_no_account():
    assert rules(clause(1, "00001", whole("00001"), Part(None, "Trường bắn", "whole", "area"))) == []


def test_the_kind_follows_from_the_parts():
    assert clause(1, "00001", whole("00002"), whole("00003")).kind == "merge"
    assert clause(1, "00001", whole("00001"), whole("00003")).kind == "absorb"
    assert clause(1, "00001", whole("00001")).kind == "keep"
    assert clause(1, "00001", part("00002"), rest("00003", 4)).kind == "part_transfer"


def test_clauses_named_in_words():
    assert clause_numbers("khoản 1 và khoản 25") == ("1", "25")
    assert clause_numbers("") == ()
