"""Scanned drawings."""

from typing import Literal

from pydantic import Field

from api.schemas.document import Dated, Document


class Scan(Document):
    """A drawing on paper, brought to its place."""

    plan_code: str
    title: str
    sha256: str = Field(description="of the placed drawing, which is kept under it")
    bytes: int
    width: int
    height: int
    method: Literal["affine", "polynomial", "thin-plate", "world-file"]
    scale: int = Field(description="denominator of the map's scale")
    gsd_m: float = Field(description="size of a pixel, m")
    accuracy_m: float | None = Field(description="root mean square of control points left out, m; null: not known")
    bounds: tuple[float, float, float, float] = Field(description="west, south, east, north")


class ScanList(Dated):
    """At most `limit` of `total` drawings."""

    total: int
    scans: list[Scan]
