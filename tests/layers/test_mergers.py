"""Clauses brought in: a table proves itself or is refused whole; units by their names alone; the land of parts."""

import json
from pathlib import Path

import psycopg
import pytest
import shapely

from planning.settings import Settings
from tests.conftest import name_of, quyhoach
from tests.town import build_town, strip, write

HEADER = "resolution,clause,new_code,new_name,old_code,old_name,extent,scope,after_clause,effective\n"
DAY = ("--effective", "2025-07-01")


def rows(settings: Settings, question: str):
    with psycopg.connect(settings.database_url) as connection:
        return connection.execute(question).fetchall()


def table(folder: Path, *lines: str) -> str:
    path = folder / "clauses.csv"
    path.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def built_list(template: Settings, make_database, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings, path = make_database(name_of(template)), tmp_path_factory.mktemp("built") / "list.csv"
    path.write_text(
        "code,name,district,province_code\n90001,Xã A,Huyện H,90\n90002,Xã B,Huyện H,90\n90003,Xã C,Huyện K,90\n",
        encoding="utf-8",
    )
    done = quyhoach(
        settings, "import", "unit-list", str(path), "--valid-from", "2020-01-01", "--valid-to", "2025-07-01"
    )
    assert done.returncode == 0, done.stderr
    return settings


@pytest.fixture
def listed(built_list: Settings, copy_of) -> Settings:
    """Three former communes on record by their names alone."""
    return copy_of(built_list)


WHOLE_A = "1/NQ,1,90010,Xã M,90001,Xã A,full,area+population,,"
PART_B = "1/NQ,1,90010,Xã M,90002,Xã B,partial,area,,"
REST_B = "1/NQ,2,90011,Xã N,90002,Xã B,rest,area+population,khoản 1,"
WHOLE_C = "1/NQ,2,90011,Xã N,90003,Xã C,full,area+population,,"

BAD = {
    "unknown-code": [WHOLE_A, PART_B, REST_B, WHOLE_C, "1/NQ,3,90012,Xã P,90099,Xã Lạ,full,area+population,,"],
    "cycle": [
        "1/NQ,1,90002,Xã B,90001,Xã A,full,area+population,,",
        "1/NQ,2,90001,Xã A,90002,Xã B,full,area+population,,",
    ],
    "no-rest": [WHOLE_A, PART_B, WHOLE_C],
    "rest-of-nothing": [WHOLE_A, WHOLE_C, "1/NQ,2,90011,Xã N,90002,Xã B,rest,area+population,khoản 1,"],
    "rest-names-no-clause": [WHOLE_A, PART_B, WHOLE_C, "1/NQ,2,90011,Xã N,90002,Xã B,rest,area+population,khoản 9,"],
    "taken-twice": [WHOLE_A, WHOLE_C, "1/NQ,3,90012,Xã P,90001,Xã A,full,area+population,,"],
    "built-twice": [WHOLE_A, "1/NQ,2,90010,Xã M,90003,Xã C,full,area+population,,"],
    "overlapping-dates": [WHOLE_A, "2/NQ,1,90012,Xã P,90001,Xã A,full,area+population,,2025-07-01"],
}


@pytest.mark.parametrize("rule", BAD)
def test_a_table_that_does_not_add_up_is_refused_with_its_rows_and_nothing_changes(
    listed: Settings, tmp_path: Path, rule: str
):
    report = tmp_path / "report.json"
    done = quyhoach(listed, "import", "mergers", table(tmp_path, *BAD[rule]), *DAY, "--report", str(report))
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    found = {one["rule"]: one for one in json.loads(report.read_text(encoding="utf-8"))["findings"]}
    assert found[rule]["lines"], rule
    assert found[rule]["vi"] in report.read_text(encoding="utf-8")
    assert rows(listed, "SELECT count(*) FROM unit_event") == [(0,)]


def test_a_table_stored_despite_its_breaches_names_them(listed: Settings, tmp_path: Path):
    done = quyhoach(listed, "import", "mergers", table(tmp_path, *BAD["no-rest"]), *DAY, "--despite-breaches")
    assert done.returncode == 0, done.stderr
    assert "no-rest" in done.stdout
    assert rows(listed, "SELECT to_code FROM unit_event ORDER BY 1") == [("90010",), ("90011",)]
    again = quyhoach(listed, "merge", "apply", "1/NQ")
    assert again.returncode == 1
    assert "no-rest" in again.stderr


def test_a_sound_table_says_how_many_parts_are_unknown(listed: Settings, tmp_path: Path):
    done = quyhoach(listed, "import", "mergers", table(tmp_path, WHOLE_A, PART_B, REST_B, WHOLE_C), *DAY)
    assert done.returncode == 0, done.stderr
    assert "parts unknown" in done.stdout
    kinds = rows(listed, "SELECT to_code, kind FROM unit_event ORDER BY 1")
    assert kinds == [("90010", "merge"), ("90011", "merge")]
    assert rows(listed, "SELECT source_line FROM unit_event_part ORDER BY 1") == [(2,), (3,), (4,), (5,)]


@pytest.mark.parametrize("day", ["2025-07-01", "2024-01-01", "2026-01-01"])
def test_a_unit_goes_to_one_resolution_only_whatever_file_says_it(listed: Settings, tmp_path: Path, day: str):
    """90001 went to 1/NQ on 2025-07-01; nothing under its code began before or after, so no other resolution can take it."""
    assert (
        quyhoach(listed, "import", "mergers", table(tmp_path, WHOLE_A, PART_B, REST_B, WHOLE_C), *DAY).returncode == 0
    )
    before = rows(listed, "SELECT count(*) FROM unit_event_part")
    rival = table(tmp_path, f"2/NQ,1,90020,Xã R,90001,Xã A,full,area+population,,{day}")
    done = quyhoach(listed, "import", "mergers", rival)
    assert done.returncode == 1
    assert "overlapping-dates" in done.stderr
    assert "90001 is taken on" in done.stderr
    assert "rows 2" in done.stderr
    assert rows(listed, "SELECT count(*) FROM unit_event_part") == before


def test_a_new_edition_of_a_resolution_is_no_rival_of_its_earlier_one(listed: Settings, tmp_path: Path):
    for name in ("Xã M", "Phường M"):
        lines = [line.replace("Xã M", name) for line in (WHOLE_A, PART_B, REST_B, WHOLE_C)]
        assert quyhoach(listed, "import", "mergers", table(tmp_path, *lines), *DAY).returncode == 0
    assert rows(listed, "SELECT to_name FROM unit_event WHERE release_to IS NULL AND clause = '1'") == [("Phường M",)]


def test_the_wording_of_a_clause_is_kept(listed: Settings, tmp_path: Path):
    path = tmp_path / "worded.csv"
    wording = "Sắp xếp toàn bộ diện tích tự nhiên, quy mô dân số của Xã A thành xã mới."
    path.write_text(HEADER.strip() + f',clause_text\n{WHOLE_A},"{wording}"\n', encoding="utf-8")
    done = quyhoach(listed, "import", "mergers", str(path), *DAY)
    assert done.returncode == 0, done.stderr
    assert rows(listed, "SELECT text FROM unit_event") == [(wording,)]
    out = tmp_path / "impact.json"
    assert quyhoach(listed, "merge", "preview", "1/NQ", "--out", str(out)).returncode == 0
    assert json.loads(out.read_text(encoding="utf-8"))["events"][0]["text"] == wording


def test_a_part_that_a_clause_takes_twice_is_a_breach(listed: Settings, tmp_path: Path):
    done = quyhoach(listed, "import", "mergers", table(tmp_path, WHOLE_A, PART_B, PART_B, REST_B, WHOLE_C), *DAY)
    assert done.returncode == 1
    assert "90002 is taken more than once by clause 1" in done.stderr


def test_a_clause_that_names_no_day_is_refused(listed: Settings, tmp_path: Path):
    done = quyhoach(listed, "import", "mergers", table(tmp_path, WHOLE_A))
    assert done.returncode == 1
    assert "effective" in done.stderr


def test_a_commune_left_out_is_told_and_does_not_stand_in_the_way(listed: Settings, tmp_path: Path):
    """Few acts rearrange a province whole."""
    done = quyhoach(listed, "import", "mergers", table(tmp_path, WHOLE_A), *DAY)
    assert done.returncode == 0, done.stderr
    assert "left-out" in done.stdout


def test_only_the_rows_asked_for_are_listed(empty: Settings, tmp_path: Path):
    path = tmp_path / "list.csv"
    path.write_text("ma,ten,tinh\n90001,Xã A,90\n91001,Xã B,91\n91002,Trường bắn,91\n", encoding="utf-8")
    words = f"import unit-list {path} --map code=ma --map name=ten --map province_code=tinh --where tinh=91 --valid-from 2020-01-01"
    done = quyhoach(empty, *words.split())
    assert done.returncode == 0, done.stderr
    assert rows(empty, "SELECT code, geom IS NULL, boundary_how FROM unit") == [("91001", True, None)]
    assert "line 4" in done.stdout


def test_a_list_does_not_take_a_boundary_away(empty: Settings, tmp_path: Path):
    build_town(empty, tmp_path)
    path = tmp_path / "list.csv"
    path.write_text("code,name\n90001,Xã Hòa Bình\n90077,Xã Mới\n", encoding="utf-8")
    done = quyhoach(empty, "import", "unit-list", str(path), "--valid-from", "2020-01-01")
    assert done.returncode == 0, done.stderr
    assert "which it keeps" in done.stdout
    assert rows(
        empty, "SELECT count(*) FROM unit WHERE code = '90001' AND release_to IS NULL AND geom IS NOT NULL"
    ) == [(1,)]


@pytest.fixture(scope="module")
def built_division(template: Settings, make_database, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings, folder = make_database(name_of(template)), tmp_path_factory.mktemp("built")
    write(folder / "old.gpkg", [{"code": "90001", "name": "Xã A", "province_code": "90", "geometry": strip(0, 400)}])
    clauses = table(
        folder, "1/NQ,1,90010,Xã M,90001,Xã A,partial,area,,", "1/NQ,2,90011,Xã N,90001,Xã A,rest,area,khoản 1,"
    )
    for words in (
        f"import units {folder}/old.gpkg --valid-from 2020-01-01",
        f"import mergers {clauses} --effective 2025-07-01",
        "publish",
    ):
        done = quyhoach(settings, *words.split())
        assert done.returncode == 0, done.stderr
    return settings


@pytest.fixture
def divided(built_division: Settings, copy_of) -> Settings:
    """One drawn commune of 400 m, divided between two; published before the parts are known."""
    return copy_of(built_division)


def part(clause: str, shape, code: str = "90001"):
    return {"resolution": "1/NQ", "clause": clause, "old_code": code, "geometry": shape}


def test_the_land_of_a_part_tells_that_of_the_rest(divided: Settings, tmp_path: Path):
    write(tmp_path / "parts.gpkg", [part("1", strip(0, 150))])
    done = quyhoach(divided, "import", "merger-parts", str(tmp_path / "parts.gpkg"), "--how", "official")
    assert done.returncode == 0, done.stderr
    assert quyhoach(divided, "merge", "apply", "1/NQ").returncode == 0
    found = rows(
        divided, "SELECT code, boundary_how, ST_AsBinary(geom) FROM unit WHERE valid_from = '2025-07-01' ORDER BY 1"
    )
    assert [(code, how) for code, how, _ in found] == [("90010", "derived"), ("90011", "derived")]
    assert shapely.from_wkb(bytes(found[1][2])).symmetric_difference(strip(150, 400)).area < 1e-6
    assert rows(divided, "SELECT count(*) FROM unit_event WHERE release_to IS NULL") == [(2,)]
    assert rows(divided, "SELECT count(*) FROM unit_event") == [(4,)]


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ([part("1", strip(0, 450))], "leaves its former unit"),
        ([part("1", strip(0, 150)), part("2", strip(100, 400))], "overlap"),
        ([part("7", strip(0, 150))], "takes nothing"),
        ([part("1", strip(0, 150), "90002")], "takes nothing"),
    ],
)
def test_land_that_cannot_be_the_parts_is_refused_whole(divided: Settings, tmp_path: Path, parts, reason):
    write(tmp_path / "parts.gpkg", parts)
    done = quyhoach(divided, "import", "merger-parts", str(tmp_path / "parts.gpkg"), "--how", "digitised")
    assert done.returncode == 1
    assert reason in done.stderr
    assert rows(divided, "SELECT count(*) FROM unit_event_part WHERE geom IS NOT NULL") == [(0,)]


