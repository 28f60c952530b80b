"""One release as the oracle reads it: whole rows and whole geometries, by no question of the service and by none of its functions."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely
from sqlalchemy import Connection, text

from planning.settings import Settings
from planning.store.session import engine

Record = dict[str, Any]

COLUMNS = {
    "unit": "id, code, level, valid_from, valid_to, release_from, release_to, geom",
    "plan": "id, code, level, kind, amends, valid_from, valid_to, release_from, release_to, geom",
    "zone": "id, plan_id, geom",
    "parcel": "id, former_code, sheet, number, valid_from, valid_to, release_from, release_to, geom",
    "control_line": "id, kind, plan_code, half_width_m, valid_from, valid_to, release_from, release_to, geom",
    "finding": "id, check_code, case_id, release, holds_from, holds_to, geom",
    "availability": "theme, unit_code, state, on_whose_word, valid_from, valid_to, release_from, release_to",
    "carry_over": "plan_code, effective, decision, release_from, release_to",
}
THEMES = tomllib.loads((Path(__file__).parents[2] / "planning" / "themes.toml").read_text(encoding="utf-8"))["theme"]


@dataclass(frozen=True)
class Layer:
    """Rows with their shapes, and a tree of these."""

    rows: list[Record]
    shapes: Any
    tree: shapely.STRtree


@dataclass(frozen=True)
class Ground:
    """What stands on record on one day of one release. `ended`: ids of units that had ended; `standing`: id of a plan → how it stands."""

    day: date
    units: Layer
    ended: frozenset[int]
    plans: Layer
    standing: dict[int, str]
    zones: Layer
    parcels: Layer
    lines: Layer
    findings: Layer
    words: dict[tuple[str, str], list[Record]]
    amended: dict[str, str | None]
    parcel_shapes: dict[str, Any]


class Tables:
    """The rows of a release, and the ground of each of its days."""

    def __init__(self, settings: Settings, release: int | None = None) -> None:
        with engine(settings).connect() as connection:
            latest = "SELECT max(number) FROM release WHERE published_at IS NOT NULL"
            self.release: int = release or connection.execute(text(latest)).scalar_one()
            rows = {name: _rows(connection, name, columns) for name, columns in COLUMNS.items()}
        self._rows = {
            name: [row for row in held if self._is_known(row)] if held and "release_from" in held[0] else held
            for name, held in rows.items()
        }
        self._grounds: dict[date, Ground] = {}

    def _is_known(self, row: Record) -> bool:
        return row["release_from"] <= self.release and (row["release_to"] is None or row["release_to"] > self.release)

    def days(self) -> list[date]:
        """Days on which something begins, and the days before."""
        turns = {row[end] for name in ("unit", "plan", "parcel", "control_line") for row in self._rows[name]
            for end in ("valid_from", "valid_to") if row[end]}  # fmt: skip
        return sorted({day for turn in turns for day in (turn, date.fromordinal(turn.toordinal() - 1))})

    def on(self, day: date) -> Ground:
        """The ground of a day."""
        if day not in self._grounds:
            self._grounds[day] = self._ground(day)
        return self._grounds[day]

    def _ground(self, day: date) -> Ground:
        rows = self._rows
        units = [row for row in rows["unit"] if row["valid_from"] <= day and row["geom"] is not None]
        standing = {
            row["id"]: how for row in rows["plan"] if holds_on(row, day) and (how := self._standing(row["code"], day))
        }
        plans = [row for row in rows["plan"] if row["id"] in standing]
        words: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for row in rows["availability"]:
            if holds_on(row, day):
                words[row["theme"], row["unit_code"]].append(row)
        parcels = [row for row in rows["parcel"] if holds_on(row, day)]
        findings = [{**row, "valid_from": row["holds_from"], "valid_to": row["holds_to"]} for row in rows["finding"]
            if row["release"] == self.release]  # fmt: skip
        return Ground(
            day=day,
            units=layer(units),
            ended=frozenset(row["id"] for row in units if not holds_on(row, day)),
            plans=layer(plans),
            standing=standing,
            zones=layer(row for row in rows["zone"] if row["plan_id"] in standing),
            parcels=layer(parcels),
            parcel_shapes={f"{row['former_code']}/{row['sheet']}/{row['number']}": row["geom"] for row in parcels},
            lines=layer(row for row in rows["control_line"] if holds_on(row, day) and self._is_drawn(row, plans)),
            findings=layer(row for row in findings if holds_on(row, day)),
            words=dict(words),
            amended={row["code"]: row["amends"] for row in plans},
        )

    def _standing(self, code: str, day: date) -> str | None:
        """How a plan stands after the mergers it went through; None where one of them ended it."""
        decided = [row for row in self._rows["carry_over"] if row["plan_code"] == code and row["effective"] <= day]
        last = max(decided, key=lambda row: row["effective"])["decision"] if decided else "kept"
        return {"kept": "in_force", "undecided": "not_carried_over"}.get(last)

    @staticmethod
    def _is_drawn(line: Record, plans: list[Record]) -> bool:
        """A plan's lines are in force with the version of it within whose days they begin."""
        of = [plan for plan in plans if plan["code"] == line["plan_code"]]
        return line["plan_code"] is None or any(holds_on(plan, line["valid_from"]) for plan in of)


def holds_on(row: Record, day: date) -> bool:
    """From its first day up to, not including, its last."""
    return row["valid_from"] <= day and (row["valid_to"] is None or day < row["valid_to"])


def layer(rows: Iterable[Record]) -> Layer:
    """Rows under a tree, their shapes prepared."""
    held = list(rows)
    shapes = gpd.array.from_shapely([row["geom"] for row in held]).to_numpy()
    shapely.prepare(shapes)
    return Layer(held, shapes, shapely.STRtree(shapes))


def _rows(connection: Connection, name: str, columns: str) -> list[Record]:
    question = f"SELECT {columns} FROM {name}"
    if "geom" not in columns:
        return [dict(row) for row in connection.execute(text(question)).mappings()]
    frame = gpd.read_postgis(text(question), connection, geom_col="geom").astype(object)
    records: list[dict[str, Any]] = frame.where(frame.notna(), None).to_dict("records")
    return records
