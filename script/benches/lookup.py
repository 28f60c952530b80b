"""Lookups and tiles over HTTP against their floors, in the same run.

The floor of answers is a bare FastAPI + asyncpg route that runs only the point-in-polygon SQL and returns two ids; that of tiles the
same SQL through the same driver. Rounds of floor and service take turns, so that a change of the machine's pace strikes both. Quote
the ratios, not the rates. --peers sets tipg beside it, which it installs under .local/peers.
"""

import argparse
import asyncio
import math
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date

import asyncpg

from benches.peers import items_path, tipg
from benches.setting import QUYHOACH, ROOT, database, quyhoach, setting
from planning.geometry import LONLAT, operation
from tiles.vector import _SQL as TILES

DAY = date(2026, 1, 15)
CONNECTIONS = 8
WORKERS = 2
TILE_LAYERS = (("zones", (12, 13, 14, 15)), ("parcels", (15, 16, 17)))

Ask = Callable[[int], Awaitable[int]]


@dataclass(frozen=True)
class Round:
    """One round: how many questions a second, and how long they took."""

    per_second: float
    p50_ms: float
    p95_ms: float
    bytes_each: float


async def measured(asks: list[Ask], seconds: float) -> Round:
    """Ask on every connection at once, one question after the other, until the time is up."""
    spans: list[float] = []
    sizes: list[int] = []
    end = time.perf_counter() + seconds

    async def one(ask: Ask, start: int) -> None:
        turn = start
        while (before := time.perf_counter()) < end:
            sizes.append(await ask(turn))
            spans.append(time.perf_counter() - before)
            turn += len(asks)

    began = time.perf_counter()
    await asyncio.gather(*(one(ask, place) for place, ask in enumerate(asks)))
    taken = time.perf_counter() - began
    cuts = statistics.quantiles(spans, n=20)
    return Round(len(spans) / taken, statistics.median(spans) * 1000, cuts[18] * 1000, statistics.fmean(sizes))