def applied(settings: Settings, folder: Path, *words: str) -> None:
    for command in (
        ["import", "mergers", table(folder, WHOLE_A, PART_B, REST_B, WHOLE_C), *DAY],
        ["merge", "apply", "1/NQ"],
        ["publish"],
    ):
        done = quyhoach(settings, *command)
        assert done.returncode == 0, (command, done.stderr)


def second(*took: str, code: str = "90030") -> list[str]:
    """The one clause of 2/NQ, which takes units whole."""
    return [f"2/NQ,1,{code},Xã P,{unit},Xã Cũ,full,area+population,," for unit in took]


@pytest.fixture
def open_ended(empty: Settings, tmp_path: Path) -> Settings:
    """Six former communes by their names alone, in force without end."""
    lines = [f"9000{number},Xã {letter},Huyện H,90" for number, letter in enumerate("ABCDEF", start=1)]
    (tmp_path / "six.csv").write_text("\n".join(["code,name,district,province_code", *lines]) + "\n", encoding="utf-8")
    done = quyhoach(empty, "import", "unit-list", str(tmp_path / "six.csv"), "--valid-from", "2020-01-01")
    assert done.returncode == 0, done.stderr
    return empty


def test_history_is_not_written_over(open_ended: Settings, tmp_path: Path):
    """A clause that was carried out gets no other day and no other unit; the act that repealed it becomes no resolution of its own."""
    applied(open_ended, tmp_path)
    again = quyhoach(
        open_ended, "import", "mergers", table(tmp_path, WHOLE_A, PART_B, REST_B, WHOLE_C), "--effective", "2025-09-01"
    )
    assert "1/NQ khoản 1 has been carried out" in again.stderr
    more = [WHOLE_A, "1/NQ,1,90010,Xã M,90004,Xã D,full,area+population,,", PART_B, REST_B, WHOLE_C]
    assert "has been carried out" in quyhoach(open_ended, "import", "mergers", table(tmp_path, *more), *DAY).stderr
    assert quyhoach(open_ended, "merge", "revert", "1/NQ", "--by", "2/NQ", "--effective", "2026-01-01").returncode == 0
    assert quyhoach(open_ended, "publish").returncode == 0
    own = table(tmp_path, *second("90004", "90005"))
    done = quyhoach(open_ended, "import", "mergers", own, "--effective", "2026-06-01")
    assert (done.returncode, "2/NQ is on record as the act that repeals 1/NQ" in done.stderr) == (1, True)
    kinds = rows(open_ended, "SELECT kind, count(*) FROM unit_event WHERE release_to IS NULL GROUP BY 1 ORDER BY 1")
    assert kinds == [("merge", 2), ("repeal", 2)]


