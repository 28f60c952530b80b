"""What a file is by its content: a name that lies is refused, active content is refused, what a PDF can do is told."""

import io
import zipfile
from pathlib import Path

import pikepdf
import pytest

from layers.documents.recognising import DOCX, DXF, JPEG, PDF, PNG, TIFF, XLSX, media_type_of, recognised
from planning.errors import BadFile

PNG_BYTES = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def pdf(
    *, action: dict[str, object] | None = None, attached: bytes | None = None, password: str | None = None
) -> bytes:
    """A PDF of one page, with what it is to do when opened, a file attached, or a password. Its objects are packed, as real ones are."""
    document = pikepdf.new()
    document.add_blank_page()
    if action:
        page = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Action, **action))
        document.pages[0].obj.AA = pikepdf.Dictionary(O=page)
    if attached:
        document.attachments["x.txt"] = attached
    out = io.BytesIO()
    lock = pikepdf.Encryption(owner=password, user=password) if password else False
    document.save(out, encryption=lock, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def office(*parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part in ("[Content_Types].xml", *parts):
            archive.writestr(part, "<x/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (pdf(), PDF), (PNG_BYTES, PNG), (b"\xff\xd8\xff\xe0\0", JPEG), (b"II*\0....", TIFF), (b"MM\0*....", TIFF),
        (b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n", DXF), (b"999\nmade by\n0\nSECTION\n", DXF), (office("word/document.xml"), DOCX),
        (office("xl/workbook.xml"), XLSX), (office("word/document.xml", "word/vbaProject.bin"), None), (b"PK\x03\x04 broken", None),
        (b"MZ\x90\0", None), (b"xin ch\xc3\xa0o", None), (b"\n%PDF-1.7", None),
    ],
)  # fmt: skip
def test_the_type_is_told_by_the_content(content: bytes, media_type: str | None):
    assert media_type_of(content) == media_type


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("decision.pdf", PNG_BYTES, "its name says application/pdf but its content is image/png"),
        ("drawing.png", b"MZ\x90\0", "but its content is something else"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "can hold code that runs"),
        ("decision.pdf", b"\xef\xbb\xbf <!DOCTYPE html><script>", "can hold code that runs"),
        ("plan.exe", b"MZ\x90\0", "only .pdf"),
        ("decision.pdf", b"", "it is empty"),
        ("big.png", PNG_BYTES + b"\0" * 2**20, "it is larger than 1 MB"),
        ("macros.docx", office("word/document.xml", "word/vbaProject.bin"), "something else"),
    ],
)
def test_what_is_not_taken_says_why(tmp_path: Path, name: str, content: bytes, said: str):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadFile, match=said):
        recognised(tmp_path / name, most_mb=1)


@pytest.mark.parametrize(
    ("content", "flags"),
    [
        (pdf(), ()),
        (pdf(action={"S": pikepdf.Name.JavaScript, "JS": pikepdf.String("app.alert(1)")}), ("javascript",)),
        (pdf(action={"S": pikepdf.Name.Launch, "F": pikepdf.String("cmd.exe")}), ("launch",)),
        (pdf(attached=b"x"), ("attachment",)),
        (pdf(password="secret"), ("encrypted",)),
        (b"%PDF-1.7\nnothing in it", ("damaged",)),
    ],
)
def test_what_a_pdf_can_do_is_told(tmp_path: Path, content: bytes, flags: tuple[str, ...]):
    (tmp_path / "x.pdf").write_bytes(content)
    assert recognised(tmp_path / "x.pdf", most_mb=1).flags == flags


def test_a_folder_or_a_file_that_is_not_there_is_said(tmp_path: Path):
    with pytest.raises(BadFile, match="Is a directory"):
        recognised(tmp_path, most_mb=1)
    with pytest.raises(BadFile, match="No such file"):
        recognised(tmp_path / "x.pdf", most_mb=1)