async def asking_http(port: int, paths: list[str]) -> Ask:
    """A keep-alive connection that sends a GET and reads the whole answer; any status but 200 and 204 ends the bench."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def ask(turn: int) -> int:
        path = paths[turn % len(paths)]
        writer.write(f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        status = head.split(b" ", 2)[1]
        if status not in {b"200", b"204"}:
            raise SystemExit(f"{path} answered {status.decode()}")
        size = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
        await reader.readexactly(size)
        return size

    return ask


def asking_sql(connection: asyncpg.Connection, question: str, bounds: tuple[tuple[object, ...], ...]) -> Ask:
    """The same question through the driver."""

    async def ask(turn: int) -> int:
        rows = await connection.fetch(question, *bounds[turn % len(bounds)])
        return len(str(rows[0].get("mvt") or ""))

    return ask


@dataclass(frozen=True)
class Contest:
    """Questions to the service as addresses, and their floor: SQL, or addresses of another service."""

    name: str
    paths: list[str]
    question: str = ""
    bounds: tuple[tuple[object, ...], ...] = ()
    floor_paths: tuple[str, ...] = ()
    floor_port: int = 0


@dataclass(frozen=True)
class Ports:
    """Where the services listen; `peer` 0: none."""

    service: int
    bare: int
    peer: int


async def contests(url: str, number: int, ports: Ports) -> list[Contest]:
    """Random places and parcels; tiles around random places, half zones and half parcels."""
    connection = await asyncpg.connect(url)
    query = "SELECT former_code, sheet, number, ST_X(p) AS x, ST_Y(p) AS y FROM parcel TABLESAMPLE SYSTEM ($1), ST_PointOnSurface(geom) p"
    total = await connection.fetchval("SELECT count(*) FROM parcel")
    rows = await connection.fetch(query, min(100.0, 100 * 20 * number / total))
    srid = await connection.fetchval("SELECT storage_srid FROM deployment")
    await connection.close()
    chosen = random.Random(7).sample(rows, min(number, len(rows)))  # noqa: S311 - places to ask about, no secrets
    bare = tuple(f"/bare?x={row['x']!r}&y={row['y']!r}" for row in chosen)
    places = [operation(srid, LONLAT).point(row["x"], row["y"]) for row in chosen]
    lookup = [f"/v1/lookup?lon={lon!r}&lat={lat!r}&on={DAY}" for lon, lat in places]
    parcel = [f"/v1/parcels/{row['former_code']}/{row['sheet']}/{row['number']}?by=former&on={DAY}" for row in chosen]
    answers = [
        Contest("lookup", lookup, floor_paths=bare, floor_port=ports.bare),
        Contest("parcel", parcel, floor_paths=bare, floor_port=ports.bare),
    ]
    if ports.peer:
        items = tuple(items_path(row["x"], row["y"], srid) for row in chosen)
        answers.append(Contest("lookup / tipg items", lookup, floor_paths=items, floor_port=ports.peer))
    tiles = [_tiles(layer, zooms, [(row["x"], row["y"]) for row in chosen], srid) for layer, zooms in TILE_LAYERS]
    return [*answers, *tiles]


def _tiles(layer: str, zooms: tuple[int, ...], places: list[tuple[float, float]], srid: int) -> Contest:
    addresses = []
    for place, (x, y) in enumerate(places):
        zoom = zooms[place % len(zooms)]
        lon, lat = operation(srid, LONLAT).point(x, y)
        row = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**zoom
        addresses.append((zoom, int((lon + 180) / 360 * 2**zoom), int(row)))
    bounds: list[tuple[object, ...]] = [(*address, DAY, None) for address in addresses]
    paths = [f"/tiles/{layer}/{z}/{x}/{y}.mvt?on={DAY}" for z, x, y in addresses]
    return Contest(f"tiles: {layer}", paths, TILES[layer], tuple(bounds))


async def contested(contest: Contest, url: str, port: int, seconds: float, turns: int) -> dict[str, object]:
    """Floor and service in turn; the medians of the rounds."""
    pool = [await asyncpg.connect(url, server_settings={"jit": "off"}) for _ in range(CONNECTIONS)]
    floor = [asking_sql(connection, contest.question, contest.bounds) for connection in pool]
    if contest.floor_port:
        floor = [await asking_http(contest.floor_port, list(contest.floor_paths)) for _ in range(CONNECTIONS)]
    rounds: dict[str, list[Round]] = {"floor": [], "service": []}
    for turn in range(turns + 1):
        service = [await asking_http(port, contest.paths) for _ in range(CONNECTIONS)]
        for name, asks in (("service", service), ("floor", floor)):
            done = await measured(asks, seconds if turn else min(2.0, seconds))
            if turn:
                rounds[name].append(done)
    for connection in pool:
        await connection.close()
    figures = {
        name: {key: statistics.median(getattr(one, key) for one in done) for key in Round.__annotations__}
        for name, done in rounds.items()
    }
    ratio = figures["service"]["per_second"] / figures["floor"]["per_second"]
    return {
        "name": contest.name,
        **figures,
        "rate_ratio": ratio,
        "p95_ratio": figures["service"]["p95_ms"] / figures["floor"]["p95_ms"],
    }


@asynccontextmanager
async def running(command: list[str], port: int, **more: str) -> AsyncIterator[None]:
    """A service with its processes, for as long as the block lasts."""
    process = subprocess.Popen(command, env={**os.environ, **more})
    try:
        for _ in range(100):
            await asyncio.sleep(0.2)
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                break
            except OSError:
                continue
        await asyncio.sleep(2)
        yield
    finally:
        process.terminate()
        process.wait()


@asynccontextmanager
async def serving(url: str, ports: Ports, srid: int) -> AsyncIterator[None]:
    """Ours, the bare one, and the peer where wanted."""
    workers = str(WORKERS)
    own = [str(QUYHOACH), "serve", "--port", str(ports.service), "--workers", workers]
    bare = [sys.executable, "-m", "uvicorn", "benches.bare_service:create_app", "--factory", "--port", str(ports.bare), "--workers",
        workers, "--log-level", "error", "--timeout-keep-alive", "120"]  # fmt: skip
    path = str(ROOT / "script")
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(running(own, ports.service, QUYHOACH_DATABASE_URL=url))
        await stack.enter_async_context(running(bare, ports.bare, BARE_URL=url, BARE_SRID=str(srid), PYTHONPATH=path))
        if ports.peer:
            await stack.enter_async_context(tipg(url, ports.peer, WORKERS))
        yield


def options(parser: argparse.ArgumentParser) -> None:
    """What a round is made of."""
    parser.add_argument("--parcels", type=int, default=1_000_000, help="parcels of the scaled sample")
    parser.add_argument("--zones", type=int, default=100_000, help="its zones")
    parser.add_argument("--seconds", type=float, default=8, help="length of a round")
    parser.add_argument("--turns", type=int, default=3, help="rounds of each")
    parser.add_argument(
        "--port", type=int, default=8765, help="where the service listens meanwhile; the others on the next two"
    )
    parser.add_argument("--peers", action="store_true", help="set tipg beside it")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these contests only: lookup, parcel, tiles …")


def run(asked: argparse.Namespace) -> dict[str, object]:
    """Load the scaled sample where it is not yet there, measure, print."""
    url = database(f"bench_{asked.parcels}_{asked.zones}")
    began = time.perf_counter()
    size = ["--parcels", str(asked.parcels), "--zones", str(asked.zones), "--folder", ".local/bench"]
    quyhoach(url, "sample", "--if-empty", *size)
    quyhoach(url, "shares")
    print(f"sample ready after {time.perf_counter() - began:.0f} s", file=sys.stderr)
    about = setting(url, ("fastapi", "uvicorn", "asyncpg", "shapely", "orjson"))
    return about | asyncio.run(_bench(asked, url))


async def _statistics(url: str) -> dict[str, object]:
    connection = await asyncpg.connect(url)
    await connection.execute("VACUUM ANALYZE")
    counts = {
        table: await connection.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608 - the names stand here
        for table in ("parcel", "zone", "plan", "unit")
    }
    await connection.close()
    return {"rows": counts}


async def _bench(asked: argparse.Namespace, url: str) -> dict[str, object]:
    about = await _statistics(url)
    ports = Ports(asked.port, asked.port + 1, asked.port + 2 if asked.peers else 0)
    results = []
    chosen = await contests(url, 2000, ports)
    if asked.only:
        chosen = [one for one in chosen if one.name.startswith(tuple(asked.only))]
    async with serving(url, ports, await _srid(url)):
        for contest in chosen:
            results.append(await contested(contest, url, asked.port, asked.seconds, asked.turns))
            _print(results[-1])
    return {**about, "connections": CONNECTIONS, "workers": WORKERS, "results": results}


async def _srid(url: str) -> int:
    connection = await asyncpg.connect(url)
    srid: int = await connection.fetchval("SELECT storage_srid FROM deployment")
    await connection.close()
    return srid


def _print(result: dict[str, object]) -> None:
    floor, service = result["floor"], result["service"]
    assert isinstance(floor, dict)
    assert isinstance(service, dict)
    print(
        f"{result['name']:<20} floor {floor['per_second']:7.0f}/s p50 {floor['p50_ms']:6.1f} p95 {floor['p95_ms']:6.1f} ms"
        f" | ours {service['per_second']:7.0f}/s p50 {service['p50_ms']:6.1f} p95 {service['p95_ms']:6.1f} ms"
        f" | rate × {result['rate_ratio']:.2f}, p95 × {result['p95_ratio']:.2f}",
        flush=True,
    )
