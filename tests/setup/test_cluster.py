"""The project's own PostgreSQL cluster, started for real."""

import os
import signal
import time
from pathlib import Path

from tests.setup.conftest import AS_NOBODY, Checkout, needs_root, one_line


def process(number: int) -> Path:
    return Path("/proc") / str(number)


def test_a_started_cluster_has_postgis_utf8_and_checksums(running):
    assert running.sql("SELECT count(*) FROM pg_available_extensions WHERE name = 'postgis'") == "1"
    assert running.sql("SELECT current_database(), current_user") == "quyhoach|quyhoach"
    settings = ("server_encoding", "data_checksums", "fsync", "listen_addresses")
    assert [running.sql(f"SHOW {name}") for name in settings] == ["UTF8", "on", "on", ""]


def test_it_runs_as_an_ordinary_user_behind_a_closed_folder(running):
    assert process(running.postmaster()).stat().st_uid != 0
    assert (running.folder / ".local/server/socket").stat().st_mode & 0o777 == 0o700


def test_a_second_start_finds_it_running(running):
    again = running.run("cluster", "start", "server")
    assert (again.returncode, again.stdout.split(":")[0]) == (0, "running")


def test_a_database_name_is_encoded_in_the_url(running):
    url = running.run("cluster", "url", "server", "tên & dấu/").stdout
    assert url.startswith("postgresql://quyhoach@/t%C3%AAn%20%26%20d%E1%BA%A5u%2F?host=/")


@needs_root
def test_the_cluster_of_another_user_is_refused(running):
    assert "belongs to user" in one_line(running.run("cluster", "status", "server", prefix=AS_NOBODY))


def test_status_tells_running_from_stopped(running, checkout):
    assert running.run("cluster", "status", "server").returncode == 0
    assert checkout.run("cluster", "status", "server").returncode == 3


def test_a_killed_cluster_starts_again_with_its_data(running):
    running.sql("CREATE TABLE kept AS SELECT 7 AS number")
    os.kill(running.postmaster(), signal.SIGKILL)
    assert running.run("cluster", "start", "server").stdout.startswith("started")
    assert running.sql("SELECT number FROM kept") == "7"


def test_a_lock_file_with_the_number_of_another_process_does_not_stop_a_start(running):
    pid_file = running.folder / ".local/server/data/postmaster.pid"
    lines = pid_file.read_text().splitlines()
    os.kill(running.postmaster(), signal.SIGKILL)
    time.sleep(0.2)
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert running.run("cluster", "start", "server").stdout.startswith("started")


def test_data_half_made_is_made_anew(checkout):
    half = checkout.folder / ".local/test/data.new"
    half.mkdir(parents=True)
    (half / "postgresql.conf").touch()
    assert checkout.run("cluster", "start", "test").stdout.startswith("started")
    assert not half.exists()


def test_the_test_cluster_is_empty_at_each_start_and_syncs_nothing(checkout):
    checkout.run("cluster", "start", "test")
    assert checkout.sql("SHOW fsync", "test") == "off"
    checkout.sql("CREATE DATABASE left_over", "test")
    checkout.run("cluster", "stop", "test")
    checkout.run("cluster", "start", "test")
    assert checkout.sql("SELECT count(*) FROM pg_database WHERE datname = 'left_over'", "test") == "0"


def test_destroy_leaves_no_process_and_no_file(checkout):
    checkout.run("cluster", "start", "test")
    running = checkout.postmaster("test")
    assert checkout.run("cluster", "destroy", "test").returncode == 0
    assert not (process(running) / "exe").exists()
    assert list((checkout.folder / ".local").iterdir()) == []


def test_a_long_path_with_vietnamese_letters_and_a_comma_is_no_hindrance(place):
    far = Checkout(place / "Bình Phước, quy hoạch" / ("sâu" * 20) / ("xa" * 20))
    assert far.run("cluster", "start", "test").returncode == 0
    assert far.sql("SELECT 1", "test") == "1"
    far.remove()


@needs_root
def test_a_checkout_below_a_closed_folder_keeps_its_data_elsewhere(place):
    place.chmod(0o700)
    closed = Checkout(place / "quyhoach")
    closed.run("cluster", "start", "server")
    home = (closed.folder / ".local/server").resolve()
    assert home.is_relative_to("/var/lib/quyhoach")
    assert closed.sql("SELECT 1") == "1"
    closed.remove()
    assert not home.exists()


@needs_root
def test_an_ordinary_user_runs_a_cluster_of_their_own(checkout):
    os.chown(checkout.folder, 65534, 65534)
    assert checkout.run("cluster", "start", "server", prefix=AS_NOBODY).stdout.startswith("started")
    assert process(checkout.postmaster()).stat().st_uid == 65534
    assert checkout.sql("SELECT 1") == "1"  # root comes in as well


def test_an_older_postgis_is_refused_with_the_ways_out(checkout, engine_with):
    line = one_line(checkout.run("cluster", "start", "server", QUYHOACH_POSTGRES=engine_with("14.9", "3.1.4")))
    assert "PostgreSQL 14 with PostGIS 3.1.4" in line
    assert all(way in line for way in ("install", "QUYHOACH_DATABASE_URL", "docker compose up"))


def test_postgres_without_postgis_is_refused(checkout, engine_with):
    line = one_line(checkout.run("cluster", "start", "server", QUYHOACH_POSTGRES=engine_with("16.2", None)))
    assert "PostgreSQL 16 with no PostGIS" in line


def test_an_older_postgres_is_refused(checkout, engine_with):
    assert "PostgreSQL 13" in one_line(
        checkout.run("cluster", "engine", QUYHOACH_POSTGRES=engine_with("13.1", "3.4.0"))
    )


def test_no_postgres_at_all_is_refused(checkout, place):
    line = one_line(checkout.run("cluster", "engine", QUYHOACH_POSTGRES=str(place / "nowhere")))
    assert "no PostgreSQL" in line


def test_the_url_of_a_cluster_that_never_started_says_how_to_start_it(checkout):
    assert "script/cluster start server" in one_line(checkout.run("cluster", "url", "server"))
