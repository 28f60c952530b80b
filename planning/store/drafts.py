"""What waits in the draft: by plan and by kind, from which file, with what was found in it; and each plan beside its published version."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import shapely
from sqlalchemy import Row, text

from planning.checks.catalogue import RECORD_RULES
from planning.revisions import PlanState, Revision, ZoneState, revision
from planning.store.releases import VERSIONED
from planning.store.session import ReadSession

# What comes and what gives way, by the file it came from; a row that only gives way has no file of the draft.
_WAITING = text(
    " UNION ALL ".join(
        f"SELECT '{table.name}' AS kind, {code} AS code, t.release_from = :draft AS comes, t.dataset_id,"
        f" t.release_to = :draft AS gives_way FROM {table.name} t WHERE :draft IN (t.release_from, t.release_to)"
        for table in VERSIONED
        for code in ("t.code" if table.name == "plan" else "t.plan_code" if table.name == "document" else "NULL",)
    )
)
_FILES = text("SELECT id, kind, file_name, imported_at, release_from FROM dataset WHERE id = ANY (:ids)")
_FOUND = text(
    "SELECT code, f.severity, count(DISTINCT f.case_id) AS number FROM finding f, unnest(f.plan_codes) AS code WHERE f.release = :draft"
    " GROUP BY code, f.severity"
)
_CHECKED = text("SELECT max(checked_at) FROM check_run WHERE release = :draft")
# A level has ratios since the draft last changed; the latest run that looked at it tells whether it looked at all of it.
_LEVELS = text(
    "SELECT DISTINCT ON (c.level) c.level, r.unit_code IS NULL AS whole, r.checks @> CAST(:records AS text[]) AS records, r.run_at"
    " FROM (SELECT DISTINCT level FROM coverage WHERE release = :draft) c"
    " JOIN kept_run r ON r.release = :draft AND (r.level IS NULL OR r.level = c.level) ORDER BY c.level, r.number DESC"
)
_VERSIONS = text(
    "SELECT p.*, ST_AsBinary(p.geom) AS shape, p.release_from = :draft AS comes FROM plan p"
    " WHERE :draft IN (p.release_from, p.release_to) AND (CAST(:codes AS text[]) IS NULL OR p.code = ANY (:codes))"
    " ORDER BY p.code, p.valid_from, p.release_from"
)
_ZONES = text("SELECT z.*, ST_AsBinary(z.geom) AS shape FROM zone z WHERE z.plan_id = :plan ORDER BY z.id")

FACTS = ("name", "kind", "level", "scale", "decision_number", "decision_date", "approver", "amends", "supersedes", "declared_area_ha",
    "valid_from", "valid_to", "ended_by")  # fmt: skip
ZONE_FACTS = (
    "function_scheme",
    "declared_area_m2",
    "density_pct",
    "floors_min",
    "floors_max",
    "height_max_m",
    "far_max",
    "setback_m",
    "article",
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits of a plan (`code`), or of another kind of data: rows that come and rows that give way, and the newest file."""

    kind: str
    code: str | None
    comes: int
    gives_way: int
    file: str | None
    imported_at: datetime | None
    found: Mapping[str, int] = field(default_factory=dict)


def waiting(session: ReadSession, draft: int) -> list[Waiting]:
    """What waits, plans first, by code."""
    rows: dict[tuple[str, str | None], list[Row[Any]]] = defaultdict(list)
    for row in session.connection.execute(_WAITING, {"draft": draft}):
        rows[row.kind, row.code].append(row)
    ids = list({row.dataset_id for own in rows.values() for row in own if row.comes})
    files = {row.id: row for row in session.connection.execute(_FILES, {"ids": ids})}
    found = found_by_plan(session, draft)
    listed = [_waiting(key, own, files, found) for key, own in rows.items()]
    return sorted(listed, key=lambda one: (one.kind != "plan", one.kind, one.code or ""))


def _waiting(
    key: tuple[str, str | None],
    rows: list[Row[Any]],
    files: Mapping[int, Row[Any]],
    found: Mapping[str, dict[str, int]],
) -> Waiting:
    kind, code = key
    own = {row.dataset_id for row in rows if row.comes}
    file = max((files[one] for one in own if one in files), key=lambda one: one.id, default=None)
    return Waiting(
        kind, code, sum(bool(row.comes) for row in rows), sum(bool(row.gives_way) for row in rows),
        file.file_name if file else None, file.imported_at if file else None, found.get(code or "", {}) if kind == "plan" else {},
    )  # fmt: skip


def found_by_plan(session: ReadSession, draft: int) -> dict[str, dict[str, int]]:
    """Plan code → findings of the draft by severity; empty where the draft was not checked since its last change."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in session.connection.execute(_FOUND, {"draft": draft}):
        found[row.code][row.severity] = row.number
    return found


def checked_at(session: ReadSession, draft: int) -> datetime | None:
    """When the draft was checked, None where it has changed since or never was."""
    moment: datetime | None = session.connection.execute(_CHECKED, {"draft": draft}).scalar_one()
    return moment


@dataclass(frozen=True, slots=True)
class CheckedLevel:
    """A level of the draft that was checked by itself since the draft last changed; `records`: by every rule, not of coverage alone."""

    level: str
    records: bool
    at: datetime


def checked_levels(session: ReadSession, draft: int) -> list[CheckedLevel]:
    """The levels checked all over the province, where the whole of the draft was not."""
    found = session.connection.execute(_LEVELS, {"draft": draft, "records": list(RECORD_RULES)})
    return [CheckedLevel(row.level, row.records, row.run_at) for row in found if row.whole]


def revisions(session: ReadSession, draft: int, codes: Collection[str] | None = None) -> list[Revision]:
    """Every version of a plan that the draft brings, ends or withdraws, beside the published one of the same first day."""
    bound = {"draft": draft, "codes": list(codes) if codes is not None else None}
    both: dict[tuple[str, date], dict[str, PlanState]] = defaultdict(dict)
    for row in session.connection.execute(_VERSIONS, bound).all():
        both[row.code, row.valid_from]["after" if row.comes else "before"] = _state(session, row)
    return [revision(one.get("before"), one.get("after")) for one in both.values()]


def _state(session: ReadSession, row: Row[Any]) -> PlanState:
    facts = {name: getattr(row, name) for name in FACTS}
    zones = tuple(_zone(zone) for zone in session.connection.execute(_ZONES, {"plan": row.id}))
    return PlanState(row.code, row.valid_from, facts, shapely.from_wkb(bytes(row.shape)), zones)


def _zone(row: Row[Any]) -> ZoneState:
    facts = {name: getattr(row, name) for name in ZONE_FACTS} | row.attributes
    return ZoneState(row.lot_symbol, row.function_code, shapely.from_wkb(bytes(row.shape)), facts)
