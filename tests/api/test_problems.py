"""Every mistake is a problem+json that says what is wrong, in both languages, and shows nothing of the inside."""

import pytest

from planning.errors import BadQuestion, Busy, NotFound, TooLarge, Unavailable, UnknownParameter, Unusable
from tests.guide import ROOT
from tests.town import at

X, Y = at("G")
HERE = f"x={X}&y={Y}&crs=EPSG:9214"


@pytest.mark.parametrize(
    ("address", "status", "code", "said"),
    [
        (f"/v1/lookup?{HERE}&layer=zones", 400, "unknown-parameter", "There is no parameter “layer”"),
        ("/v1/lookup?lon=106", 400, "bad-question", "give lon, lat or x, y [crs, order]"),
        ("/v1/lookup", 400, "bad-question", "give lon, lat or x, y [crs, order]"),
        (f"/v1/lookup?{HERE}&lon=106&lat=21", 400, "bad-question", "give lon, lat or x, y [crs, order]"),
        ("/v1/lookup?lon=east&lat=21", 400, "bad-question", "“lon”"),
        ("/v1/lookup?lon=nan&lat=21", 400, "bad-question", "“lon”"),
        ("/v1/lookup?lon=106&lat=95", 400, "bad-question", "less than or equal to 90"),
        ("/v1/lookup?x=1&y=2&crs=EPSG:2154", 400, "bad-question", "is not one of EPSG:"),
        (f"/v1/lookup?{HERE}&on=30/06/2025", 400, "bad-question", "“on”"),
        (f"/v1/lookup?{HERE}&release=0", 400, "bad-question", "“release”"),
        (f"/v1/lookup?{HERE}&release=7", 404, "unknown-release", "no release 7. The latest release is 1"),
        ("/v1/lookup?lon=2.35&lat=48.85", 404, "outside-province", "lies outside every unit on record"),
        (f"/v1/lookup?{HERE}&on=1990-01-01", 404, "outside-province", "on 1990-01-01"),
        ("/v1/units/99999", 404, "unknown-unit", "No administrative unit has code 99999"),
        ("/v1/units/7582", 400, "bad-question", "“code”"),
        ("/v1/units?level=ward", 400, "bad-question", "“level”"),
        ("/v1/parcels/90001/9/9", 404, "unknown-parcel", "no parcel 9 on sheet 9 of former commune 90001"),
        ("/v1/parcels/90001/x/9", 400, "bad-question", "“sheet”"),
        ("/v1/parcels/90001/1/99999999999", 400, "bad-question", "“number”"),
        ("/v1/coverage?level=chung", 400, "bad-question", "known: general"),
        ("/v1/coverage", 404, "not-checked", "Run: quyhoach check coverage"),
        ("/v1/findings?check=nothing", 400, "bad-question", "known: unit.gap"),
        ("/v1/health?verbose=1", 400, "unknown-parameter", "“verbose”"),
        ("/tiles/roads.json", 404, "unknown-layer", "The layers are: units"),
        ("/tiles/units/3/9/1.mvt", 404, "tile-outside", "There is no tile 3/9/1"),
        ("/tiles/parcels/5/1/1.mvt", 404, "tile-outside", "from zoom 14 to 18"),
        ("/tiles/units/a/1/1.mvt", 400, "bad-question", "“z”"),
        ("/tiles/units/3/1/1.mvt?style=1", 400, "unknown-parameter", "“style”"),
        ("/v1/units?q=%00", 400, "bad-question", "a zero byte stands in a parameter"),
        ("/v1/units?q=%20", 400, "bad-question", "it holds no letter"),
        ("/v1/units?on=1735689600", 400, "bad-question", "YYYY-MM-DD"),
        ("/v1/units?on=2025-01-01&on=2026-01-01", 400, "bad-question", "it is given twice"),
        ("/v1/health?release=7", 404, "unknown-release", "The latest release is 1"),
        ("/v1/releases?release=7", 404, "unknown-release", "The latest release is 1"),
        ("/tiles/units.json?release=7", 404, "unknown-release", "The latest release is 1"),
        ("/tiles/units/3/6/3.mvt?release=7", 404, "unknown-release", "The latest release is 1"),
        ("/v1/lookup?q=%00", 400, "bad-question", "a zero byte stands in a parameter"),
        (
            "/v1/lookup?shape=CURVEPOLYGON(CIRCULARSTRING(1 1,2 2,3 1,2 0,1 1))",
            400,
            "bad-question",
            "cannot be read as",
        ),
        ("/v1/lookup?shape=POLYGON((104 9,104.1 9,104 9.1,104 9))", 404, "outside-province", "outside every unit"),
        (
            "/v1/lookup?corners=1 2;3 4;5 6&crs=EPSG:3857",
            400,
            "bad-question",
            "is not one of EPSG:3405, EPSG:3406, EPSG:4326",
        ),
        ("/v1/lookup?sheet=1&number=1&commune=%20", 400, "bad-question", "it holds no letter"),
        ("/v2/lookup", 404, "no-such-address", "There is no such address"),
    ],
)
def test_a_mistake_is_explained(api, address, status, code, said):
    joint = "&" if "?" in address else "?"
    answer = api.get(f"{address}{joint}lang=en")
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    assert said in body["detail"]
    assert not any(word in answer.text for word in ("Traceback", "SELECT", "asyncpg", "pydantic"))


