"""Profiles are checked before use: every mistake is one sentence that names the file, the key and what is allowed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.profiles.loading import (
    DEEPEST,
    LARGEST_BYTES,
    MOST_NODES,
    parsed,
    profile_of,
    read_profile,
    shipped,
    suiting,
    text_of,
)
from layers.profiles.records import RECORD_KINDS
from planning.errors import BadProfile, UnknownProfile

GOOD = """
profile: cua-toi
title: {vi: Thửa đất của tôi, en: My parcels}
makes: parcel
layers: [thua]
fields:
  former_code: {from: maxa}
  sheet: {from: [soto, to]}
  number: {from: thua}
"""


def test_a_profile_is_what_it_says():
    profile = parsed(GOOD, "cua-toi.yaml")
    assert (profile.profile, profile.makes, profile.fields["sheet"].source) == ("cua-toi", "parcel", ("soto", "to"))
    assert profile.suits("THUA")
    assert not profile.suits("thua2")


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("", "–", "it needs keys"),
        ("- a", "–", "it needs keys"),
        ("a: [", "–", "it is not YAML, line 1"),
        ("a\0", "–", "it is not YAML"),
        ("!!python/object:os.system {}", "–", "it is not YAML"),
        ("a: 2025-13-45", "–", "a value cannot be read"),
        ("a: &x 1\nb: *x", "–", "references"),
        (f"a: {'[' * (DEEPEST + 1)}{']' * (DEEPEST + 1)}", "–", f"nested deeper than {DEEPEST}"),
        ("a: [" + "1, " * MOST_NODES + "]", "–", f"more than {MOST_NODES} entries"),
        ("? [a]\n: b", "–", "a key must be text"),
        (GOOD + "makes: zone", "“makes”", "stands there already"),
        (GOOD + "  land_use_code: {from: a, values: {NO: x}}", "“NO”", "put it in quotes"),
        (GOOD + "  land_use_code: {from: a, values: {01: x}}", "“01”", "put it in quotes"),
        (GOOD + "colour: red", "“colour”", "use: profile, title, makes, layers"),
        (GOOD + "colour: red\nsize: 3", "“colour”", "(1 more)"),
        (GOOD.replace("en: My parcels", "fr: a"), "“title.en”", "this key is needed"),
        (GOOD + "  declared_m2: {von: a}", "“fields.declared_m2.von”", "use: from, value, default, unit"),
        (GOOD.replace("makes: parcel", ""), "“makes”", "this key is needed"),
        (GOOD.replace("parcel\n", "house\n"), "“makes”", "'plan', 'zone', 'control_line', 'parcel', 'unit'"),
        (GOOD.replace("cua-toi", "của tôi"), "“profile”", "small letters"),
        (GOOD.replace("[thua]", "[]"), "“layers”", "must not be empty"),
        (GOOD + "  colour: {from: a}", "“fields.colour”", "it has: former_code, sheet, number"),
        (GOOD.replace("  sheet: {from: [soto, to]}\n", ""), "“fields”", "the column sheet is missing"),
        (GOOD + "asks: [colour]", "“asks”", "has no column “colour”"),
        (GOOD + "  declared_m2: {from: a, unit: acre}", "“fields.declared_m2.unit”", "m2, ha, km2"),
        (GOOD + "  land_use_code: {from: a, unit: ha}", "“fields.land_use_code.unit”", "these can: –"),
        (GOOD + "  declared_m2: {from: 1}", "“fields.declared_m2.from”", "a name or a list of names"),
        (GOOD + "  declared_m2: {from: [1]}", "“fields.declared_m2.from.0”", "put numbers, dates, yes and no in quotes"),
        (GOOD + "  declared_m2: {}", "“fields.declared_m2”", "either from or value"),
        (GOOD + "  declared_m2: {from: a, value: '3'}", "“fields.declared_m2”", "either from or value"),
        (GOOD + "  declared_m2: {value: '3', default: '3'}", "“fields.declared_m2”", "a default says nothing"),
        (GOOD + "  declared_m2: {value: abc}", "“fields.declared_m2.value”", "neither a number"),
        (GOOD + "  declared_m2: {from: a, default: '1.234'}", "“fields.declared_m2.default”", "1.234 or as 1234"),
        (GOOD + "  declared_m2: {from: a, keep: 1}", "“fields.declared_m2.keep”", "true or false"),
        (GOOD + "  declared_m2: {from: a, values: {a: b}}", "“fields.declared_m2.values”", "takes no list of words"),
        (GOOD + "  declared_m2: {from: a, scheme: planning}", "“fields.declared_m2.scheme”", "function only"),
        (GOOD + "  land_use_code: {from: a, values: {ONT: x, ont: y}}", "“fields.land_use_code.values.ont”", "already"),
        (GOOD + "  land_use_code: {from: a, values: {'---': x}}", "“fields.land_use_code.values.---”", "a letter or a digit"),
        (GOOD + "crs: EPSG:1", "“crs”", "is no EPSG code"),
        (GOOD + "encoding: tcvn", "“encoding”", "there is no encoding"),
        (GOOD + "decimal: ';'", "“decimal”", "'.', ','"),
        (GOOD + "dates: us", "“dates”", "'iso', 'day-month-year'"),
        (GOOD + "attributes: rest", "“attributes”", "only zone, control_line keep attributes"),
        (GOOD + "skip: {a: []}", "“skip.a”", "must not be empty"),
    ],
)  # fmt: skip
def test_a_mistake_names_its_key_and_what_is_allowed(text, key, said):
    with pytest.raises(BadProfile) as caught:
        parsed(text, "sai.yaml")
    assert caught.value.facts["key"] == key
    assert said in caught.value.said("en")
    assert caught.value.said("vi").startswith("Bảng ánh xạ sai.yaml, ")


ZONES = """
profile: vung
title: {vi: Vùng, en: Zones}
makes: zone
layers: [vung]
asks: [plan_code]
fields:
  function: {from: loai, scheme: land_use, values: {"đất vườn": CLN}}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("CLN", "Nhomnhao", "“Nhomnhao” is not in the scheme land_use"), ("land_use", "zoning", "'land_use', 'planning'")],
)
def test_codes_must_be_of_the_scheme(old, new, said):
    with pytest.raises(BadProfile, match=said):
        parsed(ZONES.replace(old, new), "vung.yaml")


