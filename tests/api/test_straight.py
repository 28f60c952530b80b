"""Hot questions go past the router: every answer and every refusal is the same, to the byte, as by way of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.routes.lookup import WAYS
from api.straight import Straight
from planning.settings import Settings

ASKED = (
    "/v1/lookup?lon=106.17&lat=21.25&on=2026-01-15",
    "/v1/lookup?lon=106.17&lat=21.25&on=2026-01-15&geometry=true",
    "/v1/lookup?lon=106.17&lat=21.25&on=2026-01-15&format=geojson&lang=en",
    "/v1/lookup?lon=106.17&lat=21.25&lon=106.2",
    "/v1/lookup?lon=106.17&lat=21.25&colour=red&lang=en",
    "/v1/lookup?lon=1e400&lat=21.25",
    "/v1/lookup?lon=106.17&lat=21.25&on=2026-02-30",
    "/v1/lookup?lon=106.17&lat=21.25&release=999",
    "/v1/lookup?lon=0&lat=0&lang=en",
    "/v1/lookup?q=hoa",
    "/v1/lookup?q=%00",
    "/v1/lookup?q=%ff%fe",
    "/v1/lookup",
    "/v1/lookup/",
    "/v1/parcels/90001/1/1?by=former&on=2026-01-15",
    "/v1/parcels/90001/1/1?on=2026-01-15",
    "/v1/parcels/90001/1/999999999?by=former",
    "/v1/parcels/90001/1/9999999999?by=former",
    "/v1/parcels/90001/01/1?by=former",
    "/v1/parcels/90001/0/1?by=former",
    "/v1/parcels/9000a/1/1?by=former&lang=en",
    "/v1/parcels/90001/1/1?by=both",
    "/v1/parcels/90001/1",
)


@pytest.fixture(scope="module")
def by_the_router(sample: tuple[Settings, Path]) -> Iterator[TestClient]:
    """The service without the straight way."""
    app = create_app(sample[0])
    app.user_middleware = [one for one in app.user_middleware if one.cls is not Straight]  # type: ignore[comparison-overlap]
    with TestClient(app) as client:
        yield client


@pytest.mark.parametrize("address", ASKED)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
def test_both_ways_give_the_same(sample_api: TestClient, by_the_router: TestClient, method: str, address: str):
    straight, routed = (
        client.request(method, address, follow_redirects=False) for client in (sample_api, by_the_router)
    )
    assert straight.status_code == routed.status_code
    assert straight.content == routed.content
    assert sorted(straight.headers.multi_items()) == sorted(routed.headers.multi_items())


def test_what_is_held_is_not_sent_again(sample_api: TestClient):
    address = ASKED[0]
    tag = sample_api.get(address).headers["etag"]
    assert sample_api.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_the_ways_are_those_that_openapi_tells_of(sample_api: TestClient):
    told = sample_api.get("/openapi.json").json()["paths"]
    assert "/v1/lookup" in told
    assert "/v1/parcels/{code}/{sheet}/{number}" in told
    assert len(WAYS) == 2


def test_a_fault_still_leaves_as_a_problem(sample: tuple[Settings, Path]):
    """Here the service has closed its connections: what fails then is no error of ours."""
    app = create_app(sample[0])
    with TestClient(app) as client:
        client.get(ASKED[0])
    client = TestClient(app, raise_server_exceptions=False)
    answer = client.get(ASKED[0])
    assert answer.status_code in {500, 503}
    assert answer.headers["content-type"] == "application/problem+json"