def test_a_second_resolution_of_the_same_day_needs_not_build_what_the_first_built(open_ended: Settings, tmp_path: Path):
    applied(open_ended, tmp_path)
    own = table(tmp_path, *second("90004", "90005"))
    done = quyhoach(open_ended, "import", "mergers", own, *DAY)
    assert done.returncode == 0, done.stderr
    assert "left-out" in done.stdout
    assert "90001" not in done.stdout


def test_a_unit_reopened_by_a_repeal_can_have_its_own_merger_repealed(open_ended: Settings, tmp_path: Path):
    """1/NQ makes 90010, 2/NQ takes it; 2/NQ is repealed, then 1/NQ. One act may repeal both."""
    applied(open_ended, tmp_path)
    own = table(tmp_path, *second("90010", "90004"))
    assert quyhoach(open_ended, "import", "mergers", own, "--effective", "2025-10-01").returncode == 0
    assert "not carried out" in quyhoach(open_ended, "merge", "revert", "2/NQ", "--by", "4/NQ").stderr
    assert quyhoach(open_ended, "merge", "apply", "2/NQ").returncode == 0
    assert (
        "repeal that first"
        in quyhoach(open_ended, "merge", "revert", "1/NQ", "--by", "4/NQ", "--effective", "2026-03-01").stderr
    )
    for words in (("2/NQ", "2025-12-01"), ("1/NQ", "2026-03-01")):
        done = quyhoach(open_ended, "merge", "revert", words[0], "--by", "4/NQ", "--effective", words[1])
        assert done.returncode == 0, done.stderr
        assert "statements -" not in done.stdout
    stand = "SELECT code FROM unit WHERE release_to IS NULL AND in_force(valid_from, valid_to, '{0}') ORDER BY 1"
    assert [row[0] for row in rows(open_ended, stand.format("2026-01-01"))] == [
        "90004",
        "90005",
        "90006",
        "90010",
        "90011",
    ]
    assert [row[0] for row in rows(open_ended, stand.format("2026-03-01"))] == [
        f"9000{number}" for number in range(1, 7)
    ]


