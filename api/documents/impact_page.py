"""The impact report of a merger as a page that prints: one file, no script, its maps drawn in it."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.documents.words import (
    DECISIONS,
    EXTENTS,
    LEVELS,
    VERDICTS,
    day,
    hectares,
    last_day,
    left,
    names_of,
    number,
    signed,
)
from planning.units import bare_name

Record = dict[str, Any]

HUES = 24
SIDE_BY_SIDE = 60
"""With more units than this, the maps stand one above the other, at the full width of the sheet."""

LETTER = {True: 14, False: 44}
"""Height of the map's letters in its own units, in maps of full and of half width: 5 and 7 points on A4."""

SMALL_PCT = 0.1
ROWS = 120
"""Rows of a long table on paper; the JSON and the GeoPackage hold the rest."""


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Templates that print, with the filters they use."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        "path": _path,
        "number": number,
        "ha": hectares,
        "day": day,
        "last_day": last_day,
        "signed": signed,
        "left": left,
    }
    environment.globals |= {
        "EXTENTS": EXTENTS, "DECISIONS": DECISIONS, "LEVELS": LEVELS, "VERDICTS": VERDICTS, "ROWS": ROWS, "SMALL_PCT": SMALL_PCT,
    }  # fmt: skip
    return environment


def as_page(report: Record, release: int | None = None) -> str:
    """HTML in Vietnamese and English from the report's document; `release` is named where the report is public."""
    old, new = names_of(report)
    return (
        environment()
        .get_template("impact.html")
        .render(
            report=report, release=release, map=_coloured(report), old=old, new=new, moves=_moves(report), levels=_levels(report)
        )
    )  # fmt: skip


def _coloured(report: Record) -> Record:
    """The drawing with a fill for every new unit, and for former ones that of the unit that took them (whole, or the rest)."""
    fills = {
        unit["code"]: f"hsl({place * 360 // HUES % 360} 55% {82 - place // HUES % 3 * 6}%)"
        for place, unit in enumerate(_spread(report))
    }
    taker = {
        part["code"]: event["code"] for event in report["events"] for part in event["parts"] if part["extent"] != "part"
    }
    drawing = report["map"]
    stacked = max(len(drawing["before"]), len(drawing["after"])) > SIDE_BY_SIDE
    return {
        **drawing,
        "before": [_named(one, fills.get(taker.get(one["code"], "")), stacked) for one in drawing["before"]],
        "after": [_named(one, fills.get(one["code"]), stacked) for one in drawing["after"]],
        "stacked": stacked,
        "letter": LETTER[stacked],
    }


def _named(one: Record, fill: str | None, stacked: bool) -> Record:
    """An outline with its fill, and its name where that fits inside."""
    name = bare_name(one["name"])
    fits = one["wide"] > 0.62 * LETTER[stacked] * len(name)
    return {**one, "fill": fill or "#e8e8e8", "shown": name if fits else ""}


def _spread(report: Record) -> Sequence[Record]:
    """New units in an order in which neighbours of the list get hues far apart."""
    units = report["opened"]
    return [unit for start in range(7) for unit in units[start::7]]


def _moves(report: Record) -> list[tuple[str | None, list[Record]]]:
    """Parcels by the new unit they come to; last those of which it is unknown."""
    groups: dict[str | None, list[Record]] = {}
    for move in report["parcels"]["moves"]:
        groups.setdefault(move["new"], []).append(move)
    return sorted(groups.items(), key=lambda group: group[0] or "~")


def _levels(report: Record) -> Mapping[str, Record]:
    """Rows of each level, apart: communes without a plan, communes with several."""
    found: dict[str, Record] = {}
    for row in report["levels"]["rows"]:
        level = found.setdefault(row["level"], {"none": [], "one": [], "several": []})
        level[row["state"]].append(row)
    return found


def _path(rings: Sequence[Sequence[Sequence[int]]]) -> str:
    return "".join("M" + "L".join(f"{x} {y}" for x, y in ring) + "Z" for ring in rings)
