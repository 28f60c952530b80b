"""Tiles over HTTP, decoded by an independent reader (GDAL's MVT driver)."""

import gzip
from datetime import date
from math import asinh, pi, radians, tan
from pathlib import Path

import geopandas as gpd
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from planning.geometry import LONLAT, operation
from tests.conftest import name_of, quyhoach
from tests.town import at, strip, write
from tiles.grid import Tile


def tile_at(place, zoom):
    lon, lat = operation(9214, LONLAT).point(*place)
    span = range(2**zoom)
    x = int((lon + 180) / 360 * 2**zoom)
    y = next(
        row
        for row in _near(lat, zoom)
        if row in span and Tile(zoom, x, row).bounds_lonlat[1] <= lat <= Tile(zoom, x, row).bounds_lonlat[3]
    )
    return zoom, x, y


def _near(lat, zoom):
    guess = int((1 - asinh(tan(radians(lat))) / pi) / 2 * 2**zoom)
    return (guess, guess - 1, guess + 1)


def get(api: TestClient, layer, address, headers=None, **question):
    z, x, y = address
    return api.get(
        f"/tiles/{layer}/{z}/{x}/{y}.mvt", params=question, headers={"accept-encoding": "identity", **(headers or {})}
    )


def features(answer, address, tmp_path: Path):
    """The features of a tile, as GDAL reads them."""
    z, x, y = address
    file = tmp_path / f"{y}.mvt"
    file.write_bytes(answer.content)
    return gpd.read_file(file, X=str(x), Y=str(y), Z=str(z), METADATA_FILE="", CLIP="NO")


