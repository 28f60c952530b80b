"""What an answer says beside its plans, over the drawn town: lines, conflicts with their decision, findings, themes by state, areas."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from planning.geometry import LONLAT, operation
from planning.periods import today
from planning.settings import Settings
from tests.api.browser.conftest import DESKTOP, PHONE, await_map
from tests.api.test_control_lines import DYKE, POWER, RED
from tests.conftest import name_of, quyhoach, serving
from tests.town import DESPITE_ERRORS, at, strip, write

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def ruled(
    town: Settings, make_database: Callable[[str | None], Settings], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The service over the town with a power line 50 m east of its western edge, a red line, a dyke; checked; its overlap decided."""
    settings = make_database(name_of(town))
    lines = [one | {"valid_from": "2021-01-01", "legal_basis": "Nghị định 62/2025/NĐ-CP"} for one in (POWER, RED, DYKE)]
    file = write(tmp_path_factory.mktemp("lines") / "lines.gpkg", lines)
    for words in (
        ("import", "control-lines", str(file)),
        ("publish", *DESPITE_ERRORS),
        ("check", "all", "--on", today().isoformat()),
    ):
        done = quyhoach(settings, *words)
        assert done.returncode in {0, 1}, (done.stdout, done.stderr)
    with serving(settings) as address:
        _accept(settings, address)
        yield address


def _accept(settings: Settings, address: str) -> None:
    [case] = {
        one["case"]
        for one in _answer(address, at("D", 175, 50))["checks"]["findings"]
        if one["check"] == "plan.overlap"
    }
    decided = quyhoach(settings, "check", "accept", str(case), "--by", "UBND tỉnh", "--reason", "theo Phân khu 2")
    assert decided.returncode == 0, decided.stderr


def _answer(address: str, place: tuple[float, float]) -> Any:
    return httpx.get(f"{address}/v1/lookup", params={"x": place[0], "y": place[1], "crs": "EPSG:9214"}).json()


def degrees(place: tuple[float, float]) -> tuple[float, float]:
    lon, lat = operation(9214, LONLAT).point(*place)
    return round(lon, 7), round(lat, 7)


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def visit(request: pytest.FixtureRequest, context: BrowserContext, ruled: str) -> Visit:
    """Opens the page over the town, on a desktop and on a phone."""

    def open_page(hash_: str = "") -> Page:
        page = context.new_page()
        page.set_viewport_size(request.param)
        page.goto(f"{ruled}/{hash_}")
        await_map(page)
        return page

    return open_page


def at_point(east: float) -> str:
    lon, lat = degrees(at("D", east, 50))
    return f"#point={lon},{lat}"


def area_of(west: float, east: float) -> str:
    corners = [degrees(corner) for corner in list(strip(west, east).exterior.coords)[:-1]]
    return "#area=" + ",".join(f"{lon}_{lat}" for lon, lat in corners)


def fits(page: Page) -> bool:
    wide: bool = page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    inside: bool = page.evaluate(
        "() => { const b = document.querySelector('.panel-body'); return b.scrollWidth <= b.clientWidth; }"
    )
    return wide and inside


def await_rest(page: Page) -> None:
    """The map has come to a stand after a key."""
    page.wait_for_timeout(100)
    for _ in range(100):
        if not page.evaluate("() => window.quyhoach.map.isMoving()"):
            return
        page.wait_for_timeout(50)
    raise AssertionError("the map moves on and on")


def line(page: Page, name: str) -> Locator:
    return page.locator(".lines li", has_text=name)


def test_a_point_says_which_lines_run_where(visit: Visit) -> None:
    page = visit(at_point(45))
    power = line(page, "ĐZ 110 kV")
    expect(power.locator(".where")).to_have_text("nằm trong hành lang")
    expect(power).to_contain_text("Nghị định 62/2025/NĐ-CP")
    expect(line(page, "D1").locator(".where")).to_have_text("cách 35 m về phía Tây")
    expect(page.locator("[data-theme='corridors'] .line-names")).to_contain_text("ĐZ 110 kV: nằm trong hành lang")
    assert fits(page)


def test_an_area_says_what_a_corridor_takes_of_it(visit: Visit) -> None:
    page = visit(area_of(0, 100))
    expect(page.locator(".subject")).to_have_text("Vùng 2 ha")
    expect(line(page, "ĐZ 110 kV").locator(".where")).to_contain_text("(30 %)")
    expect(line(page, "ĐZ 110 kV").locator(".where")).to_contain_text("hành lang đi qua, chiếm 5.999")
    expect(line(page, "D1").locator(".where")).to_have_text("đi qua đây")
    assert fits(page)


