"""Other services on the same tables, each in an environment of its own under .local/peers: tipg (OGC API Features)."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

from benches.setting import ROOT
from planning.geometry import LONLAT, operation

TIPG = "tipg==1.6.0"
PEERS = ROOT / ".local" / "peers"


def installed() -> Path:
    """The Python of an environment with tipg; made on the first run from the package index."""
    python = PEERS / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", PEERS], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", TIPG, "uvicorn[standard]"], check=True, stdout=sys.stderr)
    return python


@asynccontextmanager
async def tipg(url: str, port: int, workers: int) -> AsyncIterator[None]:
    """The service, with as many processes as ours."""
    environment = {
        **os.environ,
        "DATABASE_URL": _with_host(url),
        "TIPG_DB_SCHEMAS": '["public"]',
        "TIPG_DB_MAX_CONN_SIZE": "8",
    }
    command = [
        str(installed()),
        "-m",
        "uvicorn",
        "tipg.main:app",
        "--port",
        str(port),
        "--timeout-keep-alive",
        "120",
        "--workers",
        str(workers),
        "--log-level",
        "error",
    ]
    process = subprocess.Popen(command, env=environment)
    try:
        for _ in range(150):
            await asyncio.sleep(0.2)
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                break
            except OSError:
                continue
        await asyncio.sleep(5)
        yield
    finally:
        process.terminate()
        process.wait()


def _with_host(url: str) -> str:
    """The address of a socket as the peer reads it: the folder in the place of the host."""
    address, _, folder = url.partition("?host=")
    return address.replace("@/", f"@{quote(folder, safe='')}/", 1) if folder else url


def items_path(x: float, y: float, srid: int) -> str:
    """The zones around a point, within 10 cm: a box without area returns nothing there."""
    lon, lat = operation(srid, LONLAT).point(x, y)
    reach = 1e-6
    box = f"{lon - reach:.7f},{lat - reach:.7f},{lon + reach:.7f},{lat + reach:.7f}"
    return f"/collections/public.zone/items?bbox={box}&geom-column=geom&limit=10&f=geojson"
