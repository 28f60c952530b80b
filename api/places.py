"""Questions about a place: a point, an area, a parcel, in any way to ask; their limits."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from api.questions import Dated
from planning.errors import BadQuestion
from planning.geometry import LONLAT, VN2000_LONLAT, VN2000_WIDE_ZONES, VN2000_ZONES, WEB, known_epsg
from planning.outlines import LONGEST_TEXT


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
        if not self._is_a_point:
            raise BadQuestion(
                parameter="lon, lat",
                vi="hãy cho lon và lat, hoặc x, y và crs.",
                en="give lon and lat, or x, y and crs.",
            )
        return self

    @property
    def _is_a_point(self) -> bool:
        lonlat, plane = (self.lon, self.lat), (self.x, self.y, self.crs)
        return (None not in lonlat and plane == (None, None, None)) or (None not in plane and lonlat == (None, None))

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


class Whereabouts(Place):
    """A point, or a polygon in longitude and latitude."""

    shape: Annotated[
        str | None,
        Field(
            max_length=LONGEST_TEXT,
            description="Đa giác WKT hoặc GeoJSON, kinh vĩ độ WGS 84 / polygon; in the place of a point",
        ),
    ] = None

    @model_validator(mode="after")
    def _one_way(self) -> "Whereabouts":
        point = (self.lon, self.lat, self.x, self.y, self.crs)
        if not (self._is_a_point if self.shape is None else set(point) == {None}):
            raise BadQuestion(
                parameter="lon, lat",
                vi="hãy cho lon và lat, hoặc x, y và crs, hoặc shape.",
                en="give lon and lat, or x, y and crs, or shape.",
            )
        return self


Wanted = Annotated[
    bool, Field(description="true: kèm hình của thửa, khu và tọa độ đỉnh / with shapes and the coordinates of corners")
]


Formed = Annotated[
    Literal["json", "geojson", "html", "pdf"],
    Field(description="geojson: kèm hình; html, pdf: phiếu để in / with its shape; a sheet to print"),
]


class Searched(Dated):
    """A text that may mean anything."""

    q: Annotated[
        str,
        Field(
            min_length=1,
            max_length=LONGEST_TEXT,
            description="Tọa độ, danh sách góc, số thửa hoặc tên / coordinates, corners, a parcel's number or a name",
            examples=["hoa"],
        ),
    ]
    limit: Annotated[int, Field(ge=1, le=100, description="Nhiều nhất / at most")] = 20


class LookedUp(Whereabouts):
    """A place whose planning is looked up, in one of the ways to ask."""

    order: Annotated[
        Literal["xy", "yx"] | None,
        Field(
            description="xy: x là tọa độ đông / x is the easting; yx: x là tọa độ bắc / x is the northing; mặc định hỏi lại nếu không "
            "rõ / asked back where it cannot be told"
        ),
    ] = None
    corners: Annotated[
        str | None,
        Field(
            max_length=LONGEST_TEXT, description="Danh sách góc thửa, dán nguyên văn / corners of a parcel as pasted"
        ),
    ] = None
    sheet: Annotated[int | None, Field(ge=1, le=2_147_483_647, description="Số tờ bản đồ / sheet")] = None
    number: Annotated[int | None, Field(ge=1, le=2_147_483_647, description="Số thửa / number of the parcel")] = None
    commune: Annotated[
        str | None,
        Field(min_length=1, max_length=100, description="Xã, cũ hay mới: tên hoặc mã / commune: name or code"),
    ] = None
    q: Annotated[
        str | None,
        Field(min_length=1, max_length=LONGEST_TEXT, description="Bất kỳ cách nào ở trên / any of these as a text"),
    ] = None
    format: Formed = "json"
    geometry: Wanted = False

    @model_validator(mode="after")
    def _one_way(self) -> "LookedUp":
        given = {name for name in PLACING if getattr(self, name) is not None}
        if not any(way.fits(given) for way in WAYS):
            raise BadQuestion(
                parameter="lon, lat",
                vi=f"hãy cho {' hoặc '.join(way.shown for way in WAYS)}.",
                en=f"give {' or '.join(way.shown for way in WAYS)}.",
            )
        return self


@dataclass(frozen=True, slots=True)
class Way:
    """One way to say a place: the parameters it needs, and those it may have."""

    needs: tuple[str, ...]
    may: tuple[str, ...] = ()

    def fits(self, given: set[str]) -> bool:
        """Whether the parameters that were given are of this way alone."""
        return set(self.needs) <= given <= {*self.needs, *self.may}

    @property
    def shown(self) -> str:
        """As it is written in a sentence: x, y [crs, order]."""
        return ", ".join(self.needs) + (f" [{', '.join(self.may)}]" if self.may else "")


WAYS = (
    Way(("lon", "lat")),
    Way(("x", "y"), ("crs", "order")),
    Way(("corners",), ("crs", "order")),
    Way(("sheet", "number", "commune")),
    Way(("q",)),
    Way(("shape",)),
)
PLACING = tuple(dict.fromkeys(name for way in WAYS for name in (*way.needs, *way.may)))


class Sent(Dated):
    """A question whose place is in what is sent with it."""

    format: Formed = "json"
    geometry: Wanted = False


class ChangesOf(Whereabouts):
    """What publications changed for a place, a parcel or a commune."""

    since: Annotated[
        str,
        Field(
            pattern=r"^([0-9]{1,9}|[0-9]{4}-[0-9]{2}-[0-9]{2})$",
            description="Sau lần công bố này, hoặc từ ngày này / after this release, or from this day on",
            examples=["1", "2026-01-01"],
        ),
    ]
    unit: Annotated[str | None, Field(pattern=r"^[0-9]{5}$", description="Mã xã, phường / commune, 90101")] = None
    parcel: Annotated[
        str | None,
        Field(
            pattern=r"^[0-9]{5}/[0-9]{1,9}/[0-9]{1,9}$",
            description="Thửa: xã cũ/tờ/thửa / parcel, 90001/1/1",
        ),
    ] = None

    @model_validator(mode="after")
    def _one_way(self) -> "ChangesOf":
        place = {self.lon, self.lat, self.x, self.y, self.crs, self.shape} != {None}
        if [place, self.unit is not None, self.parcel is not None].count(True) != 1:
            raise BadQuestion(
                parameter="unit, parcel, lon, lat",
                vi="hãy cho một trong: unit, parcel, hoặc một nơi (lon và lat; x, y và crs; shape).",
                en="give one of: unit, parcel, or a place (lon and lat; x, y and crs; shape).",
            )
        return super()._one_way() if place else self  # type: ignore[operator]


class Proving(Whereabouts):
    """The question on a sheet that is to be proved; a hash typed by itself brings none."""

    parcel: Annotated[
        str | None,
        Field(
            pattern=r"^[0-9]{5}/[0-9]{1,9}/[0-9]{1,9}$",
            description="Khóa thửa / key of a parcel, 90001/3/12",
        ),
    ] = None
    format: Annotated[
        Literal["json", "html"] | None, Field(description="mặc định theo Accept / by default as Accept says")
    ] = None

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, values: Any) -> Any:
        """A form sends the fields that were left empty, too."""
        return {name: value for name, value in values.items() if value != ""} if isinstance(values, dict) else values

    @model_validator(mode="after")
    def _one_way(self) -> "Proving":
        places = (self.lon, self.lat, self.x, self.y, self.crs, self.shape)
        if self.parcel is not None and set(places) != {None}:
            raise BadQuestion(parameter="parcel", vi="cho thửa, hoặc cho nơi.", en="give a parcel, or a place.")
        return self

    @property
    def complete(self) -> bool:
        """Whether the question can be asked: what, which day, which release."""
        place = self.parcel or self.shape or self._is_a_point
        return bool(place) and self.on is not None and self.release is not None


class ProvingSent(Dated):
    """The question on a sheet of an outline that is too long for an address, and is sent again."""

    format: Annotated[
        Literal["json", "html"] | None, Field(description="mặc định theo Accept / by default as Accept says")
    ] = None


class Batch(Dated):
    """Many places at once."""

    format: Annotated[
        Literal["ndjson", "csv"], Field(description="Dạng trả về / form of the answers, a line a row")
    ] = "ndjson"


ASKABLE = {*VN2000_ZONES, *VN2000_WIDE_ZONES, VN2000_LONLAT, LONLAT, WEB}


class ParcelOf(Dated):
    """How the commune of a parcel's key is to be read."""

    by: Annotated[
        Literal["former", "new"] | None,
        Field(
            description="Mã là xã cũ hay xã hiện nay; mặc định cả hai / a former commune, a present one; both by default"
        ),
    ] = None
    format: Formed = "json"
    geometry: Wanted = False
