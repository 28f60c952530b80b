"""The shipped profiles on files as departments hand them over: what becomes ours, what is told, what is never read."""

import json
import re
import time
import unicodedata
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.profiles.loading import parsed, profile_of, shipped, suiting
from layers.profiles.mapping import evidence_of, mapped
from layers.profiles.model import FieldRule, Profile
from layers.profiles.reasons import REASONS
from layers.profiles.records import LINE_KINDS
from layers.sources.facts import Reading
from layers.sources.opening import layers_of
from layers.sources.vector import read
from planning.errors import BadQuestion, MissingField
from tests.town import strip, town_ring, write

COMMON = {"maThongTinQH": "TT-7", "maHoSoQH": "HS-7", "ghiChu": None}

PLAN = {
    **COMMON, "maDoiTuong": "RG", "tenDoAn": "Quy hoạch phân khu phía Đông", "loaiQuyHoach": "Quy hoạch phân khu đô thị",
    "tyLe": "1/2.000", "soQDQH": "12/QĐ-UBND", "ngayQDQH": "05/03/2021",
    "coQuanPheduyet": "UBND tỉnh", "dienTichQH": "120,5 ha", "geometry": town_ring("ACFD"),
}  # fmt: skip


def zone(symbol, function, west, **more):
    fields = {"matDoXayDung": "40-60", "tangCaoXayDung": "3-5 tầng", "heSoSuDungDat": "2,5", "dienTich": "1.234,5"}
    levels = {"chucNangSuDungDatMuc1": function, "chucNangSuDungDatMuc2": None, "chucNangSuDungDatMuc3": None}
    return {**COMMON, **levels, **fields, "kyHieuLoDat": symbol, **more, "geometry": strip(west, west + 20)}


def line(name, **more):
    return {
        **COMMON,
        "tenDoiTuong": name,
        "phanLoai": "đường đô thị",
        **more,
        "geometry": shapely.LineString([(416000, 2353000), (416100, 2353000)]),
    }


@pytest.fixture
def geodatabase(tmp_path: Path) -> Path:
    """A plan geodatabase of the circular as a GeoPackage: every class is a layer, every field is text."""
    file = tmp_path / "QuyHoach.gpkg"
    zones = [
        zone("O-1", "Đất nhóm nhà ở", 0, chucNangSuDungDatMuc3="Nhà ở liền kề"),
        zone("CN-1", "CONG NGHIEP", 20, matDoXayDung="≤ 60%", tangCaoXayDung="< 5", dienTich="2.345"),
        zone("CX-1", "cây xanh công cộng", 40, matDoXayDung="-", tangCaoXayDung="", heSoSuDungDat=None),
        zone("Q-1", "Đất quảng trường", 60),
        zone("HH-1", "HT_Honhop", 80, dienTich="chưa đo", tangCaoXayDung="tối đa 7 tầng", ghiChu="đang rà soát"),
    ]
    write(file, [PLAN], "RanhGioiQuyHoach_A")
    write(file, zones, "ChucNangSuDungDat_A")
    write(file, [line("Đường Hùng Vương")], "ChiGioiDuongDo_L")
    write(file, [line("CGXD-1", khoangLuiXayDung="3 m"), line("CGXD-2", khoangLuiXayDung="3-6")], "ChiGioiXayDung_L")
    write(file, [line("HLAT đê", phanLoai="đê điều")], "HanhLangAnToan_L")
    write(file, [{**COMMON, "maDoiTuong": "M1", "geometry": shapely.Point(416000, 2353000)}], "MocGioi_P")
    return file


def taken(file: Path, layer: str, **said):
    fields = read(file, Reading(layer)).fields
    return mapped(fields, suiting(layer)[0], said)


def test_every_class_of_the_circular_finds_its_profile_and_becomes_records(geodatabase: Path):
    made = {layer.name: suiting(layer.name)[0] for layer in layers_of(geodatabase)}
    assert {layer: profile.makes for layer, profile in made.items()} == {
        "RanhGioiQuyHoach_A": "plan",
        "ChucNangSuDungDat_A": "zone",
        **dict.fromkeys(("ChiGioiDuongDo_L", "ChiGioiXayDung_L", "HanhLangAnToan_L", "MocGioi_P"), "control_line"),
    }
    lines = pd.concat(taken(geodatabase, layer).frame for layer, one in made.items() if one.makes == "control_line")
    kinds = dict(zip(lines["name"], lines["kind"], strict=True))
    assert kinds == {
        "Đường Hùng Vương": "red_line", "CGXD-1": "building_line", "CGXD-2": "building_line",
        "HLAT đê": "corridor", "M1": "boundary_marker",
    }  # fmt: skip


