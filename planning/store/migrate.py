"""Bringing a database to the current schema, and back."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from planning.errors import DatabaseMissing, NotAllowed
from planning.settings import Settings
from planning.store.session import OLDEST_POSTGIS, checked_deployment, connected, shown

INSUFFICIENT_PRIVILEGE = "42501"
LOCK_NOT_AVAILABLE = "55P03"
MIGRATIONS = Path(__file__).parents[2] / "migrations"


def upgrade(settings: Settings, revision: str = "head") -> None:
    """Bring the database to `revision`; one transaction, nothing half done."""
    with connected(settings) as connection:
        _suitable(connection, settings)
        try:
            command.upgrade(_config(connection, settings), revision)
        except (ProgrammingError, OperationalError) as error:
            raise _explained(error) from None
        connection.commit()
        checked_deployment(connection, settings)


def downgrade(settings: Settings, revision: str = "base") -> None:
    """Go back to `revision`."""
    with connected(settings) as connection:
        command.downgrade(_config(connection, settings), revision)
        connection.commit()


def _config(connection: Connection, settings: Settings) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    config.attributes["storage_srid"] = settings.storage_crs
    return config


def _suitable(connection: Connection, settings: Settings) -> None:
    """Refuse a server without PostGIS, or with one too old, before anything is changed."""
    version = connection.execute(
        text(
            "SELECT coalesce((SELECT extversion FROM pg_extension WHERE extname = 'postgis'),"
            " (SELECT default_version FROM pg_available_extensions WHERE name = 'postgis'))"
        )
    ).scalar_one()
    if version is None:
        raise DatabaseMissing(
            url=shown(settings),
            vi="máy chủ không có PostGIS. Cài PostGIS 3.3 trở lên, trỏ QUYHOACH_DATABASE_URL sang máy chủ khác, hoặc dùng"
            " docker compose up.",
            en="the server has no PostGIS. Install PostGIS 3.3 or newer, point QUYHOACH_DATABASE_URL at another server, or use"
            " docker compose up.",
        )
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST_POSTGIS:
        raise DatabaseMissing(
            url=shown(settings),
            vi=f"PostGIS {version} quá cũ; cần 3.3 trở lên.",
            en=f"PostGIS {version} is too old; 3.3 or newer is needed.",
        )


def _explained(error: DBAPIError) -> Exception:
    if getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE:
        return NotAllowed(
            vi="một lệnh chuyển lược đồ khác đang chạy, hoặc bảng đang bận; hãy đợi rồi chạy lại.",
            en="another migration is running, or a table is busy; wait and run this again.",
        )
    if getattr(error.orig, "sqlstate", None) != INSUFFICIENT_PRIVILEGE:
        return error
    return NotAllowed(
        vi="người dùng cơ sở dữ liệu không đủ quyền; nhờ quản trị viên chạy CREATE EXTENSION postgis, btree_gist trước.",
        en="the database user lacks a privilege; have an administrator run CREATE EXTENSION postgis and btree_gist first.",
    )
