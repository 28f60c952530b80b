"""Profiles proposed for files: they can be loaded, they show their evidence, they say what they could not tell."""

from pathlib import Path

import pandas as pd
import pytest
import shapely

from layers.profiles.drafting import drafted
from layers.profiles.loading import parsed
from layers.profiles.mapping import mapped
from layers.sources.facts import Reading
from layers.sources.vector import read
from planning.settings import Settings
from tests.conftest import REAL
from tests.town import build_town, strip, write

WORDS = ["Đất nhóm nhà ở", "CÂY XANH CÔNG CỘNG", "cong nghiep", "Đất quảng trường", "đất quảng trường"]


def lots(**columns):
    rows = [{name: values[place] for name, values in columns.items()} for place in range(len(WORDS))]
    return [{**row, "geometry": strip(place * 10, place * 10 + 10)} for place, row in enumerate(rows)]


def draft_of(path: Path, rows, layer="lo_dat"):
    source = read(write(path / "lo.gpkg", rows, layer), Reading(layer))
    found = drafted(source)
    return found, parsed(found.text, "lo.yaml"), source


def test_a_draft_finds_fields_by_their_names_and_counts_what_it_can_read(tmp_path: Path):
    rows = lots(
        So_Lo=list("abcde"),
        **{"LOẠI ĐẤT": WORDS},
        DienTich=["1.234"] * 5,
        MatDo=["0,4", "0,5", "", "0,6", "1"],
        TENCHU=["A"] * 5,
        Ghi_Chu=["x"] * 5,
    )
    found, profile, _ = draft_of(tmp_path, rows)
    assert (profile.makes, profile.layers, profile.asks) == ("zone", ("lo_dat",), ("plan_code",))
    assert profile.fields["function"].source == ("LOẠI ĐẤT",)
    assert profile.fields["lot_symbol"].source == ("So_Lo",)
    assert "3 of 5 values are read" in found.text
    assert '#   "Đất quảng trường": ?' in found.text
    assert "the column holds fractions: 0.4 is 40 %" in found.text
    assert "never read: TENCHU" in found.text
    assert "go to the attributes: Ghi_Chu" in found.text
    asked = " ".join(en for _, en in found.questions)
    for said in (
        "which codes are the values",
        "in which unit is DienTich",
        "which is the decimal sign",
        "plan_code: no field is known",
    ):
        assert said in asked
    for _, en in found.questions:
        assert en in found.text


def test_a_draft_once_answered_maps_the_file(tmp_path: Path):
    rows = lots(So_Lo=list("abcde"), Loai_Dat=WORDS, DienTich=["1.234"] * 5)
    found, _, source = draft_of(tmp_path, rows)
    answered = found.text.replace("attributes: rest", 'attributes: rest\ndecimal: ","').replace(
        "    keep: true", '    keep: true\n    values: {"đất quảng trường": CayxanhCC}'
    )
    taken = mapped(source.fields, parsed(answered, "lo.yaml"), {"plan_code": "P"})
    assert taken.issues == []
    assert taken.frame["function_code"].tolist() == ["Nhomnhao", "CayxanhCC", "Congnghiep", "CayxanhCC", "CayxanhCC"]
    assert taken.frame["declared_m2"].tolist() == [1234] * 5


def test_a_field_of_functions_is_found_by_what_is_in_it(tmp_path: Path):
    _, profile, _ = draft_of(tmp_path, lots(cot_7=["LUC", "ONT", "odt", "CLN", "?"], so=[1, 2, 3, 4, 5]))
    assert profile.fields["function"].source == ("cot_7",)
    assert profile.fields["function"].scheme == ("land_use",)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"SHBANDO": [1] * 5, "SHTHUA": [1, 2, 3, 4, 5], "DIENTICH": [1.5] * 5}, "parcel"),
        ({"tenDoAn": ["a"] * 5, "maHoSoQH": ["b"] * 5, "soQDQH": ["c"] * 5, "ngayQDQH": ["05/03/2021"] * 5}, "plan"),
        ({"code": ["90001"] * 5, "name": ["Xã A"] * 5, "population": [1] * 5}, "unit"),
    ],
)
def test_the_kind_of_record_is_told_by_the_fields(tmp_path: Path, fields, kind):
    found, profile, _ = draft_of(tmp_path, lots(**fields), "lop")
    assert profile.makes == kind
    if kind == "plan":
        assert "in which order are dates written" in found.text


def test_two_ends_of_floors_are_taken_before_a_field_of_both(tmp_path: Path):
    _, profile, _ = draft_of(tmp_path, lots(LoaiDat=WORDS, TangCao=["5"] * 5, TangCaoToiDa=["5"] * 5))
    assert "floors" not in profile.fields
    assert profile.fields["floors_max"].source == ("TangCaoToiDa",)


def test_lines_are_control_lines(tmp_path: Path):
    rows = [{"tenDoiTuong": "CGĐĐ", "geometry": shapely.LineString([(416000, 2353000), (416100, 2353000)])}]
    found, profile, _ = draft_of(tmp_path, rows, "duong")
    assert (profile.makes, profile.asks) == ("control_line", ("kind",))
    assert "kind (red_line, building_line, corridor, boundary_marker): no field is known" in found.text


def test_names_and_values_cannot_break_out_of_a_draft(tmp_path: Path):
    """A field or value with line breaks, quotes or a # stays text."""
    wild = 'x"\n# y: {z}\nmakes: unit'
    frame = pd.DataFrame({"loai dat": [wild] * 5, "dien tich": [wild] * 5})
    rows = [{**row, "geometry": strip(place, place + 1)} for place, row in enumerate(frame.to_dict("records"))]
    _, profile, _ = draft_of(tmp_path, rows)
    assert profile.makes == "zone"


def test_the_files_of_the_town_need_no_person_but_for_their_units(empty: Settings, tmp_path: Path):
    build_town(empty, tmp_path)
    for file, layer, kind in (
        ("plans.gpkg", "plan", "plan"),
        ("plans.gpkg", "zone", "zone"),
        ("parcels.shp", None, "parcel"),
    ):
        source = read(tmp_path / file, Reading(layer))
        found = drafted(source)
        taken = mapped(source.fields, parsed(found.text, "thi-tran.yaml"))
        assert (found.kind, taken.issues, taken.sound.all()) == (kind, [], True)
        assert all("in which unit" in en for _, en in found.questions)


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["30014_PLU_20171013/30014_ZONE_URBA_20171013.shp", "us_kenton/landuse.geojson"])
def test_a_foreign_plan_is_called_strange(name):
    said = "ISO-8859-1" if name.endswith(".shp") else None
    found = drafted(read(REAL / "zoning" / name, Reading(encoding=said)))
    assert parsed(found.text, "la.yaml").makes == "zone"
    assert "only 0 of its fields are known by name" in found.questions[0][1]
    assert "function: no field is known for it" in found.text


@pytest.mark.real_data
def test_the_communes_of_a_province_are_units():
    source = read(REAL / "vn" / "new_communes_24_bac_ninh.gpkg", Reading())
    profile = parsed(drafted(source).text, "xa.yaml")
    taken = mapped(source.fields, profile)
    assert profile.makes == "unit"
    assert taken.issues == []
    assert taken.sound.all()
