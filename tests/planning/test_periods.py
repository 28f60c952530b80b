"""Half-open periods of days."""

from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.periods import Period, days_meeting, unchanging

DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
PERIODS = st.tuples(DAYS, st.one_of(st.none(), st.integers(1, 900))).map(
    lambda pair: Period(pair[0], pair[0] + timedelta(days=pair[1]) if pair[1] else None)
)


def test_the_last_day_is_not_in_it():
    year = Period(date(2025, 1, 1), date(2026, 1, 1))
    assert date(2025, 12, 31) in year
    assert date(2026, 1, 1) not in year


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="end after it begins"):
        Period(date(2025, 1, 1), date(2025, 1, 1))


@given(DAYS, st.lists(PERIODS, max_size=6), DAYS)
def test_what_holds_on_a_day_holds_through_its_unchanging_period(day, periods, other):
    around = unchanging(day, periods)
    assert day in around
    if other in around:
        assert [day in period for period in periods] == [other in period for period in periods]


spans = st.tuples(st.integers(0, 40), st.one_of(st.none(), st.integers(1, 20)))


@given(st.lists(spans, max_size=7), st.integers(0, 40))
def test_the_days_meet_every_period_and_no_fewer_would(numbers, first):
    """Against trying every set of days: the days on which some period begins are enough to choose from."""
    start = date(2026, 1, 1)
    periods = [
        Period(start + timedelta(since), start + timedelta(since + length) if length else None)
        for since, length in numbers
    ]
    today = start + timedelta(first)
    days = days_meeting(periods, today)
    assert today in days
    assert days == sorted(set(days))
    assert all(any(day in period for day in days) for period in periods)
    choices = {period.since for period in periods}
    fewer = (set(some) | {today} for number in range(len(days) - 1) for some in combinations(choices, number))
    assert not any(all(any(day in period for day in some) for period in periods) for some in fewer)