def test_a_clause_that_was_only_imported_stands_in_nobodys_way(open_ended: Settings, tmp_path: Path):
    applied(open_ended, tmp_path)
    own = table(tmp_path, *second("90010", "90004"))
    assert quyhoach(open_ended, "import", "mergers", own, "--effective", "2025-10-01").returncode == 0
    done = quyhoach(open_ended, "merge", "revert", "1/NQ", "--by", "4/NQ")
    assert done.returncode == 0, done.stderr


def test_a_code_that_another_unit_bears_by_now_is_named(open_ended: Settings, tmp_path: Path):
    """2/NQ gives 90001 to a new unit; so 1/NQ, which ended the old 90001, cannot be taken back, nor built anew over a later unit."""
    applied(open_ended, tmp_path)
    own = table(
        tmp_path,
        "2/NQ,1,90001,Xã P,90004,Xã D,full,area+population,,",
        "2/NQ,1,90001,Xã P,90005,Xã E,full,area+population,,",
    )
    assert quyhoach(open_ended, "import", "mergers", own, "--effective", "2025-10-01").returncode == 0
    assert quyhoach(open_ended, "merge", "apply", "2/NQ").returncode == 0
    for more in ([], ["--effective", "2026-01-01"]):
        done = quyhoach(open_ended, "merge", "revert", "1/NQ", "--by", "3/NQ", *more)
        assert "code 90001 is another unit's since 2025-10-01" in done.stderr
    early = table(tmp_path, "5/NQ,1,90001,Xã Q,90006,Xã F,full,area+population,,")
    assert quyhoach(open_ended, "import", "mergers", early, "--effective", "2025-08-01").returncode == 0
    assert "another unit begins under code 90001 on 2025-10-01" in quyhoach(open_ended, "merge", "apply", "5/NQ").stderr


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1#NQ,1,90010,Xã M,90001,Xã A,full,area+population,,", "has a #"),
        ("1/NQ,١,90010,Xã M,90001,Xã A,full,area+population,,", "neither a number"),
        ("1/NQ,1,90010,Em,90001,Xã A,full,area+population,,", "does not begin with its kind"),
        ("1/NQ,3,90,Tỉnh A,90001,Xã A,full,area+population,,", "mixed-levels"),
        ("1/NQ,1,90010,Phường M,90002,Xã B,full,area+population,,", "names more than one new unit"),
    ],
)
def test_a_row_that_cannot_be_meant_is_refused(open_ended: Settings, tmp_path: Path, row: str, said: str):
    done = quyhoach(open_ended, "import", "mergers", table(tmp_path, WHOLE_A, row), *DAY)
    assert done.returncode == 1
    assert said in done.stderr


@pytest.mark.parametrize("by", ["", "  ", "a\nb", "x" * 200, "1/NQ "])
def test_an_act_is_named_in_one_line(open_ended: Settings, by: str):
    done = quyhoach(open_ended, "merge", "revert", "1/NQ", "--by", by)
    assert (done.returncode, "write the number of the act" in done.stderr) == (1, True)
