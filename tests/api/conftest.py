"""The service over the drawn town."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from planning.settings import Settings
from tests.conftest import name_of
from tests.shire import build_shire
from tests.town import build_town
from tests.village import build_village


@pytest.fixture(scope="session")
def town(
    template: Settings, make_database: Callable[[str | None], Settings], tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """A database that holds the town, published as release 1; copied, never served from."""
    settings = make_database(name_of(template))
    build_town(settings, tmp_path_factory.mktemp("town"))
    return settings


@pytest.fixture(scope="session")
def api(town: Settings, make_database: Callable[[str | None], Settings]) -> Iterator[TestClient]:
    """The service over a copy of the town, in this process."""
    with TestClient(create_app(make_database(name_of(town))), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def built_village(
    template: Settings, make_database: Callable[[str | None], Settings], tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """The village to be copied, never asked."""
    settings = make_database(name_of(template))
    build_village(settings, tmp_path_factory.mktemp("village"))
    return settings


@pytest.fixture
def village(built_village: Settings, copy_of: Callable[[Settings], Settings]) -> Settings:
    """One commune, one plan over it whose zones leave ten metres between them; published (tests/village.py)."""
    return copy_of(built_village)


def serving(settings: Settings) -> TestClient:
    """The service as a client sees it that follows no redirect by itself."""
    return TestClient(create_app(settings), raise_server_exceptions=False, follow_redirects=False)


@contextmanager
def round_trips(client: TestClient) -> Iterator[list[str]]:
    """The questions that the service asks of its database meanwhile; each is asked as ever, and noted."""
    readings, noted = client.app.state.readings, []  # type: ignore[attr-defined]
    ask = readings.fetch

    async def asked(question: str, *values: object) -> Any:
        noted.append(question)
        return await ask(question, *values)

    readings.fetch = asked
    yield noted
    del readings.fetch


@pytest.fixture(scope="session")
def shire(template: Settings, make_database: Callable[[str | None], Settings]) -> Iterator[TestClient]:
    """The service over the drawn shire (tests/shire.py)."""
    settings = make_database(name_of(template))
    build_shire(settings)
    with serving(settings) as client:
        yield client
