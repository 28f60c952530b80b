"""Limits of files are settings: lowered they refuse, naming value and variable; raised they let through; nonsense is one line."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import ezdxf
import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from layers.sources.limits import MIB, SMALL_UNPACKED_BYTES, Limits, limits
from layers.sources.opening import layers_of
from planning.errors import BadFile
from planning.settings import Settings
from tests.conftest import quyhoach
from tests.layers.sources.sheets import chunks_of, lots, written, zipped
from tests.town import strip

NOWHERE = Settings(database_url="postgresql:///nowhere")
"""The command asks no database."""


def town(folder: Path, megabytes: float = 0) -> Path:
    """The lots as GeoJSON, with blanks up to a size."""
    path = written(folder, "geojson")
    path.write_bytes(path.read_bytes().ljust(int(megabytes * MIB)))
    return path


def packed(folder: Path, megabytes: float) -> Path:
    """The lots and blanks, packed: the blanks become a thousandth."""
    return zipped(folder / "a.zip", (town(folder, megabytes), "lots.geojson"))


def many_members(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        for n in range(20):
            archive.writestr(f"{n}.csv", "a\n1\n")
    return folder / "a.zip"


def incompressible(folder: Path) -> Path:
    """A GeoParquet that unpacks to 2 MiB."""
    noise = np.random.default_rng(1).integers(0, 256, (3, MIB * 2 // 3), dtype=np.uint8)
    frame = lots().assign(ten=[row.tobytes().hex() for row in noise])
    frame.to_parquet(folder / "a.parquet")
    return folder / "a.parquet"


def drawing_of_lines(folder: Path) -> Path:
    document = ezdxf.new("R2010")
    for n in range(150):
        document.modelspace().add_line((n, 0), (n + 1, 5))
    document.saveas(folder / "a.dxf")
    return folder / "a.dxf"


def dgn_of_lines(folder: Path) -> Path:
    lines = [shapely.LineString([(n, 0), (n + 1, 5)]) for n in range(150)]
    frame = gpd.GeoDataFrame(geometry=lines)
    pyogrio.write_dataframe(frame, folder / "a.dgn", driver="DGN", geometry_type="Unknown", layer="elements")
    return folder / "a.dgn"


def large_drawing(folder: Path) -> Path:
    path = drawing_of_lines(folder)
    before, end, after = path.read_text(encoding="utf-8").rpartition("  0\nEOF")
    path.write_text(before + ("999\n" + "x" * 1000 + "\n") * 1500 + end + after, encoding="utf-8")
    return path


@dataclass(frozen=True)
class Case:
    """A file, the limit that refuses it, what is said then, and the limit that lets it through."""

    file: Callable[[Path], Path]
    low: dict[str, int]
    said: str
    high: dict[str, int]


CASES = [
    Case(lambda folder: town(folder, 1.5), {"file_mib": 1}, "it is larger than 1 MiB (QUYHOACH_FILE_MIB); split it", {"file_mib": 2}),
    Case(large_drawing, {"whole_file_mib": 1}, "it is larger than 1 MiB (QUYHOACH_WHOLE_FILE_MIB); split it", {"whole_file_mib": 2}),
    Case(lambda folder: packed(folder, 1.5), {"unpacked_mib": 1},
        "it unpacks to more than 1 MiB (QUYHOACH_UNPACKED_MIB)", {"unpacked_mib": 2}),
    Case(incompressible, {"unpacked_mib": 1}, "it unpacks to more than 1 MiB (QUYHOACH_UNPACKED_MIB)", {"unpacked_mib": 8}),
    Case(lambda folder: packed(folder, SMALL_UNPACKED_BYTES / MIB + 1), {}, "more than 200 times its size (QUYHOACH_UNPACKED_RATIO)",
        {"unpacked_ratio": 2000}),
    Case(many_members, {"zip_members": 10}, "it has 20 members, more than 10 (QUYHOACH_ZIP_MEMBERS)", {"zip_members": 20}),
    Case(drawing_of_lines, {"things_drawn": 100}, "it has more than 100 things drawn (QUYHOACH_THINGS_DRAWN)", {"things_drawn": 150}),
    Case(dgn_of_lines, {"things_drawn": 100}, "it has more than 100 things drawn (QUYHOACH_THINGS_DRAWN)", {"things_drawn": 150}),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize("case", CASES, ids=lambda case: next(iter(case.high)))
def test_a_file_above_a_limit_is_refused_and_a_higher_limit_lets_it_through(tmp_path: Path, limited, case):
    path = case.file(tmp_path)
    limited(**case.low)
    with pytest.raises(BadFile) as caught:
        layers_of(path)
    variable = case.said.partition("(")[2].partition(")")[0]
    assert case.said in caught.value.said("en")
    assert variable in caught.value.said("vi")
    limited(**case.high)
    assert layers_of(path)


def round_lot(vertices: int) -> shapely.Polygon:
    turn = np.linspace(0, 2 * np.pi, vertices)
    return shapely.Polygon(np.column_stack([416_000 + 100 * np.cos(turn), 2_353_000 + 100 * np.sin(turn)]))


@pytest.mark.parametrize("suffix", ["gpkg", "csv", "geojson"])
def test_vertices_of_a_feature(tmp_path: Path, limited, suffix):
    path = written(tmp_path, suffix, gpd.GeoDataFrame({"ten": ["x"]}, geometry=[round_lot(1_001)], crs="EPSG:9214"))
    limited(feature_vertices=1_000)
    [[issue]] = [chunk.issues for chunk in chunks_of(path)[1]]
    assert issue.en == "it has more than 1,000 vertices (QUYHOACH_FEATURE_VERTICES)"
    assert issue.vi == "hơn 1,000 đỉnh (QUYHOACH_FEATURE_VERTICES)"
    limited(feature_vertices=1_001)
    [chunk] = chunks_of(path)[1]
    assert chunk.issues == ()
    assert chunk.shapes is not None
    assert shapely.get_num_coordinates(chunk.shapes[0]) == 1_001


@pytest.mark.parametrize(("suffix", "vertices", "said"), [
    ("csv", 1_001, "a cell has more than 10,000 characters (QUYHOACH_FEATURE_VERTICES)"),
    ("geojson", 450_000, "one of its objects takes more than 64 MiB (QUYHOACH_FEATURE_VERTICES) of memory"),
])  # fmt: skip
def test_raised_vertices_raise_what_texts_of_shapes_may_hold(tmp_path: Path, limited, suffix, vertices, said):
    """A cell of CSV and an object of GeoJSON have limits of their own, which must hold so many vertices as text."""
    path = tmp_path / f"a.{suffix}"
    shape = round_lot(vertices)
    if suffix == "csv":
        pd.DataFrame({"ten": ["x"], "WKT": [shapely.to_wkt(shape, rounding_precision=15)]}).to_csv(path, index=False)
    else:
        ring = ",".join(f"[{x:.3f},{y:.3f}]" for x, y in shape.exterior.coords)
        geometry = f'{{"type":"Polygon","coordinates":[[{ring}]]}}'
        feature = f'{{"type":"Feature","properties":{{"ten":"x"}},"geometry":{geometry}}}'
        path.write_text(f'{{"type":"FeatureCollection","features":[{feature}]}}', encoding="utf-8")
    limited(feature_vertices=100, text_characters=100)
    with pytest.raises(BadFile) as caught:
        chunks_of(path)
    assert said in caught.value.said("en")
    limited(feature_vertices=vertices)
    [chunk] = chunks_of(path)[1]
    assert chunk.issues == ()


def test_characters_of_a_cell(tmp_path: Path, limited):
    """A header longer than that is still read whole."""
    names = ["ten", *(f"a rather long name of a column, number {n}" for n in range(10))]
    path = written(
        tmp_path,
        "csv",
        gpd.GeoDataFrame({name: ["x" * 200] for name in names}, geometry=[strip(0, 10)], crs="EPSG:9214"),
    )
    limited(text_characters=199)
    [chunk] = chunks_of(path)[1]
    assert [issue.en for issue in chunk.issues] == ["a cell is longer than 199 characters (QUYHOACH_TEXT_CHARACTERS)"]
    assert list(chunk.fields) == names
    limited(text_characters=200)
    [chunk] = chunks_of(path)[1]
    assert chunk.issues == ()
    assert list(chunk.fields["ten"]) == ["x" * 200]


@pytest.mark.parametrize("value", ["0", "-1", "much", "", "8 GiB", "1e99", "12.5", "9999999999999"])
@pytest.mark.parametrize("name", sorted(Limits.model_fields))
def test_a_nonsense_value_is_one_line(tmp_path: Path, limited, name, value):
    limited(**{name: value})
    path = written(tmp_path, "geojson")
    for language, said in (("en", "must be a whole number from"), ("vi", "phải là số nguyên từ")):
        done = quyhoach(NOWHERE, "import", "layers", str(path), lang=language)
        [line] = done.stderr.splitlines()
        assert (done.returncode, done.stdout) == (1, "")
        assert f"“QUYHOACH_{name.upper()}”" in line
        assert said in line


def test_limits_are_not_read_at_import(limited):
    """The service and commands that read no file run whatever the limits say."""
    limited(file_mib="much")
    code = "import api.app, api.cli.imports, layers.sources.opening, layers.ingest.plans"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    with pytest.raises(Exception, match="QUYHOACH_FILE_MIB"):
        limits()


def test_the_guide_names_the_limits_in_force_without_settings():
    guide = (Path(__file__).parents[3] / "docs" / "guide" / "setup.md").read_text(encoding="utf-8")
    for name, told in Limits.model_fields.items():
        [row] = [line for line in guide.splitlines() if line.startswith(f"| `QUYHOACH_{name.upper()}` |")]
        assert f"(default {json.dumps(told.default)})" in row
