"""Letters that a file does not explain: recognised over the whole layer before any of it is stored, then converted text by text.

Only a certain recognition is taken; otherwise a person is asked, and shown what the texts would be under each candidate.
"""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from layers.encodings.conversion import Encoding, NotInEncoding, converted
from layers.encodings.evidence import evidence_of
from layers.encodings.recognition import Recognition, Sample, recognise
from layers.sources.facts import Features
from planning.errors import BadFile

SAID: dict[str, Encoding] = {
    "TCVN": Encoding.TCVN3, "TCVN3": Encoding.TCVN3, "TCVN3-CAPITALS": Encoding.TCVN3_CAPITALS, "VNI": Encoding.VNI,
    "VISCII": Encoding.VISCII,
}  # fmt: skip
"""What a person may say for encodings that need a table."""

MOST_TEXTS = 50_000


@dataclass(frozen=True, slots=True)
class Decoding:
    """How the letters of a layer become Unicode: the encoding they are in, None where they are Unicode already, and samples."""

    encoding: Encoding | None = None
    samples: tuple[Sample, ...] = ()
    evidence: str | None = None

    def decoded(self, fields: pd.DataFrame) -> pd.DataFrame:
        """The fields with their texts, and the names of the fields, in Unicode, NFC."""
        turn = _composed if self.encoding is None else _converter(self.encoding)
        texts = {
            name: column.map(turn, na_action="ignore") for name, column in fields.items() if self._concerns(column)
        }
        turned = fields.assign(**texts) if texts else fields
        names = {name: turn(name) for name in fields.columns}
        return turned if all(old == new for old, new in names.items()) else turned.rename(columns=names)

    def _concerns(self, column: pd.Series) -> bool:
        """Whether a column holds texts that decoding could change: a million short ASCII texts are passed over at once."""
        if not _is_text(column):
            return False
        if self.encoding is Encoding.TCVN3_CAPITALS:
            return True
        if isinstance(column.dtype, pd.StringDtype):
            return not column.dropna().str.isascii().all()
        return not "".join(text for text in column.tolist() if isinstance(text, str)).isascii()


def decoding_of(features: Features) -> Decoding:
    """How a layer is to be decoded. Raises BadFile where its letters can be read in several ways, or in none."""
    letters = features.letters
    if letters.encoding is not None:
        return Decoding()
    if letters.said_by == "person":
        return Decoding(SAID[str(letters.said).upper()])
    found = recognise(_texts(features), letters.fonts)
    if found.encoding is None:
        raise _undecided(features, found)
    if found.encoding is Encoding.UNICODE or found.best is None:
        return Decoding()
    told = evidence_of(found)
    return Decoding(found.encoding, found.best.samples, f"{told.vi} / {told.en}")


def _texts(features: Features) -> Iterator[str]:
    number = 0
    for chunk in features.chunks():
        for name in chunk.fields.columns:
            column = chunk.fields[name]
            if _is_text(column):
                for text in pd.unique(column.dropna()):
                    yield str(text)
                    number += 1
        if number > MOST_TEXTS:
            return


def _undecided(features: Features, found: Recognition) -> BadFile:
    shown = "; ".join(
        f"{one.encoding.value}: “{one.samples[0].before[:40]}” → “{one.samples[0].after[:40]}”"
        for one in found.candidates[:3]
        if one.samples
    )
    if found.verdict == "foreign":
        return BadFile(
            file=features.path.name,
            vi="chữ trong tệp không phải tiếng Việt ở bảng mã nào đã biết; hãy ghi --encoding, ví dụ --encoding ISO-8859-1.",
            en="its letters are Vietnamese in no encoding known; say --encoding, for example --encoding ISO-8859-1.",
        )
    return BadFile(
        file=features.path.name,
        vi=f"chữ trong tệp đọc được theo nhiều bảng mã; hãy chọn bằng --encoding. {shown}",
        en=f"its letters can be read in several encodings; choose one with --encoding. {shown}",
    )


def _is_text(column: pd.Series) -> bool:
    return bool(column.dtype == object or isinstance(column.dtype, pd.StringDtype))


def _composed(text: object) -> object:
    if not isinstance(text, str) or text.isascii():
        return text
    return unicodedata.normalize("NFC", text)


def _converter(encoding: Encoding) -> Callable[[object], object]:
    """Texts that are not in the encoding after all stay as they are, with a mark that shows it."""

    def turn(text: object) -> object:
        if not isinstance(text, str) or (text.isascii() and encoding is not Encoding.TCVN3_CAPITALS):
            return text
        try:
            return converted(text, encoding)
        except NotInEncoding:
            return f"{text} �"

    return turn
