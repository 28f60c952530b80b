"""An answer on a parcel tells the file of its outline and how exact that is, or that nobody said."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api import schemas
from api.app import create_app
from planning.settings import Settings
from tests.conftest import publish_unchecked, quyhoach
from tests.town import at, strip, write

PARCEL = "/v1/parcels/90001/1/1?by=former&on=2026-01-15"


@pytest.mark.parametrize(
    ("said", "known", "vi", "en"),
    [(("--accuracy-m", "0.15"), 0.15, "± 0,15 m", "± 0.15 m"), ((), None, "chưa ghi nhận", "not on record")],
)
def test_how_exact_a_parcel_is(
    empty: Settings, tmp_path: Path, said: tuple[str, ...], known: float | None, vi: str, en: str
):
    file = write(tmp_path / "p.geojson", [{"former_code": "90001", "sheet": 1, "number": 1, "geometry": strip(0, 10)}])
    done = quyhoach(empty, "import", "parcels", str(file), "--valid-from", "2025-07-01", *said)
    assert done.returncode == 0, done.stderr
    publish_unchecked(empty)
    with TestClient(create_app(empty)) as api:
        answer = api.get(PARCEL).json()
        schemas.Answer.model_validate(answer)
        assert answer["subject"]["source"]["file_name"] == "p.geojson"
        assert answer["subject"]["source"]["accuracy_m"] == known
        assert vi in api.get(PARCEL + "&format=html").text
        assert en in api.get(PARCEL + "&format=html&lang=en").text


def test_what_is_no_accuracy_is_refused(empty: Settings, tmp_path: Path):
    file = write(tmp_path / "p.geojson", [{"former_code": "90001", "sheet": 1, "number": 1, "geometry": strip(0, 10)}])
    for wrong in ("-1", "nan", "2000", "gần"):
        done = quyhoach(empty, "import", "parcels", str(file), "--valid-from", "2025-07-01", "--accuracy-m", wrong)
        assert done.returncode != 0
        assert "accuracy-m" in done.stderr


def test_a_point_is_where_the_asker_says_it_is(api: TestClient):
    x, y = at("D")
    asked = {"x": x + 50, "y": y + 50, "crs": "EPSG:9214", "on": "2026-01-15", "format": "html", "lang": "en"}
    page = api.get("/v1/lookup", params=asked).text
    assert "given by whoever asks" in page
