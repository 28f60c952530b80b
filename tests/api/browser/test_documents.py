"""The documents of a plan on the page: listed with what they are, saved under their own name, what is missing told."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.api.browser.conftest import Opener
from tests.api.browser.test_page import point

pytestmark = pytest.mark.browser


def test_a_plan_shows_its_documents_and_what_is_missing(opened: Opener, asked: Callable[..., Any]) -> None:
    place = asked("/v1/health")["example"]
    page = opened(point(place))
    plans = [one["plan"] for theme in asked("/v1/lookup", **place)["themes"] for one in theme["restrictions"]]
    [told, *_] = [plan for plan in plans if plan["documents"]]
    shown = page.locator(f"[data-plan='{told['code']}']")
    link = shown.locator(".documents a")
    expect(link).to_have_text(told["documents"][0]["title"])
    expect(shown).to_contain_text("quy định quản lý, bản vẽ")
    with page.expect_download() as saved:
        link.click()
    assert saved.value.suggested_filename == "quyet-dinh-minh-hoa.pdf"
