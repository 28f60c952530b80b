"""The fingerprint of a file with the files that belong to it, taken before it is read and compared afterwards."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from planning.errors import BadFile

COMPANIONS: dict[str, tuple[str, ...]] = {
    ".shp": (".shx", ".dbf", ".prj", ".cpg"),
    ".tab": (".dat", ".map", ".id", ".ind"),
    ".mif": (".mid",),
    ".gml": (".xsd",),
}
"""Suffix → those of the files without which it cannot be read, or not in the same way."""

BLOCK = 1 << 20


def sha256_of(path: Path) -> str:
    """The fingerprint of a file, and of its companions or, for a folder, of all files in it by name."""
    digest = hashlib.sha256()
    for part in parts_of(path):
        if path.is_dir():
            digest.update(part.relative_to(path).as_posix().encode() + b"\0")
        with part.open("rb") as stream:
            while block := stream.read(BLOCK):
                digest.update(block)
    return digest.hexdigest()


def parts_of(path: Path) -> Iterator[Path]:
    """The file and its companions that are there, in a fixed order; their suffixes in any case."""
    if path.is_dir():
        yield from sorted(part for part in path.rglob("*") if part.is_file())
        return
    yield path
    for suffix in COMPANIONS.get(path.suffix.lower(), ()):
        other = companion(path, suffix)
        if other:
            yield other


def companion(path: Path, suffix: str) -> Path | None:
    """The file beside `path` with another suffix, however it is cased."""
    for one in (path.with_suffix(suffix), path.with_suffix(suffix.upper())):
        if one.exists():
            return one
    return None


def refuse_changed(path: Path, before: str) -> None:
    """Refuse a file that is not what it was when the reading began."""
    if sha256_of(path) != before:
        raise BadFile(
            file=path.name,
            vi="tệp đã thay đổi trong khi đang đọc; hãy chờ ghi xong rồi nhập lại.",
            en="it changed while it was read; bring it in again once nothing writes to it.",
        )
