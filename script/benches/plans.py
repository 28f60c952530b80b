"""The plans by which the database answers lookups, parcels and areas, as texts under docs/benchmarks/plans, on the sample of `correct`."""

import argparse
import asyncio
from datetime import date

import asyncpg

from benches.correct import _made
from benches.setting import ROOT, quyhoach, setting
from planning.store.texts import QUESTIONS

DAY = date(2026, 1, 15)
FOLDER = ROOT / "docs" / "benchmarks" / "plans"
PLACE = "SELECT former_code, sheet, number, ST_X(p) AS x, ST_Y(p) AS y FROM parcel, ST_PointOnSurface(geom) p ORDER BY id LIMIT 1"


def options(_: argparse.ArgumentParser) -> None:
    """None of its own."""


def run(_: argparse.Namespace) -> dict[str, object]:
    """Explain and write."""
    url = _made("sample")
    quyhoach(url, "shares")  # so that a parcel is asked as it is on a service that has measured its shares
    asyncio.run(_written(url))
    return setting(url, ("asyncpg",))


async def _written(url: str) -> None:
    connection = await asyncpg.connect(url, server_settings={"jit": "off"})
    await connection.execute("ANALYZE")
    row = await connection.fetchrow(PLACE)
    around = "SELECT ST_AsEWKB(ST_Expand(ST_SetSRID(ST_MakePoint($1, $2), 9214), 150))"
    square = await connection.fetchval(around, row["x"], row["y"])
    bounds = {
        "lookup": ([row["x"]], [row["y"]], DAY, None, 9214, False),
        "parcel": (row["former_code"], row["sheet"], row["number"], DAY, None, False),
        "area": (square, DAY, None, False),
    }
    FOLDER.mkdir(exist_ok=True)
    for name, values in bounds.items():
        lines = await connection.fetch(
            "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) " + QUESTIONS[name], *values
        )
        (FOLDER / f"{name}.txt").write_text("\n".join(line[0].rstrip() for line in lines) + "\n", encoding="utf-8")
        print(f"docs/benchmarks/plans/{name}.txt")
    await connection.close()
