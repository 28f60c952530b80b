"""script/server: what it refuses in one line, and how it starts and stops.

The service and its packages are stand-ins here, so that a start takes a second; script/fresh does it with the real ones.
"""

import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.setup.conftest import AS_NOBODY, executable, needs_mounts, needs_root, one_line, python_program

ELSEWHERE = {"QUYHOACH_DATABASE_URL": "postgresql://elsewhere/quyhoach"}

SERVICE = """
import http.server, os, subprocess, sys, time

if sys.argv[1] == os.environ.get("FAILING"):
    sys.exit(os.environ.get("COMPLAINT", "quyhoach: the database is tired"))
if sys.argv[1] == os.environ.get("SLOW"):
    time.sleep(600)
if sys.argv[1] == "serve":
    subprocess.Popen(["sleep", "600"])  # a worker that does not end with its parent

    class Healthy(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(os.environ.get("HEALTH", '{"release": null}').encode())

    http.server.HTTPServer(("127.0.0.1", int(sys.argv[5])), Healthy).serve_forever()
"""


@pytest.fixture(scope="module")
def installed(running):
    """A checkout whose slow steps are done already; its cluster does not run."""
    running.run("cluster", "stop", "server")
    folder = running.folder
    executable(folder / ".venv/bin/python", f'exec {sys.executable} "$@"')
    python_program(folder / ".venv/bin/quyhoach", SERVICE)
    (folder / ".venv/pyvenv.cfg").write_text(f"command = python3 -m venv {folder}/.venv\n")
    (folder / "api/web/dist").mkdir(parents=True)
    (folder / "api/web/dist/index.html").touch()
    (folder / "pyproject.toml").touch()
    stamps = "source script/setup; packages_stamp run >.venv/stamp-run; sources_stamp >.local/page.stamp"
    subprocess.run(["bash", "-c", stamps], cwd=folder, check=True)
    return running


@pytest.fixture
def port() -> str:
    return str(free_port())


