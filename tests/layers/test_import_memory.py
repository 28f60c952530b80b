"""An import takes memory by the lot, not by the file: what a million parcels need stays under 1 GiB, whatever is wrong with them."""

import json
import os
import subprocess
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

from planning.settings import Settings
from tests.conftest import QUYHOACH, _environment
from tests.layers.test_delivery import rows

MIB_A_MILLION = 1_024
FEW, MANY = 40_000, 120_000
CORNERS = 20


def parcels(path: Path, count: int, *, broken: bool = False) -> Path:
    """Round parcels, drawn clockwise as Shapefile users do, so that each is turned; broken: all of them cross themselves beyond repair."""
    place = np.arange(count)
    turn = -np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    x, y = 416_000 + 10.0 * (place % 1000), 2_353_000 + 10.0 * (place // 1000)
    corners = np.stack([x[:, None] + 4 * np.cos(turn), y[:, None] + 4 * np.sin(turn)], axis=-1)
    if broken:
        corners = corners[:, np.argsort(np.arange(CORNERS) * 7 % CORNERS)]
    fields = {"former_code": np.full(count, "90001"), "sheet": 1 + place // 500, "number": 1 + place % 500,
        "declared_m2": np.full(count, "50 m2")}  # fmt: skip
    pyogrio.write_dataframe(gpd.GeoDataFrame(fields, geometry=shapely.polygons(corners), crs="EPSG:9214"), path)
    return path


def peak_mib(settings: Settings, file: Path, report: Path, *more: str) -> tuple[int, int]:
    """The most memory that an import in a process of its own held, and its exit code."""
    command = [*QUYHOACH, "import", "parcels", str(file), "--valid-from", "2025-07-01", "--report", str(report), *more]
    process = subprocess.Popen(
        command, env=_environment(settings), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_maxrss // 1024, process.returncode


def test_a_million_parcels_would_take_less_than_a_gibibyte(empty: Settings, tmp_path: Path):
    peaks = {}
    for count in (FEW, MANY):
        file = parcels(tmp_path / f"{count}.gpkg", count)
        peaks[count], code = peak_mib(empty, file, tmp_path / f"{count}.json", "--dry-run")
        assert code == 0
        assert json.loads((tmp_path / f"{count}.json").read_text(encoding="utf-8"))["repairs"][0]["number"] == count
    growth = (peaks[MANY] - peaks[FEW]) / (MANY - FEW)
    assert peaks[MANY] + growth * (1_000_000 - MANY) < MIB_A_MILLION, peaks


@pytest.mark.parametrize("suffix", ["json", "gpkg"])
def test_a_file_of_refused_features_is_counted_in_full_and_told_by_its_beginning(
    empty: Settings, tmp_path: Path, suffix
):
    file, report = parcels(tmp_path / "broken.gpkg", 60_000, broken=True), tmp_path / f"report.{suffix}"
    peak, code = peak_mib(empty, file, report)
    assert (code, rows(empty, "SELECT FROM parcel")) == (1, [])
    assert peak < MIB_A_MILLION
    if suffix == "json":
        told = json.loads(report.read_text(encoding="utf-8"))
        assert told["counts"]["refused"] == told["refused_by_reason"]["invalid"] == 60_000
        assert told["left_off"] == {"refused": 50_000}
        assert [one["feature"] for one in told["refused"]] == list(range(1, 10_001))
    else:
        counts = pyogrio.read_dataframe(report, layer="counts").set_index("name")["number"]
        assert counts.to_dict() == {"read": 60_000, "refused": 60_000, "left_off_refused": 50_000}
        assert pyogrio.read_info(report, layer="refused")["features"] == 10_000
