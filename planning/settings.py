"""Settings, read from QUYHOACH_* variables. Built at the doors (app, command line, migrations, tests), never at import."""

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from planning.geometry import VN2000_ZONES


class Settings(BaseSettings):
    """One deployment: a province, its database and its storage CRS."""

    model_config = SettingsConfigDict(env_prefix="QUYHOACH_")

    database_url: str = Field(
        description="libpq address of the PostgreSQL database, e.g. postgresql://quyhoach@host/quyhoach"
    )
    storage_crs: int = Field(
        default=9214, description="EPSG code of the VN-2000 zone in which geometry is stored and measured"
    )
    pool_size: int = Field(default=8, ge=1, le=64, description="database connections of one API process")
    statement_seconds: float = Field(
        default=15, gt=0, le=300, description="longest time one database question may take"
    )

    file_store: str = Field(
        default=".local/store",
        description="where documents are kept: a folder, or s3://bucket/prefix with AWS_* variables",
    )
    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^/?#\s]+(/[^?#\s]*)?$",
        description="address under which people reach the service; it stands on printed sheets. Default: as they asked",
    )
    document_mb: int = Field(default=100, ge=1, le=4096, description="largest document taken, MB")

    @field_validator("storage_crs", mode="before")
    @classmethod
    def _epsg(cls, value: object) -> object:
        return value.upper().removeprefix("EPSG:") if isinstance(value, str) else value

    @field_validator("storage_crs")
    @classmethod
    def _is_a_zone(cls, value: int) -> int:
        if value not in VN2000_ZONES:
            raise ValueError(f"EPSG:{value} is not a VN-2000 zone; known: {', '.join(map(str, sorted(VN2000_ZONES)))}")
        return value
