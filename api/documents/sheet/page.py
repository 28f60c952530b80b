"""The parts of a sheet put together: words, maps, and the address that proves it; as a page that prints, or ready for the PDF."""

from api.documents.impact_page import environment
from api.documents.sheet.address import proof
from api.documents.sheet.blocks import Pair, Record, Tongue
from api.documents.sheet.content import sheet
from api.documents.sheet.scenes import maps

VERIFY: Pair = ("Quét mã để kiểm tra phiếu này", "Scan to check this sheet")


def whole(answer: Record, around: Record, origin: str, tongue: Tongue) -> Record:
    """Everything the sheet shows. `origin`: scheme and host under which the service is reached; `around`: what lies in the map's window."""
    proved = proof(origin, answer["verify"])
    return {
        **sheet(answer, tongue), "maps": maps(answer, around, tongue), "hash": answer["hash"], "address": proved.address, "qr": proved.code,
        "verify_words": tongue.pair(VERIFY),
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
