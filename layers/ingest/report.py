"""What came of an import: counts, and every refused feature with its reason and its geometry."""

import json
from dataclasses import dataclass, field
from typing import Any

import shapely

from planning.mergers.accounts import BREACHES, Breach

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
    """A feature that was not stored: its place in the file (from 1), a stable reason, the sentence and the shape."""

    feature: int
    reason: str
    message: str
    geometry: dict[str, Any] | None

    @property
    def sentence(self) -> str:
        """Both languages in a line, Vietnamese first."""
        place = f"{self.feature}: " if self.feature else ""
        return f"{place}{REASONS[self.reason]} / {self.message}"

    @classmethod
    def of(cls, feature: int, reason: str, message: str, shape: Any) -> "Refusal":
        """A refusal with its shape as GeoJSON, in the CRS of the source."""
        drawable = shape is not None and not shape.is_empty
        return cls(feature, reason, message, json.loads(shapely.to_geojson(shape)) if drawable else None)


@dataclass(slots=True)
class Report:
    """The report of one import, as printed and as JSON. `findings`: what the clauses of a merger fail to account for."""

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
            "counts": self.counts,
            "warnings": self.warnings,
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
                    "feature": r.feature,
                    "reason": r.reason,
                    "reason_vi": REASONS[r.reason],
                    "message": r.message,
                    "geometry": r.geometry,
                }
                for r in self.refused
            ],
        }
