"""Empty numbers of MapInfo: told from 0 where the file tells them, said to be doubtful where it does not; never silently 0."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from tests.layers.sources.sheets import chunks_of, whole, written
from tests.town import strip

FLOORS = [5, None, 0]
DENSITY = [62.5, None, 0.0]


def lots(floors: list[int | None] = FLOORS, density: list[float | None] = DENSITY) -> gpd.GeoDataFrame:
    columns = {"ten": ['Ô 1, lô "A"', None, ""], "tang": pd.array(floors, dtype="Int32"), "mat_do": density}
    return gpd.GeoDataFrame(columns, geometry=[strip(0, 10), strip(10, 20), strip(20, 30)], crs="EPSG:9214")


def numbers(path: Path, rows: int = 2) -> tuple[list[list[float | None]], list[str]]:
    """Floors and densities as they are read, None for nothing; what is said of them."""
    opened, chunks = chunks_of(path, rows)
    fields, _ = whole(chunks)
    said = [one.en for one in (*opened.issues, *(issue for chunk in chunks for issue in chunk.issues))]
    read = [[None if pd.isna(value) else float(value) for value in fields[name]] for name in ("tang", "mat_do")]
    return read, said


def test_of_a_mif_empty_numbers_are_nothing_and_zeros_are_zeros(tmp_path: Path):
    assert numbers(written(tmp_path, "mif", lots())) == ([[5, None, 0], [62.5, None, 0]], [])


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_a_mif_with_another_sign_between_its_cells(tmp_path: Path, delimiter):
    path = written(tmp_path, "mif", lots())
    said = "" if delimiter == "\t" else f'Delimiter "{delimiter}"\n'
    head = path.read_text(encoding="utf-8").replace('Delimiter ","\n', said)
    path.write_text(head, encoding="utf-8")
    cells = [["a,b", "5", "62.5"], ["", "", " "], ["", "0", "0"]]
    lines = "".join(delimiter.join(f'"{row[0]}"' if at == 0 else row[at] for at in range(3)) + "\r\n" for row in cells)
    path.with_suffix(".mid").write_bytes(lines.encode())
    assert numbers(path) == ([[5, None, 0], [62.5, None, 0]], [])


def test_of_a_tab_the_zeros_are_counted_and_said_to_be_doubtful(tmp_path: Path):
    read, [said] = numbers(written(tmp_path, "tab", lots()))
    assert read == [[5, 0, 0], [62.5, 0, 0]]
    assert said == (
        "MapInfo cannot tell an empty number from 0; look at the zeros of tang (2), mat_do (2), or export it as GeoPackage"
    )


def test_of_a_tab_without_zeros_nothing_is_said(tmp_path: Path):
    assert numbers(written(tmp_path, "tab", lots([5, 4, 3], [62.5, 1.0, 2.0]))) == ([[5, 4, 3], [62.5, 1, 2]], [])


def test_of_a_mif_whose_rows_have_other_cells_than_its_fields_the_numbers_are_said_to_be_doubtful(tmp_path: Path):
    path = written(tmp_path, "mif", lots())
    path.with_suffix(".mid").write_text('"a",5,62.5,7\n"b",,\n"c",0,0\n', encoding="utf-8")
    read, said = numbers(path, rows=10)
    assert read == [[5, 0, 0], [62.5, 0, 0]]
    assert said == [
        "MapInfo cannot tell an empty number from 0; look at the zeros of tang, mat_do, or export it as GeoPackage"
    ]
