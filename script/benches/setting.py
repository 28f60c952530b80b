"""Where a measurement takes place: the database it uses, the machine and the versions it is told with."""

import asyncio
import os
import platform
import resource
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import asyncpg

ROOT = Path(__file__).resolve().parents[2]
QUYHOACH = ROOT / ".venv" / "bin" / "quyhoach"


def database(name: str, *, afresh: bool = False) -> str:
    """The address of a database of that name, with the tables of today; on the server of QUYHOACH_DATABASE_URL where that is set."""
    url = os.environ.get("QUYHOACH_DATABASE_URL")
    if url is None:
        subprocess.run([ROOT / "script/cluster", "start", "server"], check=True, stdout=sys.stderr)
        command = [str(ROOT / "script/cluster"), "url", "server", name]
        url = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
        asyncio.run(_made(url, name, afresh=afresh))
    elif afresh:
        raise SystemExit("this measurement empties its database: it runs on the project's own cluster only")
    quyhoach(url, "migrate")
    return url


async def _made(url: str, name: str, *, afresh: bool) -> None:
    connection = await asyncpg.connect(url.replace(f"/{name}", "/quyhoach", 1))
    if afresh:
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
    if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
        await connection.execute(f'CREATE DATABASE "{name}"')
    await connection.close()


def quyhoach(url: str, *words: str, fine: tuple[int, ...] = (0,)) -> float:
    """Run one command of ours against a database; its largest resident memory in MiB."""
    environment = {**os.environ, "QUYHOACH_DATABASE_URL": url}
    process = subprocess.Popen([QUYHOACH, *words], env=environment, cwd=ROOT, stdout=sys.stderr)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in fine:
        raise SystemExit(f"quyhoach {words[0]} ended with {process.returncode}")
    return used.ru_maxrss / 1024


def own_peak_mib() -> float:
    """The largest resident memory of this process so far, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def setting(url: str | None, packages: tuple[str, ...]) -> dict[str, object]:
    """When, on what and with which versions."""
    about: dict[str, object] = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "cores": os.cpu_count(),
            "processor": platform.processor() or platform.machine(),
            "system": platform.platform(),
        },
        "versions": {name: version(name) for name in packages} | {"python": platform.python_version()},
    }
    return about | ({"database": asyncio.run(_server(url))} if url else {})


async def _server(url: str) -> str:
    connection = await asyncpg.connect(url)
    found: str = await connection.fetchval("SELECT version() || ', PostGIS ' || postgis_lib_version()")
    await connection.close()
    return found