def test_plans_in_conflict_are_named_with_what_was_decided(visit: Visit) -> None:
    page = visit(at_point(175))
    pair = page.locator("[data-plans='QHPK-1 QHPK-2']")
    expect(pair).to_contain_text("Phân khu 1 (QHPK-1) ↔ Phân khu 2 (QHPK-2)")
    expect(pair.locator(".decided")).to_contain_text("Đã quyết định: UBND tỉnh: theo Phân khu 2")
    touched = page.get_by_label("Điểm này nằm trong chỗ hở, chồng hoặc sai sót đã biết")
    expect(touched.locator("[data-check='plan.overlap']")).to_contain_text("1 ha, rộng khoảng 40 m")
    expect(touched).to_contain_text("Dữ liệu được kiểm tra ngày")


def test_what_applies_comes_first_and_every_theme_keeps_its_state(visit: Visit, ruled: str) -> None:
    page = visit(at_point(60))
    expect(page.locator(".theme").first).to_be_attached()
    shown = page.locator("[data-theme]").evaluate_all("all => all.map(one => [one.dataset.theme, one.dataset.state])")
    told = [[one["theme"], one["state"]] for one in _answer(ruled, at("D", 60, 50))["themes"]]
    order = ["applies", "not_carried_over", "none", "no_data"]
    assert shown == sorted(told, key=lambda one: order.index(one[1]))
    expect(page.locator(".theme-none [data-theme='detailed']")).to_contain_text("Theo xác nhận của: Sở Xây dựng")


def test_an_unknown_office_of_today_is_said_to_be_unknown(visit: Visit) -> None:
    plan = visit(at_point(60)).locator("[data-plan='QHC-TAY']")
    expect(plan.locator(".now")).to_have_text("→ nay: chưa ghi trong dữ liệu")
    expect(plan).to_contain_text("đang có hiệu lực")


def test_an_area_is_drawn_by_touch_and_ended_by_touching_twice(visit: Visit) -> None:
    lon, lat = degrees(at("B", 0, -50))
    page = visit(f"#view={lon},{lat},17")
    page.locator("[data-button=outline]").click()
    box = page.locator("#map").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for east, south in ((-40, 0), (40, 0), (0, 60)):
        page.mouse.click(x + east, y + south)
    expect(page.locator(".outline-bar p")).to_contain_text("3 đỉnh")
    page.mouse.click(x, y + 60)
    expect(page.locator(".subject")).to_contain_text("Vùng ")
    expect(page.locator(".outline-bar")).to_be_hidden()
    assert "area=" in page.url
    said = page.locator(".subject").inner_text()
    page.reload()
    expect(page.locator(".subject")).to_have_text(said)


def test_an_area_is_drawn_by_the_keyboard_and_the_last_corner_taken_back(visit: Visit) -> None:
    page = visit()
    page.locator("[data-button=outline]").focus()
    page.keyboard.press("Enter")
    for corner, key in enumerate(("ArrowUp", "ArrowRight", "ArrowDown", "ArrowDown")):
        page.keyboard.press("Enter")
        expect(page.locator(".outline-bar p")).to_contain_text(f"{corner + 1} đỉnh")
        page.keyboard.press(key)
        await_rest(page)
    expect(page.locator(".outline-bar p")).to_contain_text("4 đỉnh")
    page.keyboard.press("Backspace")
    expect(page.locator(".outline-bar p")).to_contain_text("3 đỉnh")
    page.keyboard.press("Escape")
    expect(page.locator(".outline-bar")).to_be_hidden()


def test_a_geojson_file_is_an_area_and_a_wrong_one_is_told_why(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    corners = [list(degrees(corner)) for corner in strip(0, 100).exterior.coords]
    good, bad = tmp_path / "vung.geojson", tmp_path / "vn2000.geojson"
    good.write_text(json.dumps({"type": "Polygon", "coordinates": [corners]}), encoding="utf-8")
    bad.write_text(
        json.dumps({"type": "Polygon", "coordinates": [list(strip(0, 100).exterior.coords)]}), encoding="utf-8"
    )
    page.locator("[data-button=outline]").click()
    page.locator(".outline-bar input").set_input_files(bad)
    expect(page.locator(".outline-bar p")).to_contain_text("không phải kinh độ, vĩ độ")
    page.locator(".outline-bar input").set_input_files(good)
    expect(page.locator(".subject")).to_have_text("Vùng 2 ha")
    expect(page.get_by_label("Thửa đất trong vùng")).to_be_visible()
