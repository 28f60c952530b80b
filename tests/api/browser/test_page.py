"""The page as a person meets it, in headless Chromium against the live service over the sample province."""

import json
import unicodedata
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from api.app import PAGE
from tests.api.browser.conftest import PHONE, Opener, await_map

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not PAGE.is_dir(), reason="the page is not built: script/setup builds it"),
]


def look_at(page: Page, place: dict[str, float], zoom: float = 13) -> None:
    page.evaluate(
        "([lon, lat, zoom]) => window.quyhoach.map.jumpTo({center: [lon, lat], zoom})",
        [place["lon"], place["lat"], zoom],
    )
    await_map(page)


def click_centre(page: Page) -> None:
    box = page.locator("#map").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def visibility(page: Page, layer: str) -> str:
    shown: str = page.evaluate(
        "layer => window.quyhoach.map.getLayoutProperty(layer, 'visibility') ?? 'visible'", layer
    )
    return shown


def without_marks(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def point(place: dict[str, float]) -> str:
    return f"#point={place['lon']},{place['lat']}"


def answered_with(page: Page, change: Callable[[dict[str, Any]], None]) -> None:
    """Let the service's next lookups be answered with a changed document."""

    def changed(route: Route) -> None:
        response = route.fetch()
        document = response.json()
        change(document)
        route.fulfill(response=response, body=json.dumps(document))

    page.route("**/v1/lookup*", changed)


def test_it_loads_from_its_own_server_alone_and_without_a_complaint(
    context: BrowserContext, sample_server: str
) -> None:
    page, complaints, hosts = context.new_page(), [], set()
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(f"{request.url} {request.failure}"))
    page.on("response", lambda response: complaints.append(response.url) if response.status >= 400 else None)
    page.on(
        "request", lambda request: hosts.add(urlsplit(request.url).netloc) if request.url.startswith("http") else None
    )
    page.goto(sample_server)
    await_map(page)
    assert complaints == []
    assert hosts == {urlsplit(sample_server).netloc}


def test_invented_data_is_called_so(opened: Opener) -> None:
    page = opened()
    expect(page.get_by_text("DỮ LIỆU MINH HỌA – không có giá trị pháp lý")).to_be_visible()


def test_a_touched_place_is_answered_as_the_service_answers_it(opened: Opener, asked: Callable[..., Any]) -> None:
    place = asked("/v1/health")["example"]
    page = opened()
    look_at(page, place)
    click_centre(page)
    answer = asked("/v1/lookup", **place)
    [commune] = [unit for unit in answer["units"] if unit["level"] == "commune"]
    expect(page.locator(".subject")).to_have_text(commune["name"])
    states = page.locator("[data-theme]").evaluate_all("all => all.map(one => [one.dataset.theme, one.dataset.state])")
    assert sorted(states) == sorted([theme["theme"], theme["state"]] for theme in answer["themes"])
    for theme in answer["themes"]:
        for restriction in theme["restrictions"]:
            expect(page.locator(f"[data-plan='{restriction['plan']['code']}'] h4")).to_have_text(
                restriction["plan"]["name"]
            )
    expect(page.locator(".colophon")).to_contain_text(answer["disclaimer"]["vi"])


def test_the_keyboard_alone_is_enough(opened: Opener, asked: Callable[..., Any]) -> None:
    page = opened()
    look_at(page, asked("/v1/health")["example"])
    page.locator(".maplibregl-canvas").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".theme").first).to_be_visible()


def test_the_four_states_differ_in_words_and_sign(opened: Opener, asked: Callable[..., Any]) -> None:
    states = ["applies", "none", "no_data", "not_carried_over"]

    def all_four(document: dict[str, Any]) -> None:
        document["themes"] = [{**document["themes"][0], "state": state} for state in states]

    page = opened()
    answered_with(page, all_four)
    page.goto(page.url.split("#")[0] + point(asked("/v1/health")["example"]))
    signs = page.locator(".theme > header .state")  # the state of a card, or of a list of themes
    expect(signs).to_have_count(4)
    assert len(set(signs.all_inner_texts())) == 4
    assert len(set(signs.locator("svg").evaluate_all("signs => signs.map(sign => sign.innerHTML)"))) == 4


