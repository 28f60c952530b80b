"""The one way to read a file with shapes: `layers_of(path)` tells what is in it, `features(path, reading)` reads a layer.

A file is looked into before any library opens it (`kinds`, `guards`), fingerprinted, and compared with its fingerprint at the end.
CRS and encoding are what the file or a person says; where neither does they are None, and others judge by evidence.
"""

import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from layers.sources import gdal
from layers.sources.archive import datasets_in, unpacked
from layers.sources.delimited import delimited_content, delimited_facts
from layers.sources.dgn import read_dgn
from layers.sources.drawings import Drawing, drawing_content
from layers.sources.facts import Chunk, Content, Features, LayerFacts, Letters, Pages, Reading
from layers.sources.fingerprint import refuse_changed, sha256_of
from layers.sources.guards import GUARDS
from layers.sources.kinds import Kind, kind_of
from layers.sources.letters import letters_of_shapefile
from layers.sources.mapinfo import mapinfo_content, mapinfo_facts
from layers.sources.parquet import parquet_content, parquet_facts
from layers.sources.places import Stage, linked, placed, refuse_too_large, staged
from layers.sources.projections import code_said
from planning.errors import BadFile, MissingField


@dataclass(frozen=True, slots=True)
class Held:
    """A file with data: the one named, or a member of the zip named, under its path in the zip."""

    path: Path
    kind: Kind
    member: str | None = None


def layers_of(path: Path) -> list[LayerFacts]:
    """What layers a file has; refuses what cannot be read."""
    with staged() as stage:
        helds = _held(path, stage)
        return [
            replace(facts, name=_full_name(held, facts, alone=len(helds) == 1))
            for held in helds
            for facts in _layers(held, stage)
        ]


def features(path: Path, reading: Reading) -> Features:
    """One layer of a file, to be read in chunks. Refuses an unknown kind, an ambiguous layer, hostile and broken files."""
    stage = Stage()
    try:
        before = sha256_of(placed(path))
        held, wanted = _member(path, _held(path, stage), reading)
        content = _content(held, wanted, stage)
        made = _features(path, held, content, reading, before)
    except BaseException:
        stage.clear()
        raise
    weakref.finalize(made, stage.clear)
    return made


def _features(path: Path, held: Held, content: Content, reading: Reading, before: str) -> Features:
    facts, said = content.facts, code_said(path, reading.crs) if reading.crs else None
    names = _names(path, facts.fields, reading)
    return Features(
        path=path, kind=held.kind, layer=facts.name, sha256=before, crs=said or facts.crs, crs_text=facts.crs_text,
        crs_said_by="person" if said else "file" if facts.crs else None, letters=content.letters, count=facts.count,
        field_names=names, notes=content.notes, issues=content.issues, reading=reading,
        pages=_watched(placed(path), before, _as_asked(content.pages, path, reading)),
    )  # fmt: skip


def _watched(path: Path, before: str, pages: Pages) -> Pages:
    def watched(rows: int) -> Iterator[Chunk]:
        yield from pages(rows)
        refuse_changed(path, before)

    return watched


def _as_asked(pages: Pages, path: Path, reading: Reading) -> Pages:
    def asked(rows: int) -> Iterator[Chunk]:
        for chunk in pages(rows):
            yield replace(chunk, fields=renamed(chunk.fields, path, reading))

    return asked if reading.names or reading.constants else pages


def renamed(fields: pd.DataFrame, path: Path, reading: Reading) -> pd.DataFrame:
    """Fields under our names, with what a person says of every feature."""
    names = reading.names or {}
    _refuse_missing(path, tuple(map(str, fields.columns)), names)
    taken = set(names.values())
    replaced = [ours for ours in names if ours not in taken and ours in fields]
    ours = fields.drop(columns=replaced).rename(columns={theirs: own for own, theirs in names.items()})
    return ours.assign(**(reading.constants or {}))


def _names(path: Path, present: tuple[str, ...], reading: Reading) -> tuple[str, ...]:
    """The names of the fields as the chunks will have them."""
    _refuse_missing(path, present, reading.names or {})
    return tuple(map(str, renamed(pd.DataFrame(columns=list(present)), path, reading).columns))


def _refuse_missing(path: Path, present: tuple[str, ...], names: dict[str, str]) -> None:
    for theirs in names.values():
        if theirs not in present:
            raise MissingField(file=path.name, field=theirs, present=", ".join(present))


def _held(path: Path, stage: Stage) -> list[Held]:
    """The file itself, or the members of the zip that hold data; each looked into."""
    whole = placed(path)
    kind = kind_of(whole)
    refuse_too_large(whole, kind)
    if kind != "Zip":
        return [_guarded(Held(whole, kind))]
    folder = unpacked(whole, stage)
    inside = [(one, one.relative_to(folder).as_posix()) for one in datasets_in(folder, path.name)]
    return [_guarded(Held(placed(one), kind_of(one), name)) for one, name in inside]


def _guarded(held: Held) -> Held:
    guard = GUARDS.get(held.kind)
    if guard:
        guard(held.path)
    return held


def _full_name(held: Held, facts: LayerFacts, *, alone: bool) -> str:
    return facts.name if alone else f"{held.member}:{facts.name}"