def test_a_plan_boundary_becomes_a_plan(geodatabase: Path):
    found = taken(geodatabase, "RanhGioiQuyHoach_A", valid_from="2021-03-15")
    assert found.issues == []
    assert found.frame.loc[0].dropna().to_dict() == {
        "code": "HS-7", "name": "Quy hoạch phân khu phía Đông", "kind": "urban", "level": "subdivision", "scale": 2000,
        "decision_number": "12/QĐ-UBND", "decision_date": date(2021, 3, 5), "approver": "UBND tỉnh", "declared_ha": 120.5,
        "valid_from": date(2021, 3, 15),
    }  # fmt: skip


def test_zones_become_codes_and_numbers_and_keep_their_words(geodatabase: Path):
    found = taken(geodatabase, "ChucNangSuDungDat_A")
    frame = found.frame.set_index("lot_symbol")
    assert frame["function_code"].tolist() == ["Nhomnhao", "Congnghiep", "CayxanhCC", None, "HT_Honhop"]
    assert frame["function_scheme"].tolist() == ["planning", "planning", "planning", None, "planning"]
    assert frame["declared_m2"].fillna(-1).tolist() == [1234.5, 2345, 1234.5, 1234.5, -1]
    assert frame["density_pct"].fillna(-1).tolist() == [60, 60, -1, 60, 60]
    assert frame["floors_min"].fillna(-1).tolist() == [3, -1, -1, 3, -1]
    assert frame["floors_max"].fillna(-1).tolist() == [5, 4, -1, 5, 7]
    kept = json.loads(frame["attributes"]["O-1"])
    assert kept["chucNangSuDungDatMuc3"] == "Nhà ở liền kề"
    assert (kept["matDoXayDung"], kept["density_pct_min"]) == ("40-60", "40")
    assert json.loads(frame["attributes"]["HH-1"])["ghiChu"] == "đang rà soát"
    assert json.loads(frame["attributes"]["HH-1"])["dienTich"] == "chưa đo"


def test_what_is_not_understood_is_told_with_its_row_and_its_words(geodatabase: Path):
    found = taken(geodatabase, "ChucNangSuDungDat_A")
    assert [(one.row, one.field, one.source, one.value, one.reason, one.refuses) for one in found.issues] == [
        (3, "function", "chucNangSuDungDatMuc1", "Đất quảng trường", "unknown-function", True),
        (4, "declared_m2", "dienTich", "chưa đo", "not-a-number", False),
    ]
    assert found.sound.tolist() == [True, True, True, False, True]
    assert found.issues[0].sentence.startswith("function ← chucNangSuDungDatMuc1 “Đất quảng trường”: không nhận ra")


def test_setbacks_take_the_lower_end_and_keep_the_upper(geodatabase: Path):
    found = taken(geodatabase, "ChiGioiXayDung_L")
    assert found.frame["setback_m"].tolist() == [3, 3]
    assert json.loads(found.frame["attributes"][1])["setback_m_max"] == "6"


def test_land_use_maps_take_codes_and_names():
    fields = pd.DataFrame(
        {
            "maLoaiDat": ["ONT", "luc", None, "XYZ"],
            "tenLoaiDat": ["", "", "Đất ở tại đô thị", ""],
            "dienTich": [1.0, 2.5, 3.0, 4.0],
        }
    )
    found = mapped(fields, profile_of("land-use-map"), {"plan_code": "QHSDD-1"})
    assert found.frame["function_code"].tolist() == ["ONT", "LUC", "ODT", None]
    assert found.frame["plan_code"].tolist() == ["QHSDD-1"] * 4
    assert [one.reason for one in found.issues] == ["unknown-function"]


def test_parcels_are_keyed_and_owners_are_never_read():
    fields = pd.DataFrame(
        {"SHBANDO": [3.0, 3.0, None], "SHTHUA": ["12", "12a", "14"], "KHLOAIDAT": ["ONT", "CLN", "LUC"], "DIENTICH": ["100,5", "99", ""],
         "TENCHU": ["Nguyễn Văn A"] * 3, "DIACHI": ["thôn 1"] * 3}
    )  # fmt: skip
    found = mapped(fields, profile_of("cadastre"), {"former_code": "07582"})
    assert found.left_out == ("TENCHU", "DIACHI")
    assert not {"TENCHU", "DIACHI"} & set(found.frame.columns)
    assert found.frame["sheet"].tolist()[:2] == [3, 3]
    assert found.frame["declared_m2"].tolist()[:2] == [100.5, 99]
    assert [(one.row, one.field, one.reason, one.refuses) for one in found.issues] == [
        (1, "number", "not-a-number", True),
        (2, "sheet", "missing", True),
    ]
    assert found.sound.tolist() == [True, False, False]


