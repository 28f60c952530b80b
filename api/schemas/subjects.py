"""What was asked about: a point, a parcel, an area; its units; and the parcels that one key may mean."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from api.schemas.document import Dated, Document, ValidTo


class UnitRef(Document):
    """A unit as an answer names it."""

    code: str
    name: str
    kind: str
    level: Literal["province", "district", "commune"]
    province_code: str | None
    province_name: str | None
    district: str | None
    valid_from: date
    valid_to: ValidTo
    area_m2: float | None = Field(default=None, description="of a parcel: how much of it lies in the unit")


class ParcelRef(Document):
    """A parcel at a point."""

    key: str = Field(examples=["90001/3/12"])
    former_code: str
    former_name: str | None
    sheet: int
    number: int
    land_use_code: str | None
    declared_area_m2: float | None
    area_m2: float
    within_m2: float | None = Field(default=None, description="how much of it lies in the area asked about")


class Source(Document):
    """The file a parcel came from."""

    file_name: str
    sha256: str
    imported_at: datetime
    crs: int | None = Field(description="EPSG code of the file")
    operation: str | None = Field(description="how it was brought into the storage CRS")
    accuracy_m: float | None = Field(description="how exact its outlines are, m; null: not on record")


class Subject(Document):
    """What was asked about: a point, a parcel or an area drawn by the asker; a place of it in degrees and in the storage CRS."""

    kind: Literal["point", "parcel", "area"]
    lon: float
    lat: float
    x: float = Field(description="easting, m; of a parcel or an area a point inside it")
    y: float = Field(description="northing, m")
    crs: str
    operation: str = Field(description="the datum operation used, always the same")
    key: str | None = Field(default=None, description="of a parcel", examples=["90001/3/12"])
    former_code: str | None = None
    former_name: str | None = None
    sheet: int | None = None
    number: int | None = None
    land_use_code: str | None = None
    declared_area_m2: float | None = None
    area_m2: float | None = Field(default=None, description="of a parcel or an area, in the plane of the storage CRS")
    perimeter_m: float | None = None
    valid_from: date | None = None
    valid_to: ValidTo = None
    source: Source | None = None
    geometry: dict[str, Any] | None = Field(default=None, description="GeoJSON; on request")
    corners: list[list[list[float]]] | None = Field(
        default=None, description="rings of [x, y] in the storage CRS; on request"
    )


class AskedParcel(Document):
    """The key that was asked for."""

    code: str
    sheet: int
    number: int


class ParcelChoice(Document):
    """One of several parcels that bear a sheet and number, with the key that tells it from the others."""

    key: str = Field(examples=["90001/3/12"])
    former_code: str
    former_name: str | None
    district: str | None
    commune_code: str | None = Field(description="the commune in which it lies on the day; null: not known")
    commune_name: str | None
    area_m2: float
    land_use_code: str | None
    href: str
    unknown_part: bool = Field(
        description="it may lie elsewhere: its former commune was divided, and where is not on record"
    )


class ParcelChoices(Dated):
    """Several parcels bear this sheet and number; none is picked."""

    asked: AskedParcel
    choices: list[ParcelChoice]