def test_a_parcel_is_answered_in_square_metres_and_percent(opened: Opener, asked: Callable[..., Any]) -> None:
    place = asked("/v1/health")["example"]
    page = opened(point(place))
    page.locator(".parcel-link").first.click()
    key = asked("/v1/lookup", **place)["parcels"][0]["key"]
    sheet, number = key.split("/")[1:]
    expect(page.locator(".subject")).to_have_text(f"Thửa {number}, tờ bản đồ {sheet}")
    expect(page.locator(".share").first).to_contain_text("m² (")
    assert f"parcel={key}" in page.url


def test_a_name_without_diacritics_finds_the_commune(opened: Opener, asked: Callable[..., Any]) -> None:
    communes = asked("/v1/units", level="commune")["units"]
    commune = next(unit for unit in communes if without_marks(unit["name"]) != unit["name"].lower())
    page = opened()
    page.locator("#search").fill(without_marks(commune["name"]))
    expect(page.get_by_role("option").first).to_contain_text(commune["name"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".subject")).to_have_text(commune["name"])
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_a_former_commune_is_found_with_what_it_is_now(opened: Opener, asked: Callable[..., Any]) -> None:
    units = asked("/v1/units", level="commune", former="true")["units"]
    former = next(unit for unit in units if not unit["in_force"] and unit["successors"])
    page = opened()
    page.locator("#search").fill(former["name"])
    option = page.get_by_role("option").filter(has_text=f"nay là {former['successors'][0]['name']}").first
    expect(option).to_be_visible()
    page.keyboard.press("Escape")
    expect(option).to_be_hidden()


@pytest.mark.parametrize("written", ["{lon}, {lat}", "{lat} {lon}"])
def test_pasted_coordinates_are_looked_up_in_either_order(
    opened: Opener, asked: Callable[..., Any], written: str
) -> None:
    place = asked("/v1/health")["example"]
    page = opened()
    page.locator("#search").fill(written.format(**place))
    page.keyboard.press("Enter")
    expect(page.locator(".theme").first).to_be_visible()


def test_former_communes_are_shown_on_request(opened: Opener) -> None:
    page = opened()
    assert visibility(page, "former-units-line") == "none"
    page.locator(".layers-button").click()
    page.get_by_label("Ranh giới xã cũ").check()
    assert visibility(page, "former-units-line") == "visible"
    assert "former-units" in page.url


def test_another_day_changes_the_map_and_the_answer(opened: Opener, asked: Callable[..., Any]) -> None:
    place, day = asked("/v1/health")["example"], "2025-01-01"
    page = opened(point(place))
    page.locator(".layers-button").click()
    with page.expect_request(lambda request: "/tiles/" in request.url and f"on={day}" in request.url):
        page.locator("input[name=on]").fill(day)
    [then] = [unit for unit in asked("/v1/lookup", **place, on=day)["units"] if unit["level"] == "commune"]
    expect(page.locator(".subject")).to_have_text(then["name"])
    assert f"on={day}" in page.url


def test_the_page_speaks_two_languages(opened: Opener, asked: Callable[..., Any]) -> None:
    page = opened(point(asked("/v1/health")["example"]))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tra cứu quy hoạch")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Planning lookup")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".theme h3").first).to_have_text("General plan")
    assert "lang=en" in page.url


def test_back_returns_to_the_answer_before(opened: Opener, asked: Callable[..., Any]) -> None:
    page = opened(point(asked("/v1/health")["example"]))
    name = page.locator(".subject").inner_text()
    page.locator(".parcel-link").first.click()
    expect(page.locator(".subject")).to_contain_text("Thửa")
    page.go_back()
    expect(page.locator(".subject")).to_have_text(name)
    page.reload()
    expect(page.locator(".subject")).to_have_text(name)


def test_coverage_is_shown_as_a_ratio(opened: Opener, asked: Callable[..., Any]) -> None:
    page = opened()
    page.get_by_role("tab", name="Độ phủ kín").click()
    rows = asked("/v1/coverage", level="general")["rows"]
    expect(page.locator(".ratios tbody tr")).to_have_count(len(rows))
    part = next(row for row in rows if 1 < row["ratio_pct"] < 99)
    shown = f"{part['ratio_pct']:.1f}".replace(".", ",").removesuffix(",0")
    expect(page.locator(f"[data-unit='{part['unit_code']}'] .ratio")).to_have_text(f"{shown} %")
    assert visibility(page, "coverage-fill") == "visible"
    assert page.locator(".finding-group").count() > 0


