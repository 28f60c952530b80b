"""Pages of a sentence: what went wrong, said to a browser; and a question asked back, its choices as links."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from api.documents.impact_page import environment
from api.documents.sheet.blocks import Pair, Tongue

Record = dict[str, Any]

WHICH: Pair = ("Bạn muốn hỏi về nơi nào?", "Which one is meant?")
NONE_PICKED: Pair = (
    "Câu hỏi có nhiều cách hiểu; dịch vụ không tự chọn. Hãy chọn một:",
    "The question can be read in several ways; none is picked. Choose one:",
)
BACK: Pair = ("Về trang tra cứu", "To the map and its search box")
OF_A_SHEET: Pair = (
    "Mã in trên phiếu có 64 chữ số và chữ cái từ a đến f. Hãy quét mã QR trên phiếu, hoặc gõ lại cả địa chỉ in ở cuối phiếu.",
    "The hash on a sheet has 64 digits and letters from a to f. Scan the QR code of the sheet, or type the whole address at its foot"
    " again.",
)


def problem_page(problem: Record, path: str, tongue: Tongue) -> str:
    """The title and the sentence of a problem, as they stand in its JSON; of a sheet also how it is proved."""
    return environment().get_template("plain.html").render(
        language=tongue.language, title=problem["title"], sentence=problem["detail"], code=problem["code"], choices=[], left_off=0,
        hint=tongue.pair(OF_A_SHEET) if path.startswith("/verify") else None, back=tongue.pair(BACK), note=None,
    )  # fmt: skip


def choices_page(asked: str, choices: list[Record], total: int, on: date, tongue: Tongue) -> str:
    """Choices with links to their answers in the same form; a unit is shown on the map, for it is no place with limits of its own."""
    shown = [
        {"label": tongue.of(one["label"]), "note": tongue.of(one["note"]) if one["note"] else None, "href": _link(one, on, tongue)}
        for one in choices
    ]  # fmt: skip
    return environment().get_template("plain.html").render(
        language=tongue.language, title=tongue.one(WHICH), sentence=asked, code=None, choices=shown, left_off=max(0, total - len(choices)),
        hint=None, back=tongue.pair(BACK), note=tongue.pair(NONE_PICKED),
    )  # fmt: skip


def _link(choice: Record, on: date, tongue: Tongue) -> str:
    if choice["kind"] not in {"unit", "former_unit"}:
        return str(choice["href"])
    at = f"@{choice['at']}" if choice["at"] else ""
    return f"/#{urlencode({'unit': choice['key'] + at, 'on': on, 'lang': tongue.language}, safe='@')}"
