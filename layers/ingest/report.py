"""What came of an import: counts, and every refused feature with its reason and its geometry."""

import json
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import shapely

from layers.ingest.repairs import REPAIRS
from layers.sources.facts import Issue
from planning.mergers.accounts import BREACHES, Breach

LISTED_REPAIRS = 1_000
"""Features that are named with each kind of repair; all are counted."""

MOST_REFUSED = 10_000
MOST_REFUSED_VERTICES = 2_000_000
"""Refusals that a report keeps with their shapes, and the vertices of these: a file that is wrong from end to end is told by its
beginning, and the report stays within what memory and one value of the database can hold. All are counted, by reason."""

MOST_WARNINGS = 10_000
"""Warnings that a report keeps; all are counted."""

REASONS = {
    "no-geometry": "không có hình",
    "not-an-area": "không phải vùng",
    "not-drawable": "không phải điểm, đường hay vùng",
    "not-finite": "tọa độ không phải là số",
    "invalid": "hình không hợp lệ",
    "outside-vietnam": "nằm ngoài Việt Nam, có thể sai hệ tọa độ",
    "invalid-after-reprojection": "không hợp lệ sau khi chuyển hệ tọa độ",
    "bad-key": "khóa thửa đất không dùng được",
    "bad-value": "giá trị không dùng được",
    "bad-part": "phần đất không dùng được",
}
"""Stable codes of refusals, in Vietnamese; the message gives the particulars in English."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A feature that was not stored: its place in the layer (from 1), a stable reason, the sentence and the shape; the layer and the field
    at fault where they are known.
    """

    feature: int
    reason: str
    message: str
    geometry: dict[str, Any] | None
    layer: str | None = None
    field: str | None = None

    vi: str | None = None

    @property
    def sentence(self) -> str:
        """Both languages in a line, Vietnamese first."""
        place = f"{self.feature}: " if self.feature else ""
        return f"{place}{self.reason_vi} / {self.message}"

    @property
    def reason_vi(self) -> str:
        """The reason in Vietnamese."""
        return self.vi or REASONS[self.reason]

    @property
    def vertices(self) -> int:
        """How many its shape has."""
        return 0 if self.geometry is None else _vertices(self.geometry)

    @classmethod
    def of(
        cls, feature: int, reason: str, message: str, shape: Any, *, layer: str | None = None, field: str | None = None
    ) -> "Refusal":
        """A refusal with its shape as GeoJSON, in the CRS of the source."""
        return cls(feature, reason, message, _as_geojson(shape), layer, field)

    @classmethod
    def read(cls, issue: Issue, layer: str) -> "Refusal":
        """What a reader could not hand over."""
        return cls(issue.feature or 0, issue.reason, issue.en, _as_geojson(issue.shape), layer, vi=issue.vi)


MARKS = {
    "narrow-hole": ("lỗ hẹp của ranh giới suy từ các khu", "a narrow hole of the boundary derived from the zones"),
    "hole": ("lỗ của ranh giới suy từ các khu", "a hole of the boundary derived from the zones"),
    "notch": (
        "khe hẹp từ mép ranh giới suy từ các khu",
        "a narrow notch in the edge of the boundary derived from the zones",
    ),
    "sliver": (
        "dải hẹp nhô ra ở mép ranh giới suy từ các khu",
        "a narrow strip on the edge of the boundary derived from the zones",
    ),
}
"""What a person should look at although nothing was refused."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place that a warning is about, in the CRS of the source."""

    reason: str
    geometry: dict[str, Any] | None

    @classmethod
    def of(cls, reason: str, shape: Any) -> "Mark":
        """A mark with its shape as GeoJSON."""
        return cls(reason, _as_geojson(shape))

    def as_json(self) -> dict[str, Any]:
        """With its words."""
        vi, en = MARKS[self.reason]
        return {"reason": self.reason, "vi": vi, "en": en, "geometry": self.geometry}


def _as_geojson(shape: Any) -> dict[str, Any] | None:
    drawable = shape is not None and not shape.is_empty
    return json.loads(shapely.to_geojson(shape)) if drawable else None


def _vertices(geometry: Mapping[str, Any]) -> int:
    if "geometries" in geometry:
        return sum(_vertices(part) for part in geometry["geometries"])
    level, depth = [geometry["coordinates"]], geometry["coordinates"]
    while depth and isinstance(depth[0], list):
        level = [inner for outer in level for inner in outer]
        depth = level[0] if level else None
    return len(level)


