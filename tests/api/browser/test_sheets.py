"""An answer on paper, and the paper held against the service: print and PDF from the page, and the page that proves a sheet."""

import json

import httpx2 as httpx
import pytest
import shapely
from playwright.sync_api import Page, expect

from tests.api.browser.conftest import Opener

pytestmark = pytest.mark.browser


@pytest.fixture
def answer(asked):
    """A parcel of the sample as the service answers it."""
    example = asked("/v1/health")["example"]
    key = asked("/v1/lookup", lon=example["lon"], lat=example["lat"])["parcels"][0]["key"]
    return asked(f"/v1/parcels/{key}", by="former")


@pytest.fixture
def paper(context):
    """A browser window of its own, as of somebody who holds a sheet; it keeps what the window complains of."""
    page = context.new_page()
    page.complaints = []  # type: ignore[attr-defined]
    page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)  # type: ignore[attr-defined]
    return page


def test_an_answer_is_printed_and_has_a_sheet_to_print_and_a_pdf(opened: Opener, answer) -> None:
    page = opened(f"#parcel={answer['subject']['key']}")
    expect(page.locator(".subject")).to_be_visible()
    page.evaluate("() => { window.print = () => { window.printed = (window.printed ?? 0) + 1; }; }")
    page.get_by_role("button", name="In", exact=True).click()
    assert page.evaluate("() => window.printed") == 1
    page.emulate_media(media="print")
    expect(page.locator(".subject")).to_be_visible()
    page.emulate_media(media="screen")

    pdf = httpx.get(page.get_by_role("link", name="Phiếu PDF").get_attribute("href") or "", timeout=30)
    assert (pdf.status_code, pdf.headers["content-type"], pdf.content[:5]) == (200, "application/pdf", b"%PDF-")
    with page.context.expect_page() as window:
        page.get_by_role("link", name="Phiếu để in").click()
    sheet = window.value
    expect(sheet.get_by_role("heading", level=1)).to_contain_text("PHIẾU TRA CỨU QUY HOẠCH")
    assert sheet.pdf(format="A4").startswith(b"%PDF")
    sheet.locator("a.code").click()
    expect(sheet.get_by_role("status")).to_contain_text("Phiếu đúng do dịch vụ này trả lời")


def shown(page: Page, address: str) -> None:
    page.goto(address)
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), "it scrolls sideways"


def test_a_genuine_sheet_a_changed_one_and_one_that_is_not_ours(paper: Page, answer, sample_server: str) -> None:
    shown(paper, sample_server + answer["verify"])
    expect(paper.get_by_role("status")).to_contain_text("Phiếu đúng do dịch vụ này trả lời")
    expect(paper.get_by_role("status")).to_contain_text("Thửa")
    expect(paper.get_by_text("Lần công bố mới nhất trả lời như cũ.")).to_be_visible()
    last = "0" if answer["hash"][-1] != "0" else "1"
    shown(paper, sample_server + answer["verify"].replace(answer["hash"], answer["hash"][:-1] + last))
    expect(paper.get_by_role("status")).to_contain_text("KHÔNG phải câu trả lời của dịch vụ này")
    shown(paper, sample_server + answer["verify"].replace("release=1", "release=999"))
    expect(paper.get_by_role("status")).to_contain_text("Không có lần công bố số 999")
    assert paper.complaints == []  # type: ignore[attr-defined]


def test_a_hash_alone_is_proved_by_typing_what_the_sheet_says(paper: Page, answer, sample_server: str) -> None:
    shown(paper, f"{sample_server}/verify/{answer['hash']}")
    expect(paper.get_by_role("status")).to_contain_text("Cần thêm thông tin in trên phiếu")
    form = paper.locator("form[method=get]")
    form.locator("[name=parcel]").fill(answer["subject"]["key"])
    form.locator("[name=on]").fill(answer["on"])
    form.locator("[name=release]").fill(str(answer["release"]["number"]))
    form.get_by_role("button", name="Kiểm tra").click()
    expect(paper.get_by_role("status")).to_contain_text("Phiếu đúng do dịch vụ này trả lời")


def test_a_sheet_of_a_long_outline_is_proved_by_pasting_the_outline(paper: Page, answer, sample_server: str) -> None:
    lon, lat = answer["subject"]["lon"], answer["subject"]["lat"]
    outline = shapely.geometry.mapping(shapely.Point(lon, lat).buffer(1e-4, quad_segs=20))
    drawn = httpx.post(f"{sample_server}/v1/lookup", json=outline, timeout=30).json()
    shown(paper, sample_server + drawn["verify"])
    form = paper.locator("form[method=post]")
    form.locator("[name=on]").fill(drawn["on"])
    form.locator("[name=release]").fill(str(drawn["release"]["number"]))
    form.locator("[name=shape]").fill(json.dumps(outline))
    form.get_by_role("button", name="Kiểm tra").click()
    expect(paper.get_by_role("status")).to_contain_text("Phiếu đúng do dịch vụ này trả lời")
    assert paper.complaints == []  # type: ignore[attr-defined]


def test_a_mistyped_hash_is_told_in_a_sentence_and_not_in_json(paper: Page, sample_server: str) -> None:
    shown(paper, f"{sample_server}/verify/abc")
    expect(paper.get_by_role("heading", level=1)).to_have_text("Câu hỏi không hợp lệ")
    expect(paper.get_by_text("Mã in trên phiếu có 64 chữ số")).to_be_visible()
    paper.get_by_role("link", name="Về trang tra cứu").click()
    expect(paper).to_have_title("Tra cứu quy hoạch")


def test_a_page_of_choices_leads_to_the_map_or_to_a_sheet(paper: Page, sample_server: str) -> None:
    shown(paper, f"{sample_server}/v1/lookup?q=thôn&format=html")
    expect(paper.get_by_role("heading", level=1)).to_have_text("Bạn muốn hỏi về nơi nào?")
    paper.locator(".choices a").first.click()
    expect(paper.get_by_role("heading", level=1)).to_contain_text("PHIẾU TRA CỨU QUY HOẠCH")
