"""MapInfo tables, whose charset is not believed: GDAL reads their bytes, Python their letters."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd

from layers.sources.facts import Content, LayerFacts, Letters, Reading
from layers.sources.fingerprint import companion, parts_of
from layers.sources.gdal import GdalLayer, content, layer_facts
from layers.sources.kinds import Kind
from layers.sources.letters import believed, codec_of
from layers.sources.mapinfo_numbers import with_empty_cells, zeros
from layers.sources.places import Stage, room_for

CHARSET = re.compile(rb'(!charset[ \t]+|charset[ \t]+")([\w-]+)', re.IGNORECASE)
HEAD = 4096
ROWS = 20_000


def mapinfo_facts(path: Path, kind: Kind, stage: Stage) -> list[LayerFacts]:
    """The one layer of a table."""
    copy, _ = _neutral(path, stage)
    return layer_facts(copy, kind)


def mapinfo_content(path: Path, kind: Kind, facts: LayerFacts, reading: Reading, stage: Stage) -> Content:
    """The table, its letters decoded where its charset agrees with its bytes."""
    copy, charset = _neutral(path, stage)
    raw = GdalLayer(copy, kind, facts.name, Letters(None), arrow=False)
    told = charset if charset and codec_of(charset) else None
    letters, notes = believed(path, Texts(raw, facts), reading.encoding, told)
    opened = content(GdalLayer(copy, kind, facts.name, letters, arrow=False), facts, notes)
    if mid := companion(path, ".mid") if kind == "MapInfo MIF" else None:
        return with_empty_cells(opened, path, mid)
    return replace(opened, issues=zeros(content(raw, facts), ROWS))


class Texts:
    """The letters of a table as bytes, page by page: its files hold numbers in binary between them."""

    def __init__(self, raw: GdalLayer, facts: LayerFacts) -> None:
        self.raw, self.facts = raw, facts

    def __iter__(self) -> Iterator[bytes]:
        for chunk in content(self.raw, self.facts).pages(ROWS):
            for name in chunk.fields:
                column = chunk.fields[name]
                if isinstance(column.dtype, pd.StringDtype):
                    yield "\n".join(column.dropna()).encode("latin-1")


def _neutral(path: Path, stage: Stage) -> tuple[Path, str | None]:
    """The table with the charset Neutral, beside links to its companions, and the charset it had.

    GDAL recodes by the charset and loses letters on the way (cp1258) or makes other letters of TCVN3; Neutral leaves the bytes.
    """
    folder = stage.folder()
    for part in parts_of(path):
        if part != path:
            (folder / part.name).symlink_to(part)
    copy = folder / path.name
    with room_for(path), path.open("rb") as source, copy.open("wb") as target:
        head = source.read(HEAD)
        target.write(CHARSET.sub(rb"\1Neutral", head))
        shutil.copyfileobj(source, target)
    found = CHARSET.search(head)
    return copy, found[2].decode("ascii", errors="replace") if found else None
