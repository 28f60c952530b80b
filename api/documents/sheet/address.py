"""The address that proves a sheet, and its picture: a QR code any telephone reads."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import segno

Record = dict[str, Any]

LARGEST_QR = 25
"""Version of the largest QR printed: 117 modules on a side, 0.3 mm each on a square of 35 mm."""
HELD = {"m": 997, "l": 1273}
"""Bytes that version holds at each level of correction: more is not tried (ISO/IEC 18004, table 7)."""


LONGEST_SHAPE = 1_000
"""Characters of an outline that go into the address; a longer one is given on the page of the hash, and pasted there again."""


def proof_path(answer: Record, place: Record) -> str:
    """Where an answer is proved: its hash, and the question, its day and its release said.

    `place`: the one reading of what was asked that is answered: lon and lat; x, y and crs; shape; or parcel.
    """
    said = {name: value for name, value in place.items() if len(str(value)) <= LONGEST_SHAPE}
    pinned = {**said, "on": answer["on"], "release": answer["release"]["number"]}
    written = (
        urlencode(pinned, safe="/:,")
        if "shape" in pinned
        else "&".join(f"{name}={value}" for name, value in pinned.items())
    )
    return f"/verify/{answer['hash']}?{written}"


def qr_svg(address: str) -> str | None:
    """The code as an SVG; None where the address is too long to be read from paper."""
    for level in (level for level, most in HELD.items() if len(address) <= most):
        try:
            code = segno.make_qr(address, error=level, version=None, boost_error=False)
        except segno.DataOverflowError:
            continue
        if int(code.version) <= LARGEST_QR:
            return code.svg_inline(scale=1, border=4, omitsize=True, dark="#000", light="#fff")
    return None


@dataclass(frozen=True, slots=True)
class Proof:
    """The address written on a sheet, and its code."""

    address: str
    code: str | None


def proof(origin: str, path: str) -> Proof:
    """A question too long for a code leads to the page of the hash, where it is given again."""
    code = qr_svg(origin + path)
    if code is None:
        path = path.partition("?")[0]
        code = qr_svg(origin + path)
    return Proof(origin + path, code)
