"""The service itself."""

from typing import Literal

from api.schemas.document import Document, Release


class LonLat(Document):
    """A point."""

    lon: float
    lat: float


class Health(Document):
    """Whether the service can answer."""

    status: Literal["ok"]
    version: str
    release: Release | None
    storage_crs: str
    bounds: tuple[float, float, float, float] | None
    example: LonLat | None


class ReleaseList(Document):
    """All publications."""

    releases: list[Release]


class FunctionRow(Document):
    """A function code and its fill."""

    code: str
    name: str
    fill: str


class LevelRow(Document):
    """A level of plans."""

    level: str
    vi: str
    en: str


class Legend(Document):
    """What the colours of the maps mean."""

    land_use: list[FunctionRow]
    planning: list[FunctionRow]
    levels: list[LevelRow]
