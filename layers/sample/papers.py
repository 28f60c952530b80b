"""The documents of the sample province: one page that says of itself that it is an illustration. Always the same bytes."""

_ILLUSTRATION = (
    b"BT /F 24 Tf 60 760 Td (MINH HOA - khong co gia tri phap ly) Tj 0 -40 Td (ILLUSTRATION - without legal force) Tj"
)

_OBJECTS = (
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
    b"<< /Length %d >>\nstream\n%s\nendstream",
    b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
)


def decision() -> bytes:
    """A PDF in the place of a decision."""
    return paper("")


def paper(title: str) -> bytes:
    """A PDF of one page that says it is an illustration; `title`, in plain letters without brackets, stands below."""
    line = b" 0 -40 Td (%s) Tj" % title.encode("ascii") if title else b""
    text = _ILLUSTRATION + line + b" ET"
    body = b"%PDF-1.4\n"
    places = []
    for number, pattern in enumerate(_OBJECTS, start=1):
        content = pattern % (len(text), text) if b"%s" in pattern else pattern
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(_OBJECTS) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return body + end % (count, table, count, len(body))
