"""One box for every way to ask: what can be read in several ways is asked, corners are outlined, names lead the map."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from planning.geometry import operation
from tests.api.browser.conftest import Opener

pytestmark = pytest.mark.browser

OUTLINED = (
    "async () => (await window.quyhoach.map.getSource('selection').getData()).features.map((one) => one.geometry.type)"
)


def outlined(page: Page, *kinds: str) -> bool:
    """Whether these kinds of shapes are outlined on the map, in a while."""
    for _ in range(300):
        if page.evaluate(OUTLINED) == [*kinds]:
            return True
        page.wait_for_timeout(100)
    return False


def paste(page: Page, text: str) -> None:
    """Paste as a person does: what is on the clipboard may have lines."""
    page.locator("#search").evaluate(
        "(box, text) => { box.focus(); const data = new DataTransfer(); data.setData('text/plain', text);"
        " if (box.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })))"
        " { box.value = text; box.dispatchEvent(new Event('input')); } }",
        text,
    )


def table(asked: Callable[..., Any]) -> str:
    """Corners as a surveyor lists them, X the northing first."""
    place = asked("/v1/health")["example"]
    east, north = operation(4326, 9214).point(place["lon"], place["lat"])
    corners = [(north, east), (north, east + 40), (north - 40, east + 40), (north - 40, east)]
    return "Điểm\tX(m)\tY(m)\n" + "\n".join(f"{n}\t{x:.2f}\t{y:.2f}" for n, (x, y) in enumerate(corners, start=1))


def test_pasted_corners_are_outlined_and_asked_about(opened: Opener, asked: Callable[..., Any]) -> None:
    page = opened()
    paste(page, table(asked) + "\nKTT 107°00'")
    expect(page.get_by_role("option")).to_have_count(1)
    expect(page.get_by_role("option")).to_contain_text("4 góc")
    assert outlined(page, "Polygon")
    page.keyboard.press("Escape")
    assert outlined(page)
    page.locator("#search").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("area="))


def test_coordinates_without_their_zone_are_asked_back_and_enter_picks_none(
    opened: Opener, asked: Callable[..., Any]
) -> None:
    place = asked("/v1/health")["example"]
    east, north = operation(4326, 9214).point(place["lon"], place["lat"])
    choices = asked("/v1/search", q=f"{north:.2f} {east:.2f}")["choices"]
    page = opened()
    page.locator("#search").fill(f"{north:.2f} {east:.2f}")
    expect(page.get_by_role("option")).to_have_count(len(choices))
    page.keyboard.press("Enter")
    if len(choices) > 1:
        expect(page.locator(".search-message")).to_contain_text("chọn múi chiếu đúng")
        assert "point=" not in page.url
        expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("point="))


def test_a_street_leads_the_map_and_is_no_place_by_itself(opened: Opener) -> None:
    page = opened()
    page.locator("#search").fill("hoa mau don")
    option = page.get_by_role("option").filter(has_text="Đường Hoa Mẫu Đơn").first
    option.click()
    expect(page.get_by_text("chạm vào bản đồ ở nơi cần tra cứu")).to_be_visible()
    assert outlined(page, "LineString")
    assert "point=" not in page.url


def test_what_cannot_be_read_says_why(opened: Opener) -> None:
    page = opened()
    page.locator("#search").fill("2352500 415000; 2352480 415020; 2352500 415020; 2352480 415000; KTT 107-00")
    expect(page.locator(".search-message")).to_contain_text("cạnh 1–2 cắt cạnh 3–4")
