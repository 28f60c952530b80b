"""What a file is, by its first bytes: its name must say the same. Only types without active content are taken; a PDF is looked through."""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from planning.errors import BadFile

PDF, PNG, JPEG, TIFF = "application/pdf", "image/png", "image/jpeg", "image/tiff"
DWG, DXF = "image/vnd.dwg", "image/vnd.dxf"
OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX, XLSX = f"{OFFICE}wordprocessingml.document", f"{OFFICE}spreadsheetml.sheet"

SUFFIXES = {".pdf": PDF, ".png": PNG, ".jpg": JPEG, ".jpeg": JPEG, ".tif": TIFF, ".tiff": TIFF, ".dwg": DWG, ".dxf": DXF,
    ".docx": DOCX, ".xlsx": XLSX}  # fmt: skip
"""Suffix → media type: all that is taken."""

_SIGNATURES = (
    (b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG), (b"II*\0", TIFF), (b"MM\0*", TIFF), (b"II+\0", TIFF),
    (b"MM\0+", TIFF), (b"AC10", DWG), (b"AutoCAD Binary DXF\r\n\x1a\0", DXF),
)  # fmt: skip
_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_MACROS = ("vbaProject.bin",)

FLAGS = {
    "javascript": "có mã JavaScript / holds JavaScript",
    "launch": "có lệnh mở chương trình / can start a program",
    "attachment": "có tệp đính kèm / has files attached",
    "encrypted": "có mật khẩu, không xem được bên trong / needs a password, could not be looked through",
    "damaged": "hỏng, không xem được bên trong / damaged, could not be looked through",
}
"""What a PDF can do beside being read."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that may be stored."""

    name: str
    media_type: str
    sha256: str
    content: bytes
    flags: tuple[str, ...] = ()


def recognised(path: Path, most_mb: int) -> File:
    """Read a file whole. Raises `BadFile` where it is empty, too large, of a type not taken, or not what its name says."""
    content = _content(path, most_mb)
    said, found = SUFFIXES.get(path.suffix.lower()), media_type_of(content)
    known = ", ".join(SUFFIXES)
    if content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise BadFile(file=path.name, vi="HTML, SVG, XML có thể chứa mã chạy được; không nhận.",
            en="HTML, SVG and XML can hold code that runs; they are not taken.")  # fmt: skip
    if said is None:
        raise BadFile(file=path.name, vi=f"chỉ nhận {known}.", en=f"only {known} are taken.")
    if found != said:
        raise BadFile(
            file=path.name, vi=f"đuôi tệp nói {said} nhưng nội dung là {found or 'loại khác'}.",
            en=f"its name says {said} but its content is {found or 'something else'}.",
        )  # fmt: skip
    return File(path.name, said, hashlib.sha256(content).hexdigest(), content, _flags(content) if said == PDF else ())


def _content(path: Path, most_mb: int) -> bytes:
    most = most_mb * 2**20
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        reason = error.strerror or "?"
        raise BadFile(file=path.name, vi=f"không đọc được: {reason}.", en=f"it cannot be read: {reason}.") from None
    if not content:
        raise BadFile(file=path.name, vi="tệp rỗng.", en="it is empty.")
    if len(content) > most:
        raise BadFile(file=path.name, vi=f"lớn hơn {most_mb} MB (QUYHOACH_DOCUMENT_MB).", en=f"it is larger than {most_mb} MB"
            " (QUYHOACH_DOCUMENT_MB).")  # fmt: skip
    return content


def media_type_of(content: bytes) -> str | None:
    """The type by the first bytes; of an office file by the parts in it. None for anything else, and for office files with macros."""
    for signature, media_type in _SIGNATURES:
        if content.startswith(signature):
            return media_type
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    lines = [line.strip() for line in content[:4096].replace(b"\xef\xbb\xbf", b"").splitlines()]
    while len(lines) > 2 and lines[0] == b"999":
        lines = lines[2:]  # comments before the first section
    return DXF if lines[:2] == [b"0", b"SECTION"] else None


def _office(content: bytes) -> str | None:
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):  # the last: zipfile knows no such compression
        return None
    if any(name.endswith(_MACROS) for name in names):
        return None
    return next((media_type for part, media_type in _PARTS.items() if part in names), None)


def _flags(content: bytes) -> tuple[str, ...]:
    """What a PDF can do, by the dictionaries in it, compressed ones too."""
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            found = {flag for one in document.objects for flag in _of_object(one)}
    except pikepdf.PasswordError:
        return ("encrypted",)
    except (pikepdf.PdfError, RecursionError, RuntimeError):
        return ("damaged",)
    return tuple(sorted(found))


def _of_object(one: object) -> set[str]:
    """Flags of an object and of what is written inside it; what it refers to is looked at by itself."""
    found: set[str] = set()
    waiting = [one]
    while waiting:
        now = waiting.pop()
        if isinstance(now, pikepdf.Array):
            waiting += [item for item in list(now) if not _elsewhere(item)]
        if not isinstance(now, pikepdf.Dictionary | pikepdf.Stream):
            continue
        entries = dict(now.items()) if isinstance(now, pikepdf.Dictionary) else dict(now.stream_dict.items())
        found |= {flag for key, flag in _KEYS.items() if key in entries}
        found |= {flag for name, flag in _ACTIONS.items() if entries.get("/S") == pikepdf.Name(name)}
        waiting += [item for item in entries.values() if not _elsewhere(item)]
    return found


def _elsewhere(item: object) -> bool:
    return not isinstance(item, pikepdf.Object) or bool(item.is_indirect)


_KEYS = {"/JS": "javascript", "/JavaScript": "javascript", "/EmbeddedFiles": "attachment", "/EF": "attachment"}
_ACTIONS = {"/JavaScript": "javascript", "/Launch": "launch"}
