"""What came of an import: counts, and every refused feature with its reason and its geometry."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import shapely

from layers.ingest.repairs import REPAIRS
from layers.sources.facts import Issue
from planning.mergers.accounts import BREACHES, Breach

LISTED_REPAIRS = 1_000
"""Features that are named with each kind of repair; all are counted."""

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


def _as_geojson(shape: Any) -> dict[str, Any] | None:
    drawable = shape is not None and not shape.is_empty
    return json.loads(shapely.to_geojson(shape)) if drawable else None


@dataclass(slots=True)
class Report:
    """The report of one import, as printed and as JSON. `findings`: what the clauses of a merger fail to account for;
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
    repairs: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    dry_run: bool = False
    evidence: list[str] = field(default_factory=list)
    letters: list[tuple[str, str]] = field(default_factory=list)

    def note(self, refused: list[Refusal], repairs: Mapping[str, Any], layer: str) -> None:
        """Enter refusals and repairs of a layer, these by the numbers of the features."""
        self.refused += [replace(one, layer=layer) for one in refused]
        for name, features in repairs.items():
            if len(features):
                self.repairs.setdefault((name, layer), []).extend(features.tolist())

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
            "warnings": self.warnings,
            "repairs": [
                {
                    "repair": name,
                    "layer": layer,
                    "vi": REPAIRS[name][0],
                    "en": REPAIRS[name][1],
                    "number": len(features),
                    "features": features[:LISTED_REPAIRS],
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
