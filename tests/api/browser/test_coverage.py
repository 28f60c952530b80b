"""The coverage view: reports to print and take away, and findings as work."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2 as httpx
import pytest
from playwright.sync_api import expect

from planning.settings import Settings
from tests.api.browser.conftest import PHONE, Opener
from tests.conftest import quyhoach

pytestmark = pytest.mark.browser

DAY = "2026-01-15"
VIEW = f"#mode=coverage&on={DAY}"


@pytest.fixture
def accepted(sample: tuple[Settings, Path], asked: Callable[..., Any]) -> Iterator[dict[str, Any]]:
    """A finding that somebody lets stand until a day."""
    [found] = asked("/v1/findings", on=DAY, level="general", check="level.uncovered", limit=1)["findings"]
    words = ("--by", "Sở Xây dựng", "--reason", "đang lập quy hoạch", "--until", "2030-12-31")
    assert quyhoach(sample[0], "check", "accept", str(found["case"]), *words).returncode == 0
    yield found
    assert quyhoach(sample[0], "check", "reopen", str(found["case"])).returncode == 0


def test_a_finding_says_its_case_its_advice_and_who_accepted_it(opened: Opener, accepted: dict[str, Any]) -> None:
    page = opened(VIEW)
    group = page.locator(f".finding-group[data-check='{accepted['check']}']").first
    group.locator("summary").click()
    expect(group.locator(".advice")).to_contain_text(accepted["advice"]["vi"])
    case = group.locator(".case.accepted")
    expect(case).to_contain_text(f"Việc số {accepted['case']} · đã chấp nhận")
    expect(case).to_contain_text("Sở Xây dựng: đang lập quy hoạch – đến hết 31/12/2030")
    group.locator("li .link").first.click()
    expect(page.locator(".popup .case")).to_contain_text(f"Việc số {accepted['case']}")
    expect(page.locator(".popup .advice")).to_contain_text(accepted["advice"]["vi"])


def test_both_languages_tell_the_same(opened: Opener, accepted: dict[str, Any]) -> None:
    page = opened(VIEW + "&lang=en")
    group = page.locator(f".finding-group[data-check='{accepted['check']}']").first
    group.locator("summary").click()
    expect(group.locator(".advice")).to_contain_text(accepted["advice"]["en"])
    expect(group.locator(".case.accepted")).to_contain_text(f"Case {accepted['case']} · accepted")
    expect(page.get_by_role("link", name="Report of the province, to print")).to_be_visible()


def test_reports_are_linked_and_answer(opened: Opener, sample_server: str) -> None:
    page = opened(VIEW)
    expect(page.locator(".reports")).to_be_visible()
    for name, kind in (
        ("Báo cáo của tỉnh, bản in", "text/html"),
        ("bảng Excel (CSV)", "text/csv"),
        ("JSON", "application/json"),
        ("các lớp bản đồ (GeoPackage)", "application/geopackage+sqlite3"),
        ("phát hiện (GeoJSON)", "application/geo+json"),
    ):
        href = page.get_by_role("link", name=name, exact=True).get_attribute("href")
        assert href is not None
        assert parse_qs(urlsplit(href).query)["on"] == [DAY]
        answer = httpx.get(href)
        assert answer.status_code == 200, href
        assert answer.headers["content-type"].startswith(kind)


def test_each_commune_leads_to_its_inventory(opened: Opener) -> None:
    page = opened(VIEW)
    row = page.locator(".ratios tbody tr").first
    unit, name = row.get_attribute("data-unit"), row.get_by_role("button").inner_text()
    link = row.get_by_role("link", name=f"Bản kê đồ án: {name}")
    with page.context.expect_page() as printed:
        link.click()
    inventory = printed.value
    expect(inventory.get_by_role("heading", level=1)).to_contain_text(f"{name} ({unit})")
    assert inventory.locator("figure svg[role=img]").count() > 0
    assert inventory.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("unit", ["", "&unit=90101"])
def test_the_report_fits_a_phone(opened: Opener, sample_server: str, unit: str) -> None:
    page = opened(viewport=PHONE)
    page.goto(f"{sample_server}/coverage/report?on={DAY}{unit}")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    expect(page.get_by_role("heading", name="Trước và sau sáp nhập")).to_be_visible()


def test_on_a_phone_the_links_are_there_too(opened: Opener) -> None:
    page = opened(VIEW, viewport=PHONE)
    expect(page.locator(".reports")).to_be_attached()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
