"""Lineage over any number of events, against an oracle that follows every cell of land by itself."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.mergers.lineage import (
    Heir,
    Step,
    Version,
    share_of_origin,
    share_of_target,
    successors_on,
    taken_whole_by,
    with_shares,
)

START = date(2020, 1, 1)


def day(number: int) -> date:
    return START + timedelta(days=100 * number)


@dataclass(frozen=True)
class History:
    """Cells of land, and the code of the unit that holds each, after each event. Codes come again for other land."""

    holders: tuple[tuple[str, ...], ...]

    @property
    def versions(self) -> dict[tuple[str, int], Version]:
        """A unit ends whenever its land changes: (code, number of the event that began it)."""
        found = {}
        for code in {code for codes in self.holders for code in codes}:
            began = None
            for number in range(len(self.holders) + 1):
                ended = number == len(self.holders) or (
                    began is not None and self.cells(code, number) != self.cells(code, began)
                )
                if began is not None and ended:
                    found[code, began] = Version(code, day(began), day(number) if number < len(self.holders) else None)
                    began = None
                if began is None and number < len(self.holders) and self.cells(code, number):
                    began = number
        return found

    def cells(self, code: str, number: int) -> frozenset[int]:
        return frozenset(cell for cell, holder in enumerate(self.holders[number]) if holder == code)

    def at(self, cell: int, number: int) -> Version:
        """Who holds the cell after an event: the oracle."""
        code = self.holders[number][cell]
        return max(
            (one for (c, began), one in self.versions.items() if c == code and began <= number),
            key=lambda one: one.since,
        )

    def steps(self, *, drawn: bool = True) -> list[Step]:
        """The steps as clauses give them: from each ended unit to each that took of its land, with the share where it is drawn."""
        moves: list[tuple[Version, Version, int, int]] = []
        for number in range(1, len(self.holders)):
            pairs = Counter((self.at(cell, number - 1), self.at(cell, number)) for cell in range(len(self.holders[0])))
            moves += [(old, new, number, cells) for (old, new), cells in pairs.items() if old != new]
        into = Counter(new for _, new, _, _ in moves)
        steps = []
        for old, new, number, cells in moves:
            size = len(self.cells(old.code, number - 1))
            extent = "whole" if cells == size else "part"
            share = share_of_origin(extent, cells if drawn else None, size)
            steps.append(Step(old, new, day(number), extent, share, into[new]))
        return steps


def histories():
    cells = st.shared(st.integers(2, 7), key="cells")
    after = cells.flatmap(lambda many: st.tuples(*[st.sampled_from("ABCDE")] * many))
    return st.lists(after, min_size=2, max_size=6).map(lambda many: History(tuple(many)))


@given(history=histories(), drawn=st.booleans())
def test_every_cell_is_found_with_its_heir_and_known_shares_are_true(history, drawn):
    steps = history.steps(drawn=drawn)
    for (code, began), unit in history.versions.items():
        land = history.cells(code, began)
        for number in range(began, len(history.holders)):
            truth = Counter(history.at(cell, number) for cell in land)
            heirs = {heir.unit: heir.share for heir in successors_on(day(number), unit, steps)}
            assert set(truth) <= set(heirs)
            for heir, share in heirs.items():
                assert heir.in_force(day(number))
                assert share is None or share == pytest.approx(truth[heir] / len(land))
            if None not in heirs.values():
                assert sum(heirs.values()) == pytest.approx(1)


@given(history=histories())
def test_a_unit_is_merged_whole_when_one_chain_of_clauses_took_all_of_it(history):
    steps = history.steps()
    for (_, began), unit in history.versions.items():
        for number in range(began, len(history.holders)):
            holder, ways = unit, 1
            while not holder.in_force(day(number)) and ways == 1:
                onward = {history.at(cell, history_number(holder.until)) for cell in held_by(history, holder)}
                ways = len(onward)
                holder = next(iter(onward))
            assert taken_whole_by(unit, steps, day(number)) == (holder if ways == 1 else None)


def history_number(when: date) -> int:
    return (when - START).days // 100


def held_by(history: History, unit: Version) -> frozenset[int]:
    return history.cells(unit.code, history_number(unit.since))


A, B = Version("A", day(0), day(1)), Version("B", day(0), day(1))
X = Version("X", day(1), day(2))
Y, Z = Version("Y", day(2)), Version("Z", day(2))


def test_whose_land_of_a_merged_unit_went_where_is_not_guessed():
    """A and B became X, of which half went to Y: that may be all of A, or none of it."""
    merged = [Step(A, X, day(1), "whole", 1.0, 2), Step(B, X, day(1), "whole", 1.0, 2)]
    divided = [Step(X, Y, day(2), "part", 0.5), Step(X, Z, day(2), "rest", 0.5)]
    assert successors_on(day(1), A, merged + divided) == [Heir(X, 1.0)]
    assert successors_on(day(2), A, merged + divided) == [Heir(Y, None), Heir(Z, None)]
    alone = [Step(A, X, day(1), "whole", 1.0, 1), *divided]
    assert successors_on(day(2), A, alone) == [Heir(Y, 0.5), Heir(Z, 0.5)]


def test_a_unit_that_ended_without_an_event_has_no_heir():
    assert successors_on(day(1), A, []) == []
    assert taken_whole_by(A, [], day(1)) is None
    assert taken_whole_by(A, [Step(A, None, day(1), "whole", 1.0)], day(1)) is None


def test_shares_are_unknown_without_geometry_but_the_whole_is_the_whole():
    assert (
        share_of_origin("whole", None, None),
        share_of_origin("part", None, 4.0),
        share_of_origin("part", 1.0, None),
    ) == (1.0, None, None)
    assert (share_of_target(1.0, 4.0), share_of_target(None, 4.0), share_of_target(1.0, None)) == (0.25, None, None)
    row = {"extent": "rest", "area_m2": 1.0, "from_area_m2": 3.0, "to_area_m2": None}
    assert with_shares(row) == {"extent": "rest", "area_m2": 1.0, "share_of_from_pct": 33.333, "share_of_to_pct": None}
