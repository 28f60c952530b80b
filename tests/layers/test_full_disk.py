"""A disk that is truly full: one sentence, exit 1, nothing half stored; with room made, the same command works."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import numpy as np
import psycopg
import pyogrio
import pytest
import shapely

from planning.settings import Settings
from tests.conftest import name_of, quyhoach
from tests.full_disks import SmallDisk, small_disk
from tests.layers.digitise.rendered import plan, sheet_of
from tests.layers.digitise.sheets import grid, points_file
from tests.layers.sources.sheets import zipped
from tests.layers.test_recognising import pdf
from tests.village import build_village

PARCELS = 4_000
TWICE = 1_500
"""Parcels whose key stands twice: refused, with their shapes in the report."""

ENOUGH_KIB = 64 * 1024


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Parcels, some MB of them; a good part is refused."""
    place = np.arange(PARCELS)
    x, y = 416_000 + 10.0 * (place % 300), 2_353_000 + 10.0 * (place // 300)
    numbers = np.where(place < 2 * TWICE, place // 2, place)
    columns = {"former_code": np.full(PARCELS, "90001"), "sheet": 1, "number": 1 + numbers}
    path = tmp_path_factory.mktemp("parcels") / "parcels.gpkg"
    shapes = shapely.segmentize(shapely.box(x, y, x + 9.9, y + 9.9), 1.7)
    pyogrio.write_dataframe(gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:9214"), path)
    return path


@contextmanager
def on_a_small_disk(settings: Settings, kib: int, move: str, back: str) -> Iterator[SmallDisk]:
    """Part of the database on a disk of that size: what `move` moves into it, and `back` takes out again."""
    small = f"small_{name_of(settings)}"
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        folder = Path(connection.execute("SHOW data_directory").fetchone()[0])
        if not folder.exists():
            pytest.skip("the database runs on another machine")
        with small_disk(kib, folder.stat().st_uid) as disk:
            try:
                connection.execute(f"CREATE TABLESPACE {small} LOCATION '{disk.path}'")
            except (psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedFile) as error:
                pytest.skip(f"no tablespace can be made: {error}")
            try:
                connection.execute(move.format(small))
                yield disk
            finally:
                connection.execute(back)
                connection.execute(f"DROP TABLESPACE {small}")


PLACES = {
    "the rows that are copied in": (
        512,
        "ALTER TABLE parcel SET TABLESPACE {}",
        "ALTER TABLE parcel SET TABLESPACE pg_default",
    ),
    "the report beside the data set": (
        64,
        "ALTER TABLE dataset SET TABLESPACE {}",
        "ALTER TABLE dataset SET TABLESPACE pg_default",
    ),
    "what is sorted out meanwhile": (
        32,
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET temp_tablespaces = {}', current_database()); END $$",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET temp_tablespaces', current_database()); END $$",
    ),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_full_disk_of_the_database_stores_nothing_and_with_room_it_works(
    empty: Settings, file: Path, tmp_path: Path, place
):
    command = ("import", "parcels", str(file), "--valid-from", "2025-07-01", "--report", str(tmp_path / "report.json"))
    with on_a_small_disk(empty, *PLACES[place]) as disk:
        done = quyhoach(empty, *command)
        assert done.returncode == 1
        assert done.stderr.startswith(
            "The disk of the database is full; nothing was stored. Make room and run this again."
        )
        assert done.stderr.count("\n") == 1
        assert _counts(empty) == (0, 0, 0)
        disk.grow(ENOUGH_KIB)
        again = quyhoach(empty, *command)
        assert (again.returncode, again.stderr) == (0, "")
        assert _counts(empty) == (PARCELS - 2 * TWICE, 1, 1)


@pytest.mark.parametrize("suffix", [".json", ".html", ".gpkg"])
def test_a_report_that_finds_no_room_stores_nothing_and_leaves_no_piece_of_itself(empty: Settings, file: Path, suffix):
    with small_disk(48) as disk:
        report = disk.path / f"report{suffix}"
        command = ("import", "parcels", str(file), "--valid-from", "2025-07-01", "--report", str(report))
        done = quyhoach(empty, *command)
        assert done.returncode == 1
        assert done.stderr.startswith(f"Not done: {report} cannot be written: ")
        assert done.stderr.count("\n") == 1
        assert list(disk.path.iterdir()) == []
        assert _counts(empty) == (0, 0, 0)
        disk.grow(ENOUGH_KIB)
        assert quyhoach(empty, *command).returncode == 0
        assert [path.name for path in disk.path.iterdir()] == [report.name]


def test_a_zip_that_finds_no_room_to_be_unpacked_stores_nothing(
    empty: Settings, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    packed = zipped(tmp_path / "parcels.zip", (file, "parcels.gpkg"))
    with small_disk(256) as disk:
        monkeypatch.setattr("tempfile.tempdir", str(disk.path))
        done = quyhoach(empty, "import", "parcels", str(packed), "--valid-from", "2025-07-01")
        assert done.returncode == 1
        assert f"there is no room in {disk.path} to open it (No space left on device)" in done.stderr
        assert list(disk.path.iterdir()) == []
        disk.grow(ENOUGH_KIB)
        assert quyhoach(empty, "import", "parcels", str(packed), "--valid-from", "2025-07-01").returncode == 0


def _counts(settings: Settings) -> tuple[int, int, int]:
    """Parcels, data sets and drafts."""
    question = "SELECT (SELECT count(*) FROM parcel), (SELECT count(*) FROM dataset), (SELECT count(*) FROM release)"
    with psycopg.connect(settings.database_url) as connection:
        return connection.execute(question).fetchone()


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_placed_scan_that_finds_no_room_leaves_no_piece_of_itself(empty: Settings, tmp_path: Path):
    sheet_of(tmp_path / "plan.jpg", plan(900, 700, 8), 900, 700)
    points_file(tmp_path / "points.csv", grid(900, 700))
    with small_disk(128) as disk:
        command = ("scan", "georeference", str(tmp_path / "plan.jpg"), "--gcps", str(tmp_path / "points.csv"),
            "--crs", "EPSG:9214", "--scale", "5000", "--out", str(disk.path / "plan.tif"))  # fmt: skip
        done = quyhoach(empty, *command)
        assert done.returncode == 1
        assert f"{disk.path / 'plan.tif'}" in done.stderr
        assert done.stderr.count("\n") == 1
        assert list(disk.path.iterdir()) == []
        disk.grow(ENOUGH_KIB)
        assert quyhoach(empty, *command).returncode == 0


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_page_about_a_scan_that_finds_no_room_leaves_no_piece_of_itself(empty: Settings, tmp_path: Path):
    sheet_of(tmp_path / "plan.jpg", plan(900, 700, 8), 900, 700)
    points_file(tmp_path / "points.csv", grid(900, 700))
    with small_disk(4) as disk:
        page = disk.path / "sheet.html"
        done = quyhoach(empty, "scan", "georeference", str(tmp_path / "plan.jpg"), "--gcps", str(tmp_path / "points.csv"),
            "--crs", "EPSG:9214", "--scale", "5000", "--out", str(tmp_path / "plan.tif"), "--report", str(page))  # fmt: skip
        assert done.returncode == 1
        assert done.stderr == f"Not done: {page} cannot be written: No space left on device.\n"
        assert list(disk.path.iterdir()) == []


def test_a_document_that_finds_no_room_in_the_store_of_files_is_not_on_record(empty: Settings, tmp_path: Path):
    build_village(empty, tmp_path)
    (tmp_path / "decision.pdf").write_bytes(pdf(attached=np.random.default_rng(1).bytes(500_000)))
    with small_disk(64) as disk:
        own = empty.model_copy(update={"file_store": str(disk.path)})
        done = quyhoach(own, "document", "add", "QH", str(tmp_path / "decision.pdf"), "--type", "decision")
        assert done.returncode == 1
        assert done.stderr.startswith(f"The store of files {disk.path} cannot be used: ")
        assert done.stderr.count("\n") == 1
        with psycopg.connect(own.database_url) as connection:
            assert connection.execute("SELECT count(*) FROM document").fetchone() == (0,)
        disk.grow(ENOUGH_KIB)
        assert (
            quyhoach(own, "document", "add", "QH", str(tmp_path / "decision.pdf"), "--type", "decision").returncode == 0
        )
