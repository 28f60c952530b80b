"""XML looked through before a reader that trusts it sees it."""

from pathlib import Path
from xml.parsers import expat

from layers.sources.fingerprint import BLOCK
from planning.errors import BadFile

DEEPEST = 200
"""Elements within elements."""


class _Unsound(Exception):
    def __init__(self, vi: str, en: str) -> None:
        self.vi, self.en = vi, en


def refuse_unsound(path: Path) -> None:
    """Refuse declarations of types and entities (they read other files or grow without end), broken and cut-off XML."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _doctype
    parser.EntityDeclHandler = _doctype
    parser.ExternalEntityRefHandler = _doctype
    _limit_depth(parser)
    try:
        with path.open("rb") as stream:
            while block := stream.read(BLOCK):
                parser.Parse(block, False)
            parser.Parse(b"", True)
    except _Unsound as unsound:
        raise BadFile(file=path.name, vi=unsound.vi, en=unsound.en) from None
    except (expat.ExpatError, LookupError, ValueError) as error:  # an encoding nobody knows is a LookupError
        where = str(error)[:100]
        raise BadFile(
            file=path.name, vi=f"XML bị hỏng hoặc bị cắt ({where}).", en=f"its XML is broken or cut off ({where})."
        ) from None


def _doctype(*_: object) -> int:
    raise _Unsound(
        "XML có khai báo DOCTYPE hoặc thực thể; hãy xuất lại tệp không có phần này.",
        "its XML declares a DOCTYPE or entities; export it again without them.",
    )


def _limit_depth(parser: expat.XMLParserType) -> None:
    depth = 0

    def down(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise _Unsound(
                f"XML lồng nhau quá {DEEPEST} tầng.", f"its XML is nested more than {DEEPEST} elements deep."
            )

    def up(*_: object) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = down, up
