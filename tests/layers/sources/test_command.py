"""`quyhoach import layers`: what is in a file as a table; and the cells of the files that go out."""

from pathlib import Path

import pytest

from layers.outputs.cells import inert
from planning.settings import Settings
from tests.conftest import quyhoach
from tests.layers.sources.sheets import written

NOWHERE = Settings(database_url="postgresql:///nowhere")
"""The command asks no database."""


def test_the_layers_of_a_file_as_a_table(tmp_path: Path):
    done = quyhoach(NOWHERE, "import", "layers", str(written(tmp_path, "gpkg")))
    assert (done.returncode, done.stderr) == (0, "")
    row = next(line for line in done.stdout.splitlines() if "lots" in line)
    assert [cell.strip() for cell in row.strip("│").split("│")] == [
        "lots",
        "Polygon",
        "3",
        "EPSG:9214",
        "ma_lo, ten, tang, mat_do",
    ]


def test_markup_in_a_name_is_shown_as_it_is(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text("[red]x[/red],[/]\n1,2\n", encoding="utf-8")
    assert "[red]x[/red], [/]" in quyhoach(NOWHERE, "import", "layers", str(path)).stdout


@pytest.mark.parametrize(
    ("language", "said"), [("vi", "trong AutoCAD lưu thành DXF R2010"), ("en", "save it from AutoCAD as DXF R2010")]
)
def test_a_refusal_is_one_line(tmp_path: Path, language, said):
    path = tmp_path / "a.dwg"
    path.write_bytes(b"AC1032")
    done = quyhoach(NOWHERE, "import", "layers", str(path), lang=language)
    assert done.returncode == 1
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_cell_that_a_spreadsheet_would_compute_is_made_inert():
    row = {"a": "=1+1", "b": "+84", "c": "-x", "d": "@SUM", "e": "\t=1", "f": "ok", "g": -5, "h": None}
    assert list(inert(row).values()) == ["'=1+1", "'+84", "'-x", "'@SUM", "'\t=1", "ok", -5, None]
