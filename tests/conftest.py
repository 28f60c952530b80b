"""A real PostGIS for every test: databases built by the migrations, copied from a template, rolled back or dropped."""

import io
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from unittest.mock import patch

import httpx2 as httpx
import psycopg
import pytest
from hypothesis import settings as hypothesis_settings
from psycopg import sql
from starlette.testclient import TestClient

from api.app import create_app
from api.cli import main
from layers.sample.load import load
from planning.periods import today
from planning.settings import Settings
from planning.store.migrate import upgrade
from planning.store.releases import publish
from planning.store.session import WriteSession, engine, writing
from tests.ports import free_port

hypothesis_settings.register_profile("unhurried", deadline=None)
hypothesis_settings.load_profile("unhurried")
"""How long one drawn case takes says more of the machine than of the code."""

REAL = Path(__file__).parents[2] / "shared" / "data"

os.environ.setdefault("COLUMNS", "240")
"""Tables on the screen are not folded."""

SAMPLE_PARCELS, SAMPLE_ZONES, SAMPLE_SEED = 20_000, 1_500, 2025


@pytest.fixture(scope="session")
def server_url() -> str:
    """The server on which the tests make and drop databases."""
    url = os.environ.get("QUYHOACH_TEST_DATABASE_URL")
    if not url:
        pytest.exit(
            "QUYHOACH_TEST_DATABASE_URL is not set: run script/test, which starts a database of its own", returncode=2
        )
    return url


@pytest.fixture(scope="session")
def make_database(server_url: str) -> Iterator[Callable[[str | None], Settings]]:
    """Makes a database, empty or as a copy of another, and drops all of them in the end."""
    made: list[str] = []

    def make(template: str | None = None) -> Settings:
        name = f"quyhoach_t_{uuid.uuid4().hex[:10]}"
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(_creating(name, template, connection.info.server_version))
        made.append(name)
        return Settings(database_url=_address(server_url, name), storage_crs=9214)

    yield make
    for name in reversed(made):
        _drop(server_url, name)


def _creating(name: str, template: str | None, version: int) -> sql.Composed:
    """Files are copied three times as fast as pages written through the log, the habit of PostgreSQL since 15."""
    words = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template:
        words += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        words += sql.SQL(" STRATEGY file_copy" if version >= 150_000 else "")
    return words


def _drop(server_url: str, name: str) -> None:
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def template(make_database: Callable[[str | None], Settings]) -> Settings:
    """A database with the schema and nothing in it; copied, never written to."""
    settings = make_database(None)
    upgrade(settings)
    return settings


@pytest.fixture
def copy_of(
    server_url: str, make_database: Callable[[str | None], Settings], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Settings], Settings]]:
    """Copies a database that nobody is connected to, with a new store of files; the copies go with the test."""
    copies: list[str] = []

    def copy(settings: Settings) -> Settings:
        made = make_database(name_of(settings))
        copies.append(name_of(made))
        return settings.model_copy(
            update={"database_url": made.database_url, "file_store": str(tmp_path_factory.mktemp("store"))}
        )

    yield copy
    for name in copies:
        _drop(server_url, name)


@pytest.fixture
def empty(template: Settings, copy_of: Callable[[Settings], Settings]) -> Settings:
    """A database and a store of files of the test's own."""
    return copy_of(template)


@pytest.fixture(scope="session")
def shared_settings(template: Settings, make_database: Callable[[str | None], Settings]) -> Settings:
    """The database in which `session` rolls back."""
    return make_database(name_of(template))


@pytest.fixture
def session(shared_settings: Settings) -> Iterator[WriteSession]:
    """A writing session whose work is rolled back."""
    with engine(shared_settings).connect() as connection:
        yield WriteSession(connection, shared_settings.storage_crs)
        connection.rollback()


