"""A sheet and number in a commune, former or present: one parcel answers, several are shown, none is picked."""

import re
from datetime import timedelta
from html import unescape

import pytest

from api import schemas
from tests.api.conftest import round_trips, serving
from tests.conftest import name_of
from tests.shire import THIRD, build_shire

BEFORE_THIRD = THIRD - timedelta(days=1)


def choices(api, key, status=300, **question):
    answer = api.get(f"/v1/parcels/{key}", params=question)
    assert answer.status_code == status, answer.text
    if status != 300:
        return answer.json()
    schemas.ParcelChoices.model_validate(answer.json())
    return [(one["key"], one["commune_code"], one["unknown_part"]) for one in answer.json()["choices"]]


def test_a_number_borne_by_several_parcels_of_a_new_commune_is_never_picked(shire):
    assert choices(shire, "80020/1/1") == [
        ("80001/1/1", "80020", False),
        ("80002/1/1", "80020", False),
        ("80003/1/1", "80020", False),
    ]
    body = shire.get("/v1/parcels/80020/1/1", params={"on": "2025-12-01"}).json()
    assert body["asked"] == {"code": "80020", "sheet": 1, "number": 1}
    one = body["choices"][2]
    assert (one["former_name"], one["district"], one["commune_name"]) == ("Xã Hồng Lạc", "Huyện Đông", "Phường Tây")
    assert one["href"] == "/v1/parcels/80003/1/1?by=former&on=2025-12-01"
    assert shire.get(one["href"]).json()["subject"]["key"] == "80003/1/1"


def test_one_parcel_that_fits_answers_under_its_former_key(shire):
    for key, own in (("80030/1/3", "80005/1/3"), ("80005/1/3", "80005/1/3"), ("80003/1/1", "80003/1/1")):
        answer = shire.get(f"/v1/parcels/{key}")
        assert (answer.status_code, answer.json()["subject"]["key"]) == (200, own)


@pytest.mark.parametrize(
    "asked",
    [
        ("/v1/parcels/80030/1/3", {}),
        ("/v1/parcels/80005/1/3", {}),
        ("/v1/lookup", {"sheet": 1, "number": 3, "commune": "80030"}),
        ("/v1/lookup", {"q": "thửa 3 tờ 1 80005"}),
    ],
)
def test_one_parcel_asked_by_either_commune_is_answered_in_one_round_trip_and_as_by_its_own_key(shire, asked):
    address, question = asked
    own = shire.get("/v1/parcels/80005/1/3?by=former&geometry=true").json()
    shire.get("/v1/search?q=hoa")  # where the province lies is known from here on
    with round_trips(shire) as questions:
        answer = shire.get(address, params={**question, "geometry": "true"})
    assert len(questions) == 1
    assert answer.json() == own


def test_several_parcels_are_asked_back_in_one_round_trip_too(shire):
    choices(shire, "80020/1/1")  # what no place changes is read once
    with round_trips(shire) as questions:
        assert len(choices(shire, "80020/1/1")) == 3
    assert len(questions) == 1


def test_a_reused_code_is_read_both_ways(shire):
    """80003/1/2 of Hồng Lạc lies in Hà Bắc, which has the code now; so does 80004/1/2. 80003/1/1 lies elsewhere."""
    assert choices(shire, "80003/1/2") == [("80003/1/2", "80003", False), ("80004/1/2", "80003", False)]
    assert choices(shire, "80003/1/2", by="new") == choices(shire, "80003/1/2")
    assert choices(shire, "80003/1/2", 200, by="former")["subject"]["key"] == "80003/1/2"
    assert choices(shire, "80003/1/1", 404, by="new")["code"] == "unknown-parcel"


def test_before_a_merger_its_new_commune_has_no_parcels(shire):
    assert choices(shire, "80020/1/1", 404, on=BEFORE_THIRD)["code"] == "unknown-parcel"
    assert [key for key, *_ in choices(shire, "80010/1/1", on=BEFORE_THIRD)] == ["80001/1/1", "80002/1/1"]
    assert choices(shire, "80001/1/1", 200, on=BEFORE_THIRD)["subject"]["key"] == "80001/1/1"
    assert choices(shire, "80020/1/1", 404, by="former")["code"] == "unknown-parcel"


@pytest.mark.parametrize(("located", "unknown"), [(None, False), ({}, True)])
def test_in_a_commune_without_a_boundary_land_of_divided_units_is_a_candidate(
    template, make_database, located, unknown
):
    """Phường Tây has no boundary: parcels of Tân Thịnh's are in it by the clause; Hồng Lạc's only where the part is located."""
    settings = make_database(name_of(template))
    build_shire(settings, without_boundary=("80020", "80004"), **({} if located is None else {"located": located}))
    with serving(settings) as api:
        assert choices(api, "80020/1/1", by="new") == [
            ("80001/1/1", "80020", False),
            ("80002/1/1", "80020", False),
            ("80003/1/1", None if unknown else "80020", unknown),
        ]
        assert choices(api, "80020/1/2", 404, by="new")["code"] == "unknown-parcel"


def links(page):
    """Addresses of the choices, as a browser follows them."""
    return [unescape(one) for one in re.findall(r'<li><a href="([^"]+)"', page.text)]


@pytest.mark.parametrize(
    ("path", "question"),
    [("/v1/parcels/80020/1/1", {}), ("/v1/lookup", {"sheet": 1, "number": 1, "commune": "80020"})],
)
def test_a_page_that_is_asked_back_is_a_page_of_links_to_pages(shire, path, question):
    page = shire.get(path, params={**question, "format": "html", "lang": "en"})
    assert (page.status_code, page.headers["content-type"]) == (300, "text/html; charset=utf-8")
    assert "Parcel 1, sheet 1, Xã Hồng Lạc" in page.text
    assert len(links(page)) == 3
    for address in links(page):
        answer = shire.get(address)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert '<html lang="en">' in answer.text


def test_a_pdf_that_is_asked_back_names_the_address_of_each_pdf(shire):
    back = shire.get("/v1/parcels/80020/1/1?format=pdf")
    assert (back.status_code, back.headers["content-type"]) == (300, "application/json")
    assert shire.get(back.json()["choices"][0]["href"]).headers["content-type"] == "application/pdf"


def test_a_name_that_is_asked_back_leads_to_its_unit_on_the_map(shire):
    page = shire.get("/v1/lookup", params={"q": "Phường Tây", "format": "html"})
    assert page.status_code == 300
    assert any(one.startswith("/#unit=80020&") for one in links(page))
