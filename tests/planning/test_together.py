"""Questions gathered into one: whoever asks gets the answer to its own question, whatever the others do."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.errors import BadQuestion, Unavailable
from planning.store.together import MOST_AT_ONCE, Place, Together


class Asking:
    """Answers a place with its edition and itself; keeps what was asked together; fails at x = 13, and is away at x = 17."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.together: list[tuple[object, list[Place]]] = []

    async def __call__(self, edition: object, places: Sequence[Place]) -> list[tuple[object, Place]]:
        self.together.append((edition, list(places)))
        await asyncio.sleep(self.seconds)
        if any(x == 13 for x, _ in places):
            raise BadQuestion(parameter="x", vi="xui", en="unlucky")
        if any(x == 17 for x, _ in places):
            raise Unavailable
        return [(edition, place) for place in places]


def test_who_asks_at_the_same_moment_is_asked_for_in_one_question():
    async def course() -> None:
        asking = Asking()
        together = Together(asking, at_once=1, patience_seconds=9)
        places = [(float(n), 0.0) for n in range(100, 101 + 2 * MOST_AT_ONCE)]
        answers = await asyncio.gather(*(together.asked("today", place) for place in places))
        assert answers == [("today", place) for place in places]
        assert [len(places) for _, places in asking.together] == [MOST_AT_ONCE, MOST_AT_ONCE, 1]

    asyncio.run(course())


def test_editions_are_not_mixed_and_who_came_first_is_asked_for_first():
    async def course() -> None:
        asking = Asking()
        together = Together(asking, at_once=1, patience_seconds=9)
        await asyncio.gather(*(together.asked(edition, (n, 0.0)) for n, edition in enumerate("abacb")))
        assert asking.together == [("a", [(0, 0.0), (2, 0.0)]), ("b", [(1, 0.0), (4, 0.0)]), ("c", [(3, 0.0)])]

    asyncio.run(course())


def test_what_is_wrong_with_one_question_is_no_word_on_the_others():
    async def course() -> None:
        together = Together(Asking(), at_once=1, patience_seconds=9)
        places = [(12.0, 0.0), (13.0, 0.0), (14.0, 0.0)]
        before, wrong, after = await asyncio.gather(
            *(together.asked("a", place) for place in places), return_exceptions=True
        )
        assert (before, after) == (("a", places[0]), ("a", places[2]))
        assert isinstance(wrong, BadQuestion)

    asyncio.run(course())


def test_a_database_that_is_away_is_away_for_all_that_were_asked_for_together():
    async def course() -> None:
        together = Together(Asking(), at_once=1, patience_seconds=9)
        ended = await asyncio.gather(*(together.asked("a", (x, 0.0)) for x in (16.0, 17.0)), return_exceptions=True)
        assert [type(one) for one in ended] == [Unavailable, Unavailable]
        assert await together.asked("a", (16.0, 0.0)) == ("a", (16.0, 0.0))

    asyncio.run(course())


def test_who_waits_too_long_is_told_and_who_is_gone_is_not_asked_for():
    async def course() -> None:
        asking = Asking(seconds=0.2)
        together = Together(asking, at_once=1, patience_seconds=0.1)
        first = asyncio.create_task(together.asked("a", (1.0, 0.0)))
        await asyncio.sleep(0.05)
        late, gone = (asyncio.create_task(together.asked("a", (x, 0.0))) for x in (2.0, 3.0))
        await asyncio.sleep(0)
        gone.cancel()
        assert await first == ("a", (1.0, 0.0))
        with pytest.raises(Unavailable):
            await late
        assert asking.together == [("a", [(1.0, 0.0)])]

    asyncio.run(course())


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 20), st.integers(0, 3), st.booleans()), max_size=40),
    st.integers(1, 3),
)
def test_however_they_come_and_go_each_gets_its_own_answer(askers: list[tuple[str, int, int, bool]], at_once: int):
    """Some leave before their answer, some ask what fails; 17 strikes those asked for together, and no one else."""

    async def one(together: Together[tuple[object, Place]], number: int, asker: tuple[str, int, int, bool]) -> None:
        edition, x, wait, leaves = asker
        await asyncio.sleep(wait / 2_000)
        task = asyncio.create_task(together.asked(edition, (float(x), float(number))))
        if leaves:
            await asyncio.sleep(0)
            task.cancel()
        try:
            answer = await task
        except asyncio.CancelledError:
            assert leaves
        except BadQuestion:
            assert x == 13
        except Unavailable:
            assert any(asked == 17 for _, asked, _, _ in askers)
        else:
            assert answer == (edition, (float(x), float(number)))

    async def course() -> None:
        together = Together(Asking(seconds=0.0005), at_once=at_once, patience_seconds=9)
        await asyncio.gather(*(one(together, number, asker) for number, asker in enumerate(askers)))

    asyncio.run(course())
