"""Many clients at once, honest and not: each answer is held against what was asked, and how long it took is kept."""

import asyncio
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.proof.asking import Answer, Connection


@dataclass(frozen=True)
class Question:
    """An address, and what the subject of its answer must be: x and y of a point, or the key of a parcel."""

    path: str
    place: tuple[float, float] | None = None
    key: str | None = None

    def is_answered_by(self, answer: Answer) -> bool:
        """Whether the answer is about this very subject."""
        subject = answer.document["subject"]
        if self.place is None:
            return bool(subject["key"] == self.key)
        return bool(max(abs(subject["x"] - self.place[0]), abs(subject["y"] - self.place[1])) < 1e-4)


@dataclass
class Watched:
    """What clients saw: statuses, answers that were another's, hang-ups, answers unlike the first to the same question."""

    statuses: Counter[int] = field(default_factory=Counter)
    mixed: int = 0
    unlike: int = 0
    hung_up: int = 0
    without_retry: int = 0
    seconds: list[float] = field(default_factory=list)
    first: dict[str, bytes] = field(default_factory=dict)

    def heard(self, question: Question, answer: Answer, seconds: float) -> None:
        """One answer."""
        self.statuses[answer.status] += 1
        self.seconds.append(seconds)
        if answer.status == 200:
            self.mixed += not question.is_answered_by(answer)
            self.unlike += self.first.setdefault(question.path, answer.body) != answer.body
        else:
            problem = answer.headers.get("content-type") == "application/problem+json"
            self.without_retry += not (problem and "retry-after" in answer.headers)

    def p95(self) -> float:
        """Seconds within which 95 of 100 were answered."""
        return statistics.quantiles(self.seconds, n=20)[18]


async def asked_by_many(port: int, questions: Sequence[Question], *, clients: int, seconds: float) -> Watched:
    """Every client keeps one connection and asks one question after the other until the time is up."""
    seen, end = Watched(), time.perf_counter() + seconds

    async def client(start: int) -> None:
        connection, turn = Connection(port), start
        while (before := time.perf_counter()) < end:
            question = questions[turn % len(questions)]
            try:
                seen.heard(question, await connection.get(question.path), time.perf_counter() - before)
            except ConnectionError:
                seen.hung_up += 1
            turn += clients
        await connection.close()

    await asyncio.gather(*(client(place) for place in range(clients)))
    return seen


async def trickling(port: int, seconds: float) -> float:
    """A client that sends a byte a second; after how many seconds it was hung up on (`seconds`: it was not)."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began = time.perf_counter()
    for byte in b"GET /v1/health HTTP/1.1\r\nHost: slow\r\nX: " + b"a" * int(seconds):
        if time.perf_counter() - began > seconds or reader.at_eof():
            break
        writer.write(bytes([byte]))
        try:
            await asyncio.wait_for(reader.read(1), 1)
            break
        except TimeoutError:
            continue
        except OSError:
            break
    writer.close()
    return time.perf_counter() - began


async def unread(port: int, path: str, times: int, seconds: float) -> None:
    """A client that asks for much, many times over, and reads nothing."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: deaf\r\n\r\n".encode() * times)
        await asyncio.sleep(seconds)
    finally:
        writer.transport.abort()


async def insisting(port: int, paths: Sequence[str], seconds: float) -> Counter[int]:
    """Clients, one a path, that ask theirs again and again; the statuses they got."""
    statuses: Counter[int] = Counter()
    end = time.perf_counter() + seconds

    async def client(path: str) -> None:
        connection = Connection(port)
        while time.perf_counter() < end:
            answer = await connection.get(path)
            statuses[answer.status] += 1
            if answer.status == 429:
                await asyncio.sleep(0.5)
        await connection.close()

    await asyncio.gather(*(client(path) for path in paths))
    return statuses
