"""One box for every way to ask, on the sample province: every choice leads to an answer, and several are never made one."""

import psycopg
import pytest

from api import schemas
from planning.geometry import operation
from planning.units import folded
from tests.api.conftest import serving
from tests.conftest import name_of
from tests.shire import build_shire


@pytest.fixture
def search(sample_api):
    def ask(text: str, **more: object):
        answer = sample_api.get("/v1/search", params={"q": text, **more})
        assert answer.status_code == 200, answer.text
        schemas.Choices.model_validate(answer.json())
        return answer.json()

    return ask


@pytest.fixture(scope="module")
def known(sample):
    """A parcel and what surrounds it, as the store has them."""
    with psycopg.connect(sample[0].database_url) as connection:
        [row] = connection.execute(
            "SELECT former_code, sheet, number, ST_X(ST_PointOnSurface(geom)), ST_Y(ST_PointOnSurface(geom)) FROM parcel"
            " ORDER BY former_code, sheet, number LIMIT 1"
        ).fetchall()
    return row


def kinds(found):
    return {one["kind"] for one in found["choices"]}


def test_every_choice_leads_to_an_answer(search, sample_api, known):
    code, sheet, number, east, north = known
    lon, lat = operation(9214, 4326).point(east, north)
    texts = [
        f"{lat:.6f}, {lon:.6f}", f"{north:.2f} {east:.2f} KTT 107-00", f"{north:.2f} {east:.2f}", f"{code}/{sheet}/{number}", "hoa", "thon",
        f"{north:.2f} {east:.2f}\n{north:.2f} {east + 20:.2f}\n{north - 20:.2f} {east + 20:.2f}\n KTT 107-00",
    ]  # fmt: skip
    seen = set()
    for text in texts:
        found = search(text)
        assert found["choices"], text
        for choice in found["choices"]:
            answer = sample_api.get(choice["href"], follow_redirects=False)
            outside = choice["kind"] == "point" and answer.status_code == 404
            assert answer.status_code in {200, 301, 410} or outside, (choice, answer.text)
            seen.add(choice["kind"])
    assert seen == {"point", "parcel", "area", "unit", "former_unit", "locality"}


def test_a_point_with_its_zone_is_one_choice_and_without_it_several(search, known):
    *_, east, north = known
    assert len(search(f"{north:.2f} {east:.2f} KTT 107-00")["choices"]) == 1
    found = search(f"{north:.2f} {east:.2f}")
    assert {one["kind"] for one in found["choices"]} == {"point"}
    assert found["choices"][0]["label"]["vi"].endswith("(EPSG:9214)")


def test_a_parcel_is_found_by_the_name_of_its_commune_former_and_present(search, sample, known):
    code, sheet, number, east, north = known
    with psycopg.connect(sample[0].database_url) as connection:
        [(former,)] = connection.execute(
            "SELECT name FROM unit WHERE code = %s AND valid_to IS NOT NULL LIMIT 1", [code]
        ).fetchall()
        [(now,)] = connection.execute(
            "SELECT name FROM unit WHERE level = 'commune' AND valid_to IS NULL"
            " AND ST_Intersects(geom, ST_SetSRID(ST_Point(%s, %s), 9214))",
            [east, north],
        ).fetchall()
    key = f"{code}/{sheet}/{number}"
    for commune in (former, now, folded(now), code):
        found = search(f"thửa {number} tờ {sheet} {commune}")
        assert kinds(found) == {"parcel"}, commune
        assert key in {one["key"] for one in found["choices"]}, commune


def test_two_numbers_without_words_are_asked_back(search, known):
    code, *_ = known
    keys = {one["key"] for one in search(f"2/1 {code}")["choices"]}
    assert keys == {f"{code}/1/2", f"{code}/2/1"} & keys
    assert f"{code}/1/2" in keys


def test_homonyms_are_all_offered_with_their_communes(search):
    found = [one for one in search("thôn hoa binh")["choices"] if one["kind"] == "locality"]
    assert {one["label"]["vi"] for one in found} == {"Thôn Hòa Bình"}
    assert len(found) > 1
    assert len({one["note"]["vi"] for one in found}) == len(found)


