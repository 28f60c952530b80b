"""The CRS of a delivery: what a person or the file says, held against the communes; else what its coordinates tell, once accepted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import shapely

from layers.sources.facts import Features
from layers.sources.projections import refuse_unusable, untold
from planning.crs_evidence import MISTAKES, CrsEvidence, CrsReading, crs_evidence, mistake, stated_doubts
from planning.errors import UnknownCrs
from planning.geometry import Shapes
from planning.ground import INSIDE, Ground, drawn

LOOKED_AT = 5_000
"""Features whose shapes are evidence: the first ones."""

NAMED = 4
"""Candidates that a refusal names."""


@dataclass(frozen=True, slots=True)
class Country:
    """What coordinates are held against: the communes on record, worked out when first needed, and the storage CRS."""

    ground: Callable[[], Ground | None]
    storage_crs: int


@dataclass(frozen=True, slots=True)
class Bearing:
    """The CRS settled, who said it, whether the file writes the northing first; what was found out about it, in words."""

    crs: int
    said_by: str
    swapped: bool = False
    evidence: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def bearing_of(features: Features, country: Country | None, *, accepted: bool, northing_first: bool) -> Bearing:
    """Settle the CRS. Raises UnknownCrs where nobody says it and the coordinates do not tell, or nobody has accepted what they tell."""
    if features.crs is not None and features.crs_said_by is not None:
        refuse_unusable(features.path, features.crs)
        doubts = _doubts(features, CrsReading(features.crs, northing_first), country)
        return Bearing(features.crs, features.crs_said_by, northing_first, doubts=doubts)
    ground = country.ground() if country else None
    if country is None or ground is None:
        raise untold(features.path, features.crs_text)
    found = crs_evidence(_shapes(features), ground, country.storage_crs)
    if found.proposed is None:
        raise _untellable(features.path, found)
    if not accepted:
        raise _unaccepted(features.path, found)
    told = tuple(f"{one.vi} / {one.en}" for one in found.candidates[:NAMED])
    return Bearing(found.proposed.epsg, "evidence, accepted by a person", found.proposed.swapped, told)


def _doubts(features: Features, stated: CrsReading, country: Country | None) -> tuple[str, ...]:
    """Why the CRS that was said may be wrong: another reading puts the data into the communes, this one does not."""
    ground = country.ground() if country else None
    if country is None or ground is None:
        return ()
    shapes = _shapes(features)
    points = shapely.get_coordinates(
        shapely.point_on_surface([shape for shape in shapes if drawn(shape)] or [shapely.Point()])
    )
    if not len(points) or ground.holding(stated.coordinates(points, country.storage_crs)) >= INSIDE:
        return ()
    found = crs_evidence(shapes, ground, country.storage_crs)
    doubts = stated_doubts(found, stated.epsg) if not stated.swapped else ()
    if not doubts:
        return ()
    what, best = MISTAKES[mistake(stated, doubts[0].reading)], doubts[0]
    return (f"EPSG:{stated.epsg} có vẻ sai / seems wrong: {what}; {best.vi} / {best.en}",)


def _shapes(features: Features) -> Shapes:
    found: Iterator[Shapes] = (
        chunk.shapes for chunk in islice(features.chunks(LOOKED_AT), 1) if chunk.shapes is not None
    )
    return np.concatenate([np.empty(0, dtype=object), *found])


def _unaccepted(path: Path, found: CrsEvidence) -> UnknownCrs:
    best = found.candidates[0]
    return UnknownCrs(
        file=path.name,
        vi=f"tệp không ghi; tọa độ cho thấy {best.vi}. Đồng ý thì chạy lại với --accept-crs.",
        en=f"the file does not name it; its coordinates tell {best.en}. To accept that, run it again with --accept-crs.",
    )


def _untellable(path: Path, found: CrsEvidence) -> UnknownCrs:
    if found.verdict == "none":
        return UnknownCrs(
            file=path.name,
            vi="tệp không ghi, và không hệ tọa độ nào đưa dữ liệu vào các xã đã có.",
            en="the file does not name it, and none puts the data into the communes on record.",
        )
    named = "; ".join(one.reading.label for one in found.candidates[:NAMED])
    return UnknownCrs(
        file=path.name,
        vi=f"tệp không ghi, và nhiều hệ tọa độ khớp như nhau: {named}. Hãy hỏi đơn vị lập bản vẽ.",
        en=f"the file does not name it, and several fit equally: {named}. Ask who drew it.",
    )