@pytest.fixture(scope="session")
def sample(
    template: Settings, make_database: Callable[[str | None], Settings], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Settings, Path]:
    """A small sample province, published and checked for today; and the folder of its files."""
    folder = tmp_path_factory.mktemp("sample")
    store = str(tmp_path_factory.mktemp("store"))
    settings = make_database(name_of(template)).model_copy(update={"file_store": store})
    load(settings, folder, parcels=SAMPLE_PARCELS, zones=SAMPLE_ZONES, seed=SAMPLE_SEED, progress=lambda *_: None)
    for day in (today(), date(2026, 1, 15)):
        checked = quyhoach(settings, "check", "coverage", "--on", day.isoformat())
        assert checked.returncode == 1, checked.stderr
    return settings, folder


@pytest.fixture(scope="session")
def sample_api(sample: tuple[Settings, Path]) -> Iterator[TestClient]:
    """The service over the sample, in this process."""
    with TestClient(create_app(sample[0])) as client:
        yield client


@pytest.fixture(scope="session")
def sample_server(sample: tuple[Settings, Path]) -> Iterator[str]:
    """The service over the sample as it runs for people: its own processes, a real port."""
    with serving(sample[0]) as address:
        yield address


class serving:  # noqa: N801 - reads as a verb
    """`quyhoach serve` on a free port, while the block lasts."""

    def __init__(self, settings: Settings, workers: int = 1) -> None:
        self.port = free_port()
        command = [*QUYHOACH, "serve", "--port", str(self.port), "--workers", str(workers)]
        self._log = tempfile.NamedTemporaryFile("w")  # noqa: SIM115 - ends in __exit__; a pipe that nobody reads would hold it up
        self.process = subprocess.Popen(command, env=_environment(settings), stderr=self._log)

    def said(self) -> str:
        """What the service has logged."""
        return Path(self._log.name).read_text(encoding="utf-8")

    def __enter__(self) -> str:
        address = f"http://127.0.0.1:{self.port}"
        deadline = time.monotonic() + 60
        while self.process.poll() is None and time.monotonic() < deadline:
            with suppress(httpx.TransportError):
                if httpx.get(f"{address}/v1/health").status_code == 200:
                    return address
            time.sleep(0.05)
        self.process.terminate()
        self.process.wait(20)
        raise AssertionError(f"the service did not come up: {self.said()}")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(20)
        said = self.said()
        self._log.close()
        assert " at /" not in said or "fault " not in said, said[-3000:]


QUYHOACH = [sys.executable, "-c", "from api.cli import main; main()"]


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


def quyhoach(settings: Settings, *arguments: str, lang: str = "en") -> Done:
    """Run the command through its own door, in this process; `subprocess` with QUYHOACH where a process matters."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    environment = {**_environment(settings), "QUYHOACH_LANG": lang}
    with (
        patch.dict(os.environ, environment),
        patch.object(sys, "argv", ["quyhoach", *arguments]),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
    return Done(code, out.getvalue(), err.getvalue())


def publish_unchecked(settings: Settings, note: str | None = None) -> None:
    """Publish the draft past the checks, as the sample province is: for tests whose data is wrong on purpose and stays open."""
    with writing(settings) as session:
        publish(session, note)


def name_of(settings: Settings) -> str:
    """The name of the database."""
    return httpx.URL(settings.database_url.replace("@/", "@localhost/")).path.lstrip("/")


def _environment(settings: Settings) -> dict[str, str]:
    return {
        **os.environ,
        "QUYHOACH_DATABASE_URL": settings.database_url,
        "QUYHOACH_STORAGE_CRS": str(settings.storage_crs),
        "QUYHOACH_FILE_STORE": settings.file_store,
        "QUYHOACH_DOCUMENT_MB": str(settings.document_mb),
        "COLUMNS": "240",
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]).rstrip(
            os.pathsep
        ),
    }


def _address(server_url: str, name: str) -> str:
    before, _, query = server_url.partition("?")
    head = before.rsplit("/", 1)[0]
    return f"{head}/{name}" + (f"?{query}" if query else "")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Real data is used wherever the folder is; elsewhere its tests are skipped, saying so."""
    if not REAL.is_dir():
        skip = pytest.mark.skip(reason=f"real data is not on this machine ({REAL})")
        for item in items:
            if item.get_closest_marker("real_data"):
                item.add_marker(skip)