def test_even_a_profile_that_names_an_owner_does_not_read_one():
    own = parsed(
        "profile: a\ntitle: {vi: a, en: b}\nmakes: zone\nlayers: [a]\nasks: [plan_code]\n"
        "fields: {function: {from: loai}, lot_symbol: {from: tenChu}}",
        "a.yaml",
    )
    found = mapped(
        pd.DataFrame({"loai": ["ONT"], "tenChu": ["Nguyễn Văn A"], "Tên chủ": ["B"]}), own, {"plan_code": "P"}
    )
    assert found.left_out == ("tenChu", "Tên chủ")
    assert "Nguyễn" not in found.frame.to_json(force_ascii=False)


def test_layers_of_a_drawing_become_functions_and_frames_are_skipped():
    fields = pd.DataFrame(
        {
            "cad_layer": ["QH-CAY XANH CONG CONG", "0", "QH_DAT O MOI", "Khung tên A3", "QH-???"],
            "texts": ['["CX-1", "Cây xanh", "4.800 m²"]', "x", '["OM-2", "OM-3"]', None, '["Z", "MD 40"]'],
        }
    )
    found = mapped(fields, profile_of("cad-zones"), {"plan_code": "QHCT-1"})
    assert found.frame["function_code"].tolist() == ["CayxanhCC", None, "Nhomnhao", None, None]
    assert found.skipped.tolist() == [False, True, False, True, False]
    assert found.sound.tolist() == [True, False, True, False, False]
    assert [(one.row, one.reason) for one in found.issues] == [(2, "several-symbols"), (4, "unknown-function")]
    assert found.frame["lot_symbol"].tolist() == ["CX-1", None, None, None, None]
    assert "Cây xanh" in found.frame["attributes"].iloc[0]


def test_our_own_names_go_through_unchanged():
    fields = pd.DataFrame({"plan_code": ["P"], "lot_symbol": ["O-1"], "function_code": ["Nhomnhao"], "function_scheme": ["planning"],
                           "density_pct": [60.0], "floors_min": [1], "floors_max": [5], "far_max": [3.0], "note": ["ghi chú"]})  # fmt: skip
    found = mapped(fields, profile_of("own-zones"))
    assert found.issues == []
    kept = found.frame.loc[0].dropna().to_dict()
    assert (kept["function_code"], kept["function_scheme"], kept["floors_min"], kept["attributes"]) == (
        "Nhomnhao",
        "planning",
        1,
        '{"note": "ghi chú"}',
    )


TABLE = """
profile: bang
title: {vi: Bảng, en: Table}
makes: zone
layers: [bang]
asks: [plan_code]
fields:
  function: {from: [loai, loai2], scheme: planning, values: {"đất ở": Nhomnhao, "*sản xuất*": Congnghiep}, default: Chuasudung}
  declared_m2: {from: dt, unit: ha}
  floors: {from: tang}
  setback_m: {from: lui, unit: cm}
  far_max: {value: "2,5"}
  height_max_m: {from: cao, required: true}
leave_out: [bo]
"""


def test_alternatives_constants_defaults_units_and_what_must_be_there():
    fields = pd.DataFrame(
        {"loai": ["Đất ở", None, "", "nhà máy"], "loai2": [None, "khu sản xuất A", None, "Công nghiệp"], "dt": ["0,57", "1", "2", "3 m2"],
         "tang": ["3", "≥ 2", "", "1-2"], "lui": [300, 0, None, 50], "cao": ["12", "12", None, "12"],
         "bo": ["x"] * 4, "NGAY": pd.to_datetime(["2021-01-01"] * 4)}
    )  # fmt: skip
    fields.index = pd.RangeIndex(100, 104)
    found = mapped(fields, parsed(TABLE, "bang.yaml"), {"plan_code": "P"})
    frame = found.frame
    assert list(frame.index) == [100, 101, 102, 103]
    assert frame["function_code"].tolist() == ["Nhomnhao", "Congnghiep", "Chuasudung", "Congnghiep"]
    assert frame["declared_m2"].tolist() == [5700, 10_000, 20_000, 3]
    assert frame["floors_min"].fillna(-1).tolist() == [-1, 2, -1, 1]
    assert frame["floors_max"].fillna(-1).tolist() == [3, -1, -1, 2]
    assert frame["setback_m"].fillna(-1).tolist() == [3, 0, -1, 0.5]
    assert frame["far_max"].tolist() == [2.5] * 4
    assert [(one.row, one.field, one.reason) for one in found.issues] == [(102, "height_max_m", "missing")]
    assert json.loads(frame["attributes"][103]) == {"loai": "nhà máy", "NGAY": "2021-01-01 00:00:00"}


