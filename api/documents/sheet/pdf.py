"""A sheet as a PDF: A4, tagged (PDF/UA-1), archival (PDF/A-2a), fonts embedded, and the same bytes for the same sheet.

Typst sets it. The sheet is handed over as data, never as markup, and the template reads no file and no network.
"""

from datetime import datetime
from functools import lru_cache
from pathlib import Path

import fontpkg_be_vietnam_pro
import orjson
import typst

from api.documents.sheet.blocks import Record
from api.documents.sheet.letters import printable

TEMPLATE = Path(__file__).parents[1] / "templates" / "sheet.typ"
FONTS = Path(fontpkg_be_vietnam_pro.__file__).parent / "files"


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Be Vietnam Pro, and what Typst carries for letters it lacks; none of the machine's, which would change the bytes."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])


@lru_cache(maxsize=1)
def _template() -> bytes:
    return TEMPLATE.read_bytes()


def as_pdf(page: Record, published_at: datetime) -> bytes:
    """The bytes of the PDF; dated by its release, not by the clock."""
    compiler = typst.Compiler(
        input=_template(),
        root=TEMPLATE.parent,
        font_paths=_fonts(),
        sys_inputs={"sheet": orjson.dumps(printable(page)).decode()},
    )
    written = compiler.compile(format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=int(published_at.timestamp()))
    assert isinstance(written, bytes)
    return written
