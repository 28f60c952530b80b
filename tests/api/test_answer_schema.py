"""The published schema holds for answers of every kind, by a validator that had no part in writing it; the hash is what it says it is."""

import hashlib
import json

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from starlette.testclient import TestClient

from planning.geometry import LONLAT, operation
from tests.town import at


@pytest.fixture(scope="module")
def schema(api: TestClient):
    answer = api.get("/v1/schemas/answer.json")
    assert answer.headers["content-type"] == "application/schema+json"
    Draft202012Validator.check_schema(answer.json())
    return answer.json()


def degrees(*places):
    return ", ".join("{:.9f} {:.9f}".format(*operation(9214, LONLAT).point(*place)) for place in places)


AREA = f"POLYGON(({degrees(at('D', 20, 20), at('D', 280, 20), at('D', 150, 90), at('D', 20, 20))}))"
PLACE = {"x": at("G")[0], "y": at("G")[1], "crs": "EPSG:9214"}
QUESTIONS = {
    "a point": ("/v1/lookup", PLACE),
    "a point on a border": ("/v1/lookup", {**PLACE, "x": at("B")[0], "on": "2025-06-30"}),
    "a plan not carried over": ("/v1/lookup", {**PLACE, "x": at("H")[0]}),
    "a point in degrees": (
        "/v1/lookup",
        dict(zip(("lon", "lat"), operation(9214, LONLAT).point(*at("G")), strict=True)),
    ),
    "a point with shapes": ("/v1/lookup", {**PLACE, "geometry": "true"}),
    "a point as GeoJSON": ("/v1/lookup", {**PLACE, "format": "geojson"}),
    "a parcel": ("/v1/parcels/90001/1/1", {}),
    "a parcel before the merger": ("/v1/parcels/90001/1/2", {"on": "2025-06-30"}),
    "a parcel with shapes": ("/v1/parcels/90001/1/1", {"geometry": "true"}),
    "a parcel as GeoJSON": ("/v1/parcels/90002/1/1", {"format": "geojson"}),
    "an area": ("/v1/lookup", {"shape": AREA}),
    "an area as GeoJSON": ("/v1/lookup", {"shape": AREA, "format": "geojson"}),
}


def answer_to(api: TestClient, question: str):
    path, parameters = QUESTIONS[question]
    answer = api.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()["features"][0]["properties"] if parameters.get("format") == "geojson" else answer.json()


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_of_every_kind_fit_the_published_schema(api: TestClient, schema, question):
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(answer_to(api, question))


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_hash_is_recomputed_from_the_document_as_the_schema_says(api: TestClient, question):
    answer = answer_to(api, question)
    sealed = {name: value for name, value in answer.items() if name not in {"hash", "verify", "checks"}}
    text = json.dumps(sealed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(text.encode()).hexdigest() == answer["hash"]


def test_the_schema_has_a_name_of_its_own_and_describes_what_a_reader_cannot_guess(schema):
    assert schema["$id"] == "urn:quyhoach:schemas:answer:1"
    assert "quyhoach" in schema["title"]
    assert schema["description"]
    assert "SHA-256" in schema["properties"]["hash"]["description"]
    assert all(one.get("description") for one in schema["$defs"].values())


@pytest.mark.parametrize("broken", [{"themes": None}, {"hash": "x"}, {"unheard_of": 1}])
def test_what_is_no_answer_does_not_fit(api: TestClient, schema, broken):
    assert not Draft202012Validator(schema).is_valid({**answer_to(api, "a point"), **broken})
