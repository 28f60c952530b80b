"""The ways to ask a lookup: one reading is answered, several are asked back, and a batch answers row by row."""

import asyncio
import csv
import io
import json

import psycopg
import pytest
from starlette.requests import Request

from api import schemas
from api.routes import bodies
from planning.errors import Unusable
from planning.geometry import operation


@pytest.fixture(scope="module")
def known(sample):
    """A parcel with a point of it in the storage CRS."""
    with psycopg.connect(sample[0].database_url) as connection:
        [row] = connection.execute(
            "SELECT former_code, sheet, number, ST_X(ST_PointOnSurface(geom)), ST_Y(ST_PointOnSurface(geom)) FROM parcel"
            " ORDER BY former_code, sheet, number LIMIT 1"
        ).fetchall()
    return row


def asked(api, status=200, **question):
    answer = api.get("/v1/lookup", params={**question, "lang": "en"})
    assert answer.status_code == status, answer.text
    model = {200: schemas.Answer, 300: schemas.Choices}.get(status, schemas.Problem)
    model.model_validate(answer.json())
    return answer.json()


def place(answer):
    return answer["subject"]["x"], answer["subject"]["y"]


def square(east, north, side=20):
    """Corners as a surveyor lists them: X, the northing, first."""
    return [(north, east), (north, east + side), (north - side, east + side), (north - side, east)]


def test_either_order_of_a_pair_in_a_zone_is_the_same_place(sample_api, known):
    *_, east, north = known
    first = place(asked(sample_api, x=east, y=north, crs="EPSG:9214"))
    assert place(asked(sample_api, x=north, y=east, crs="EPSG:9214")) == first
    assert place(asked(sample_api, x=north, y=east, crs="EPSG:9214", order="yx")) == first
    assert asked(sample_api, 404, x=north, y=east, crs="EPSG:9214", order="xy")["code"] == "outside-province"


def test_a_pair_without_its_zone_is_answered_if_one_fits_and_asked_back_if_several_do(sample_api, known):
    *_, east, north = known
    answer = sample_api.get("/v1/lookup", params={"x": east, "y": north})
    province = sample_api.get("/v1/search", params={"q": f"{east} {north}"}).json()
    if len(province["choices"]) == 1:
        assert place(answer.json()) == (round(east, 4), round(north, 4))
    else:
        assert answer.status_code == 300
        assert [one["href"] for one in answer.json()["choices"]] == [one["href"] for one in province["choices"]]
    assert asked(sample_api, 400, x=1, y=2)["code"] == "bad-question"


def test_corners_are_one_area_with_their_zone(sample_api, known):
    *_, east, north = known
    text = "\n".join(f"{n} {x} {y}" for n, (x, y) in enumerate(square(east, north), start=1))
    answer = asked(sample_api, corners=text, crs="EPSG:9214")
    assert answer["subject"]["kind"] == "area"
    assert answer["subject"]["area_m2"] == pytest.approx(400)
    crossing = "\n".join(f"{x} {y}" for x, y in (square(east, north)[n] for n in (0, 2, 1, 3)))
    assert "side 1–2 meets side 3–4" in asked(sample_api, 400, corners=crossing, crs="EPSG:9214")["detail"]
    assert "EPSG:9215" in asked(sample_api, 400, corners=text, crs="EPSG:9999")["detail"]


def test_a_parcel_by_sheet_number_and_commune(sample_api, known):
    code, sheet, number, *_ = known
    answer = asked(sample_api, sheet=sheet, number=number, commune=code)
    assert answer["subject"]["key"] == f"{code}/{sheet}/{number}"
    nothing = asked(sample_api, 404, sheet=sheet, number=number, commune="Không Có")
    assert (nothing["code"], f"“parcel {number}, sheet {sheet}, Không Có”" in nothing["detail"]) == (
        "nothing-found",
        True,
    )


