"""The printed forms of an impact report, made from its stored document alone."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from api.documents.impact_markdown import SHOWN, as_markdown
from api.documents.impact_page import as_page
from planning.mergers.document import document
from planning.mergers.impact import impact
from planning.mergers.situation import Collision, ParcelMove, Parcels
from tests.planning.test_impact import EAST, MIDDLE, NEW, OTHER, WEST, box, clause, divided, plan, town, unit, whole

VOID = {"meta", "br", "link", "img", "hr", "rect", "path"}


class Outline(HTMLParser):
    """Which elements a page has, that each is closed, and whether any would fetch something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.fetched: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.fetched += [value or "" for name, value in attrs if name in {"src", "href", "onload", "onclick"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag
        elif tag == "path":
            return


def stored(situation) -> dict[str, Any]:
    """The document as it comes back from where it was kept."""
    return json.loads(json.dumps(document(impact(situation))))


def busy():
    """A merger with everything in it: parcels, collisions, an expired and an undecided plan, a seam, a breach, an illustration."""
    moves = (ParcelMove(WEST, NEW, 1200), ParcelMove(MIDDLE, None, 34))
    plans = (
        replace(plan("P1", box(0, 340)), source_crs=9209),
        replace(plan("P2", box(300, 900)), decision="undecided", basis="Công văn <12>"),
    )
    events = (*town().events, clause("3", "07299", whole(WEST)))
    return town(
        events=events,
        new={**town().new, "07299": unit("07299")},
        plans=plans,
        illustration=True,
        parcels=Parcels(moves, 5000, (Collision(NEW, 1, 12, (WEST, MIDDLE)),)),
    )


@pytest.mark.parametrize(
    "situation", [town(), divided(), busy(), town(plans=())], ids=["town", "divided", "busy", "bare"]
)
def test_the_page_is_one_sound_file_that_fetches_and_runs_nothing(situation):
    page = as_page(stored(situation))
    outline = Outline(page)
    assert outline.open == []
    assert outline.fetched == []
    assert not {"script", "link", "iframe", "img", "object"} & set(outline.seen)
    assert "url(" not in page
    assert "@page" in page
    assert "None" not in as_markdown(stored(situation)).replace("None between", "")


def test_the_page_says_what_it_is_of_which_day_and_that_it_is_an_illustration():
    page = as_page(stored(busy()), release=7)
    for words in ("1/NQ", "01/07/2025", "release 7", "DỮ LIỆU MINH HỌA", "không thay nghị quyết", "Trước / before"):
        assert words in page, words
    assert "DỮ LIỆU MINH HỌA" not in as_page(stored(town()))


def test_text_from_files_is_text_in_the_page_and_no_markup():
    page = as_page(stored(busy()))
    assert "Công văn &lt;12&gt;" in page
    assert "<12>" not in page


def test_both_forms_tell_breaches_plans_parcels_levels_and_seams():
    report = stored(busy())
    for form in (as_page(report), as_markdown(report)):
        for words in (
            "taken-twice",
            "chưa quyết định",
            "1.200",
            "5.000",
            "sử dụng đất",
            "mâu thuẫn thật",
            f"Phường {NEW}",
        ):
            assert words in form, words


def test_both_forms_call_an_unknown_part_unknown_and_name_its_candidates():
    report = stored(divided())
    for form in (as_page(report), as_markdown(report)):
        assert "chưa rõ phần nào / unknown part" in form
        assert re.search(rf"Phường {NEW}.*, Phường {OTHER}", form)
        assert "chưa rõ / unknown" in form.lower()


def test_the_page_draws_the_units_before_and_after_with_their_names():
    page = as_page(stored(town()))
    assert page.count('<svg viewBox="-8') == 2
    assert f">{WEST}</text>" in page
    assert f">{NEW}</text>" in page
    assert page.count('<path class="plan"') == 2 * 3 + 1


def test_a_merger_whose_units_nobody_drew_still_has_its_page():
    blank = {code: replace(one, shape=None) for code, one in town().former.items()}
    report = stored(town(former=blank, plans=()))
    page = as_page(report)
    assert '<svg viewBox="-8' not in page
    assert "Chưa rõ ranh giới / boundary unknown" in page
    assert f"Phường {OTHER}" in as_markdown(report)


def test_a_long_table_of_the_markdown_tells_how_many_rows_it_leaves_out():
    report = stored(town())
    row = {"former": EAST, "new": OTHER, "plan": None, "area_m2": 1.0, "no_plan_m2": 1.0}
    report["matrix"] = {"total": 900, "rows": [row] * 200}
    assert f"… {900 - SHOWN} dòng nữa" in as_markdown(report)
    assert "120 / 900" in as_page(report)
