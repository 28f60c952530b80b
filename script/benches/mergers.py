"""The merger tables of a whole country, made up with a seed: how long it takes to bring them in, and how much memory.

34 provinces, 10,035 former units, 3,321 new ones, 471 of the former divided: as many as the resolutions of 2025 have. The clause tables
prove themselves on the way in, against the list of former units; a table that does not add up ends the measurement.
"""

import argparse
import csv
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benches.setting import database, quyhoach, setting

DAY, BEFORE = "2025-07-01", "2025-03-01"
COLUMNS = ("resolution", "clause", "new_province_code", "new_code", "new_name", "old_province_code", "old_district", "old_code",
    "old_name", "extent", "scope", "after_clause", "note")  # fmt: skip
Row = tuple[str, ...]


def options(parser: argparse.ArgumentParser) -> None:
    """How large the country is."""
    parser.add_argument("--provinces", type=int, default=34, help="provinces, each with a resolution")
    parser.add_argument("--new", type=int, default=3_321, help="new units")
    parser.add_argument("--former", type=int, default=10_035, help="former units")
    parser.add_argument("--divided", type=int, default=471, help="of these, divided among two new units")


def run(asked: argparse.Namespace) -> dict[str, object]:
    """Make the tables, bring them into an empty database, print and tell the seconds."""
    url = database("bench_mergers", afresh=True)
    with tempfile.TemporaryDirectory() as folder:
        units, clauses = Path(folder) / "units.csv", Path(folder) / "mergers.csv"
        former, rows = country(asked)
        _write(units, ("code", "name", "district", "province_code"), former)
        _write(clauses, COLUMNS, rows)
        steps = [
            timed(url, "import", "unit-list", str(units), "--valid-from", BEFORE),
            timed(url, "import", "mergers", str(clauses), "--effective", DAY),
            timed(url, "publish"),
        ]
    total = sum(float(str(step["seconds"])) for step in steps)
    print(f"{len(former):,} former units and {len(rows):,} rows of clauses brought in and published in {total:.1f} s")
    counted = {"former_units": len(former), "clause_rows": len(rows)}
    return {**setting(url, ("pandas", "sqlalchemy", "psycopg")), **counted, "steps": steps, "seconds": total}


def timed(url: str, *words: str) -> dict[str, object]:
    """One command: its name, seconds and largest memory."""
    began = time.perf_counter()
    peak = quyhoach(url, *words)
    return {"step": " ".join(words[:2]), "seconds": time.perf_counter() - began, "peak_mib": peak}


def country(asked: argparse.Namespace) -> tuple[list[Row], list[Row]]:
    """Former units and clause rows. A new unit takes the code of one of its former units, as the real ones do."""
    rng = random.Random(2025)  # noqa: S311 - a made-up country, no secret
    former: list[Row] = []
    rows: list[Row] = []
    for province in range(asked.provinces):
        share = [
            whole // asked.provinces + (province < whole % asked.provinces)
            for whole in (asked.new, asked.former, asked.divided)
        ]
        units: list[Row] = [
            (f"{number:05d}", f"Xã Cũ {number}", f"Huyện {place // 15 + 1}", f"{province + 1:02d}")
            for place, number in enumerate(range(len(former) + 1, len(former) + share[1] + 1))
        ]
        former += units
        rows += resolution(units, share[0], share[2], rng)
    return former, rows


def resolution(units: list[Row], new: int, divided: int, rng: random.Random) -> Iterator[Row]:
    """The clauses of one province: neighbours in the list join; a divided unit gives its rest to a later clause than its part."""
    groups = [list(units[place * len(units) // new : (place + 1) * len(units) // new]) for place in range(new)]
    split = {unit[0] for unit in rng.sample([unit for group in groups[1:] for unit in group[1:]], divided)}
    number = f"{1600 + int(units[0][3])}/NQ-THU"
    for place, group in enumerate(groups):
        code, province = group[0][0], group[0][3]
        head = (number, str(place + 1), province, code, f"Xã Mới {code}")
        for unit in group:
            extent = ("rest", f"khoản {place}") if unit[0] in split else ("full", "")
            yield (*head, province, unit[2], unit[0], unit[1], extent[0], "area+population", extent[1], "")
        for unit in groups[place + 1] if place + 1 < new else []:
            if unit[0] in split:
                yield (*head, province, unit[2], unit[0], unit[1], "partial", "area+population", "", "")


def _write(path: Path, columns: Row, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([columns, *rows])