def test_a_text_is_any_of_these(sample_api, known):
    code, sheet, number, east, north = known
    assert place(asked(sample_api, q=f"{north} {east} KTT 107-00")) == (round(east, 4), round(north, 4))
    assert asked(sample_api, q=f"{code}/{sheet}/{number}")["subject"]["kind"] == "parcel"
    assert {one["kind"] for one in asked(sample_api, 300, q="hoa")["choices"]} <= {"unit", "former_unit", "locality"}
    assert asked(sample_api, 404, q="Không có tên này")["code"] == "nothing-found"
    assert "decimal sign" in asked(sample_api, 400, q="106,21")["detail"]


@pytest.mark.parametrize(
    "mixed", [{"lon": 106, "lat": 21, "q": "hoa"}, {"x": 1}, {"sheet": 1, "number": 2}, {"order": "xy"}, {}]
)
def test_one_way_at_a_time(sample_api, mixed):
    assert "or sheet, number, commune or q or shape" in asked(sample_api, 400, **mixed)["detail"]


def polygon(known):
    *_, east, north = known
    to_lonlat = operation(9214, 4326)
    ring = [list(to_lonlat.point(y, x)) for x, y in square(east, north)]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def test_a_polygon_that_is_sent_is_answered_like_one_in_the_address(sample_api, known):
    drawn = polygon(known)
    got = asked(sample_api, shape=json.dumps(drawn, separators=(",", ":")))
    for body in (drawn, {"type": "Feature", "properties": {}, "geometry": drawn}):
        sent = sample_api.post("/v1/lookup", json=body)
        assert sent.status_code == 200, sent.text
        assert sent.json() == got


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"ring", 422, "not JSON"),
        (b"[1]", 422, "not a GeoJSON object"),
        (b'{"type": "Point", "coordinates": [106, 21]}', 422, "a polygon is wanted"),
        (b'{"type": "FeatureCollection", "features": []}', 422, "one feature is wanted"),
        (
            b'{"type": "Polygon", "coordinates": [[[106, 21], [106.2, 21], [106.2, 21.2], [106, 21]]]}',
            413,
            "larger than 100 km",
        ),
        (b" " * 100_001, 413, "larger than 100 kB"),
    ],
)
def test_what_cannot_be_asked_about_is_told(sample_api, body, status, said):
    answer = sample_api.post("/v1/lookup?lang=en", content=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json()["detail"]


def test_what_is_sent_is_asked_once_and_is_no_abyss(sample_api, known):
    body = {"type": "Polygon", "coordinates": polygon(known)["coordinates"]}
    twice = sample_api.post("/v1/lookup?lang=en&on=2025-01-01&on=2026-01-01", json=body)
    assert (twice.status_code, "given twice" in twice.json()["detail"]) == (400, True)
    deep = b'{"type": "Polygon", "coordinates": ' + b"[" * 900 + b"]" * 900 + b"}"
    answer = sample_api.post("/v1/lookup?lang=en", content=deep)
    assert (answer.status_code, "nested too deep" in answer.json()["detail"]) == (422, True)
    many = b'{"features": [{"geometry": ' + deep + b"}]}"
    [row] = rows(sample_api.post("/v1/lookup/batch", content=many))
    assert row["problem"]["code"] == "unusable"


def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch):
    """Neither a sender that went away nor one that sends no more is a fault, or keeps memory."""
    monkeypatch.setattr(bodies, "LONGEST_SECONDS", 0.05)

    async def gone():
        return {"type": "http.disconnect"}

    async def slow():
        await asyncio.sleep(5)

    for receive, said in ((gone, "went away"), (slow, "not whole after")):
        request = Request({"type": "http", "method": "POST", "headers": []}, receive)
        with pytest.raises(Unusable, match=said):
            asyncio.run(bodies.body_of(request, 1000))