def test_a_day_that_was_not_checked_is_said_kindly(opened: Opener) -> None:
    page = opened("#mode=coverage&on=2021-05-01")
    expect(page.get_by_text("Độ phủ kín chưa được kiểm tra")).to_be_visible()


def test_a_place_outside_shows_what_the_service_says(opened: Opener, asked: Callable[..., Any]) -> None:
    page = opened("#point=100.5,13.75")
    expect(page.get_by_role("alert")).to_contain_text(asked("/v1/lookup", lon=100.5, lat=13.75)["detail"])


def test_a_phone_has_the_answer_in_a_sheet_and_nothing_to_scroll_sideways(
    opened: Opener, asked: Callable[..., Any]
) -> None:
    page = opened(point(asked("/v1/health")["example"]), viewport=PHONE)
    expect(page.locator(".theme").first).to_be_attached()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    sheet = page.locator(".panel").bounding_box()
    assert sheet is not None
    assert sheet["y"] + sheet["height"] == pytest.approx(PHONE["height"], abs=1)
    assert 0.3 < sheet["height"] / PHONE["height"] < 0.7
    expect(page.locator(".subject")).to_be_in_viewport()


def test_names_in_the_data_are_never_markup(opened: Opener, asked: Callable[..., Any]) -> None:
    evil = "<img src=x onerror=\"document.title='taken'\">"

    def poisoned(document: dict[str, Any]) -> None:
        for unit in document["units"]:
            unit["name"] = evil
        document["themes"][0]["restrictions"][0]["plan"]["name"] = evil

    page = opened()
    answered_with(page, poisoned)
    page.goto(page.url.split("#")[0] + point(asked("/v1/health")["example"]))
    expect(page.locator(".plan h4").first).to_have_text(evil)
    assert page.locator("#answer img").count() == 0
    assert page.title() != "taken"


def test_a_plan_traced_from_a_scan_says_so_and_how_exact_it_is(opened: Opener, asked: Callable[..., Any]) -> None:
    def traced(document: dict[str, Any]) -> None:
        theme = next(theme for theme in document["themes"] if theme["restrictions"])
        theme["restrictions"][0]["plan"] |= {"origin": "traced", "accuracy_m": 2.54}

    page = opened()
    answered_with(page, traced)
    page.goto(page.url.split("#")[0] + point(asked("/v1/health")["example"]))
    plan = page.locator(".plan").first
    expect(plan).to_contain_text("Nguồn nét vẽ")
    expect(plan).to_contain_text("tự động lần vết từ bản quét")
    expect(plan).to_contain_text("± 2,5 m")


def test_a_late_answer_never_takes_the_place_of_a_newer_one(opened: Opener, asked: Callable[..., Any]) -> None:
    place = asked("/v1/health")["example"]
    page = opened()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/v1/lookup*", hold, times=1)
    look_at(page, {"lon": place["lon"] + 0.02, "lat": place["lat"]})
    click_centre(page)
    expect(page.locator(".loading")).to_be_visible()
    look_at(page, place)
    click_centre(page)
    expect(page.locator(".theme").first).to_be_visible()
    shown = page.locator(".coordinates").inner_text()
    held[0].continue_()
    page.wait_for_timeout(300)
    assert page.locator(".coordinates").inner_text() == shown


def test_without_a_network_it_says_so_and_tries_again(opened: Opener, asked: Callable[..., Any]) -> None:
    page = opened()
    look_at(page, asked("/v1/health")["example"])
    page.context.set_offline(True)
    click_centre(page)
    expect(page.get_by_role("alert")).to_contain_text("Không kết nối được")
    page.context.set_offline(False)
    page.get_by_role("alert").get_by_role("button", name="Thử lại").click()
    expect(page.locator(".theme").first).to_be_visible()


def test_a_service_that_has_published_nothing_is_met_kindly(opened: Opener) -> None:
    nothing = {
        "status": "ok",
        "version": "0",
        "release": None,
        "storage_crs": "EPSG:9214",
        "bounds": None,
        "example": None,
    }
    page = opened(awaited=False)
    page.route("**/v1/health*", lambda route: route.fulfill(json=nothing))
    page.reload()
    expect(page.get_by_text("Chưa có dữ liệu nào được công bố")).to_be_visible()
    expect(page.locator(".banner")).to_be_hidden()
