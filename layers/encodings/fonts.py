"""What a font says of the letters drawn with it: the fonts of the 1990s carry one encoding each."""

import re

from layers.encodings.conversion import Encoding

_ABC = re.compile(r"\.vn[a-z0-9 ]+|vn(time|arial|avant|book|helve|univ)\w*\.(ttf|shx)")
_ABC_CAPITALS = re.compile(r"(\.vn[a-z0-9]+h( .*)?|vn\w*h\.(ttf|shx))")
_VNI = re.compile(r"vni[- _].*|vni\w*\.(ttf|shx)")


def encoding_of_font(font: str) -> Encoding | None:
    """The encoding of a font by its name or its file (“.VnTime”, “VNI-Times”, “vntimeh.ttf”); None for any other font.

    An ABC font whose name ends in H shows capitals for small letters.
    """
    name = font.strip().lower().removeprefix("@")
    if _ABC.fullmatch(name):
        return Encoding.TCVN3_CAPITALS if _ABC_CAPITALS.fullmatch(name) else Encoding.TCVN3
    return Encoding.VNI if _VNI.fullmatch(name) else None
