"""Places that are asked about at the same moment, asked in one question: what a question costs to start, they share."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from planning.errors import Unavailable

Answer = TypeVar("Answer")
Place = tuple[float, float]

MOST_AT_ONCE = 16
"""Places in one question: beyond these there is little left to share, and who came first waits for the last."""

TURNS = 3
"""Turns of the loop before a question is asked: microseconds where nothing else is to be done."""


@dataclass(frozen=True, slots=True)
class _Asker(Generic[Answer]):
    """Somebody who waits for an answer, since when."""

    edition: Hashable
    place: Place
    answer: asyncio.Future[Answer | None]
    since: float


class Together(Generic[Answer]):
    """Gathers places while as many questions are under way as may be. `ask` answers places of one edition (what all of them are asked
    for: day, release …) in their order; it may give no answer at all, which then is that of each.
    """

    def __init__(
        self,
        ask: Callable[[Any, Sequence[Place]], Awaitable[Sequence[Answer]]],
        *,
        at_once: int,
        patience_seconds: float,
    ) -> None:
        self._ask = ask
        self._free = at_once
        self._patience_seconds = patience_seconds
        self._waiting: deque[_Asker[Answer]] = deque()
        self._under_way: set[asyncio.Task[None]] = set()
        self._called = False

    async def asked(self, edition: Hashable, place: Place) -> Answer | None:
        """The answer on a place. Raises what `ask` raises, and `Unavailable` where it had to wait too long."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer | None] = loop.create_future()
        self._waiting.append(_Asker(edition, place, answer, loop.time()))
        self._call()
        return await answer

    def _call(self) -> None:
        """Ask some turns of the loop later: by then what has arrived is read, and whoever it is from has said what it wants."""
        if self._free and self._waiting and not self._called:
            self._called = True
            self._turn(TURNS)

    def _turn(self, left: int) -> None:
        if left:
            asyncio.get_running_loop().call_soon(self._turn, left - 1)
            return
        self._called = False
        while self._free and (chosen := self._chosen()):
            self._free -= 1
            task = asyncio.get_running_loop().create_task(self._answer(chosen))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    def _chosen(self) -> list[_Asker[Answer]]:
        """Those of the edition that has waited longest; who is gone is left out, and who waited too long is told so."""
        before = asyncio.get_running_loop().time() - self._patience_seconds
        chosen: list[_Asker[Answer]] = []
        others: list[_Asker[Answer]] = []
        while self._waiting and len(chosen) < MOST_AT_ONCE:
            one = self._waiting.popleft()
            if one.answer.done():
                continue
            if one.since < before:
                one.answer.set_exception(Unavailable())
            elif not chosen or one.edition == chosen[0].edition:
                chosen.append(one)
            else:
                others.append(one)
        self._waiting.extendleft(reversed(others))
        return chosen

    async def _answer(self, chosen: list[_Asker[Answer]]) -> None:
        try:
            await self._tell(chosen)
        finally:
            self._free += 1
            self._call()

    async def _tell(self, chosen: list[_Asker[Answer]]) -> None:
        try:
            answers = await self._ask(chosen[0].edition, [one.place for one in chosen])
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait are told
            if len(chosen) > 1 and not isinstance(error, Unavailable):
                for one in chosen:  # what is wrong with one is no word on the others
                    await self._tell([one])
                return
            for one in chosen:
                if not one.answer.done():
                    one.answer.set_exception(error)
            return
        for place, one in enumerate(chosen):
            if not one.answer.done():
                one.answer.set_result(answers[place] if answers else None)