@contextmanager
def script_server(checkout, port, **environment):
    """script/server, running; stopped at the end."""
    with subprocess.Popen(
        [checkout.folder / "script/server", "--port", port],
        env=checkout.environment(**environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        yield server
        server.terminate()
        server.wait(timeout=15)


def last_words(server) -> str:
    """The line by which it says that it serves."""
    said = []
    for line in server.stdout:
        said.append(line)
        if "stops it" in line:
            return line
    raise AssertionError("".join(said))


def living_below(folder: Path) -> list[str]:
    """Command lines of the processes whose working directory is in a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink().is_relative_to(folder):
                found.append((entry / "cmdline").read_text())
        except OSError:
            continue
    return found


# --- Starting and stopping


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_service_workers_and_cluster(installed, port, end):
    with script_server(installed, port) as server:
        assert f"http://127.0.0.1:{port} " in last_words(server)
        assert installed.run("cluster", "status", "server").returncode == 0
        server.send_signal(end)
        assert server.wait(timeout=15) == 128 + end
    assert living_below(installed.folder) == []
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/health")


@pytest.mark.parametrize(
    ("release", "said_of_it"),
    [
        ("null", "nothing is published yet"),
        ('{"number": 1, "illustration": true}', "sample data"),
        ('{"number": 4, "illustration": false}', "release 4"),
    ],
)
def test_it_says_what_kind_of_data_it_serves(installed, port, release, said_of_it):
    with script_server(installed, port, HEALTH=f'{{"release": {release}}}', **ELSEWHERE) as server:
        assert said_of_it in last_words(server)


def test_a_cluster_that_ran_before_runs_on(installed, port):
    installed.run("cluster", "start", "server")
    with script_server(installed, port) as server:
        last_words(server)
    assert installed.run("cluster", "status", "server").returncode == 0
    installed.run("cluster", "stop", "server")


def test_another_database_means_no_cluster(installed, port):
    with script_server(installed, port, **ELSEWHERE) as server:
        last_words(server)
        assert installed.run("cluster", "status", "server").returncode == 3


@pytest.mark.parametrize("failing", ["migrate", "sample"])
def test_a_failing_step_is_named_with_its_reason_and_its_log(installed, port, failing):
    refused = installed.run("server", "--port", port, FAILING=failing)
    line = one_line(refused)
    assert "[5/6] Tables and data failed: quyhoach: the database is tired" in line
    assert f".local/log/{failing}.log" in line
    assert living_below(installed.folder) == []


def test_a_service_that_ends_by_itself_is_told(installed, port):
    refused = installed.run("server", "--port", port, FAILING="serve")
    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1].startswith("script/server: the service did not start")
    assert living_below(installed.folder) == []


def test_a_signal_during_a_slow_step_ends_it_at_once(installed, port):
    with script_server(installed, port, SLOW="migrate") as server:
        while not any("quyhoach\0migrate" in command for command in living_below(installed.folder)):
            time.sleep(0.05)
        server.terminate()
        assert server.wait(timeout=10) == 143
    assert living_below(installed.folder) == []


# --- Refusals


def test_a_busy_port_is_refused_before_anything_is_installed(checkout):
    with socket.create_server(("127.0.0.1", 0)) as door:
        line = one_line(checkout.run("server", "--port", str(door.getsockname()[1])))
    assert "Address already in use" in line
    assert "--port" in line
    assert not (checkout.folder / ".local").exists()


@pytest.mark.parametrize("wrong", ["0", "65536", "http", "", "-1", "08000"])
def test_a_port_that_is_none_is_refused(checkout, wrong):
    assert "must be a number from 1 to 65535" in one_line(checkout.run("server", "--port", wrong))


@pytest.mark.parametrize("arguments", [["--nonsense"], ["--port"], ["--host"]])
def test_an_option_it_does_not_know_is_refused(checkout, arguments):
    assert "script/server --help" in one_line(checkout.run("server", *arguments))


def test_older_postgis_is_refused_with_the_ways_out(installed, engine_with, port):
    refused = installed.run("server", "--port", port, QUYHOACH_POSTGRES=engine_with("14.9", "3.2.1"))
    line = one_line(refused)
    assert "PostGIS 3.2.1" in line
    assert "docker compose up" in line


def test_missing_postgis_is_refused_with_the_ways_out(installed, engine_with, port):
    refused = installed.run("server", "--port", port, QUYHOACH_POSTGRES=engine_with("16.1", None))
    assert "QUYHOACH_DATABASE_URL" in one_line(refused)


@needs_mounts
def test_a_read_only_folder_is_refused(checkout, port):
    folder = checkout.folder
    remount = f'mount --bind "{folder}" "{folder}" && mount -o remount,ro,bind "{folder}" && exec "$@"'
    refused = checkout.run("server", "--port", port, prefix=("unshare", "--mount", "sh", "-c", remount, "sh"))
    assert "is not writable" in one_line(refused)


@needs_root
def test_a_folder_of_another_user_is_refused(checkout, port):
    refused = checkout.run("server", "--port", port, prefix=AS_NOBODY)
    assert "not writable by nobody" in one_line(refused)


@needs_mounts
def test_a_full_disk_is_refused_at_the_start(checkout, port):
    folder = checkout.folder
    small = f'mount -t tmpfs -o size=16m small "{folder}" && cp -r "{folder}.all/script" "{folder}" && exec "$@"'
    subprocess.run(["cp", "-r", folder, f"{folder}.all"], check=True)
    refused = checkout.run("server", "--port", port, prefix=("unshare", "--mount", "sh", "-c", small, "sh"))
    assert "MB of free space and about 3000 MB are needed" in one_line(refused)


def test_a_disk_that_fills_during_a_step_is_named(installed, port):
    full = {"FAILING": "sample", "COMPLAINT": "could not extend file: No space left on device"}
    assert "the disk is full" in one_line(installed.run("server", "--port", port, **full))


@needs_root
def test_without_root_and_sudo_the_exact_command_is_named(checkout, place):
    """Of the tests' packages the browser is missing for this user."""
    subprocess.run(["chown", "-R", "65534:65534", checkout.folder], check=True)
    path = bare_path(place / "bare", "apt-get")
    refused = checkout.run("setup", prefix=AS_NOBODY, PATH=path)
    assert re.search("as root run: apt-get update && apt-get install -y .*chromium", one_line(refused))


def test_without_apt_what_is_missing_is_named(checkout, place):
    refused = checkout.run("setup", PATH=bare_path(place / "bare"))
    assert "lacks what Debian packages as: chromium" in one_line(refused)


def bare_path(folder: Path, *more: str) -> str:
    """A PATH with the basics and no browser, no sudo, and apt-get only where asked for."""
    folder.mkdir()
    basics = "bash env dirname mkdir df awk flock timeout id sed grep cat sha256sum sort find xargs"
    for name in [*basics.split(), *more]:
        (folder / name).symlink_to(shutil.which(name))
    python = "/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable  # others cannot enter /root
    executable(folder / "python3", f'exec {python} "$@"')
    return str(folder)
