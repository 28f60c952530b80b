"""The document of the sample province: one page that says of itself that it is an illustration. Always the same bytes."""

_TEXT = b"BT /F 24 Tf 60 760 Td (MINH HOA - khong co gia tri phap ly) Tj 0 -40 Td (ILLUSTRATION - without legal force) Tj ET"

_OBJECTS = (
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
    b"<< /Length %d >>\nstream\n%s\nendstream" % (len(_TEXT), _TEXT),
    b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
)


def decision() -> bytes:
    """A PDF in the place of a decision."""
    body = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(_OBJECTS, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(_OBJECTS) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return body + end % (count, table, count, len(body))