def test_dates_day_first_only_where_the_profile_says_so():
    text = """
profile: a
title: {vi: a, en: a}
makes: plan
layers: [a]
asks: [code, name, kind, level]
fields:
  decision_date: {from: ngay}
"""
    said = {"code": "P", "name": "Đồ án", "kind": "urban", "level": "general"}
    fields = pd.DataFrame(
        {"ngay": ["2021-03-05", "05/03/2021", "ngày 5 tháng 3 năm 2021", "2021/3/5", "31/02/2021", "05/03/21", ""]}
    )
    strict = mapped(fields, parsed(text, "a.yaml"), said)
    day = date(2021, 3, 5)
    assert strict.frame["decision_date"].tolist() == [day, None, day, day, None, None, None]
    assert [one.row for one in strict.issues] == [1, 4, 5]
    assert "dates: day-month-year" in strict.issues[0].en
    told = mapped(fields, parsed(text + "dates: day-month-year", "a.yaml"), said)
    assert told.frame["decision_date"].tolist() == [day, day, day, day, None, None, None]


def test_numbers_in_a_column_of_numbers_are_never_taken_for_thousands():
    fields = pd.DataFrame({"maLoaiDat": ["ONT"] * 3, "dienTich": [1.234, 1234.567, np.nan]})
    found = mapped(fields, profile_of("land-use-map"), {"plan_code": "P"})
    assert found.frame["declared_m2"].tolist()[:2] == [1.234, 1234.567]
    assert found.issues == []


def test_chunks_of_one_file_are_judged_by_the_whole_of_it():
    profile = profile_of("land-use-map")
    first = pd.DataFrame({"maLoaiDat": ["ONT"], "dienTich": ["1.234"]})
    second = pd.DataFrame({"maLoaiDat": ["ONT"], "dienTich": ["2,5"]}, index=[1])
    assert mapped(first, profile, {"plan_code": "P"}).issues[0].reason == "ambiguous-number"
    whole = evidence_of([first, second], profile)
    assert mapped(first, profile, {"plan_code": "P"}, whole).frame["declared_m2"].tolist() == [1234]


def test_what_is_neither_in_the_file_nor_said_is_asked_for():
    fields = pd.DataFrame({"maLoaiDat": ["ONT"]})
    profile = profile_of("land-use-map")
    with pytest.raises(MissingField, match="plan_code"):
        mapped(fields, profile)
    with pytest.raises(BadQuestion, match="colour"):
        mapped(fields, profile, {"plan_code": "P", "colour": "red"})
    with pytest.raises(BadQuestion, match="it is none of: urban"):
        mapped(
            pd.DataFrame({"maHoSoQH": ["a"], "tenDoAn": ["b"]}),
            profile_of("tt16-plan"),
            {"kind": "town", "level": "general"},
        )


def test_floors_are_said_in_one_way():
    fields = pd.DataFrame({"chucNangSuDungDatMuc1": ["y tế"], "tangCaoXayDung": ["3"]})
    with pytest.raises(BadQuestion, match="use the one or the others"):
        mapped(fields, profile_of("tt16-zones"), {"plan_code": "P", "floors_max": "5"})
    assert mapped(fields, profile_of("tt16-zones"), {"plan_code": "P", "floors": "2-4"}).frame[
        "floors_max"
    ].tolist() == [4]


def test_fields_meet_whatever_their_capitals_and_composition():
    decomposed = unicodedata.normalize("NFD", "LOẠI ĐẤT")
    own = parsed(
        TABLE.replace("[loai, loai2]", "Loại đất").replace("  height_max_m: {from: cao, required: true}\n", ""),
        "bang.yaml",
    )
    found = mapped(pd.DataFrame({decomposed: ["y tế"]}), own, {"plan_code": "P"})
    assert found.frame["function_code"].tolist() == ["Yte"]


def test_texts_that_cannot_be_stored_are_told():
    fields = pd.DataFrame(
        {"maLoaiDat": ["ONT", "ONT", "ONT"], "ghiChu": ["a\0b", "x" * 10_001, "được"], "soHieu": ["L\0", "L2", "L3"]}
    )
    found = mapped(fields, profile_of("land-use-map"), {"plan_code": "P"})
    assert sorted((one.row, one.field, one.reason) for one in found.issues) == [
        (0, "attributes", "not-text"), (0, "lot_symbol", "not-text"), (1, "attributes", "not-text"),
    ]  # fmt: skip
    assert "\\u0000" not in "".join(found.frame["attributes"])


