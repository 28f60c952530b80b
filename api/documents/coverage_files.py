"""The report on coverage as a GeoPackage over HTTP: written when it is asked for, one at a time, and kept for a moment."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO

from api.documents.coverage_report import Record
from planning.errors import BadQuestion, NotAllowed, Unavailable
from planning.settings import Settings
from planning.store.outlines import outlines_of_report
from planning.store.records import Scope
from planning.store.session import reading

MOST_FINDINGS = 100_000
"""Findings of one file; beyond, the command writes it."""

MOST_ASKING = 4
"""Who may wait for a file at a time, of one process; others are asked to come again."""

KEPT_SECONDS = 30

CHUNK = 1 << 20

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    path: Path
    until: float


class ReportFiles:
    """The files of this process, in a folder of its own that goes with it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = tempfile.TemporaryDirectory(prefix="quyhoach-report-")
        self._kept: dict[Key, _Kept] = {}
        self._alone = Lock()
        self._asking = 0
        self._number = 0

    def close(self) -> None:
        """Let every file go."""
        self._folder.cleanup()

    async def opened(self, document: Record) -> BinaryIO:
        """The file of a report, open at its beginning; whoever has it open keeps it. Raises `BadQuestion` and `Unavailable`."""
        found = sum(one["number"] for one in document["findings"])
        if found > MOST_FINDINGS:
            raise BadQuestion(
                parameter="format", vi=f"{found} phát hiện, nhiều hơn {MOST_FINDINGS}; dùng: quyhoach check report --out TỆP.gpkg.",
                en=f"{found} findings are more than {MOST_FINDINGS}; use: quyhoach check report --out FILE.gpkg.",
            )  # fmt: skip
        if self._asking >= MOST_ASKING:
            raise Unavailable
        self._asking += 1
        try:
            return await asyncio.to_thread(self._opened, document)
        finally:
            self._asking -= 1

    def _opened(self, document: Record) -> BinaryIO:
        unit = (document["unit"] or {}).get("code")
        key = (document["release"]["number"], document["on"], unit)
        with self._alone:
            self._forget_old()
            if key not in self._kept:
                path = self._written(document, Scope(key[0], document["on"], unit=unit))
                self._kept[key] = _Kept(path, time.monotonic() + KEPT_SECONDS)
            return self._kept[key].path.open("rb")

    def _written(self, document: Record, scope: Scope) -> Path:
        from layers.outputs.coverage import write_coverage  # noqa: PLC0415 - geopandas is slow to load and large; few ask for a file

        self._number += 1
        path = Path(self._folder.name) / f"{self._number}.gpkg"
        try:
            with reading(self._settings) as session:
                write_coverage(document, outlines_of_report(session, scope), path, session.storage_srid)
        except NotAllowed as error:  # no room on the disk of the service: no fault of the question
            path.unlink(missing_ok=True)
            raise Unavailable from error
        return path

    def _forget_old(self) -> None:
        now = time.monotonic()
        for key in [key for key, one in self._kept.items() if one.until < now]:
            self._kept.pop(key).path.unlink(missing_ok=True)


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """The file a piece at a time; closed in the end."""
    with file:
        while piece := file.read(CHUNK):
            yield piece
