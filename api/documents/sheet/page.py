"""The parts of a sheet put together: words, maps, and the address that proves it; as a page that prints, or ready for the PDF."""

from api.documents.impact_page import environment
from api.documents.sheet.address import proof
from api.documents.sheet.blocks import Pair, Record, Tongue
from api.documents.sheet.content import sheet
from api.documents.sheet.scenes import maps

VERIFY: Pair = ("Quét mã để kiểm tra phiếu này", "Scan to check this sheet")
SENT_AGAIN: Pair = (
    "Hình khu đất dài hơn mã QR chứa được, và dịch vụ không lưu hình nào. Để kiểm tra: mở địa chỉ này rồi dán lại chính hình đã hỏi (WKT"
    " hoặc GeoJSON), ngày hỏi và lần công bố; hình khác một chữ số sẽ cho mã khác.",
    "The outline is longer than a QR code holds, and the service keeps none. To check: open this address and paste the very outline"
    " again (WKT or GeoJSON), with the day and the release; an outline that differs by a digit gives another hash.",
)


def whole(answer: Record, around: Record, origin: str, tongue: Tongue) -> Record:
    """Everything the sheet shows. `origin`: scheme and host under which the service is reached; `around`: what lies in the map's window."""
    proved = proof(origin, answer["verify"])
    return {
        **sheet(answer, tongue), "maps": maps(answer, around, tongue), "hash": answer["hash"], "origin": origin,
        "address": proved.address, "qr": proved.code,
        "verify_words": tongue.pair(VERIFY),
        "verify_note": tongue.pair(SENT_AGAIN) if answer["subject"]["kind"] == "area" and "shape=" not in proved.address else None,
    }  # fmt: skip


def as_page(page: Record) -> str:
    """HTML, self-contained and without a script."""
    return environment().get_template("answer.html").render(sheet=page)


def file_name(answer: Record, ending: str) -> str:
    """A speaking name in ASCII: what, day, release."""
    subject = answer["subject"]
    what = {
        "parcel": lambda: f"thua-{subject['former_code']}-{subject['sheet']}-{subject['number']}",
        "point": lambda: f"diem-{subject['lon']:.6f}-{subject['lat']:.6f}",
        "area": lambda: f"khu-dat-{answer['hash'][:8]}",
    }[subject["kind"]]()
    return f"quy-hoach-{what}-{answer['on']}-cb{answer['release']['number']}.{ending}"