@dataclass(slots=True)
class Report:
    """The report of one import, as printed and as JSON. `refused` and `warnings` are the first ones, `refused_by_reason` and
    `warned` count all. `findings`: what the clauses of a merger fail to account for;
    `repairs`: the features that each kind of repair was made to, by kind and layer. `evidence`: how CRS and encoding were told; `letters`:
    texts before and after conversion.
    """

    kind: str
    file: str
    sha256: str
    source_crs: int | None = None
    crs_said_by: str | None = None
    operation: str | None = None
    release: int | None = None
    recognised_as: int | None = None
    counts: dict[str, int] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    findings: list[Breach] = field(default_factory=list)
    repairs: "dict[tuple[str, str], array[int]]" = field(default_factory=dict)
    dry_run: bool = False
    evidence: list[str] = field(default_factory=list)
    letters: list[tuple[str, str]] = field(default_factory=list)
    refused_by_reason: dict[str, int] = field(default_factory=dict)
    warned: int = 0
    marks: list[Mark] = field(default_factory=list)
    _vertices: int = 0

    @property
    def refused_in_all(self) -> int:
        """How many features were refused, also those of which nothing more is kept."""
        return sum(self.refused_by_reason.values())

    @property
    def left_off(self) -> dict[str, int]:
        """How many refusals and warnings are counted only."""
        left = {"refused": self.refused_in_all - len(self.refused), "warnings": self.warned - len(self.warnings)}
        return {name: number for name, number in left.items() if number}

    def refuse(self, *refusals: Refusal) -> None:
        """Count refusals, and keep them with their shapes while there is room."""
        for one in refusals:
            self.refused_by_reason[one.reason] = self.refused_by_reason.get(one.reason, 0) + 1
            if len(self.refused) < MOST_REFUSED and self._vertices < MOST_REFUSED_VERTICES:
                self.refused.append(one)
                self._vertices += one.vertices

    def warn(self, *warnings: str) -> None:
        """Count warnings, and keep them while there is room."""
        self.warned += len(warnings)
        self.warnings += warnings[: max(MOST_WARNINGS - len(self.warnings), 0)]

    def mark(self, one: Mark) -> None:
        """Keep a place that a warning is about, while there is room; the warning counts all."""
        vertices = 0 if one.geometry is None else _vertices(one.geometry)
        if len(self.marks) < MOST_WARNINGS and self._vertices < MOST_REFUSED_VERTICES:
            self.marks.append(one)
            self._vertices += vertices

    def join(self, other: "Report") -> None:
        """Enter what is known of a second file of the same import: what was refused or told of it, what told its CRS."""
        self.counts["read"] = self.counts.get("read", 0) + other.refused_in_all
        self.refuse(*other.refused)
        self.warn(*(one for one in other.warnings if one not in self.warnings))
        self.evidence += [one for one in other.evidence if one not in self.evidence]

    def note(self, refused: Iterable[Refusal], repairs: Mapping[str, Any], layer: str) -> None:
        """Enter refusals and repairs of a layer, these by the numbers of the features."""
        self.refuse(*(replace(one, layer=layer) for one in refused))
        for name, features in repairs.items():
            if len(features):
                self.repairs.setdefault((name, layer), array("q")).extend(features.tolist())

    @property
    def skipped(self) -> bool:
        """Whether the same file was brought in before and nothing was done."""
        return self.recognised_as is not None

    def as_json(self) -> dict[str, Any]:
        """The whole report, refused geometry in the CRS of the source."""
        return {
            "kind": self.kind,
            "file": self.file,
            "sha256": self.sha256,
            "source_crs": f"EPSG:{self.source_crs}" if self.source_crs else None,
            "crs_said_by": self.crs_said_by,
            "operation": self.operation,
            "release": self.release,
            "skipped": self.skipped,
            "dry_run": self.dry_run,
            "evidence": self.evidence,
            "letters": [{"before": before, "after": after} for before, after in self.letters],
            "counts": self.counts,
            "refused_by_reason": self.refused_by_reason,
            "left_off": self.left_off,
            "warnings": self.warnings,
            "marks": [one.as_json() for one in self.marks],
            "repairs": [
                {
                    "repair": name,
                    "layer": layer,
                    "vi": REPAIRS[name][0],
                    "en": REPAIRS[name][1],
                    "number": len(features),
                    "features": features[:LISTED_REPAIRS].tolist(),
                }
                for (name, layer), features in self.repairs.items()
            ],
            "findings": [
                {
                    "rule": one.rule,
                    "vi": BREACHES[one.rule][0],
                    "en": BREACHES[one.rule][1],
                    "code": one.code,
                    "message": one.message,
                    "lines": list(one.lines),
                }
                for one in self.findings
            ],
            "refused": [
                {
                    "layer": r.layer,
                    "feature": r.feature,
                    "field": r.field,
                    "reason": r.reason,
                    "reason_vi": r.reason_vi,
                    "message": r.message,
                    "geometry": r.geometry,
                }
                for r in self.refused
            ],
        }
