"""Zips, unpacked into a temporary folder within limits; nothing in them can name a place outside it."""

import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from layers.sources.kinds import SUFFIXES
from layers.sources.limits import MIB, SMALL_UNPACKED_BYTES, limits
from layers.sources.places import Stage, room_for
from planning.errors import BadFile

BLOCK = 1 << 20
LOOSE = {".json", ".xml", ".txt"}
"""Suffixes that are more often a note beside the data than the data."""


def unpacked(path: Path, stage: Stage) -> Path:
    """The members of a zip in a folder of the stage; refuses what a drawing office would not send."""
    folder = stage.folder()
    try:
        with room_for(path), zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            _refuse_hostile(path, members)
            room = limits().unpacked_mib * MIB
            for member in members:
                room -= _extract(path, archive, member, folder, room)
    # NotImplementedError: zipfile knows no such compression; RuntimeError: a password is asked for
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadFile(file=path.name, vi=f"zip bị hỏng ({error}).", en=f"the zip is broken ({error}).") from None
    return folder


def datasets_in(folder: Path, name: str) -> list[Path]:
    """The files with data in an unpacked zip, File Geodatabases as folders."""
    databases = [one for one in sorted(folder.rglob("*")) if one.is_dir() and one.suffix.lower() == ".gdb"]
    files = [one for one in sorted(folder.rglob("*")) if one.is_file() and not any(d in one.parents for d in databases)]
    known = [one for one in files if SUFFIXES.get(one.suffix.lower(), "Zip") != "Zip"]
    firm = [one for one in known if one.suffix.lower() not in LOOSE]
    found = databases + (firm or ([] if databases else known))
    if not found:
        raise BadFile(
            file=name,
            vi="trong zip không có dữ liệu đọc được (zip lồng trong zip không được mở).",
            en="the zip holds no data that is read (a zip within a zip is not opened).",
        )
    return found


def _refuse_hostile(path: Path, members: list[zipfile.ZipInfo]) -> None:
    if len(members) > (most := limits().zip_members):
        raise _refused(
            path,
            f"có {len(members):,} tệp, hơn {most:,} (QUYHOACH_ZIP_MEMBERS)",
            f"it has {len(members):,} members, more than {most:,} (QUYHOACH_ZIP_MEMBERS)",
        )
    for member in members:
        where = PurePosixPath(member.filename.replace("\\", "/"))
        if where.is_absolute() or ".." in where.parts or ":" in member.filename or "\0" in member.orig_filename:
            name = member.filename[:60]
            raise _refused(path, f"“{name}” chỉ ra ngoài thư mục", f"“{name}” points outside of it")
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
            raise _refused(path, f"“{where.name}” là liên kết hoặc thiết bị", f"“{where.name}” is a link or a device")
        if member.flag_bits & 1:
            raise _refused(
                path, "có mật khẩu; hãy nén lại không mật khẩu", "it is locked by a password; pack it without one"
            )
    _refuse_bomb(path, sum(one.file_size for one in members), sum(one.compress_size for one in members))


def _refuse_bomb(path: Path, size: int, packed: int) -> None:
    own = limits()
    if size > own.unpacked_mib * MIB:
        limit = f"{own.unpacked_mib:,} MiB (QUYHOACH_UNPACKED_MIB)"
        raise _refused(path, f"bung ra lớn hơn {limit}", f"it unpacks to more than {limit}")
    if size > SMALL_UNPACKED_BYTES and size > own.unpacked_ratio * max(packed, 1):
        raise _refused(
            path,
            f"bung ra hơn {own.unpacked_ratio:,} lần kích thước (QUYHOACH_UNPACKED_RATIO)",
            f"it unpacks to more than {own.unpacked_ratio:,} times its size (QUYHOACH_UNPACKED_RATIO)",
        )


def _extract(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, room: int) -> int:
    """Unpack one member; its header may lie about its size, so the bytes are counted."""
    target = folder.joinpath(*PurePosixPath(member.filename.replace("\\", "/")).parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with archive.open(member) as source, target.open("wb") as sink:
        while block := source.read(BLOCK):
            written += len(block)
            if written > min(room, member.file_size):
                raise _refused(
                    path,
                    f"“{target.name}” lớn hơn kích thước ghi trong zip",
                    f"“{target.name}” is larger than the zip declares",
                )
            sink.write(block)
    return written


def _refused(path: Path, vi: str, en: str) -> BadFile:
    return BadFile(file=path.name, vi=f"zip: {vi}.", en=f"zip: {en}.")
