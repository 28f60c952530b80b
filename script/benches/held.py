"""The service under 200 clients for a minute, slow clients, giant polygons and a database that restarts in the middle.

Two processes, keep-alive. Each answer's subject is held against its question, and its bytes against the first answer to the same question.
Rounds: plain lookups and parcels; the same with slow clients and eight giant polygons asked again and again; the same with the database
restarted twice. Ends with an error where an answer was another's, unlike, or anything but 200 and a 503 with Retry-After.
"""

import argparse
import asyncio
import subprocess
import sys
from collections.abc import Coroutine
from datetime import date
from typing import Any

from benches.correct import AFTER, _made
from benches.setting import ROOT, setting
from planning.settings import Settings
from tests.conftest import serving
from tests.proof.draws import draw
from tests.proof.giants import giant
from tests.proof.load import Question, Watched, asked_by_many, insisting, trickling, unread
from tests.proof.tables import Tables

DAYS = (date(2025, 6, 30), AFTER)


def options(parser: argparse.ArgumentParser) -> None:
    """How many, how long."""
    parser.add_argument("--clients", type=int, default=200, help="at once")
    parser.add_argument("--seconds", type=float, default=60, help="of the first round; the others take a third of it")
    parser.add_argument(
        "--slow", type=int, default=50, help="clients that send a byte a second, and as many that read nothing"
    )


def run(asked: argparse.Namespace) -> dict[str, object]:
    """Three rounds over the sample."""
    url = _made("sample")
    settings = Settings(database_url=url)
    tables = Tables(settings)
    drawn = draw(tables, DAYS, points=3_000, parcels=300, seed=5)
    inside = [shape.centroid for shape in tables.on(AFTER).parcels.shapes[:8_000:1_000]]
    giants = [giant((place.x, place.y), settings.storage_crs) for place in inside]
    service = serving(settings, workers=2)
    with service:
        questions = asyncio.run(_answerable(service.port, _questions(drawn)))
        about = setting(url, ("fastapi", "uvicorn", "asyncpg"))
        rounds = asyncio.run(_rounds(asked, service.port, questions, giants))
    return about | {"clients": asked.clients, "workers": 2, "rounds": rounds}


def _questions(drawn: Any) -> list[Question]:
    points = [Question(f"/v1/lookup?x={x!r}&y={y!r}&crs=EPSG:9214&on={day}", place=(x, y))
        for (x, y), day in zip(drawn.places, drawn.place_days, strict=True)]  # fmt: skip
    return points + [Question(f"/v1/parcels/{key}?by=former&on={day}", key=key)
        for key, day in zip(drawn.keys, drawn.key_days, strict=True)]  # fmt: skip


async def _answerable(port: int, questions: list[Question]) -> list[Question]:
    """Those that lie in the province: the others are 404, rightly."""
    seen = await asked_by_many(port, questions, clients=8, seconds=15)
    return [one for one in questions if one.path in seen.first]


async def _rounds(
    asked: argparse.Namespace, port: int, questions: list[Question], giants: list[str]
) -> list[dict[str, object]]:
    short = asked.seconds / 3
    many = asked.clients

    async def with_others(*others: Coroutine[Any, Any, Any]) -> tuple[Watched, list[Any]]:
        plain, *rest = await asyncio.gather(asked_by_many(port, questions, clients=many, seconds=short), *others)
        return plain, rest

    found = [_told("plain", await asked_by_many(port, questions, clients=many, seconds=asked.seconds))]
    found.append(_told("few", await asked_by_many(port, questions, clients=8, seconds=short)))
    few, large = await asyncio.gather(
        asked_by_many(port, questions, clients=8, seconds=short), insisting(port, giants, short)
    )
    found.append(
        _told("few, beside 8 giant polygons", few) | {"giants": {str(key): number for key, number in large.items()}}
    )
    slow = [trickling(port, short) for _ in range(asked.slow)] + [
        unread(port, giants[0], 3, short) for _ in range(asked.slow)
    ]
    plain, rest = await with_others(insisting(port, giants, short), *slow)
    spans = [one for one in rest if isinstance(one, float)]
    found.append(
        _told("giants, tricklers and clients that do not read", plain) | {"longest_trickle_s": round(max(spans), 1)}
    )
    plain, _ = await with_others(_restarted(short / 4), _restarted(short / 2))
    found.append(_told("database restarted twice", plain))
    print(f"giants: {dict(large)}; longest trickle {max(spans):.1f} s")
    return found


async def _restarted(after: float) -> None:
    await asyncio.sleep(after)
    folder = ROOT / ".local" / "server"
    for step in ("stop", "start"):
        await asyncio.to_thread(
            subprocess.run, [ROOT / "script/cluster", step, "server"], check=True, stdout=sys.stderr, cwd=folder
        )


def _told(name: str, seen: Watched) -> dict[str, object]:
    wrong = seen.mixed + seen.unlike + seen.hung_up + seen.without_retry
    statuses = {str(status): number for status, number in sorted(seen.statuses.items())}
    print(f"{name}: {statuses}, another's {seen.mixed}, unlike {seen.unlike}, hung up {seen.hung_up}, no reason {seen.without_retry};"
        f" p95 {seen.p95() * 1000:.0f} ms", flush=True)  # fmt: skip
    if wrong or set(seen.statuses) - {200, 503}:
        print("  not held", file=sys.stderr)
    return {"round": name, "statuses": statuses, "anothers": seen.mixed, "unlike": seen.unlike, "hung_up": seen.hung_up,
        "without_reason": seen.without_retry, "p95_ms": round(seen.p95() * 1000, 1), "answers": sum(seen.statuses.values())}  # fmt: skip
