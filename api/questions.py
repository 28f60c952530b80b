"""The parameters of each question, with their limits. A parameter nobody knows is refused, never ignored."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from planning.errors import BadQuestion
from planning.findings import CHECKS
from planning.geometry import LONLAT, VN2000_LONLAT, VN2000_WIDE_ZONES, VN2000_ZONES, WEB, known_epsg
from planning.periods import today
from planning.plans import LEVELS
from planning.units import folded

Shape = Literal["json", "geojson"]


class Dated(BaseModel):
    """Every question may say a day and a release."""

    model_config = ConfigDict(extra="forbid")

    on: Annotated[date | None, Field(description="Ngày, YYYY-MM-DD; mặc định hôm nay / day; today by default")] = None
    release: Annotated[
        int | None,
        Field(ge=1, le=2_000_000_000, description="Lần công bố; mặc định mới nhất / release; latest by default"),
    ] = None
    lang: Annotated[Literal["vi", "en"], Field(description="Ngôn ngữ của câu báo lỗi / language of problems")] = "vi"

    @field_validator("on", mode="before")
    @classmethod
    def _written_as_a_day(cls, value: object) -> object:
        if isinstance(value, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise ValueError("write it as YYYY-MM-DD")
        return value

    @property
    def day(self) -> date:
        """The day asked about."""
        return self.on or today()


class Drawn(Dated):
    """A question whose answer may be drawn."""

    format: Annotated[Shape, Field(description="geojson: kèm hình / with its shape")] = "json"


class Place(Dated):
    """A point: lon and lat, or x, y and their CRS. x is the easting, y the northing."""

    lon: Annotated[
        float | None, Field(ge=-180, le=180, description="Kinh độ WGS 84 / longitude", examples=[106.17])
    ] = None
    lat: Annotated[float | None, Field(ge=-90, le=90, description="Vĩ độ WGS 84 / latitude", examples=[21.25])] = None
    x: Annotated[
        float | None,
        Field(ge=-1e8, le=1e8, description="Đông (E), m / easting; with y and crs, in the place of lon and lat"),
    ] = None
    y: Annotated[float | None, Field(ge=-1e8, le=1e8, description="Bắc (N), m / northing")] = None
    crs: Annotated[str | None, Field(max_length=16, description="Hệ của x, y / CRS of x and y, e.g. EPSG:9214")] = None

    @model_validator(mode="after")
    def _one_way(self) -> "Place":
        lonlat = (self.lon, self.lat)
        plane = (self.x, self.y, self.crs)
        complete = (None not in lonlat and plane == (None, None, None)) or (
            None not in plane and lonlat == (None, None)
        )
        if not complete:
            raise BadQuestion(
                parameter="lon, lat",
                vi="hãy cho lon và lat, hoặc x, y và crs.",
                en="give lon and lat, or x, y and crs.",
            )
        return self

    @property
    def coordinates(self) -> tuple[float, float, int]:
        """First and second coordinate, and their EPSG code."""
        if self.lon is not None and self.lat is not None:
            return self.lon, self.lat, LONLAT
        epsg = known_epsg(self.crs or "")
        if epsg not in ASKABLE or self.x is None or self.y is None:
            known = ", ".join(f"EPSG:{code}" for code in sorted(ASKABLE))
            raise BadQuestion(
                parameter="crs",
                vi=f"“{self.crs}” không dùng được; dùng {known}.",
                en=f"“{self.crs}” is not one of {known}.",
            )
        return self.x, self.y, epsg


ASKABLE = {*VN2000_ZONES, *VN2000_WIDE_ZONES, VN2000_LONLAT, LONLAT, WEB}


def _of_levels(value: str | None) -> str | None:
    if value is not None and value not in {*LEVELS, "unit"}:
        raise ValueError(f"known: {', '.join(LEVELS)}")
    return value


class Units(Drawn):
    """A search among units."""

    q: Annotated[
        str | None, Field(max_length=100, description="Tên (có dấu hay không) hoặc mã / name or code", examples=["hoa"])
    ] = None
    level: Annotated[Literal["province", "district", "commune"] | None, Field(description="Cấp đơn vị / level")] = None
    former: Annotated[bool, Field(description="Cả đơn vị cũ / former units too")] = False
    limit: Annotated[int, Field(ge=1, le=1000, description="Nhiều nhất / at most")] = 200

    @property
    def name(self) -> str | None:
        """The name asked for, folded; a blank one is a mistake, not a question about everything."""
        if self.q is None:
            return None
        name = folded(self.q)
        if not name or not self.q.isprintable():
            raise BadQuestion(
                parameter="q",
                vi="không có chữ, hoặc có ký tự điều khiển.",
                en="it holds no letter, or a control character.",
            )
        return name


class Coverage(Dated):
    """Ratios of a level or of a unit."""

    level: Annotated[str | None, Field(max_length=20, description=", ".join(LEVELS))] = None
    unit: Annotated[
        str | None, Field(pattern=r"^[0-9]{5}$", description="Mã xã, phường / commune", examples=["90101"])
    ] = None

    _level = field_validator("level")(_of_levels)


class Findings(Coverage):
    """Findings by level, unit, check, severity."""

    format: Annotated[Shape, Field(description="geojson: kèm hình / with shapes")] = "json"
    check: Annotated[str | None, Field(max_length=40, description=", ".join(CHECKS))] = None
    severity: Annotated[Literal["error", "warning", "info"] | None, Field(description="Mức / severity")] = None
    limit: Annotated[int, Field(ge=1, le=5000, description="Nhiều nhất / at most")] = 500

    @field_validator("check")
    @classmethod
    def _known_check(cls, value: str | None) -> str | None:
        if value is not None and value not in CHECKS:
            raise ValueError(f"known: {', '.join(CHECKS)}")
        return value
