"""The questions of the service, asked through asyncpg: one question, one round trip, and nothing can be changed.

The texts are in sql/, one file a question; every value is bound. asyncpg prepares each once per connection.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from time import monotonic
from typing import Any

import asyncpg
import orjson

from planning.asking.records import Province
from planning.errors import UnknownRelease
from planning.geometry import VIETNAM_LONLAT
from planning.localities import prefix_query, search_words
from planning.names import AskedName
from planning.parcels import ParcelKey
from planning.register import Register, register_of
from planning.settings import Settings
from planning.store.connections import Connections, connect
from planning.store.texts import QUESTIONS
from planning.store.together import Place, Together
from planning.store.turns import Turns

Row = dict[str, Any]

MOST_UNITS = 300
"""Units in one lineage; a real one has some dozens."""

MOST_AROUND = 500
"""Parcels, zones and lines each that a map shows around its subject, the nearest first."""

MOST_REGISTERS = 6
"""Registers of releases kept at hand; nearly all questions are about the newest."""

PROVINCE_SECONDS = 60.0
"""How long the extent of the province is believed: as long as an answer may be kept by others."""
POINTS_AT_ONCE = 1
"""Questions about points that one process asks at a time; points that come meanwhile are asked together in the next."""

AREAS_AT_ONCE = 1
"""Questions about areas that one process asks the database at a time; points and parcels have the other connections."""

AREAS_WAITING = 16
AREA_WAIT_SECONDS = 10.0

MOST_PLACES = 500
"""Uncovered places listed of one commune, the largest first."""


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day of the events asked about, each included; None: without limit."""

    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Sought:
    """A text that is looked for; `parcels`: pairs of sheet and number, the text then names their commune."""

    text: str
    name: AskedName
    limit: int
    parcels: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """The ground a map shows: `box` is west, south, east, north in the storage CRS; `parcels`: whether it shows them.

    Bends of less than `finest_m` metres are left out of its shapes.
    """

    box: tuple[float, float, float, float]
    parcels: bool
    finest_m: float


