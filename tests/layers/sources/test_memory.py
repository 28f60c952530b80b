"""A large file is streamed: memory is bounded by the chunk, not by the file."""

import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

FEATURES = 300_000
CORNERS = 24
MOST_MIB = 500
"""Python with its libraries takes 150 MiB; the shapes of the whole file as objects would take more than 400 besides."""

READ = """
import re, sys
from pathlib import Path
from layers.sources.facts import Reading
from layers.sources.opening import features
opened, last = features(Path(sys.argv[1]), Reading()), 0
for chunk in opened.chunks():
    assert chunk.first == last + 1
    last += len(chunk)
print(last, int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


@pytest.fixture(scope="module")
def parcels() -> gpd.GeoDataFrame:
    """A grid of round parcels."""
    turn = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    place = np.arange(FEATURES)
    x, y = 416000 + 10.0 * (place % 1000), 2353000 + 10.0 * (place // 1000)
    corners = np.stack([x[:, None] + 5 * np.cos(turn), y[:, None] + 5 * np.sin(turn)], axis=-1)
    return gpd.GeoDataFrame(
        {"sheet": 1 + place // 500, "ten": "Xã Hòa Bình"}, geometry=shapely.polygons(corners), crs="EPSG:9214"
    )


@pytest.mark.parametrize("suffix", ["gpkg", "fgb", "shp"])
def test_three_hundred_thousand_features_pass_in_bounded_memory(tmp_path: Path, parcels, suffix):
    path = tmp_path / f"parcels.{suffix}"
    pyogrio.write_dataframe(parcels, path)
    done = subprocess.run([sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=True)
    read, peak = map(int, done.stdout.split())
    assert read == FEATURES
    assert peak < MOST_MIB
