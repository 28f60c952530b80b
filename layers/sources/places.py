"""Where a file really lies: a plain file or folder of this machine, of a bearable size, under a name no reader takes for an address."""

import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from layers.sources.fingerprint import parts_of
from layers.sources.kinds import Kind
from layers.sources.limits import MIB, limits
from planning.errors import BadFile

WHOLE: set[Kind] = {"KML", "DXF", "DGN", "MapInfo MIF"}
"""Kinds that are held in memory, or copied, whole."""

UNUSABLE = "!;"
"""pyogrio takes what stands before `!` for an archive and drops what follows `;`."""


PREFIX = "quyhoach-unpacked-"
"""How the names of temporary folders begin."""


class Stage:
    """A temporary folder, made when it is first needed; what processes that were killed left behind is removed then.

    A folder is locked while its process lives, so one that can be locked belongs to nobody.
    """

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._lock = -1

    def folder(self) -> Path:
        """A new empty folder within."""
        if self._folder is None:
            _clear_deserted()
            self._folder, self._lock = _locked_folder()
        return Path(tempfile.mkdtemp(dir=self._folder))

    def clear(self) -> None:
        """Remove everything."""
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
            os.close(self._lock)
            self._folder = None


def _locked_folder() -> tuple[Path, int]:
    """A new folder and the descriptor that holds its lock; another process may take it for deserted before it is locked."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        lock = os.open(folder, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():
            return folder, lock
        os.close(lock)


def _clear_deserted() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):  # somebody else's, gone meanwhile, or in use
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)


OUT_OF_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def room_for(path: Path) -> Iterator[None]:
    """While something is unpacked or copied out of `path`: a full disk becomes one sentence."""
    try:
        yield
    except OSError as error:
        if error.errno not in OUT_OF_ROOM:
            raise
        where, why = tempfile.gettempdir(), error.strerror
        raise _refused(
            path,
            f"không đủ chỗ trong {where} để mở ({why}); hãy giải phóng chỗ, hoặc đặt TMPDIR vào ổ đĩa khác.",
            f"there is no room in {where} to open it ({why}); make room, or set TMPDIR to another disk.",
        ) from None


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
    whole, own = kind in WHOLE, limits()
    most = own.whole_file_mib if whole else own.file_mib
    size = sum(part.stat().st_size for part in parts_of(path))
    if size > most * MIB:
        limit = f"{most:,} MiB ({'QUYHOACH_WHOLE_FILE_MIB' if whole else 'QUYHOACH_FILE_MIB'})"
        raise _refused(path, f"tệp lớn hơn {limit}; hãy chia nhỏ.", f"it is larger than {limit}; split it.")


def _refused(path: Path, vi: str, en: str) -> BadFile:
    return BadFile(file=path.name, vi=vi, en=en)
