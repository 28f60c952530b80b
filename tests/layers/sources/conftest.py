"""A deployment with other limits."""

from collections.abc import Callable, Iterator

import pytest

from layers.sources.limits import limits


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Sets limits by their variables, `limited(zip_members=10)`, as a process that starts would read them."""

    def limit(**limits_said: object) -> None:
        for name, value in limits_said.items():
            monkeypatch.setenv(f"QUYHOACH_{name.upper()}", str(value))
        limits.cache_clear()

    yield limit
    limits.cache_clear()
