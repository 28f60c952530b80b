"""Numbers as people write them. Whether a comma parts or is a decimal sign is not decided here: each way is one `Written`."""

import re
import unicodedata
from dataclasses import dataclass

Mark = str
"""N, S: a latitude or northing; E, W: a longitude or easting; X, Y: a column that people use for either."""


@dataclass(frozen=True, slots=True)
class Token:
    """A number, or a sign between numbers: `kind` is number, mark, degree, minute, second, colon, hyphen, space, apart or line."""

    kind: str
    text: str

    @property
    def value(self) -> float:
        """The number."""
        return float(self.text)

    @property
    def whole(self) -> bool:
        """Whether it is written without decimals."""
        return "." not in self.text


@dataclass(frozen=True, slots=True)
class Written:
    """The tokens of a text, under one way of writing numbers."""

    tokens: tuple[Token, ...]

    @property
    def numbers(self) -> list[Token]:
        """The numbers alone."""
        return [one for one in self.tokens if one.kind == "number"]

    @property
    def marks(self) -> list[Mark]:
        """The letters alone."""
        return [one.text for one in self.tokens if one.kind == "mark"]

    @property
    def lines(self) -> list["Written"]:
        """The same, line by line; lines without a number are left out."""
        found: list[list[Token]] = [[]]
        for token in self.tokens:
            if token.kind == "line":
                found.append([])
            else:
                found[-1].append(token)
        return [one for one in (Written(tuple(line)) for line in found) if one.numbers]


@dataclass(frozen=True, slots=True)
class Style:
    """One way of writing numbers: what parts thousands (nothing: they are not parted), and the decimal sign."""

    parts: str
    decimal: str

    @property
    def pattern(self) -> str:
        """What a number looks like."""
        after = rf"(?:{re.escape(self.decimal)}\d+)?"
        if self.parts == " ":
            return rf"(?:[12](?: \d{{3}}){{2}}|\d{{3}} \d{{3}}){after}(?!\d)|\d+{after}"
        grouped = rf"\d{{1,3}}(?:{re.escape(self.parts)}\d{{3}})+{after}|" if self.parts else ""
        return rf"{grouped}\d+{after}"

    def plain(self, number: str) -> str:
        """The number with a decimal point and nothing else but digits."""
        return number.replace(self.parts, "").replace(self.decimal, ".")


STYLES = (Style("", "."), Style("", ","), Style(",", "."), Style(".", ","), Style(" ", "."), Style(" ", ","))

_SIGNS = (
    r"(?P<degree>[°º˚])|(?P<second>[\"″”“]|''|′′|’’)|(?P<minute>['′’‘`])|(?P<mark>[ENWSXY])|(?P<colon>:)|(?P<hyphen>[-–])"
    r"|(?P<line>[ \t]*[\n;][\s;]*)|(?P<apart>[ ]*[,\t|/][ \t,|/]*)|(?P<space> +)"
)
_SCANNERS = tuple((style, re.compile(rf"(?P<number>{style.pattern})|{_SIGNS}")) for style in STYLES)

_WORDS: tuple[tuple[str, str], ...] = (
    (r"vn[ -]?2000|wgs[ -]?84|to[aạ]? ?đ[ôộ]|t[oọ][aạ] đ[oộ]|toa do|point|coordinates?|danh sách", " "),
    (r"kinh đ[oộ]|kinh do|longitude|long|lon|lng|đông|dong|east|easting", "E"),
    (r"vĩ đ[oộ]|vi do|latitude|lat|bắc|bac|north|northing", "N"),
    (r"tây|tay|west", "W"),
    (r"nam|south", "S"),
    (r"độ|do|deg", "°"),
    (r"phút|phut", "'"),
    (r"giây|giay", '"'),
    (r"đ|e", "E"),
    (r"b|n", "N"),
    (r"w|t", "W"),
    (r"s", "S"),
    (r"x", "X"),
    (r"y", "Y"),
    (r"m", " "),
)
"""Words of coordinates → the sign for them. In Vietnamese “N” is south as well (nam); no place of the country lies there."""
_PATTERNS = tuple((re.compile(rf"(?<![^\W\d_])(?:{words})(?![^\W\d_])"), sign) for words, sign in _WORDS)


UNSEEN = r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
"""Signs without a width, such as marks of direction, which come along with what is copied."""


def tidy(text: str) -> str:
    """Composed letters, plain spaces, lines ended by one sign, nothing unseen.

    Long runs of blanks are cut, for every pattern would go over them again from each of their places.
    """
    plain = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    plain = re.sub(r"[\u00a0\u2000-\u200a\u202f\u3000]", " ", plain)
    plain = re.sub(UNSEEN, "", plain)
    return re.sub(r"\s{3,}", _shortest, plain)


def _shortest(blanks: re.Match[str]) -> str:
    """A run of blanks by what it parts: lines, columns, or words. Two spaces, for one alone may part thousands."""
    return next((sign for sign in "\n\t" if sign in blanks[0]), "  ")


def signs_of(text: str) -> str:
    """The text with its words of coordinates replaced by signs; brackets and equals signs left out."""
    lowered = re.sub(r"[()\[\]{}=@]", " ", text.lower())
    for pattern, sign in _PATTERNS:
        lowered = pattern.sub(sign, lowered)
    return re.sub(r" +(?=[°'\"])", "", re.sub(r"(?<=[ENWSXY])\s*:", " ", lowered))


def written(text: str) -> tuple[Written, ...]:
    """Every way to read the numbers of a text; none where it holds anything but coordinates."""
    signs = signs_of(text).strip()
    found = (_scanned(style, scanner, signs) for style, scanner in _SCANNERS)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _scanned(style: Style, scanner: re.Pattern[str], signs: str) -> Written | None:
    tokens, place = [], 0
    while place < len(signs):
        match = scanner.match(signs, place)
        if match is None:
            return None
        place = match.end()
        kind = str(match.lastgroup)
        if kind == "number" and signs[place : place + 1].isdigit():
            return None
        tokens.append(Token(kind, style.plain(match[0]) if kind == "number" else match[0].strip() or " "))
    return Written(tuple(tokens))