class Readings:
    """A pool of read-only connections and the questions that can be asked of them."""

    def __init__(self, connections: Connections, storage_srid: int) -> None:
        self._connections = connections
        self.storage_srid = storage_srid
        self._registers: dict[int, Register] = {}
        self._reading_registers = asyncio.Lock()
        self._province: Province | None = None
        self._province_until = 0.0
        self._points = Together(self._at_points, at_once=POINTS_AT_ONCE, patience_seconds=connections.longest_seconds)
        self._areas = Turns(at_once=AREAS_AT_ONCE, waiting=AREAS_WAITING, seconds=AREA_WAIT_SECONDS)

    async def close(self) -> None:
        """Let every connection go."""
        await self._connections.close()

    async def at(self, x: float, y: float, on: date, release: int | None, *, shapes: bool = False) -> Row:
        """What is recorded at a point in the storage CRS; shapes as hexadecimal EWKB."""
        row = await self._points.asked((on, release, shapes), (x, y))
        return await self._read([row] if row else [], release)

    async def _at_points(self, edition: tuple[date, int | None, bool], places: Sequence[Place]) -> list[asyncpg.Record]:
        on, release, shapes = edition
        eastings, northings = [x for x, _ in places], [y for _, y in places]
        return await self._connections.fetch_hot(
            QUESTIONS["lookup"], eastings, northings, on, release, self.storage_srid, shapes
        )

    async def parcel(self, key: tuple[str, int, int], on: date, release: int | None, *, shapes: bool = False) -> Row:
        """What is recorded on a parcel."""
        rows = await self._connections.fetch_hot(QUESTIONS["parcel"], *key, on, release, shapes)
        return await self._read(rows, release)

    async def area(self, shape: bytes, on: date, release: int | None, *, shapes: bool = False) -> Row:
        """What is recorded under a polygon, EWKB of the storage CRS. Raises `Busy`."""
        async with self._areas.one():
            return await self._asked("area", release, shape, on, release, shapes)

    async def register(self, release: int) -> Register:
        """The register of a published release: read once, then at hand."""
        found = self._registers.get(release)
        if found is None:
            async with self._reading_registers:
                found = self._registers.get(release)
                if found is None:
                    found = register_of(await self._asked("register", release, release))
                    self._keep(release, found)
        return found

    def _keep(self, release: int, register: Register) -> None:
        self._registers[release] = register
        while len(self._registers) > MOST_REGISTERS:
            del self._registers[next(iter(self._registers))]

    async def window(self, seen: Window, on: date, release: int | None) -> Row:
        """What lies in the window of a map: parcels, zones, lines; shapes as hexadecimal EWKB.

        `cut`: the most of each that are told; where there are as many, those nearest the middle.
        """
        parcels = MOST_AROUND if seen.parcels else 0
        row = await self._asked(
            "window", release, *seen.box, on, release, self.storage_srid, MOST_AROUND, parcels, seen.finest_m
        )
        return {"cut": MOST_AROUND, **{name: row[name] or [] for name in ("parcels", "zones", "lines")}}

    async def units(self, wanted: dict[str, Any], on: date, release: int | None, *, shapes: bool) -> Row:
        """Units by the words of their names; `wanted` holds name, level (each or None), former and the most rows."""
        name: AskedName | None = wanted["name"]
        words = (name.words, name.phrase, name.spelling) if name else (None, None, None)
        filters = (*words, wanted["level"], wanted["former"])
        return await self._asked("units", release, *filters, on, release, wanted["limit"], shapes)

    async def search(self, wanted: Sought, on: date, release: int | None) -> Row:
        """Units, localities or parcels that a text may mean: one round trip."""
        query = prefix_query(search_words(wanted.text))
        return await self._asked("search", release, *_looked_for(wanted, on, release), query)

    async def parcel_named(self, wanted: Sought, on: date, release: int | None, *, shapes: bool) -> Row:
        """Parcels in the communes of a name; where that is one, what is recorded on it as well."""
        return await self._asked("parcel_named", release, *_looked_for(wanted, on, release), shapes)

    async def province(self) -> Province:
        """Where answers exist; what was read is believed for a minute."""
        if self._province is None or monotonic() > self._province_until:
            row = (await self.fetch(QUESTIONS["province"]))[0]
            known = row["west"] is not None
            bounds = (row["west"], row["south"], row["east"], row["north"]) if known else VIETNAM_LONLAT
            self._province = Province(bounds, self.storage_srid)
            self._province_until = monotonic() + PROVINCE_SECONDS
        return self._province

    async def unit(self, code: str, on: date, release: int | None, *, shape: bool) -> Row:
        """One unit with its predecessors and successors, and where its land went by the day."""
        return await self._asked("unit", release, code, on, release, shape)

    async def lineage(self, code: str, on: date, release: int | None, span: Span, *, shapes: bool) -> Row:
        """Where a unit came from and what became of it: units and the steps between them."""
        return await self._asked("lineage", release, code, on, release, span.since, span.until, shapes, MOST_UNITS)

    async def units_at(self, place: bytes, on: date, release: int | None) -> Row:
        """Units at a point or under a polygon, WKB in the storage CRS; and later units whose former ones are not known there."""
        return await self._asked("units_at", release, place, on, release, self.storage_srid)

    async def parcel_keys(
        self, asked: ParcelKey, reading: str | None, on: date, release: int | None, *, shapes: bool = False
    ) -> Row:
        """Parcels by a key whose commune may be a former one (reading `former`), a present one (`new`), or either (None); where that is
        one parcel, what is recorded on it as well.
        """
        numbers = (asked.former_code, asked.sheet, asked.number)
        return await self._asked("parcel_keys", release, *numbers, on, release, reading, shapes)

    async def coverage(self, level: str | None, unit: str | None, on: date, release: int | None) -> Row:
        """Coverage ratios."""
        return await self._asked("coverage", release, level, unit, on, release)

    async def coverage_report(self, unit: str | None, on: date, release: int | None, *, shapes: bool) -> Row:
        """Ratios and ranks, before and after, former communes, the course over the releases, findings by rule; of one commune also its
        plans and the places without one, with shapes in the storage CRS where wanted.
        """
        return await self._asked("coverage_report", release, unit, on, release, MOST_PLACES, shapes)

    async def findings(self, wanted: dict[str, Any], on: date, release: int | None, *, shapes: bool) -> Row:
        """Findings; `wanted` holds level, unit, check, severity (each or None), the most rows, how many are passed over, and the most
        of one rule and severity or None.
        """
        filters = (wanted["level"], wanted["unit"], wanted["check"], wanted["severity"])
        part = (wanted["limit"], shapes, wanted["offset"], wanted["per_rule"])
        return await self._asked("findings", release, *filters, on, release, *part)

    async def mergers(self, release: int | None) -> Row:
        """The resolutions on record."""
        return await self._asked("mergers", release, release)

    async def merger_report(self, resolution: str, effective: date | None, release: int | None) -> Row:
        """The impact report kept of a resolution."""
        return await self._asked("merger_report", release, resolution, effective, release)

    async def carry_over(
        self, filters: tuple[str | None, str | None, str | None], release: int | None, most: int
    ) -> Row:
        """The ledger of plans; `filters` are plan, former unit and decision, each or None."""
        return await self._asked("carry_over", release, *filters, release, most)

    async def plan_documents(self, code: str, on: date, release: int | None) -> Row:
        """The documents of a plan."""
        return await self._asked("plan_documents", release, code, on, release)

    async def document(self, sha256: str) -> Row | None:
        """What is published of a file; None where nothing is."""
        rows = await self.fetch(QUESTIONS["document"], sha256)
        return dict(rows[0]) if rows else None

    async def scans(self, plan: str | None, release: int | None, most: int) -> Row:
        """Scanned drawings, of one plan where asked."""
        return await self._asked("scans", release, plan, release, most)

    async def changes(self, unit: str, on: date, since: int, release: int | None) -> Row:
        """What publications after `since` changed in a commune."""
        return await self._asked("changes", release, unit, on, since, release)

    async def releases(self) -> list[Row]:
        """All publications, newest first."""
        return [dict(row) for row in await self.fetch(QUESTIONS["releases"])]

    async def latest_release(self) -> int:
        """The number of the newest publication."""
        published = await self.releases()
        if not published:
            raise UnknownRelease(release=1, latest="–")
        return int(published[0]["number"])

    async def unknown_release(self, release: int | None) -> UnknownRelease:
        """The error that names the latest release."""
        published = await self.releases()
        return UnknownRelease(release=release or 1, latest=published[0]["number"] if published else "–")

    async def health(self, on: date, release: int | None) -> Row:
        """Whether and of what the service can answer; before the first publication the release is None."""
        row = dict((await self.fetch(QUESTIONS["health"], on, release))[0])
        if release is not None and row["release"] is None:
            raise await self.unknown_release(release)
        return row

    async def fetch(self, question: str, *values: Any) -> list[asyncpg.Record]:
        """Ask; a database that is away or too slow is `Unavailable`, never an empty answer."""
        return await self._connections.fetch(question, *values)

    async def _asked(self, question: str, release: int | None, *values: Any) -> Row:
        return await self._read(await self.fetch(QUESTIONS[question], *values), release)

    async def _read(self, rows: list[asyncpg.Record], release: int | None) -> Row:
        if not rows:
            raise await self.unknown_release(release)
        return {
            name: orjson.loads(value) if isinstance(value, str) and name in _JSON else value
            for name, value in rows[0].items()
        }


def _looked_for(wanted: Sought, on: date, release: int | None) -> tuple[Any, ...]:
    """What every question about a text binds first, of units formerly too."""
    name = wanted.name
    parcels = ([sheet for sheet, _ in wanted.parcels], [number for _, number in wanted.parcels])
    return (name.words, name.phrase, name.spelling, None, True, on, release, wanted.limit, *parcels)


_JSON = {"mergers", "document", "entries", "units", "parcels", "plans", "zones", "availability", "parcel",
    "conflicts", "unit", "predecessors", "successors", "rows", "findings", "shape", "earlier", "heirs", "steps",
    "nodes", "edges", "unknown", "by_rule", "choices", "undrawn", "trend", "changes", "formers", "gaps", "plan", "documents", "scans",
    "lines", "area", "carried", "offices", "sources", "localities"}  # fmt: skip


async def open_readings(settings: Settings) -> Readings:
    """Connect, and check that the database is the deployment the settings speak of."""
    return Readings(*await connect(settings))
