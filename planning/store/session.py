"""Sessions on the database. Reading and writing are different types; whoever opens a writing session commits it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from psycopg.errors import DiskFull, UndefinedColumn, UndefinedTable
from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, OperationalError, ProgrammingError
from sqlalchemy.pool import NullPool

from planning.errors import BadQuestion, DatabaseFull, DatabaseMissing, NotAllowed, WrongDeployment
from planning.settings import Settings

WRITER_LOCK = 7_241_002
"""Advisory lock of whoever writes: imports, publications and checks come one after the other."""

OLDEST_POSTGIS = (3, 3)


@dataclass(frozen=True, slots=True)
class ReadSession:
    """Asks; the database refuses it any change."""

    connection: Connection
    storage_srid: int


@dataclass(frozen=True, slots=True)
class WriteSession(ReadSession):
    """Asks and changes, inside one transaction."""


def engine(settings: Settings) -> Engine:
    """An engine on the deployment's database, through psycopg; no connection is kept."""
    url = make_url(settings.database_url).set(drivername="postgresql+psycopg")
    return create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 10})


def shown(settings: Settings) -> str:
    """The database address as it may be shown: without its password."""
    return make_url(settings.database_url).render_as_string(hide_password=True)


@contextmanager
def connected(settings: Settings) -> Iterator[Connection]:
    """A connection, or one clear sentence why there is none."""
    try:
        connection = engine(settings).connect()
    except ArgumentError:
        raise BadQuestion(
            parameter="QUYHOACH_DATABASE_URL",
            vi="không phải địa chỉ cơ sở dữ liệu; ví dụ postgresql://quyhoach@localhost/quyhoach.",
            en="it is not a database address; for example postgresql://quyhoach@localhost/quyhoach.",
        ) from None
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[-1]
        raise DatabaseMissing(url=shown(settings), vi=reason, en=reason) from None
    with connection:
        try:
            yield connection
        except ProgrammingError as error:
            if not isinstance(error.orig, UndefinedColumn | UndefinedTable):
                raise
            raise DatabaseMissing(
                url=shown(settings),
                vi="lược đồ cũ hơn chương trình. Chạy: quyhoach migrate.",
                en="its tables are older than the program. Run: quyhoach migrate.",
            ) from error
        except (OperationalError, DiskFull) as error:  # COPY goes past SQLAlchemy
            cause = error.orig if isinstance(error, OperationalError) else error
            if not isinstance(cause, DiskFull):
                raise
            raise DatabaseFull(reason=str(cause).strip().splitlines()[0]) from error


@contextmanager
def reading(settings: Settings) -> Iterator[ReadSession]:
    """A read-only transaction on a checked deployment."""
    with connected(settings) as connection:
        connection.execute(text("SET TRANSACTION READ ONLY"))
        yield ReadSession(connection, checked_deployment(connection, settings))


@contextmanager
def writing(settings: Settings, *, kept: bool = True) -> Iterator[WriteSession]:
    """One transaction, alone among the writers; committed when the block ends without an error, unless it is only a trial (`kept`)."""
    with connected(settings) as connection:
        free = connection.execute(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": WRITER_LOCK}).scalar_one()
        if not free:
            raise NotAllowed(
                vi="một lệnh nhập hoặc công bố khác đang chạy; hãy đợi nó xong rồi chạy lại.",
                en="another import or publication is running; wait for it and run this again.",
            )
        yield WriteSession(connection, checked_deployment(connection, settings))
        if kept:
            connection.commit()
        else:
            connection.rollback()


def checked_deployment(connection: Connection, settings: Settings) -> int:
    """The storage SRID the database remembers, after comparing it with the setting."""
    try:
        stored = connection.execute(text("SELECT storage_srid FROM deployment")).scalar_one_or_none()
    except ProgrammingError:
        stored = None
    if stored is None:
        raise DatabaseMissing(
            url=shown(settings),
            vi="chưa có bảng của quyhoach. Chạy: quyhoach migrate.",
            en="it has no quyhoach tables yet. Run: quyhoach migrate.",
        )
    if stored != settings.storage_crs:
        raise WrongDeployment(stored=stored, asked=settings.storage_crs)
    return int(stored)
