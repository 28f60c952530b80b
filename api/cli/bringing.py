"""What every `quyhoach import …` does around its own work: one transaction, a progress bar, the report shown and written."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from api.cli.deployment import settings
from api.cli.screen import kept_report, progress_bar, show_report, write_report
from layers.ingest.bearing import Country
from layers.ingest.report import Report
from planning.periods import today
from planning.store.copying import Progress
from planning.store.records import ground_on
from planning.store.session import ReadSession, WriteSession, writing


@dataclass(slots=True)
class Bringing:
    """An import under way; `result` is what it reports in the end."""

    session: WriteSession
    progress: Progress
    result: Report | None = None

    @property
    def country(self) -> Country:
        """What the coordinates of a file are held against: the communes of today, the draft's included."""
        return country_of(self.session)


def country_of(session: ReadSession) -> Country:
    """The communes of today as a session sees them."""
    return Country(cache(lambda: ground_on(session, today())), session.storage_srid)


@contextmanager
def bringing(file: Path, report: Path | None, *, dry_run: bool) -> Iterator[Bringing]:
    """Open the store for one import. A dry run does all of the work and is then taken back, so its report is the real one.

    The report is written before the import is committed: where it cannot be, nothing is stored.
    """
    with kept_report(report):
        with writing(settings(), kept=not dry_run) as session, progress_bar(file.name) as progress:
            under_way = Bringing(session, progress)
            yield under_way
            result = under_way.result
            assert result is not None
            result.dry_run = dry_run
            if report:
                write_report(report, result)
        show_report(result)
