"""DGN v7: GDAL writes the elements, levels and a text are put into the bytes as the format lays them out."""

import struct
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely

from layers.sources.opening import layers_of
from tests.drawing import points
from tests.layers.sources.sheets import chunks_of, off_by, whole

AT = points("A B\nC D", step=20)
HEADER = 36
TEXT = 17


def middle(number: int) -> bytes:
    """A whole number as DGN writes it: the high half first, each half little-endian."""
    return struct.pack("<HH", (number >> 16) & 0xFFFF, number & 0xFFFF)


def number(content: bytes) -> int:
    high, low = struct.unpack("<HH", content)
    return struct.unpack("<i", struct.pack("<I", high << 16 | low))[0]


def elements(content: bytes) -> list[int]:
    """Where each element begins."""
    places, place = [], 0
    while content[place : place + 2] not in {b"\xff\xff", b""}:
        places.append(place)
        place += 4 + 2 * struct.unpack("<H", content[place + 2 : place + 4])[0]
    return places


def drawing(path: Path, text: bytes) -> Path:
    """Two lines that do not quite meet on level 3, a closed shape on level 5, a text on level 7 inside the lines."""
    (x, y), (u, v) = AT["C"], AT["B"]
    shapes = [
        shapely.LineString([(x, y), (u, y), (u, v - 0.1)]),
        shapely.LineString([(u, v), (x, v), (x, y + 0.1)]),
        shapely.box(u + 5, y, u + 9, v),
    ]
    pyogrio.write_dataframe(
        gpd.GeoDataFrame(geometry=shapes), path, driver="DGN", geometry_type="Unknown", layer="elements"
    )
    content = bytearray(path.read_bytes())
    drawn = elements(bytes(content))[-3:]
    for place, level in zip(drawn, (3, 3, 5), strict=True):
        content[place] = level
    east, north = (number(bytes(content[drawn[0] + n : drawn[0] + n + 4])) for n in (HEADER + 2, HEADER + 6))
    per_metre = (number(bytes(content[drawn[0] + HEADER + 10 : drawn[0] + HEADER + 14])) - east) / (u - x)
    east, north = (round(one + 5 * per_metre) for one in (east, north))
    body = (
        bytes([1, 0])
        + middle(1000) * 2
        + middle(0)
        + middle(east)
        + middle(north)
        + bytes([len(text), 0])
        + text
        + bytes(len(text) % 2)
    )
    words = (HEADER + len(body)) // 2 - 2
    element = (
        bytes([7, TEXT]) + struct.pack("<H", words) + bytes(26) + struct.pack("<H", len(body) // 2) + bytes(4) + body
    )
    end = content.rindex(b"\xff\xff") if b"\xff\xff" in content[drawn[-1] :] else len(content)
    path.write_bytes(bytes(content[:end]) + element + b"\xff\xff")
    return path


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_levels_lines_and_texts_of_a_dgn(tmp_path: Path):
    path = drawing(tmp_path / "qh.dgn", b"O-1 \xae\xcat")
    assert [(one.name, one.geometry, one.count) for one in layers_of(path)] == [
        ("Level 3", "LineString", 2), ("Level 5", "Polygon", 1), ("Level 7", "Point", 1),
    ]  # fmt: skip
    _, as_drawn = chunks_of(path, linework=True)
    fields, shapes = whole(as_drawn)
    assert list(zip(fields["cad_layer"], fields["drawn_as"], shapely.get_type_id(shapes), strict=True)) == [
        ("Level 5", "outline", 3), ("Level 3", "line", 1), ("Level 3", "line", 1),
    ]  # fmt: skip
    opened, chunks = chunks_of(path)
    fields, shapes = whole(chunks)
    assert (opened.kind, opened.encoding) == ("DGN", None)
    assert list(fields["cad_layer"]) == ["Level 5", "Level 3"]
    assert fields["lot_symbol"].iloc[1] == "O-1 ®Êt"
    assert off_by(shapes[1], shapely.box(*AT["C"], *AT["B"])) < 0.02