def test_every_code_is_documented_where_the_problem_leads_and_in_the_guide(api):
    """`type` leads to /docs, which shows the service's own description."""
    told = api.get("/openapi.json").json()["info"]["description"]
    guide = (ROOT / "docs" / "guide" / "api.md").read_text(encoding="utf-8")
    of_commands = {"nothing-to-check", "unknown-profile", "not-found"}  # no address of the service leads to them
    codes = {
        kind.code
        for kind in (*NotFound.__subclasses__(), BadQuestion, UnknownParameter, TooLarge, Unusable, Busy, Unavailable)
    }
    for code in (codes - of_commands) | {"no-such-address", "refused", "fault"}:
        assert f"`{code}`" in told, code
        assert f"`{code}`" in guide, code


def test_vietnamese_comes_first(api):
    body = api.get("/v1/units/99999").json()
    assert body["title"] == "Không tìm thấy"
    assert body["detail"].startswith("Không có đơn vị hành chính mã 99999")


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ("lon=nan&lat=21", "“lon” không hợp lệ: “nan”: phải là số không quá 180."),
        ("lon=106&lat=x", "“lat” không hợp lệ: “x”: phải là một số."),
        (f"{HERE}&release=0", "“release” không hợp lệ: “0”: phải là số từ 1 trở lên."),
        (f"{HERE}&on=2026-2-3", "“on” không hợp lệ: “2026-2-3”: hãy viết dạng YYYY-MM-DD."),
        (f"{HERE}&on=2026-02-30", "“on” không hợp lệ: “2026-02-30”: phải là ngày có thật, dạng YYYY-MM-DD."),
        (f"{HERE}&format=xml", "“format” không hợp lệ: “xml”: chỉ được là 'json', 'geojson', 'html' hoặc 'pdf'."),
        ("q=", "“q” không hợp lệ: “”: cần ít nhất 1 ký tự."),
    ],
)
def test_a_mistake_is_told_in_vietnamese_without_english(api, parameters, said):
    assert said in api.get(f"/v1/lookup?{parameters}").json()["detail"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_the_service_only_reads(api, method):
    answer = api.request(method, "/v1/lookup?lang=en")
    assert answer.status_code == 405
    assert answer.json()["detail"].startswith("The service only reads: ask with GET; POST only asks too")


def test_nothing_can_be_smuggled_into_a_question(api):
    answer = api.get("/v1/units", params={"q": "'; DROP TABLE unit; --"})
    assert (answer.status_code, answer.json()["units"]) == (200, [])
    assert api.get("/v1/units", params={"q": "%"}).json()["units"] == []
    assert api.get("/v1/health").json()["status"] == "ok"


def test_head_answers_as_get_without_a_body(api):
    for address in (f"/v1/lookup?{HERE}&on=2026-01-01", "/tiles/units/12/3255/1801.mvt", "/", "/v1/units/99999"):
        got, head = api.get(address), api.head(address)
        assert (head.status_code, head.content) == (got.status_code, b"")
        assert head.headers.get("content-length") == got.headers.get("content-length")
        assert head.headers["x-content-type-options"] == "nosniff"


def test_a_method_that_is_not_allowed_names_those_that_are(api):
    assert "GET" in api.put("/v1/units").headers["allow"]