@pytest.mark.parametrize(
    ("layer", "zoom", "names"),
    [
        ("units", 14, {"code", "name", "kind"}),
        ("former-units", 14, {"code", "name", "kind"}),
        ("plans", 14, {"code", "name", "level"}),
        ("zones", 15, {"plan_code", "level", "function_code", "function_scheme", "lot_symbol"}),
        ("parcels", 16, {"former_code", "sheet", "number"}),
    ],
)
def test_a_layer_is_drawn_with_its_fields(api, tmp_path, layer, zoom, names):
    address = tile_at(at("G"), zoom)
    answer = get(api, layer, address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    drawn = features(answer, address, tmp_path)
    assert names <= set(drawn.columns)
    described = api.get(f"/tiles/{layer}.json").json()
    assert described["tilejson"] == "3.0.0"
    assert set(described["vector_layers"][0]["fields"]) == names
    assert described["minzoom"] <= zoom <= described["maxzoom"]


def test_the_day_chooses_what_is_drawn(api, tmp_path):
    address = tile_at(at("G"), 12)
    now = features(get(api, "units", address), address, tmp_path)
    assert list(now["name"]) == ["Phường Hòa Đông"]
    then = features(get(api, "units", address, on="2025-06-30"), address, tmp_path)
    assert sorted(then["name"]) == ["Xã Hòa Bình", "Xã Đông Đô"]
    assert get(api, "former-units", address, on="2025-06-30").status_code == 204


def test_a_drawn_parcel_lies_where_the_parcel_lies(api, tmp_path):
    address = tile_at(at("D", 150, 50), 18)
    drawn = features(get(api, "parcels", address), address, tmp_path).to_crs(9214)
    [shape] = drawn[(drawn["former_code"] == "90001") & (drawn["number"] == 1)].geometry
    west, _, east, _ = Tile(*address).bounds_lonlat
    pixel = (east - west) * 111_000 / 4096
    x, y = at("D", 150, 50)
    assert shape.contains(gpd.points_from_xy([x], [y])[0])
    edge = at("D", 100, 50)[0]
    assert abs(shape.bounds[0] - edge) < 3 * pixel or shape.bounds[0] > edge


def test_a_sliver_is_seen_from_afar(sample_api, tmp_path):
    found = sample_api.get("/v1/findings", params={"on": "2026-01-15", "check": "plan.zone-gap"}).json()["findings"]
    thinnest = min(found, key=lambda one: one["width_m"])
    assert thinnest["width_m"] < 0.01
    zoom, x, y = tile_at(operation(LONLAT, 9214).point(thinnest["lon"], thinnest["lat"]), 10)
    answer = get(sample_api, "findings", (zoom, x, y), on="2026-01-15")
    assert answer.status_code == 200
    drawn = features(answer, (zoom, x, y), tmp_path)
    assert (drawn["width_m"].round(6) == round(thinnest["width_m"], 6)).any()


def test_an_unchanged_tile_is_not_sent_again(api):
    address = tile_at(at("G"), 15)
    first = get(api, "zones", address)
    again = get(api, "zones", address, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    weak = get(api, "zones", address, headers={"if-none-match": f'"x", W/{first.headers["etag"]}'})
    assert weak.status_code == 304
    other_day = get(api, "zones", address, on="2019-01-01", headers={"if-none-match": first.headers["etag"]})
    assert other_day.status_code == 204


def test_a_tile_that_names_its_release_and_day_may_be_kept_for_ever(api):
    address = tile_at(at("G"), 15)
    assert "immutable" in get(api, "zones", address, release=1, on="2026-01-01").headers["cache-control"]
    assert "immutable" not in get(api, "zones", address, release=1).headers["cache-control"]
    assert get(api, "zones", address, release=2).status_code == 404


def test_tiles_are_compressed_for_those_who_take_it(sample_api):
    example = sample_api.get("/v1/health").json()["example"]
    address = tile_at(operation(LONLAT, 9214).point(example["lon"], example["lat"]), 13)
    plain = get(sample_api, "zones", address)
    packed = get(sample_api, "zones", address, headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < len(gzip.compress(plain.content, 1)) + 64 < len(plain.content)
    refused = get(sample_api, "zones", address, headers={"accept-encoding": "gzip;q=0, identity"})
    assert "content-encoding" not in refused.headers


def test_where_nothing_is_there_is_no_content(api):
    assert get(api, "units", (14, 0, 0)).status_code == 204


def test_every_layer_answers_everywhere_in_its_pyramid(sample_api):
    example = sample_api.get("/v1/health").json()["example"]
    place = operation(LONLAT, 9214).point(example["lon"], example["lat"])
    for layer in ("units", "former-units", "plans", "zones", "control-lines", "parcels", "findings"):
        described = sample_api.get(f"/tiles/{layer}.json", params={"on": date(2026, 1, 15).isoformat()}).json()
        assert described["tiles"][0].endswith("?on=2026-01-15")
        for zoom in range(described["minzoom"], described["maxzoom"] + 1):
            assert get(sample_api, layer, tile_at(place, zoom), on="2026-01-15").status_code in {200, 204}


def test_tiles_of_a_release_stay_the_same_whatever_is_brought_in_after_it(town, make_database, tmp_path):
    """Rows move on the disk when a draft supersedes them; a published tile's bytes do not."""
    settings = make_database(name_of(town))
    places = [
        (layer, tile_at(at("G"), zoom))
        for layer, zoom in (("units", 12), ("plans", 13), ("zones", 14), ("parcels", 16))
    ]
    changed = [
        {"former_code": "90001", "sheet": 1, "number": number, "geometry": strip(100 * number, 100 * number + 90)}
        for number in (2, 1)
    ]
    file = write(tmp_path / "changed.gpkg", changed)

    def drawn(client):
        return [get(client, layer, address, release=1, on="2026-01-01").content for layer, address in places]

    with TestClient(create_app(settings)) as client:
        before = drawn(client)
        assert all(before)
        for command in (("import", "parcels", str(file), "--valid-from", "2020-01-01"), ("discard",),
            ("import", "parcels", str(file), "--valid-from", "2020-01-01"), ("publish",)):  # fmt: skip
            assert quyhoach(settings, *command).returncode == 0
            assert drawn(client) == before, command
        assert get(client, "parcels", places[3][1], release=2, on="2026-01-01").content != before[3]
