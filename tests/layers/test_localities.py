"""A list of localities is brought in whole, gives way whole to its next edition, and is not part of a release before it is published."""

from pathlib import Path

import shapely

from planning.settings import Settings
from tests.conftest import publish_unchecked, quyhoach
from tests.town import at, write
from tests.village import rows

LIVING = "SELECT name, sought FROM locality WHERE release_to IS NULL ORDER BY name"
FROM = ("--valid-from", "2025-07-01")


def place(name: str, kind: str = "village", **more: object) -> dict[str, object]:
    return {"name": name, "kind": kind, "geometry": shapely.Point(at("G")), **more}


def bring_in(
    settings: Settings, folder: Path, *places: dict[str, object], code: int = 0, words: tuple[str, ...] = FROM
):
    (folder / "thon.gpkg").unlink(missing_ok=True)
    result = quyhoach(settings, "import", "localities", str(write(folder / "thon.gpkg", [*places])), *words)
    assert result.returncode == code, (result.stderr, result.stdout)
    return result


def test_names_are_folded_with_their_kind_and_abbreviations_written_out(empty: Settings, tmp_path: Path):
    bring_in(empty, tmp_path, place("Hòa Bình"), place("TDP số 5", "residential_group"), place("Đ. Lê Lợi", "street"))
    assert rows(empty, LIVING) == [
        ("Hòa Bình", "thon hoa binh"),
        ("TDP số 5", "to dan pho to dan pho so 5"),
        ("Đ. Lê Lợi", "duong duong le loi"),
    ]


def test_the_next_edition_of_a_list_takes_its_place_and_earlier_releases_keep_theirs(empty: Settings, tmp_path: Path):
    bring_in(empty, tmp_path, place("Hòa Bình"), place("Đông"))
    publish_unchecked(empty)
    bring_in(empty, tmp_path, place("Đoài"))
    bring_in(empty, tmp_path, place("Chợ", "landmark"), words=(*FROM, "--list", "cho"))
    publish_unchecked(empty)
    assert [name for name, _ in rows(empty, LIVING)] == ["Chợ", "Đoài"]
    known_then = "SELECT name FROM locality WHERE known(release_from, release_to, 1) ORDER BY name"
    assert [name for (name,) in rows(empty, known_then)] == ["Hòa Bình", "Đông"]


def test_the_same_file_again_changes_nothing(empty: Settings, tmp_path: Path):
    file = write(tmp_path / "thon.gpkg", [place("Đông")])
    for _ in range(2):
        assert quyhoach(empty, "import", "localities", str(file), *FROM).returncode == 0
    assert rows(empty, "SELECT count(*) FROM locality") == [(1,)]


def test_what_is_wrong_is_refused_with_its_reason(empty: Settings, tmp_path: Path):
    result = bring_in(
        empty, tmp_path, place("Đông"), place("–"), place("Tây", "hamlet"), place("Nam", unit_code="12"), words=FROM
    )
    for said in ("name is empty", "kind “hamlet” is none of", "unit_code “12” is not five digits"):
        assert said in result.stdout + result.stderr
    assert [name for name, _ in rows(empty, LIVING)] == ["Đông"]
    assert "valid_from" in bring_in(empty, tmp_path, place("Đông"), code=1, words=()).stderr
