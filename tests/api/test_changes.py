"""What publications changed: for a place and a parcel, and for a commune, in the drawn town."""

from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient

from api import schemas
from api.app import create_app
from planning.settings import Settings
from tests.conftest import name_of, quyhoach
from tests.town import DESPITE_ERRORS, at, strip, write


@pytest.fixture(scope="module")
def twice(
    town: Settings, make_database: Callable[[str | None], Settings], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """The town after two more publications: a new plan with one zone in the west, then the same plan with two."""
    settings, folder = make_database(name_of(town)), tmp_path_factory.mktemp("twice")
    plan = {"code": "QHCT-N", "name": "Chi tiết mới", "kind": "urban", "level": "detailed", "valid_from": "2025-08-01",
        "valid_to": "2035-01-01", "geometry": strip(0, 150)}  # fmt: skip
    lot = {"plan_code": "QHCT-N", "function_scheme": "planning"}
    one = [{**lot, "lot_symbol": "A", "function_code": "Honhop", "geometry": strip(0, 150)}]
    two = [
        {**lot, "lot_symbol": "A", "function_code": "Honhop", "geometry": strip(0, 60)},
        {**lot, "lot_symbol": "B", "function_code": "Truonghoc", "geometry": strip(60, 150)},
    ]
    for number, zones in enumerate((one, two)):
        path = folder / f"{number}.gpkg"
        write(path, [plan], "plan")
        write(path, zones, "zone")
        done = quyhoach(settings, "import", "plan", str(path))
        assert done.returncode == 0, done.stderr
        assert quyhoach(settings, "publish", *DESPITE_ERRORS).returncode == 0
    with TestClient(create_app(settings)) as client:
        yield client


def changes(client, **asked):
    answer = client.get("/v1/changes", params={"on": "2026-01-15", **asked})
    assert answer.status_code == 200, answer.text
    schemas.Changes.model_validate(answer.json())
    return answer.json()


def kinds(step):
    return [(one["kind"], one["subject"].split(" · ")[0]) for one in step["changes"]]


def test_each_publication_says_what_it_changed_at_a_place(twice):
    x, y = at("D", 80, 50)
    told = changes(twice, x=x, y=y, crs="EPSG:9214", since=1)
    first, second = told["answers"]
    assert [one["release"] for one in told["answers"]] == [2, 3]
    assert ("plan_come", "QHCT-N") in kinds(first)
    assert {kind for kind, _ in kinds(second)} == {"zone_come", "zone_gone"}
    assert not first["appeared"]
    assert first["hash"] != second["hash"]


def test_before_the_first_publication_nothing_was_answered(twice):
    x, y = at("D", 80, 50)
    told = changes(twice, x=x, y=y, crs="EPSG:9214", since=0)["answers"]
    assert [(one["release"], one["appeared"]) for one in told] == [(1, True), (2, False), (3, False)]


def test_nothing_changed_is_said_as_an_empty_list_for_every_release(twice):
    x, y = at("F", -10, 10)
    told = changes(twice, x=x, y=y, crs="EPSG:9214", since=1)
    assert [(one["release"], one["changes"]) for one in told["answers"]] == [(2, []), (3, [])]


def test_a_parcel_and_a_day_before_the_plan_was_in_force(twice):
    assert "plan_come" in dict(kinds(changes(twice, parcel="90001/1/1", since=1)["answers"][0]))
    assert changes(twice, parcel="90001/1/1", since=1, on="2025-07-15")["answers"][0]["changes"] == []


def test_the_steps_of_a_commune(twice):
    told = changes(twice, unit="90010", since=1)
    first, second = told["commune"]
    assert [(one["code"], one["change"], one["zones_before"], one["zones_after"]) for one in first["plans"]] == [
        ("QHCT-N", "come", None, 1)
    ]
    assert [(one["code"], one["change"], one["zones_before"], one["zones_after"]) for one in second["plans"]] == [
        ("QHCT-N", "changed", 1, 2)
    ]
    assert (first["parcels_come"], first["parcels_gone"], first["unit_changed"]) == (0, 0, False)
    assert [one["release"] for one in changes(twice, unit="90010", since=2)["commune"]] == [3]
    assert [one["release"] for one in changes(twice, unit="90010", since=1, release=2)["commune"]] == [2]
    assert changes(twice, unit="90010", since=3)["commune"] == []


def test_since_a_day_begins_with_the_first_publication_on_it(twice):
    assert [one["release"] for one in changes(twice, unit="90010", since="2000-01-01")["commune"]] == [1, 2, 3]
    assert changes(twice, unit="90010", since="2999-01-01")["commune"] == []


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"since": "1"}, 400, "bad-question"),
        ({"unit": "90010"}, 400, "bad-question"),
        ({"unit": "90010", "parcel": "90001/1/1", "since": "1"}, 400, "bad-question"),
        ({"unit": "90010", "since": "9"}, 400, "bad-question"),
        ({"unit": "90010", "since": "2026-02-30"}, 400, "bad-question"),
        ({"unit": "90010", "since": "soon"}, 400, "bad-question"),
        ({"unit": "99999", "since": "1"}, 404, "unknown-unit"),
        ({"parcel": "90001/77/77", "since": "0"}, 404, "unknown-parcel"),
        ({"lon": "1", "lat": "1", "since": "1"}, 404, "outside-province"),
        ({"unit": "90010", "since": "1", "release": "9"}, 404, "unknown-release"),
        ({"unit": "90010", "since": "1", "colour": "red"}, 400, "unknown-parameter"),
    ],
)
def test_what_cannot_be_asked_is_told(twice, asked, status, code):
    answer = twice.get("/v1/changes", params=asked)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
