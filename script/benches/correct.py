"""Answers over HTTP against an independent oracle: whole geometries of the release read with geopandas, no question of the service used.

The sample; made-up plans that amend one another; and the real communes of Bắc Ninh and Hải Phòng with made-up plans, zones, control lines
and parcels over them; on several days, before and after the mergers. A third of the points lies anywhere, a third on or within 2 mm of
edges and corners, a third in parcels. Touching is within 1 mm; where a micrometre, a tenth of a mm² … decides, the oracle does not know,
and the question is counted as undecided.
Ends with an error where one answer differs.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from benches.setting import ROOT, database, quyhoach, setting
from planning.settings import Settings
from tests.conftest import REAL, serving
from tests.guide import guide_commands
from tests.proof import worlds
from tests.proof.comparing import Comparison, compared
from tests.proof.draws import draw
from tests.proof.tables import Ground, Tables

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
DAYS = (date(2021, 7, 20), date(2024, 12, 31), BEFORE, AFTER, date(2026, 1, 15), date(2031, 6, 1))
FOLDER = ROOT / ".local" / "correct"


def options(parser: argparse.ArgumentParser) -> None:
    """How much is asked."""
    parser.add_argument("--points", type=int, default=100_000, help="points over all worlds")
    parser.add_argument("--parcels", type=int, default=5_000, help="parcels over all worlds")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same questions")
    parser.add_argument("--world", choices=tuple(WORLDS), help="only this one")


def run(asked: argparse.Namespace) -> dict[str, object]:
    """Make the worlds that are not there yet, ask, compare, print."""
    names = (
        [asked.world] if asked.world else [name for name in WORLDS if name in {"sample", "amended"} or REAL.is_dir()]
    )
    results = []
    url = ""
    for name in names:
        url = _made(name)
        results += [
            _compared(asked, name, url, release, len(names)) for release in ((1, 2) if name == "sample" else (None,))
        ]
    if any(result["mismatches"] for result in results):
        print("answers differ from the oracle", file=sys.stderr)
    about = setting(url, ("geopandas", "shapely", "asyncpg", "fastapi"))
    return about | {"seed": asked.seed, "worlds": results}


def _compared(
    asked: argparse.Namespace, name: str, url: str, release: int | None, worlds_asked: int
) -> dict[str, object]:
    began = time.perf_counter()
    tables = Tables(Settings(database_url=url), release)
    share = worlds_asked * (2 if release else 1)
    drawn = draw(tables, DAYS, points=asked.points // share, parcels=asked.parcels // share, seed=asked.seed)
    service = serving(Settings(database_url=url), workers=2)
    with service:
        found = compared(tables, drawn, service.port)
    _told(name, tables, found, time.perf_counter() - began)
    counts = dict(sorted(found.counts.items()))
    return {"world": name, "release": tables.release, **counts, "mismatches": len(found.mismatches), "first": found.mismatches[:10],
        "seconds": round(time.perf_counter() - began)}  # fmt: skip


def _told(name: str, tables: Tables, found: Comparison, seconds: float) -> None:
    counts = ", ".join(f"{number} {what}" for what, number in sorted(found.counts.items()))
    print(
        f"{name}, release {tables.release}: {counts}; {len(found.mismatches)} mismatches; {seconds:.0f} s", flush=True
    )
    for one in found.mismatches[:20]:
        print("  " + one)


def _made(name: str) -> str:
    """The database of a world; made where its making did not come to its end before."""
    done = FOLDER / f"{name}.done"
    fresh = not done.exists()
    url = database(f"correct_{name}", afresh=fresh)
    if fresh:
        folder = FOLDER / name
        folder.mkdir(parents=True, exist_ok=True)
        for words in WORLDS[name](url, folder):
            quyhoach(url, *words, fine=(0, 1) if words[0] == "check" else (0,))
        done.touch()
    return url


def _sample(url: str, folder: Path) -> Iterator[worlds.Command]:
    """Release 1 is the sample as it is; release 2 has control lines."""
    yield ["sample", "--folder", str(folder)]
    yield from _checked()
    yield from worlds.lines(_ground(url, AFTER), folder, number=300, seed=4, since=date(2020, 1, 1))
    yield worlds.PUBLISHED
    yield from _checked()


def _bac_ninh(url: str, folder: Path) -> Iterator[worlds.Command]:
    """313 former communes and the 99 they became; what became of each made-up plan is drawn by lot."""
    for words in guide_commands("real-province.md")[:4]:
        yield [word.replace("$DATA", str(REAL / "vn")) for word in words]
    yield from _planned(url, folder, BEFORE, "1658/NQ-UBTVQH15")


def _amended(_: str, folder: Path) -> Iterator[worlds.Command]:
    """Plans on one heap, most of them amendments of one another."""
    yield from worlds.amendments(folder, plans=40, parcels=3_000, seed=7)


def _hai_phong(url: str, folder: Path) -> Iterator[worlds.Command]:
    """The 114 communes of today, with the real overlap of two of them and the real hole."""
    yield ["import", "units", str(REAL / "vn" / "new_communes_31_hai_phong.gpkg"), "--valid-from", str(AFTER)]
    yield worlds.PUBLISHED
    yield from _planned(url, folder, AFTER, None)


def _planned(url: str, folder: Path, day: date, resolution: str | None) -> Iterator[worlds.Command]:
    yield from worlds.planning(_ground(url, day), folder, zones_each=12, parcels=6_000, seed=3, resolution=resolution)
    yield worlds.PUBLISHED
    yield from worlds.lines(_ground(url, AFTER), folder, number=300, seed=4, since=date(2025, 3, 1))
    yield worlds.PUBLISHED
    yield from _checked((BEFORE, AFTER) if resolution else (AFTER,))


def _checked(days: tuple[date, ...] = (BEFORE, AFTER)) -> Iterator[worlds.Command]:
    for day in days:
        yield ["check", "coverage", "--on", str(day)]


def _ground(url: str, day: date) -> Ground:
    return Tables(Settings(database_url=url)).on(day)


WORLDS = {"sample": _sample, "bac_ninh": _bac_ninh, "hai_phong": _hai_phong, "amended": _amended}