def test_an_empty_file_maps_to_an_empty_frame():
    found = mapped(
        pd.DataFrame({"maLoaiDat": pd.Series([], dtype=str)}), profile_of("land-use-map"), {"plan_code": "P"}
    )
    assert (len(found.frame), found.issues) == (0, [])
    assert {"function_code", "attributes"} <= set(found.frame.columns)


def test_many_rows_take_seconds():
    """A hundred thousand rows of text, all different, in a few seconds; the median office file is far smaller."""
    rows = 100_000
    number = np.arange(rows)
    fields = pd.DataFrame({"SHBANDO": (number // 500 + 1).astype(str), "SHTHUA": number.astype(str),
                           "KHLOAIDAT": np.where(number % 2, "ONT", "LUC"),
                           "DIENTICH": [f"{n / 7:.2f}".replace(".", ",") for n in number]})  # fmt: skip
    begun = time.process_time()
    found = mapped(fields, profile_of("cadastre"), {"former_code": "07582"})
    assert time.process_time() - begun < 10
    assert found.sound.sum() == rows - 1


GUIDE = Path(__file__).parents[3] / "docs" / "guide" / "profiles.md"


def test_the_worked_example_of_the_guide_does_what_the_guide_says():
    [text] = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), flags=re.DOTALL)
    fields = pd.DataFrame(
        {"SoLo": ["A1", "A2", "A3"], "LoaiDat": ["Đất nhóm nhà ở", "QUẢNG TRƯỜNG", "Khu thương mại"], "DienTich": ["1,234", "0,5", "2"],
         "MatDo": ["40-60", "5", ""], "TangCao": ["3-5 tầng", "", "7"], "TenChu": ["x"] * 3, "GhiChu": ["", "", "đã bỏ"]}
    )  # fmt: skip
    found = mapped(fields, parsed(text, "lodat.yaml"), {"plan_code": "QHPK-1"})
    assert found.issues == []
    assert found.skipped.tolist() == [False, False, True]
    assert found.frame["function_code"].tolist() == ["Nhomnhao", "CayxanhCC", "Dichvu"]
    assert found.frame["declared_m2"].tolist() == [12_340, 5_000, 20_000]
    assert (found.frame["density_pct"][0], found.frame["floors_min"][0], found.frame["setback_m"][0]) == (60, 3, 0)


def test_the_guide_knows_every_reason_profile_and_key():
    text = GUIDE.read_text(encoding="utf-8")
    keys = [one.alias or name for model in (Profile, FieldRule) for name, one in model.model_fields.items()]
    for word in [*REASONS, *shipped(), *keys]:
        assert f"`{word}`" in text, word
    glossary = (GUIDE.parents[1] / "glossary.md").read_text(encoding="utf-8")
    assert all(vi in glossary for vi in LINE_KINDS.values())


FORMS = [
    "40",
    "2,5",
    "1.234",
    "≤ 5",
    "0,4",
    "-",
    None,
    "a\0b",
    "ONT",
    "Nhóm nhà ở",
    "2021-03-05",
    "05/03/2021",
    "1/2000",
    "có",
    "LUC+CLN",
    "9" * 40,
]


@given(st.data())
def test_whatever_stands_in_a_file_a_row_is_sound_or_its_refusal_is_told(data):
    profile = data.draw(st.sampled_from(list(shipped().values())))
    sources = sorted({source for rule in profile.fields.values() for source in rule.source or ()})
    rows = data.draw(st.integers(0, 4))
    chosen = data.draw(st.lists(st.sampled_from([*sources, "khac"]), unique=True, min_size=1))
    fields = pd.DataFrame(
        {name: data.draw(st.lists(st.sampled_from(FORMS), min_size=rows, max_size=rows)) for name in chosen}
    )
    try:
        found = mapped(fields, profile)
    except MissingField:
        return
    refused = {one.row for one in found.issues if one.refuses}
    assert set(np.flatnonzero(~found.sound & ~found.skipped)) == refused
    for name, column in profile.columns.items():
        if column.needed:
            assert found.frame["function_code" if name == "function" else name][found.sound].notna().all()
    assert all(
        "\0" not in json.dumps(json.loads(text)) and "\\u0000" not in text for text in found.frame.get("attributes", [])
    )