@pytest.mark.parametrize("text", ["Đường Hoa Mẫu Đơn", "đ. hoa mau don", "HOA MẪU ĐƠN", "mẫu đơn hoa"])
def test_a_street_is_found_in_any_spelling(search, text):
    names = {one["label"]["vi"] for one in search(text)["choices"]}
    assert "Đường Hoa Mẫu Đơn" in names


@pytest.mark.parametrize("text", ["Thôn Hoà Bình", "Thôn Hòa Bình"])
def test_the_placing_of_a_tone_is_no_difference(search, text):
    assert search(text)["choices"][0]["label"]["vi"] == "Thôn Hòa Bình"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("xã Tây", "Phường Tây"),
        ("tt. tay", "Phường Tây"),
        ("phường Hà Bắc", "Xã Hà Bắc"),
        ("TT Hồng Lạc", "Xã Hồng Lạc"),
        ("xã Đông Mới", "Phường Đông Mới"),
        ("xã Hồng Lạc huyện Đông", "Xã Hồng Lạc"),
        ("phường Hồng Lạc, huyện Đông", "Xã Hồng Lạc"),
    ],
)
def test_a_commune_is_found_under_another_kind_than_its_own_and_its_own_is_said(shire, typed, found):
    choices = shire.get("/v1/search", params={"q": typed}).json()["choices"]
    assert choices[0]["label"]["vi"] == found


def test_the_kind_that_was_said_comes_before_the_others(template, make_database):
    """Xã Hồng Lạc ended and Phường Hồng Lạc begins; with the kind said, its unit is the nearer one, though both are found."""
    settings = make_database(name_of(template))
    build_shire(settings)
    with psycopg.connect(settings.database_url) as connection:
        connection.execute(
            "UPDATE unit SET name = 'Phường Hà Bắc', name_folded = 'phuong ha bac', sought = 'phuong ha bac', kind = 'phuong'"
            " WHERE code = '80020'"
        )
    with serving(settings) as api:
        for typed, names in (
            ("xã Hà Bắc", ["Xã Hà Bắc", "Phường Hà Bắc"]),
            ("phường Hà Bắc", ["Phường Hà Bắc", "Xã Hà Bắc"]),
        ):
            found = api.get("/v1/search", params={"q": typed}).json()["choices"]
            assert [one["label"]["vi"] for one in found] == names
            units = api.get("/v1/units", params={"q": typed}).json()["units"]
            assert [one["name"] for one in units] == names
        parcel = api.get("/v1/lookup", params={"q": "thửa 1 tờ 1 phường Hà Bắc"}).json()
        assert {one["key"] for one in parcel["choices"]} == {"80001/1/1", "80002/1/1", "80003/1/1"}
        assert not api.get("/v1/search", params={"q": "tỉnh Hồng Lạc"}).json()["choices"]


def test_a_parcel_of_a_commune_under_another_kind_is_found_too(shire):
    back = shire.get("/v1/lookup", params={"q": "thửa 1 tờ 1 xã Tây"})
    assert back.status_code == 300
    assert {one["key"] for one in back.json()["choices"]} == {"80001/1/1", "80002/1/1", "80003/1/1"}


def test_what_is_nothing_says_why(search):
    assert "decimal sign" in search("106,21")["why"]["en"]
    assert "on record" in search("Không có tên này")["why"]["en"]
    crossing = "2352500 415000\n2352480 415020\n2352500 415020\n2352480 415000 KTT 107-00"
    assert "meets side" in search(crossing)["why"]["en"]


def test_the_limit_holds_and_the_rest_is_counted(search):
    found = search("thon", limit=3)
    assert len(found["choices"]) == 3
    assert found["total"] > 3


def test_letters_of_the_language_of_the_database_are_letters(search):
    for text in ("a'b", "a\\b", "a & b | !c", "x:*", "%", "_", "a" * 200):
        search(text)