def test_floors_have_one_way_only():
    with pytest.raises(BadProfile, match="use the one or the others"):
        parsed(ZONES + "  floors: {from: tang}\n  floors_max: {from: tang2}\n", "vung.yaml")


def test_a_file_too_large_or_in_another_encoding_is_refused(tmp_path: Path):
    large, latin = tmp_path / "large.yaml", tmp_path / "latin.yaml"
    large.write_text("#" * (LARGEST_BYTES + 1), encoding="utf-8")
    latin.write_bytes("title: Thửa".encode("utf-16"))
    for path, said in ((large, "larger than 256 KiB"), (latin, "it is not UTF-8 (byte 0)")):
        with pytest.raises(BadProfile) as caught:
            read_profile(path)
        assert said in caught.value.said("en")


def test_a_profile_by_name_or_by_path(tmp_path: Path):
    own = tmp_path / "cua-toi.yaml"
    own.write_text(GOOD, encoding="utf-8")
    assert profile_of(str(own)).profile == "cua-toi"
    assert profile_of("cadastre").makes == "parcel"
    with pytest.raises(UnknownProfile, match="Shipped: cad-lines, cad-zones, cadastre"):
        profile_of("nothing")


def test_every_kind_of_record_has_a_shipped_profile_named_as_its_file():
    assert {profile.makes for profile in shipped().values()} == set(RECORD_KINDS)
    assert all(name == profile.profile for name, profile in shipped().items())


@pytest.mark.parametrize(
    ("layer", "first"),
    [
        ("RanhGioiQuyHoach_A", "tt16-plan"),
        ("ChucNangSuDungDat_A", "tt16-zones"),
        ("ChiGioiDuongDo_L", "tt16-red-lines"),
        ("ChiGioiXayDung_L", "tt16-building-lines"),
        ("HanhLangAnToan_L", "tt16-corridors"),
        ("MocGioi_P", "tt16-markers"),
        ("ThuaDat", "cadastre"),
        ("QuyHoachSuDungDat2030", "land-use-map"),
        ("entities", "cad-zones"),
        ("zone", "own-zones"),
    ],
)
def test_a_layer_finds_its_profile_by_its_name(layer, first):
    assert suiting(layer)[0].profile == first


def test_a_misspelt_layer_finds_none_unless_it_is_listed():
    assert suiting("ChucNangSuungDat_A")[0].profile == "tt16-zones"
    assert suiting("ChucNangSuDungDaat_A") == []


@given(
    st.sampled_from(sorted(shipped())),
    st.lists(
        st.tuples(st.integers(0, 2000), st.integers(0, 4), st.text("ab:{}[]*&!|>'\"\n \t#-?,01<é\0%@`", max_size=2))
    ),
)
def test_a_damaged_profile_is_refused_in_a_sentence_or_still_sound(name, damages):
    text = text_of(name)
    for place, removed, put in damages:
        text = text[:place] + put + text[place + removed :]
    refused = None
    try:
        parsed(text, "hong.yaml")
    except BadProfile as error:
        refused = error
    assert refused is None or refused.said("vi").startswith("Bảng ánh xạ hong.yaml, ")
