"""Where a file really lies: a plain file or folder of this machine, of a bearable size, under a name no reader takes for an address."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from layers.sources.fingerprint import parts_of
from layers.sources.kinds import Kind
from layers.sources.limits import LARGEST_FILE_BYTES, LARGEST_WHOLE_BYTES, MIB
from planning.errors import BadFile

WHOLE: set[Kind] = {"KML", "DXF", "DGN", "MapInfo MIF"}
"""Kinds that are held in memory, or copied, whole."""

UNUSABLE = "!;"
"""pyogrio takes what stands before `!` for an archive and drops what follows `;`."""


class Stage:
    """A temporary folder, made when it is first needed."""

    def __init__(self) -> None:
        self._folder: Path | None = None

    def folder(self) -> Path:
        """A new empty folder within."""
        self._folder = self._folder or Path(tempfile.mkdtemp(prefix="quyhoach-"))
        return Path(tempfile.mkdtemp(dir=self._folder))

    def clear(self) -> None:
        """Remove everything."""
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def linked(path: Path, stage: Stage) -> Path:
    """A link to the file in a folder of its own, with its companions: GDAL writes a .gfs beside every .gml it reads."""
    folder = stage.folder()
    for part in parts_of(path):
        (folder / part.name).symlink_to(part)
    return folder / path.name


@contextmanager
def staged() -> Iterator[Stage]:
    """A stage for the length of a block."""
    stage = Stage()
    try:
        yield stage
    finally:
        stage.clear()


def placed(path: Path) -> Path:
    """The absolute path; refuses what is not there, links, devices, and names that readers misunderstand."""
    if path.is_symlink():
        raise _refused(path, "là liên kết; hãy chỉ thẳng đến tệp.", "it is a symbolic link; name the file itself.")
    if not (path.is_file() or path.is_dir()):
        raise BadFile(file=str(path), vi="không có tệp này.", en="there is no such file.")
    whole = path.resolve()
    if any(mark in str(whole) for mark in UNUSABLE):
        raise _refused(path, "đường dẫn có dấu “!” hoặc “;”; hãy đặt lại tên.", "its path holds “!” or “;”; rename it.")
    for part in whole.rglob("*") if whole.is_dir() else parts_of(whole):
        if part.is_symlink():
            raise _refused(path, f"{part.name} là liên kết.", f"{part.name} is a symbolic link.")
    return whole


def refuse_too_large(path: Path, kind: Kind) -> None:
    """Refuse a file above the limit of its kind."""
    most = LARGEST_WHOLE_BYTES if kind in WHOLE else LARGEST_FILE_BYTES
    size = sum(part.stat().st_size for part in parts_of(path))
    if size > most:
        limit = f"{most // MIB:,} MiB"
        raise _refused(path, f"tệp lớn hơn {limit}; hãy chia nhỏ.", f"it is larger than {limit}; split it.")


def _refused(path: Path, vi: str, en: str) -> BadFile:
    return BadFile(file=path.name, vi=vi, en=en)
