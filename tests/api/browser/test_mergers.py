"""Mergers as a person meets them: descent, before and after, the parcel that is meant, the report that prints."""

import pytest
from playwright.sync_api import expect

from api.app import PAGE
from tests.api.browser.conftest import PHONE, Opener, await_map

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not PAGE.is_dir(), reason="the page is not built: script/setup builds it"),
]


def drawn_parts(page) -> int:
    return page.evaluate("async () => (await window.quyhoach.map.getSource('parts').getData()).features.length")


def test_a_unit_shows_what_it_was_made_of_with_shares_and_clauses(opened: Opener, asked):
    page = opened("#unit=90101")
    tree = page.locator(".lineage")
    expect(tree).to_be_visible()
    edges = [edge for edge in asked("/v1/units/90101/lineage")["edges"] if edge["to"].startswith("90101@")]
    expect(tree.locator(".branches.before > li")).to_have_count(len(edges))
    divided = tree.locator(".branches.before > li", has_text="Xã Hòa Lĩnh")
    expect(divided).to_contain_text("một phần")
    expect(divided).to_contain_text("% của đơn vị cũ")
    expect(divided.locator(".others")).to_contain_text("Phường Đình Hòa: phần còn lại sau khoản 1")


def test_before_and_after_are_drawn_and_switched_by_keyboard(opened: Opener):
    page = opened("#unit=90101")
    expect(page.locator(".parts-legend li")).to_have_count(4)
    assert drawn_parts(page) == 4
    page.get_by_role("radio", name="Trước").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("radio", name="Sau")).to_be_checked()
    expect(page.locator(".parts-legend")).to_be_hidden()
    assert drawn_parts(page) == 0


def test_a_former_unit_leads_to_who_holds_its_land_now(opened: Opener):
    page = opened("#unit=90004")
    expect(page.locator(".now")).to_contain_text("Đất của đơn vị này nay thuộc")
    expect(page.locator(".now .link")).to_have_count(2)
    page.locator(".now .link", has_text="Phường Đình Hòa").click()
    expect(page.locator(".subject")).to_have_text("Phường Đình Hòa")
    assert drawn_parts(page) > 0


def test_going_elsewhere_clears_the_land(opened: Opener):
    page = opened("#unit=90101")
    expect(page.locator(".before-after")).to_be_visible()
    page.locator("#search").fill("21.2237, 106.139")
    page.keyboard.press("Enter")
    expect(page.locator(".theme").first).to_be_visible()
    assert drawn_parts(page) == 0


def test_a_number_that_several_communes_used_is_asked_back(opened: Opener, asked):
    page = opened()
    report = asked("/v1/mergers/report", resolution="SAMPLE/NQ-MH")["report"]
    collision = report["parcels"]["collisions"][0]
    number = f"{collision['new']}/{collision['sheet']}/{collision['number']}"
    page.locator("#search").fill(number)
    page.keyboard.press("Enter")
    expect(page.locator(".choices button")).to_have_count(len(collision["formers"]))
    page.locator(".choices button").first.click()
    expect(page.locator(".place")).to_contain_text(f"tờ bản đồ {collision['sheet']}")
    assert "parcel=" in page.url


def test_the_impact_report_is_a_page_of_its_own(opened: Opener, sample_server: str):
    page = opened("#unit=90101")
    link = page.get_by_role("link", name="Báo cáo tác động: SAMPLE/NQ-MH")
    with page.expect_popup() as popup:
        link.click()
    report = popup.value
    expect(report.get_by_role("heading", level=1)).to_contain_text("Báo cáo tác động")
    expect(report.locator("body")).to_contain_text("MINH HỌA")
    assert report.locator("svg path").count() > 10
    printed = report.pdf(format="A4")
    assert printed.startswith(b"%PDF")


def test_the_tree_fits_a_phone(opened: Opener):
    page = opened("#unit=90102", viewport=PHONE)
    await_map(page)
    expect(page.locator(".lineage")).to_be_attached()
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
