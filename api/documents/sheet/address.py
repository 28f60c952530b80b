"""The address that proves a sheet, and its picture: a QR code any telephone reads."""

import segno

LARGEST_QR = 25
"""Version of the largest QR printed: 117 modules on a side, 0.3 mm each on a square of 35 mm."""


def qr_svg(address: str) -> str | None:
    """The code as an SVG; None where the address is too long to be read from paper."""
    for level in ("m", "l"):
        try:
            code = segno.make_qr(address, error=level, version=None, boost_error=False)
        except segno.DataOverflowError:
            continue
        if int(code.version) <= LARGEST_QR:
            return code.svg_inline(scale=1, border=4, omitsize=True, dark="#000", light="#fff")
    return None


def shown_address(origin: str, path: str, hash_: str) -> tuple[str, str | None]:
    """The address written under the code, and the code; a question too long for one leads to the page where the hash is typed."""
    code = qr_svg(origin + path)
    if code is None:
        return f"{origin}/verify/{hash_}", qr_svg(f"{origin}/verify/{hash_}")
    return origin + path, code
