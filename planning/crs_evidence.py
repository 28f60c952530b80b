"""Which CRS the coordinates of a file are in, told by where they would fall; a proposal with figures, never a choice.

Every VN-2000 zone, both 6° zones, UTM 48N and 49N, and degrees on both datums are tried, each with its axes as they are and exchanged.
One alone is proposed where no other puts the data into the communes at all, or where the data follows the communes' borders under it
and clearly less under every other. 105°00′ and UTM 48N lie 700 m apart: land alone never tells them apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely

from planning.coverage.widths import wider
from planning.geometry import (
    LONGEST_STRAIGHT_EDGE_M,
    LONLAT,
    VN2000_LONLAT,
    VN2000_WIDE_ZONES,
    VN2000_ZONES,
    Coordinates,
    Shapes,
    operation,
)
from planning.ground import FOLLOWS, FOLLOWS_MORE, INSIDE, LEAST_WIDTH_M, OUTSIDE, Ground, drawn, outline_points, sound

UTM_ZONES: dict[int, float] = {32648: 105.0, 32649: 111.0}
"""EPSG code → central meridian of the zones on WGS 84 (k 0.9996)."""

MERIDIANS = VN2000_ZONES | VN2000_WIDE_ZONES | UTM_ZONES
TRIED = (*MERIDIANS, LONLAT, VN2000_LONLAT)
"""The CRS that data of the country comes in."""

MOST_SHAPES = 2_000
"""Shapes that are looked at, spread over the file."""

Verdict = Literal["one", "several", "none"]
Mistake = Literal["swapped-axes", "datum-shift", "scale-factor", "wrong-zone", "other"]

MISTAKES: dict[Mistake, str] = {
    "swapped-axes": "hai trục bị đổi chỗ / the axes are exchanged",
    "datum-shift": "nhầm WGS 84 với VN-2000, lệch khoảng 224 m / WGS 84 and VN-2000 are mixed up, some 224 m",
    "scale-factor": "nhầm hệ số 0,9996 với 0,9999, lệch khoảng 700 m / scale factors 0.9996 and 0.9999 are mixed up, some 700 m",
    "wrong-zone": "sai kinh tuyến trục / the wrong central meridian",
    "other": "hệ tọa độ khác / another CRS",
}
"""What went wrong, in both languages."""


@dataclass(frozen=True, slots=True)
class CrsReading:
    """A CRS, with the axes as they stand in the file or exchanged."""

    epsg: int
    swapped: bool = False

    @property
    def label(self) -> str:
        """What it is, in words that are the same in both languages."""
        datum = "WGS 84" if self.epsg in UTM_ZONES or self.epsg == LONLAT else "VN-2000"
        if self.epsg in MERIDIANS:
            degrees, minutes = divmod(round(MERIDIANS[self.epsg] * 60), 60)
            what = f"{datum}, {degrees}°{minutes:02}′, k {scale_factor(self.epsg)}"
        else:
            what = f"{datum}, lon/lat"
        return f"EPSG:{self.epsg} ({what}{', X↔Y' if self.swapped else ''})"

    def coordinates(self, xy: Coordinates, storage_crs: int) -> Coordinates:
        """From the file into the storage CRS; non-finite where the reading makes no sense."""
        return operation(self.epsg, storage_crs).coordinates(xy[:, ::-1] if self.swapped else xy)


@dataclass(frozen=True, slots=True)
class CrsCandidate:
    """A reading that puts data into the communes: the share of it that lies in them, and of its outline along their borders."""

    reading: CrsReading
    inside: float
    along: float
    broad: bool
    """Wide enough for borders to be evidence."""

    @property
    def vi(self) -> str:
        """The figures in Vietnamese."""
        return (
            f"{self.reading.label}: {self.inside:.1%} nằm trong các xã, {self.along:.0%} đường bao trùng ranh giới xã"
        )

    @property
    def en(self) -> str:
        """The figures in English."""
        return f"{self.reading.label}: {self.inside:.1%} inside communes, {self.along:.0%} of the outline along their borders"


@dataclass(frozen=True, slots=True)
class CrsEvidence:
    """What the coordinates tell: best first. `proposed` only where the verdict is one, and then somebody must accept it."""

    verdict: Verdict
    candidates: tuple[CrsCandidate, ...]
    by_borders: bool = False

    @property
    def proposed(self) -> CrsReading | None:
        """The clear winner."""
        return self.candidates[0].reading if self.verdict == "one" else None


def crs_evidence(shapes: Shapes, ground: Ground, storage_crs: int) -> CrsEvidence:
    """Try every reading on the shapes of a file, in its own coordinates. Areas are judged by area, lines and points by their points."""
    body = _body(shapes)
    found = [
        one
        for epsg in TRIED
        for swapped in (False, True)
        if (one := _fit(body, CrsReading(epsg, swapped), ground, storage_crs))
    ]
    ranked = tuple(sorted(found, key=lambda one: (-one.inside - one.along, one.reading.epsg)))
    fitting = tuple(one for one in ranked if one.inside >= INSIDE)
    if not fitting:
        return CrsEvidence("none", ranked)
    best = max(fitting, key=lambda one: one.along)
    others = [one for one in ranked if one is not best]
    follows = best.broad and best.along >= FOLLOWS
    if not others:
        return CrsEvidence("one", (best,), by_borders=follows)
    if follows and best.along >= max(one.along for one in others) + FOLLOWS_MORE:
        return CrsEvidence("one", (best, *others), by_borders=True)
    return CrsEvidence("several", ranked)


def stated_doubts(evidence: CrsEvidence, stated: int) -> Sequence[CrsCandidate]:
    """The candidates that contradict the CRS a file states: none where the stated one is the proposed one or among several."""
    if any(one.reading == CrsReading(stated) and one.inside >= INSIDE for one in evidence.candidates):
        return () if evidence.proposed in {None, CrsReading(stated)} else evidence.candidates[:1]
    return evidence.candidates


def mistake(stated: CrsReading, true: CrsReading) -> Mistake:
    """What went wrong where a file states one CRS and its coordinates are in another."""
    if stated.swapped != true.swapped:
        return "swapped-axes"
    if _projection(stated.epsg) == _projection(true.epsg):
        return "datum-shift" if stated.epsg != true.epsg else "other"
    meridians = MERIDIANS.get(stated.epsg), MERIDIANS.get(true.epsg)
    if None in meridians:
        return "other"
    return "scale-factor" if meridians[0] == meridians[1] else "wrong-zone"


def scale_factor(epsg: int) -> float:
    """k0 of a plane CRS."""
    return 0.9999 if epsg in VN2000_ZONES else 0.9996


def _projection(epsg: int) -> tuple[float, float] | None:
    return (MERIDIANS[epsg], scale_factor(epsg)) if epsg in MERIDIANS else None


@dataclass(frozen=True, slots=True)
class _Body:
    """What is tried: an area and points on its outline, or points alone."""

    area: Any | None
    points: Coordinates


def _body(shapes: Shapes) -> _Body:
    """A sample of the shapes as one figure. Nothing drawn: no points."""
    there = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    there = shapely.force_2d(there[:: max(1, -(-len(there) // MOST_SHAPES))])
    finite = np.array([bool(np.isfinite(shapely.get_coordinates(one)).all()) for one in there], dtype=bool)
    there = there[finite]
    areas = there[shapely.get_dimensions(there) == 2]
    if len(areas):
        whole = shapely.union_all(np.asarray(sound(areas), dtype=object))
        if drawn(whole):
            return _Body(whole, outline_points(whole))
    xy = shapely.get_coordinates(there)
    return _Body(None, xy[:: max(1, -(-len(xy) // MOST_SHAPES))])


def _fit(body: _Body, reading: CrsReading, ground: Ground, storage_crs: int) -> CrsCandidate | None:
    """How a reading fits, None where it puts next to nothing into the communes."""
    points = reading.coordinates(body.points, storage_crs)
    if not len(points) or not np.isfinite(points).all():
        return None
    if body.area is None:
        inside, broad = ground.holding(points), False
    else:
        shape = _read(body.area, reading, storage_crs)
        if not drawn(shape):
            return None
        inside, broad = ground.inside(shape), bool(wider(np.array([shape], dtype=object), LEAST_WIDTH_M)[0])
    return CrsCandidate(reading, inside, ground.along(points), broad) if inside >= OUTSIDE else None


def _read(area: Any, reading: CrsReading, storage_crs: int) -> Any:
    step = LONGEST_STRAIGHT_EDGE_M if reading.epsg in MERIDIANS else 0.005
    dense = shapely.segmentize(area, step)
    return sound(shapely.transform(dense, lambda xy: reading.coordinates(xy, storage_crs)))
