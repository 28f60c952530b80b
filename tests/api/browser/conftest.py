"""A browser, and the page of the sample province opened in it."""

import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx2 as httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-gpu-compositing",
    "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
DESKTOP = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=360, height=740)

expect.set_options(timeout=30_000)
"""How long something may take that must come says more of the machine than of the page."""

Opener = Callable[..., Page]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Not for the whole session: while Playwright runs no test can have an event loop of its own."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: script/setup installs it")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=DESKTOP, locale="vi-VN")
    yield context
    context.close()


@pytest.fixture
def opened(context: BrowserContext, sample_server: str) -> Opener:
    """Opens the page at a hash; by default once its map stands."""

    def open_page(hash_: str = "", *, viewport: ViewportSize = DESKTOP, awaited: bool = True) -> Page:
        page = context.new_page()
        page.set_viewport_size(viewport)
        page.goto(f"{sample_server}/{hash_}")
        if awaited:
            await_map(page)
        return page

    return open_page


@pytest.fixture
def asked(sample_server: str) -> Callable[..., Any]:
    """What the service answers to the same question."""

    def ask(path: str, **parameters: Any) -> Any:
        return httpx.get(f"{sample_server}{path}", params=parameters).json()

    return ask


def await_map(page: Page) -> None:
    """`wait_for_function` evaluates text in the page, which its security policy rightly refuses."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if page.evaluate("() => Boolean(window.quyhoach?.map?.loaded())"):
            return
        page.wait_for_timeout(50)
    raise AssertionError("the map did not come up")