def _member(path: Path, helds: list[Held], reading: Reading) -> tuple[Held, Reading]:
    """Which member of a zip a person means by `member:layer` or `member`, and how its layer is then to be read."""
    if len(helds) == 1:
        return helds[0], reading
    member, _, layer = (reading.layer or "").partition(":")
    for held in helds:
        if held.member == member:
            return held, replace(reading, layer=layer or None)
    listed = ", ".join(str(held.member) for held in helds)
    raise BadFile(
        file=path.name,
        vi=f"zip có nhiều tệp ({listed}); chọn một tệp bằng --layer.",
        en=f"the zip holds several files ({listed}); choose one with --layer.",
    )


Layers = Callable[[Held, Stage], list[LayerFacts]]
Opener = Callable[[Held, Reading, Stage], Content]


def _layers(held: Held, stage: Stage) -> list[LayerFacts]:
    return READERS[held.kind][0](held, stage)


def _content(held: Held, reading: Reading, stage: Stage) -> Content:
    return READERS[held.kind][1](held, reading, stage)


def chosen(path: Path, layers: list[LayerFacts], wanted: str | None) -> LayerFacts:
    """The layer a person wants, or the only one."""
    if wanted is None and len(layers) == 1:
        return layers[0]
    for one in layers:
        if one.name == wanted:
            return one
    listed = ", ".join(one.name for one in layers) or "–"
    if wanted is None:
        raise BadFile(
            file=path.name,
            vi=f"tệp có nhiều lớp ({listed}); chọn một lớp bằng --layer.",
            en=f"it has several layers ({listed}); choose one with --layer.",
        )
    raise BadFile(
        file=path.name,
        vi=f"không có lớp “{wanted}” (có: {listed}).",
        en=f"it has no layer “{wanted}” (it has: {listed}).",
    )


def _gdal_layers(held: Held, _stage: Stage) -> list[LayerFacts]:
    return gdal.layer_facts(held.path, held.kind)


def _gdal_content(held: Held, reading: Reading, _stage: Stage) -> Content:
    facts = chosen(held.path, gdal.layer_facts(held.path, held.kind), reading.layer)
    return gdal.content(gdal.GdalLayer(held.path, held.kind, facts.name), facts)


def _gml_layers(held: Held, stage: Stage) -> list[LayerFacts]:
    return gdal.layer_facts(linked(held.path, stage), held.kind)


def _gml_content(held: Held, reading: Reading, stage: Stage) -> Content:
    return _gdal_content(replace(held, path=linked(held.path, stage)), reading, stage)


def _shapefile_content(held: Held, reading: Reading, _stage: Stage) -> Content:
    facts = chosen(held.path, gdal.layer_facts(held.path, held.kind), reading.layer)
    letters, notes = letters_of_shapefile(held.path, reading.encoding)
    return gdal.content(gdal.GdalLayer(held.path, held.kind, facts.name, letters), facts, notes)


def _mapinfo_layers(held: Held, stage: Stage) -> list[LayerFacts]:
    return mapinfo_facts(held.path, held.kind, stage)


def _mapinfo_content(held: Held, reading: Reading, stage: Stage) -> Content:
    facts = chosen(held.path, mapinfo_facts(held.path, held.kind, stage), reading.layer)
    return mapinfo_content(held.path, held.kind, facts, reading, stage)


def _parquet_layers(held: Held, _stage: Stage) -> list[LayerFacts]:
    return parquet_facts(held.path)


def _parquet_content(held: Held, reading: Reading, _stage: Stage) -> Content:
    return parquet_content(held.path, chosen(held.path, parquet_facts(held.path), reading.layer))


def _delimited_layers(held: Held, _stage: Stage) -> list[LayerFacts]:
    return delimited_facts(held.path)


def _delimited_content(held: Held, reading: Reading, _stage: Stage) -> Content:
    return delimited_content(held.path, chosen(held.path, delimited_facts(held.path), reading.layer), reading)


def _drawn(held: Held) -> tuple[Drawing, Letters]:
    if held.kind == "DGN":
        return read_dgn(held.path)
    from layers.sources.dxf import read_dxf  # noqa: PLC0415 - ezdxf is slow to import, and most files are no DXF

    return read_dxf(held.path)


def _drawing_layers(held: Held, _stage: Stage) -> list[LayerFacts]:
    return _drawn(held)[0].layers()


def _drawing_content(held: Held, reading: Reading, _stage: Stage) -> Content:
    drawing, letters = _drawn(held)
    return drawing_content(held.path, drawing, letters, reading)


_DRAWING = (_drawing_layers, _drawing_content)
_GDAL = (_gdal_layers, _gdal_content)
_MAPINFO = (_mapinfo_layers, _mapinfo_content)

READERS: dict[Kind, tuple[Layers, Opener]] = {
    "GeoPackage": _GDAL, "GeoJSON": _GDAL, "FlatGeobuf": _GDAL, "GML": (_gml_layers, _gml_content), "KML": _GDAL, "File Geodatabase": _GDAL,
    "Shapefile": (_gdal_layers, _shapefile_content), "MapInfo TAB": _MAPINFO, "MapInfo MIF": _MAPINFO,
    "GeoParquet": (_parquet_layers, _parquet_content), "CSV": (_delimited_layers, _delimited_content),
    "DXF": _DRAWING, "DGN": _DRAWING,
}  # fmt: skip
