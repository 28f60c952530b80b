"""Legal time: half-open periods of days. `until` is the first day the thing is no longer in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

VIETNAM = timedelta(hours=7)


def today() -> date:
    """The day it is in Vietnam."""
    return (datetime.now(UTC) + VIETNAM).date()


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` up to, not including, `until`; `until=None` means no end is known."""

    since: date
    until: date | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until <= self.since:
            raise ValueError(f"a period must end after it begins: {self.since} … {self.until}")

    def __contains__(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


def unchanging(day: date, periods: list[Period]) -> Period:
    """The longest period around `day` in which no given period begins or ends: what holds on `day` holds throughout it."""
    turns = {turn for period in periods for turn in (period.since, period.until) if turn is not None}
    before = [turn for turn in turns if turn <= day]
    after = [turn for turn in turns if turn > day]
    return Period(max(before, default=date.min), min(after, default=None))


def days_meeting(periods: Iterable[Period], first: date) -> list[date]:
    """`first`, and as few days more as meet every period that does not hold `first`; in order."""
    days = [first]
    for period in sorted(periods, key=lambda one: one.since, reverse=True):
        if not any(day in period for day in days):
            days.append(period.since)
    return sorted(days)
