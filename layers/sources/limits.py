"""What a file may hold at most. Real plans stay far below; what is above is refused with the limit named.

What an office may have to change is a setting of the deployment, the rest is fixed.
"""

from functools import cache

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from planning.errors import BadQuestion

MIB = 1024**2

SMALL_UNPACKED_BYTES = 64 * MIB
"""Below this the ratio does not matter."""

MOST_FIELDS = 500
MOST_LAYERS = 2_000

LONGEST_HEADER = 100_000
"""Characters of the first line of a CSV."""

WKT_OF_A_VERTEX = 60
"""Characters: two coordinates with all their digits, a blank and a comma."""

GEOJSON_OF_A_VERTEX = 320
"""Bytes, as GDAL counts the memory of an object: 180 were measured, 230 with heights."""

FARTHEST = 1e8
"""No plane or geographic coordinate of the Earth lies further from zero, in metres or degrees."""


class Limits(BaseSettings):
    """The limits that a deployment may change, each by its QUYHOACH_* variable."""

    model_config = SettingsConfigDict(env_prefix="QUYHOACH_", frozen=True)

    file_mib: int = Field(
        default=8 * 1024, ge=1, le=1024**2, description="largest file of a format that is read piece by piece, MiB"
    )
    whole_file_mib: int = Field(
        default=512,  # a province's largest drawing seen is 45 MB
        ge=1,
        le=64 * 1024,
        description="largest KML, MIF, DXF or DGN, which are held in memory or copied whole, MiB",
    )
    unpacked_mib: int = Field(
        default=8 * 1024, ge=1, le=1024**2, description="what a zip or a GeoParquet may become once unpacked, MiB"
    )
    unpacked_ratio: int = Field(
        default=200,  # the blank columns of a .dbf reach 100
        ge=2,
        le=2_000,
        description="how many times larger a zip may become, above 64 MiB",
    )
    zip_members: int = Field(default=2_000, ge=1, le=100_000, description="files in a zip")
    feature_vertices: int = Field(
        default=500_000,  # the 99 communes of Bắc Ninh together have 155,000
        ge=100,
        le=10_000_000,
        description="vertices of one feature",
    )
    things_drawn: int = Field(
        default=2_000_000,  # blocks within blocks can multiply without end
        ge=100,
        le=50_000_000,
        description="things in a drawing once its blocks are placed",
    )
    text_characters: int = Field(default=100_000, ge=100, le=10_000_000, description="characters of one cell")

    @property
    def cell_characters(self) -> int:
        """Of a cell of CSV, which may be a text or a shape as WKT."""
        return max(self.text_characters * 100, self.feature_vertices * WKT_OF_A_VERTEX)

    @property
    def geojson_object_mib(self) -> int:
        """Of one object of GeoJSON in memory, for which GDAL has a limit of its own."""
        return max(64, self.feature_vertices * GEOJSON_OF_A_VERTEX // MIB)


@cache
def limits() -> Limits:
    """The limits in force, read once, when a file is first looked at. Raises `BadQuestion` for a variable that is no such number."""
    try:
        return Limits()
    except ValidationError as error:
        raise _refused(error) from None


def _refused(error: ValidationError) -> BadQuestion:
    """The first wrong variable, with what it may be."""
    first = error.errors()[0]
    name, said = str(first["loc"][0]), str(first["input"])[:40]
    told = Limits.model_json_schema()["properties"][name]
    least, most = told["minimum"], told["maximum"]
    return BadQuestion(
        parameter=f"QUYHOACH_{name.upper()}",
        vi=f"“{said}” phải là số nguyên từ {least} đến {most}.",
        en=f"“{said}” must be a whole number from {least} to {most}.",
    )
