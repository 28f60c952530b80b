"""A checkout with nothing in it but the scripts, in a short folder that every user can reach."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[2]
AS_NOBODY = (shutil.which("setpriv") or "setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


def may_mount() -> bool:
    return os.geteuid() == 0 and subprocess.run(["unshare", "--mount", "true"], check=False).returncode == 0


needs_mounts = pytest.mark.skipif(not may_mount(), reason="this user or machine may not mount")


class Checkout:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(HERE / "script", folder / "script", ignore=shutil.ignore_patterns("__pycache__", ".mypy_cache"))

    def run(self, *command, prefix=(), **environment):
        """Run one of its scripts; `prefix` is put before it, for another user or other mounts."""
        script, *arguments = command
        return subprocess.run(
            [*prefix, self.folder / "script" / script, *arguments],
            env=self.environment(**environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def environment(self, **changes):
        outer = {name: value for name, value in os.environ.items() if not name.startswith(("QUYHOACH_", "PORT"))}
        path = f"{Path(sys.executable).parent}:{outer['PATH']}"
        return outer | {"PATH": path} | changes

    def sql(self, statement: str, name: str = "server") -> str:
        url = self.run("cluster", "url", name).stdout.strip()
        asked = subprocess.run(["psql", "-XAtqc", statement, url], capture_output=True, text=True, check=False)
        assert asked.returncode == 0, asked.stderr
        return asked.stdout.strip()

    def postmaster(self, name: str = "server") -> int:
        return int((self.folder / ".local" / name / "data" / "postmaster.pid").read_text().split()[0])

    def remove(self) -> None:
        for name in ("server", "test"):
            self.run("cluster", "destroy", name)
        shutil.rmtree(self.folder)


@pytest.fixture
def place() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="qh-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def checkout(place) -> Iterator[Checkout]:
    made = Checkout(place / "quyhoach")
    yield made
    made.remove()


@pytest.fixture(scope="module")
def running() -> Iterator[Checkout]:
    """One whose cluster `server` runs, for tests that leave it running."""
    with tempfile.TemporaryDirectory(prefix="qh-") as folder:
        Path(folder).chmod(0o755)
        made = Checkout(Path(folder) / "quyhoach")
        assert made.run("cluster", "start", "server").stdout.startswith("started")
        yield made
        made.remove()


@pytest.fixture
def engine_with(place):
    """A folder of PostgreSQL programs of a given version, with a PostGIS of a given version or none."""

    def programs(postgres: str, postgis: str | None) -> str:
        share = place / "share" / "extension"
        share.mkdir(parents=True)
        if postgis:
            (share / "postgis.control").write_text(f"default_version = '{postgis}'\n")
        executable(place / "bin" / "postgres", f"echo 'postgres (PostgreSQL) {postgres}'")
        executable(place / "bin" / "pg_config", f"echo {share.parent}")
        return str(place / "bin")

    return programs


def executable(path: Path, *lines: str, interpreter: str = "/bin/sh") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([f"#!{interpreter}", *lines, ""]))
    path.chmod(0o755)
    return path


def python_program(path: Path, text: str) -> Path:
    return executable(path, text, interpreter=sys.executable)


def one_line(refused) -> str:
    """The single line of a refusal: exit status 1, no stack trace."""
    assert refused.returncode == 1, refused.stdout + refused.stderr
    lines = refused.stderr.splitlines()
    assert len(lines) == 1, refused.stderr
    return lines[0]