def test_whatever_way_was_asked_the_code_of_the_sheet_proves_the_answer(sample_api, known):
    """The sheet is held by people who never saw the question: its address asks for the one reading that was answered."""
    code, sheet, number, east, north = known
    lon, lat = operation(9214, 4326).point(east, north)
    corners = "\n".join(f"{x} {y}" for x, y in square(east, north))
    ways = [
        {"lon": lon, "lat": lat},
        {"x": east, "y": north, "crs": "EPSG:9214"},
        {"x": north, "y": east, "crs": "EPSG:9214"},
        {"x": north, "y": east, "crs": "EPSG:9214", "order": "yx"},
        {"q": f"{north} {east} KTT 107-00"},
        {"q": f"{lat}; {lon}"},
        {"corners": corners, "crs": "EPSG:9214"},
        {"corners": corners.replace("\n", "\r\n"), "crs": "EPSG:9214"},
        {"q": f"{corners} KTT 107-00"},
        {"sheet": sheet, "number": number, "commune": code},
        {"shape": json.dumps(polygon(known))},
    ]
    for way in ways:
        path = asked(sample_api, **way)["verify"]
        assert sample_api.get(path).json()["standing"] == "genuine", way
    sent = sample_api.post("/v1/lookup", json=polygon(known)).json()["verify"]
    assert sample_api.get(sent).json()["standing"] == "genuine"


def test_an_area_read_from_a_text_is_the_area_of_its_choice(sample_api, known):
    """What is answered at once and what the address of a choice answers have one hash."""
    *_, east, north = known
    text = "; ".join(f"{x} {y}" for x, y in square(east, north))
    several = sample_api.get("/v1/search", params={"q": text + " KTT 107-00"}).json()["choices"]
    assert sample_api.get(several[0]["href"]).json()["hash"] == asked(sample_api, q=text + " KTT 107-00")["hash"]


def rows(answer):
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


def test_a_batch_answers_every_row_in_order(sample_api, known):
    code, sheet, number, east, north = known
    lon, lat = operation(9214, 4326).point(east, north)
    table = (
        "id,lon,lat,x,y,crs,former_code,sheet,number\n"
        f"a,{lon},{lat},,,,,,\nb,,,{east},{north},EPSG:9214,,,\nc,,,,,,{code},{sheet},{number}\nd,nowhere,21,,,,,,\ne,{lon},,,,,,,\nf,10,20,,,,,,\n"
    )
    found = rows(
        sample_api.post("/v1/lookup/batch?lang=en", content=table.encode(), headers={"Content-Type": "text/csv"})
    )
    assert [one["id"] for one in found] == list("abcdef")
    assert [one["status"] for one in found] == [200, 200, 200, 400, 400, 404]
    assert [one["row"] for one in found] == [1, 2, 3, 4, 5, 6]
    assert found[2]["answer"]["subject"]["key"] == f"{code}/{sheet}/{number}"
    single = sample_api.get("/v1/lookup", params={"x": east, "y": north, "crs": "EPSG:9214"}).json()
    assert found[1]["answer"] == single
    assert "nowhere" in found[3]["problem"]["detail"]


def test_a_batch_of_features_and_as_a_table(sample_api, known):
    *_, east, north = known
    lon, lat = operation(9214, 4326).point(east, north)
    features = [
        {"type": "Feature", "id": 7, "properties": {}, "geometry": {"type": "Point", "coordinates": [lon, lat]}},
        {"type": "Feature", "properties": {}, "geometry": polygon(known)},
        {"type": "Feature", "properties": {}, "geometry": None},
        "nonsense",
    ]
    body = {"type": "FeatureCollection", "features": features}
    found = rows(sample_api.post("/v1/lookup/batch", json=body))
    assert [one["status"] for one in found] == [200, 200, 400, 400]
    assert [found[0]["id"], found[1]["answer"]["subject"]["kind"]] == ["7", "area"]
    answer = sample_api.post("/v1/lookup/batch?format=csv", json=body)
    table = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [one["status"] for one in table] == ["200", "200", "400", "400"]
    states = {one["theme"]: one["state"] for one in found[0]["answer"]["themes"]}
    assert table[0]["general_state"] == states["general"]


