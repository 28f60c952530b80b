"""Runs of checks, kept beside what they found: the cases of each with their area and width, up to a limit of runs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, text

from planning.checks.cases import CaseCourse
from planning.errors import BadQuestion, NotAllowed
from planning.findings import Finding
from planning.store.incoming import Rows, add
from planning.store.session import ReadSession, WriteSession
from planning.store.tables import kept_run, kept_run_case

KEPT_RUNS = 20
"""Runs kept of one release and scope (rules, level, commune, tolerance); an older one gives way to the newest."""

LISTED_RUNS = 50

_COLUMNS = (
    kept_run.c.number, kept_run.c.run_at, kept_run.c.release, kept_run.c.on_day, kept_run.c.unit_code, kept_run.c.level,
    kept_run.c.checks, kept_run.c.tolerance_m, kept_run.c.counts,
)  # fmt: skip
_COMPARED = text(
    "SELECT coalesce(b.case_id, a.case_id) AS case, c.check_code AS check, c.level, c.plan_codes, c.subjects, b.area_m2 AS before_m2,"
    " a.area_m2 AS after_m2, b.width_m AS before_width_m, a.width_m AS after_width_m"
    " FROM (SELECT * FROM kept_run_case WHERE run = :before) b"
    " FULL JOIN (SELECT * FROM kept_run_case WHERE run = :after) a ON a.case_id = b.case_id"
    " JOIN finding_case c ON c.id = coalesce(b.case_id, a.case_id) WHERE c.check_code = ANY (:checks)"
    " ORDER BY c.check_code, greatest(a.area_m2, b.area_m2) DESC, c.id"
)


@dataclass(frozen=True, slots=True)
class Extent:
    """What a run looked at and for."""

    release: int
    on: date
    checks: tuple[str, ...]
    tolerance_m: float
    level: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A kept run; `counts` is the number of findings by rule."""

    number: int
    run_at: datetime
    extent: Extent
    counts: dict[str, int]


def keep_run(session: WriteSession, extent: Extent, found: Sequence[Finding], cases: Sequence[int]) -> int:
    """Keep what a run found, each finding by its case; the number of the run. Runs beyond the limit give way."""
    values = {
        "release": extent.release, "on_day": extent.on, "unit_code": extent.unit, "level": extent.level, "checks": list(extent.checks),
        "tolerance_m": extent.tolerance_m, "counts": dict(Counter(one.check for one in found)),
    }  # fmt: skip
    number = int(
        session.connection.execute(insert(kept_run).values(**values).returning(kept_run.c.number)).scalar_one()
    )
    if found:
        columns: dict[str, Any] = {"run": [number] * len(found), "case_id": list(cases)}
        columns |= {name: [getattr(one, name) for one in found] for name in ("area_m2", "width_m")}
        add(session, Rows(kept_run_case, columns))
    _let_go(session, extent)
    return number


def _let_go(session: WriteSession, extent: Extent) -> None:
    same = _same(extent) & (kept_run.c.release == extent.release)
    kept = select(kept_run.c.number).where(same).order_by(kept_run.c.number.desc()).limit(KEPT_RUNS)
    session.connection.execute(delete(kept_run).where(same, kept_run.c.number.not_in(kept)))


def _same(extent: Extent) -> Any:
    """The condition that a run had the same scope, the release and the day apart."""
    return (
        kept_run.c.level.is_not_distinct_from(extent.level)
        & kept_run.c.unit_code.is_not_distinct_from(extent.unit)
        & (kept_run.c.checks == list(extent.checks))
        & (kept_run.c.tolerance_m == extent.tolerance_m)
    )


def forget_runs(session: WriteSession, release: int) -> None:
    """A draft that is discarded takes its runs along."""
    session.connection.execute(delete(kept_run).where(kept_run.c.release == release))


def kept_runs(session: ReadSession, release: int | None = None) -> list[Run]:
    """The newest runs, of one release where asked."""
    wanted = select(*_COLUMNS).order_by(kept_run.c.number.desc()).limit(LISTED_RUNS)
    if release is not None:
        wanted = wanted.where(kept_run.c.release == release)
    return [_run(row) for row in session.connection.execute(wanted)]


def last_two(session: ReadSession) -> tuple[Run, Run]:
    """The newest run and the one before it with the same scope, the earlier first."""
    newest = next(iter(kept_runs(session)), None)
    if newest is not None:
        mine = _same(newest.extent) & (kept_run.c.number < newest.number)
        row = session.connection.execute(
            select(*_COLUMNS).where(mine).order_by(kept_run.c.number.desc()).limit(1)
        ).one_or_none()
        if row:
            return _run(row), newest
    raise NotAllowed(
        vi="chưa có hai lần kiểm tra cùng phạm vi để so sánh; xem quyhoach check runs.",
        en="there are no two runs of one scope to compare yet; see quyhoach check runs.",
    )


def run_numbered(session: ReadSession, number: int) -> Run:
    """The kept run of that number."""
    row = session.connection.execute(select(*_COLUMNS).where(kept_run.c.number == number)).one_or_none()
    if row is None:
        last = session.connection.execute(select(func.max(kept_run.c.number))).scalar()
        raise BadQuestion(
            parameter="--runs", vi=f"không còn lần kiểm tra {number} (mới nhất: {last or '–'}); xem quyhoach check runs.",
            en=f"run {number} is not kept (the newest is {last or '–'}); see quyhoach check runs.",
        )  # fmt: skip
    return _run(row)


def courses(session: ReadSession, before: Run, after: Run) -> list[CaseCourse]:
    """How every case went from one run to another, by rule, the largest first; only rules that both applied.

    Raises `BadQuestion` where the runs looked at different levels or communes, or passed over different widths: there “gone” means nothing.
    """
    one, other = before.extent, after.extent
    if (one.level, one.unit, one.tolerance_m) != (other.level, other.unit, other.tolerance_m):
        raise BadQuestion(
            parameter="--runs", vi="hai lần kiểm tra khác phạm vi (cấp, xã hoặc bề rộng bỏ qua); xem quyhoach check runs.",
            en="the two runs differ in level, commune or tolerance; see quyhoach check runs.",
        )  # fmt: skip
    both = sorted(set(one.checks) & set(other.checks))
    rows = session.connection.execute(_COMPARED, {"before": before.number, "after": after.number, "checks": both})
    return [
        CaseCourse(**{**row, "plan_codes": tuple(row["plan_codes"]), "subjects": tuple(row["subjects"])})
        for row in rows.mappings()
    ]


def _run(row: Any) -> Run:
    extent = Extent(row.release, row.on_day, tuple(row.checks), row.tolerance_m, row.level, row.unit_code)
    return Run(row.number, row.run_at, extent, row.counts)
