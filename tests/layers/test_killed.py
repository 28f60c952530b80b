"""An import killed with SIGKILL at any moment and run again ends in the same state as one that nobody disturbed; nothing is left behind.

The moments are known: a trigger of the test makes the database wait for a lock that the test holds, so the import stands still
exactly there. What is compared is every table, to the byte, but for numbers that the database gives out and the time of day.
"""

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import psycopg
import pyogrio
import pytest
import shapely

from planning.settings import Settings
from tests.conftest import QUYHOACH, _environment, name_of, quyhoach
from tests.layers.sources.sheets import zipped

PARCELS = 45_000
"""Three lots."""

HELD = 918_273
GIVEN_OUT = {"id", "dataset_id", "plan_id"}
TIMES = {"timestamp with time zone", "timestamp without time zone"}

Moment = Callable[[Settings, subprocess.Popen], bool]


def parcels(path: Path) -> Path:
    place = np.arange(PARCELS)
    x, y = 416_000 + 10.0 * (place % 300), 2_353_000 + 10.0 * (place // 300)
    columns = {"former_code": np.full(PARCELS, "90001"), "sheet": 1 + place // 500, "number": 1 + place % 500}
    columns["number"][[7, 30_000]] = 1, 1
    columns["sheet"][[7, 30_000]] = 1, 1
    pyogrio.write_dataframe(
        gpd.GeoDataFrame(columns, geometry=shapely.box(x, y, x + 10, y + 10), crs="EPSG:9214"), path
    )
    return path


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Parcels in a zip, so that a temporary folder is in play too; three have the same key."""
    folder = tmp_path_factory.mktemp("parcels")
    return zipped(folder / "parcels.zip", (parcels(folder / "parcels.gpkg"), "parcels.gpkg"))


@pytest.fixture(scope="module")
def undisturbed(template: Settings, make_database, file: Path) -> dict[str, list[str]]:
    """What the database holds after an import in peace."""
    settings = make_database(name_of(template))
    assert quyhoach(settings, "import", "parcels", str(file), "--valid-from", "2025-07-01").returncode == 0
    return everything(settings)


def everything(settings: Settings) -> dict[str, list[str]]:
    with psycopg.connect(settings.database_url) as connection:
        columns = connection.execute(
            "SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c JOIN information_schema.tables t"
            " USING (table_schema, table_name) WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'"
            " AND c.table_name <> 'spatial_ref_sys' ORDER BY c.table_name, c.ordinal_position"
        ).fetchall()
        tables: dict[str, list[str]] = {}
        for table, column, kind in columns:
            tables.setdefault(table, [])
            if column not in GIVEN_OUT and kind not in TIMES:
                tables[table].append(f'"{column}"')
        return {
            table: sorted(row[0] for row in connection.execute(f'SELECT ROW({", ".join(names)})::text FROM "{table}"'))
            for table, names in tables.items()
        }


def held_up(settings: Settings, table: str, event: str, condition: str) -> psycopg.Connection:
    """A trigger that waits for a lock which the connection returned holds."""
    with psycopg.connect(settings.database_url) as connection:
        connection.execute(
            "CREATE FUNCTION held_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" PERFORM pg_advisory_xact_lock({HELD}); RETURN NEW; END $$"
        )
        connection.execute(
            f"CREATE TRIGGER held_up BEFORE {event} ON {table} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION held_up()"
        )
    holder = psycopg.connect(settings.database_url, autocommit=True)
    holder.execute(f"SELECT pg_advisory_lock({HELD})")
    return holder


def waiting(settings: Settings, process: subprocess.Popen) -> bool:
    with psycopg.connect(settings.database_url) as connection:
        question = f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = {HELD} AND NOT granted"
        return connection.execute(question).fetchone() == (1,)


def reading(settings: Settings, process: subprocess.Popen) -> bool:
    """The unpacked file is open: the keys are being gathered, nothing is written yet."""
    links = (Path(f"/proc/{process.pid}/fd")).iterdir()
    return any("quyhoach-unpacked-" in _target(link) and _target(link).endswith(".gpkg") for link in links)


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""


MOMENTS: dict[str, tuple[tuple[str, str, str] | None, Moment]] = {
    "while the keys are gathered": (None, reading),
    "in the first lot": (("parcel", "INSERT", "NEW.sheet = 20 AND NEW.number = 250"), waiting),
    "in a later lot": (("parcel", "INSERT", "NEW.sheet = 60 AND NEW.number = 100"), waiting),
    "right before the commit": (("dataset", "UPDATE", "true"), waiting),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_and_run_again_it_ends_as_if_nothing_had_been(
    empty: Settings, tmp_path: Path, file, undisturbed, moment
):
    stop, reached = MOMENTS[moment]
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    before = everything(empty)
    holder = held_up(empty, *stop) if stop else None
    command = [*QUYHOACH, "import", "parcels", str(file), "--valid-from", "2025-07-01"]
    surroundings = {**_environment(empty), "TMPDIR": str(temporary)}
    process = subprocess.Popen(command, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    eventually(lambda: process.poll() is not None or reached(empty, process), "the moment never came")
    assert process.poll() is None, "it ended before it could be killed"
    process.send_signal(signal.SIGKILL)
    process.wait()
    if holder:
        holder.close()
    gone = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(empty.database_url, autocommit=True) as connection:
        eventually(lambda: connection.execute(gone).fetchone() == (0,), "the database keeps the killed session")
        if stop:
            connection.execute("DROP FUNCTION held_up CASCADE")
    assert everything(empty) == before
    assert len(list(temporary.iterdir())) == 1  # nobody could clean up
    again = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    assert (again.returncode, again.stderr) == (0, "")
    assert everything(empty) == undisturbed
    assert list(temporary.iterdir()) == []


def test_a_file_that_changes_while_it_is_read_is_refused_and_nothing_stored(empty: Settings, tmp_path: Path, file):
    mine = tmp_path / "parcels.zip"
    mine.write_bytes(file.read_bytes())
    holder = held_up(empty, *MOMENTS["in the first lot"][0])
    command = [*QUYHOACH, "import", "parcels", str(mine), "--valid-from", "2025-07-01"]
    surroundings = {**_environment(empty), "QUYHOACH_LANG": "en"}
    process = subprocess.Popen(command, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    eventually(lambda: process.poll() is not None or waiting(empty, process), "the moment never came")
    with mine.open("ab") as stream:
        stream.write(b"more")
    holder.close()
    _, said = process.communicate(timeout=90)
    assert process.returncode == 1
    assert "it changed while it was read" in said
    with psycopg.connect(empty.database_url) as connection:
        assert connection.execute("SELECT count(*) FROM parcel").fetchone() == (0,)


def test_a_key_that_stands_in_two_lots_is_refused_in_both(undisturbed):
    assert len(undisturbed["parcel"]) == PARCELS - 3
    [told] = undisturbed["dataset"]
    assert told.count("stands more than once in the file") == 3


def eventually(condition: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.01)