def test_a_batch_loses_nothing_silently(sample_api, known):
    *_, east, north = known
    lon, lat = operation(9214, 4326).point(east, north)

    def told(table: str, lang: str = "en"):
        return sample_api.post(f"/v1/lookup/batch?lang={lang}", content=table.encode())

    old_mac = rows(told(f"id,lon,lat\ra,{lon},{lat}\rb,{lon},{lat}\r"))
    assert [(one["id"], one["status"]) for one in old_mac] == [("a", 200), ("b", 200)]
    for broken in ('id,q\na,"Tân\nb,Hòa\n', "lon,lat," + "x" * 140_000 + "\n1,2\n"):
        answer = told(broken)
        assert (answer.status_code, "the CSV is broken at line" in answer.json()["detail"]) == (422, True)
    [comma] = rows(told("lon,lat\n106,17,21,25\n"))
    assert "more cells than there are columns" in comma["problem"]["detail"]
    [both] = rows(told("former_code,commune,sheet,number\n90001,90002,1,1\n"))
    assert "give one of them" in both["problem"]["detail"]
    [number] = rows(told("lon,lat\nabc,21\n", "vi"))
    assert number["problem"]["detail"] == "Tham số “lon” không hợp lệ: “abc”: phải là một số."


def test_a_batch_has_its_limits(sample_api):
    def refused(body: str, status: int, said: str) -> None:
        answer = sample_api.post(
            "/v1/lookup/batch?lang=en", content=body.encode(), headers={"Content-Type": "text/csv"}
        )
        assert answer.status_code == status
        assert said in answer.json()["detail"]

    refused("lon,lat\n" + "106,21\n" * 10_001, 413, "more than 10,000 rows")
    refused("a,b\n1,2\n", 422, "the first line must name the columns")
    refused("lon,lat\n", 422, "no rows")
    assert sample_api.post("/v1/lookup/batch?release=999", content=b"lon,lat\n106,21\n").status_code == 404
    assert (
        sample_api.post("/v1/lookup/batch?nonsense=1", content=b"lon,lat\n106,21\n").json()["code"]
        == "unknown-parameter"
    )


def test_posting_elsewhere_is_refused_with_where_it_may_ask(sample_api):
    answer = sample_api.post("/v1/units?lang=en")
    assert answer.status_code == 405
    assert "POST only asks too, at /v1/lookup" in answer.json()["detail"]


@pytest.mark.parametrize("way", ["order", "corners", "q", "sent", "lonlat"])
def test_whatever_way_was_asked_the_answer_is_proved_by_its_address(sample_api, known, way):
    ring = polygon(known)["coordinates"][0]
    pairs = [operation(4326, 9214).point(lon, lat) for lon, lat in ring[:-1]]
    x, y = pairs[0]
    if way == "sent":
        answer = sample_api.post("/v1/lookup", json=polygon(known))
    else:
        ways = {
            "order": {"x": y, "y": x, "crs": "EPSG:9214", "order": "yx"},
            "corners": {"corners": "; ".join(f"{e:.3f} {n:.3f}" for e, n in pairs), "crs": "EPSG:9214", "order": "xy"},
            "q": {"q": f"{ring[0][1]:.7f}, {ring[0][0]:.7f}"},
            "lonlat": {"lon": ring[0][0], "lat": ring[0][1]},
        }
        answer = sample_api.get("/v1/lookup", params=ways[way])
    assert answer.status_code == 200, answer.text
    proved = sample_api.get(answer.json()["verify"], headers={"Accept": "application/json"})
    assert (proved.status_code, proved.json()["standing"]) == (200, "genuine"), proved.text
