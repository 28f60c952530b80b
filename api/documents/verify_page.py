"""What became of a sheet that was held against the service: as a document, and as a page."""

from api.documents.impact_page import environment
from api.documents.sheet.blocks import Pair, Record, Tongue
from api.documents.sheet.change_words import change_rows, said
from api.documents.sheet.subject import title
from api.places import Proving
from planning.verification import Standing, Verdict

MOST_CHANGES = 100

STANDINGS: dict[Standing, Pair] = {
    "genuine": ("Phiếu đúng do dịch vụ này trả lời", "The sheet is genuine"),
    "not_ours": ("KHÔNG phải câu trả lời của dịch vụ này", "NOT an answer of this service"),
    "no_question": ("Cần thêm thông tin in trên phiếu", "More of what the sheet says is needed"),
}
WHY: Pair = (
    "Cùng câu hỏi, cùng lần công bố nhưng dịch vụ trả lời khác với mã trên phiếu: phiếu đã bị sửa, hoặc thông tin nhập không đúng.",
    "The same question to the same release gives another hash: the sheet was altered, or what was typed is not what it says.",
)
SAME: Pair = ("Lần công bố mới nhất trả lời như cũ.", "The newest release answers the same.")
DIFFERS: Pair = ("Lần công bố mới nhất trả lời KHÁC.", "The newest release answers DIFFERENTLY.")


def as_document(claimed: str, verdict: Verdict) -> Record:
    """The verdict as JSON."""
    pinned = verdict.pinned if verdict.standing == "genuine" else None
    return {
        "hash": claimed.lower(),
        "standing": verdict.standing,
        "name": dict(zip(("vi", "en"), STANDINGS[verdict.standing], strict=True)),
        "reason": verdict.reason,
        "release": pinned["release"] if pinned else None,
        "on": pinned["on"] if pinned else None,
        "newest_release": verdict.newest,
        "superseded": verdict.superseded if pinned else None,
        "gone": verdict.gone,
        "changes": change_rows(verdict.changes),
    }  # fmt: skip


def as_page(claimed: str, question: Proving, verdict: Verdict, tongue: Tongue) -> str:
    """The verdict as HTML, with a form to type what a sheet says."""
    pinned = verdict.pinned if verdict.standing == "genuine" else None
    return environment().get_template("verify.html").render(
        language=tongue.language, hash=claimed.lower(), verdict=verdict, standing=tongue.pair(STANDINGS[verdict.standing]),
        why=tongue.pair(WHY), same=tongue.pair(SAME), differs=tongue.pair(DIFFERS),
        subject=title(pinned, tongue) if pinned else None, release=pinned["release"] if pinned else None,
        on=tongue.day(pinned["on"]) if pinned else None, published=tongue.day(pinned["release"]["published_at"]) if pinned else None,
        changes=[said(one, tongue) for one in verdict.changes[:MOST_CHANGES]], more=max(0, len(verdict.changes) - MOST_CHANGES),
        typed=question.model_dump(mode="json"), both=tongue.pair,
    )  # fmt: skip
