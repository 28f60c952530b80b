"""The way every import goes: recognise the file, open the draft, store, conclude with a report."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from layers.ingest.delivery import InLots
from layers.ingest.report import Report
from layers.sources.vector import Source
from planning.errors import BadFile
from planning.store.copying import Progress
from planning.store.incoming import Dataset, Rows, Stored, add, conclude, make_room, recognised, record
from planning.store.releases import forget_checks, open_draft
from planning.store.session import WriteSession

SHOWN_REFUSALS = 3

LOTS_AHEAD = 2
"""Lots that may be under way while one more is made ready: so neither side waits for the other, and memory stays bounded."""


class NothingStored(BadFile):
    """Every feature was refused: the report tells of each, with its geometry."""

    code = "nothing-stored"

    def __init__(self, report: Report, **facts: object) -> None:
        self.report = report
        super().__init__(**facts)


class DoesNotAddUp(NothingStored):
    """The clauses of a merger do not account for every unit once; nothing was stored, the report names each breach."""

    code = "does-not-add-up"
    vi = "Tệp {file}: các khoản không khớp, không nhập gì ({count} lỗi). {reasons}"
    en = "File {file}: its clauses do not add up, nothing was stored ({count} breaches). {reasons}"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a person says of a file beyond what is in it."""

    valid_from: date | None = None
    valid_to: date | None = None
    illustration: bool = False
    accuracy_m: float | None = None

    def as_parameters(self) -> dict[str, Any]:
        """What tells one import of a file from another import of the same file."""
        exact = {} if self.accuracy_m is None else {"accuracy_m": self.accuracy_m}
        return {
            **exact,
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
            "illustration": self.illustration,
        }


@dataclass(slots=True)
class Intake:
    """One import under way. Within `in_lots`, rows are stored in a thread of their own while the next lot is made ready."""

    session: WriteSession
    report: Report
    draft: int
    dataset_id: int
    progress: Progress | None = None
    _storing: ThreadPoolExecutor | None = None
    _under_way: deque[Future[int]] = field(default_factory=deque)

    @contextmanager
    def in_lots(self) -> Iterator[None]:
        """Store what is added lot by lot; what is still under way is waited for, whatever ends the block."""
        with ThreadPoolExecutor(1, "store") as storing:
            self._storing = storing
            yield
            self.settle()
        self._storing = None

    def settle(self) -> None:
        """Wait until what was added is stored."""
        self._wait(0)

    def _wait(self, left: int) -> None:
        while len(self._under_way) > left:
            self._under_way.popleft().result()

    def store(self, rows: Rows, key: Sequence[str]) -> None:
        """Store new versions in the place of the old ones, and count."""
        self.settle()
        room = make_room(self.session, rows, key, self.draft)
        self.add(rows)
        for name, number in (("replaced_in_draft", room.replaced), ("superseded", room.superseded)):
            self.report.counts[name] = self.report.counts.get(name, 0) + number

    def add(self, rows: Rows) -> None:
        """Store rows that replace nothing by themselves."""
        name = f"stored_{rows.table.name}"
        self.report.counts[name] = self.report.counts.get(name, 0) + len(rows)
        if self._storing:
            self._under_way.append(self._storing.submit(add, self.session, rows))
            self._wait(LOTS_AHEAD)
        else:
            add(self.session, rows, self.progress)

    def came(self, number: int, of: int | None = None) -> None:
        """Count features read, and tell how far the reading has come."""
        counts = self.report.counts
        counts["read"] = counts.get("read", 0) + number
        if self.progress and of:
            self.progress("đọc và lưu / read and store", min(counts["read"], of), of)

    def concluded(self) -> Report:
        """Refuse an import of which nothing can be stored; otherwise write the report beside the data set."""
        self.report.counts["refused"] = self.report.refused_in_all
        if not any(number for name, number in self.report.counts.items() if name.startswith("stored_")):
            reasons = "; ".join(refusal.sentence for refusal in self.report.refused[:SHOWN_REFUSALS])
            raise NothingStored(
                self.report,
                file=self.report.file,
                vi=f"không đối tượng nào nhập được ({self.report.refused_in_all:,} bị từ chối). {reasons}",
                en=f"none of its features can be stored ({self.report.refused_in_all:,} refused). {reasons}",
            )
        conclude(self.session, self.dataset_id, self.report.counts, self.report.as_json())
        return self.report


def opened(
    session: WriteSession, wanted: Dataset, report: Report, tables: Sequence[Stored], progress: Progress | None
) -> Intake | None:
    """Begin, unless the same file was brought in before: then the report says so and there is nothing to do."""
    report.recognised_as = recognised(session, wanted, tables)
    if report.skipped:
        return None
    draft = open_draft(session)
    forget_checks(session, draft)
    report.release = draft
    return Intake(session, report, draft, record(session, wanted, draft), progress)


def dataset_of(kind: str, source: Source | InLots, operation: str, terms: Terms) -> Dataset:
    """The provenance of a file with shapes."""
    parameters = {**terms.as_parameters(), **source.as_parameters()}
    return Dataset(kind, source.name, source.sha256, parameters, source.crs, operation, terms.illustration)


def report_of(kind: str, source: Source | InLots, operation: str) -> Report:
    """A report on a file with shapes, still without features but for those of a file read whole."""
    report = Report(kind, source.name, source.sha256, source.crs, source.crs_said_by, operation)
    report.counts["read"] = 0
    if isinstance(source, Source):
        report.counts["read"] = len(source)
        report.warn(*source.notes)
    else:
        source.tell(report)
    return report
