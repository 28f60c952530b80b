"""Letters of old files are kept byte by byte and marked; only what is sure becomes text."""

import re
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.sources.facts import Letters, Reading
from layers.sources.letters import as_text, codec_of
from layers.sources.opening import features
from planning.errors import BadFile
from tests.layers.sources.sheets import chunks_of, lots, whole, written

EVERY_BYTE = bytes(range(0x80, 0x100))
PARTS = {"shp": "dbf", "tab": "dat", "mif": "mid"}


def with_bytes(folder: Path, suffix: str, raw: bytes) -> Path:
    """A table whose first text is those bytes."""
    frame = gpd.GeoDataFrame({"ten": ["A" * len(raw), "b", "c"]}, geometry=lots().geometry, crs="EPSG:9214")
    path = written(folder, suffix, frame)
    table = path.with_suffix(f".{PARTS[suffix]}")
    table.write_bytes(table.read_bytes().replace(b"A" * len(raw), raw))
    return path


def charset(path: Path, name: str) -> Path:
    """The MapInfo table with another charset."""
    content = path.read_bytes()
    path.write_bytes(re.sub(rb'(!charset |Charset ")[\w-]+', rb"\1" + name.encode(), content, flags=re.IGNORECASE))
    return path


def first_text(path: Path, **reading: object) -> tuple[Letters, str]:
    opened, chunks = chunks_of(path, rows=10, **reading)
    return opened.letters, whole(chunks)[0]["ten"].iloc[0]


@pytest.mark.parametrize("language", [0x00, 0x57, 0x26, 0x7D, 0xC8])
def test_without_cpg_every_byte_is_kept_whatever_the_language_byte(tmp_path: Path, language):
    path = with_bytes(tmp_path, "shp", EVERY_BYTE)
    path.with_suffix(".cpg").unlink()
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    table[29] = language
    path.with_suffix(".dbf").write_bytes(table)
    letters, text = first_text(path)
    assert (letters.encoding, text.encode("latin-1")) == (None, EVERY_BYTE)


@pytest.mark.parametrize("suffix", ["tab", "mif"])
@pytest.mark.parametrize("said", ["Neutral", "WindowsLatin1", "UTF-8", "ISO8859-1"])
def test_a_charset_that_cannot_be_vietnamese_is_not_believed(tmp_path: Path, suffix, said):
    path = charset(with_bytes(tmp_path, suffix, EVERY_BYTE), said)
    letters, text = first_text(path)
    assert (letters.encoding, text.encode("latin-1")) == (None, EVERY_BYTE)


def test_windows_vietnamese_keeps_its_final_letters(tmp_path: Path):
    raw = "Tân Lâ\u0323p".encode("cp1258")
    path = charset(with_bytes(tmp_path, "tab", raw), "WindowsVietnamese")
    assert first_text(path) == (Letters("cp1258", "WindowsVietnamese", "file"), "Tân Lâ\u0323p")


@pytest.mark.parametrize("page", ["ISO-8859-1", "1252", "ANSI 1252", "88591"])
def test_a_western_cpg_beside_other_letters_is_not_believed(tmp_path: Path, page):
    path = with_bytes(tmp_path, "shp", b"\xb5\xd1")
    path.with_suffix(".cpg").write_text(page, encoding="ascii")
    opened = features(path, Reading())
    assert (opened.encoding, opened.letters.said) == (None, page)
    assert "cannot be believed" in opened.notes[0]


@pytest.mark.parametrize("page", ["UTF-8", "65001", "utf8"])
def test_a_cpg_that_agrees_with_the_bytes_is_believed(tmp_path: Path, page):
    path = with_bytes(tmp_path, "shp", "Xã Hòa Bình".encode())
    path.with_suffix(".cpg").write_text(page, encoding="ascii")
    assert first_text(path) == (Letters("UTF-8", page, "file"), "Xã Hòa Bình")


def test_a_cpg_that_says_utf_8_beside_tcvn3_is_not_believed(tmp_path: Path):
    path = with_bytes(tmp_path, "shp", b"X\xb7 H\xdfa B\xd7nh")
    path.with_suffix(".cpg").write_text("UTF-8", encoding="ascii")
    letters, text = first_text(path)
    assert (letters.encoding, text) == (None, "X· Hßa B×nh")


def test_what_a_person_says_is_held_against_the_bytes(tmp_path: Path):
    path = with_bytes(tmp_path, "shp", "Xã Hòa Bình".encode())
    path.with_suffix(".cpg").unlink()
    assert first_text(path, encoding="UTF-8") == (Letters("UTF-8", "UTF-8", "person"), "Xã Hòa Bình")
    assert first_text(path, encoding="TCVN3")[0] == Letters(None, "TCVN3", "person")
    with pytest.raises(BadFile, match="there is no encoding “UTFF”"):
        features(path, Reading(encoding="UTFF"))
    with pytest.raises(BadFile, match=r"its letters are not ascii \(byte"):
        features(path, Reading(encoding="ascii"))


def test_plain_letters_need_no_encoding(tmp_path: Path):
    path = with_bytes(tmp_path, "shp", b"plain")
    path.with_suffix(".cpg").unlink()
    assert first_text(path)[0].encoding == "ASCII"


@pytest.mark.parametrize(
    ("written_as", "codec"), [("utf-8-sig", "UTF-8"), ("utf-16", "UTF-8"), ("cp1258", None), ("latin-1", None)]
)
def test_a_csv_in_unicode_is_text_and_any_other_bytes(tmp_path: Path, written_as, codec):
    path = tmp_path / "a.csv"
    path.write_bytes("ten,x,y\nHòa,1,2\n".encode(written_as) if codec else b"ten,n\nH\xdfa,1\n")
    if codec:
        path.write_bytes("ten,n\nHòa,1\n".encode(written_as))
    opened, [chunk] = chunks_of(path)
    assert (opened.encoding, chunk.fields["ten"][0]) == (codec, "Hòa" if codec else "Hßa")


def test_code_pages_by_their_usual_names():
    assert [codec_of(name) for name in ("65001", "ANSI 1258", "88591", "ISO 8859-1", "windowsvietnamese", "khong")] == [
        "utf-8", "cp1258", "iso8859-1", "iso8859-1", "cp1258", None,
    ]  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=4))
def test_text_shown_as_bytes_becomes_the_text_again(texts):
    shown = pd.DataFrame({"a": pd.Series([one.encode().decode("latin-1") for one in texts], dtype="str")})
    assert list(as_text(shown, Letters("UTF-8"))["a"]) == texts
