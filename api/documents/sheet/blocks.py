"""What a sheet is made of: sections of facts, tables and notes, in two languages, the reader's first. Page and PDF draw the same blocks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from planning.errors import Language

Record = dict[str, Any]
Pair = tuple[str, str]
"""Vietnamese, English."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """How words and numbers are written: in the reader's language first, the other beside it, smaller."""

    language: Language

    def pair(self, words: Pair) -> Record:
        """Both languages, the reader's first."""
        vi, en = words
        return {"first": vi, "second": en} if self.language == "vi" else {"first": en, "second": vi}

    def of(self, words: Record | None) -> Record:
        """The same of a document's {vi, en}."""
        return self.pair((words["vi"], words["en"]) if words else ("–", "–"))

    def one(self, words: Pair) -> str:
        """The reader's language alone."""
        return words[self.language == "en"]

    def number(self, value: float | None, digits: int = 0) -> str:
        """1.234,5 in Vietnamese, 1,234.5 in English; a dash where there is none."""
        if value is None:
            return "–"
        said = f"{value:,.{digits}f}"
        return said.translate(str.maketrans(",.", ".,")) if self.language == "vi" else said

    def exact(self, value: float | None) -> str:
        """A number with all its digits, for a limit that is rounded is another limit: 0,37 stays 0,37."""
        if value is None:
            return "–"
        written = f"{Decimal(str(value)):f}"
        return self.number(value, len(written.rstrip("0").partition(".")[2]) if "." in written else 0)

    def area(self, value: float | None) -> str:
        """Square metres, to a tenth."""
        return "–" if value is None else f"{self.number(value, 1)} m²"

    def day(self, value: object) -> str:
        """31/12/2025; the moment of a publication by its day."""
        if not value:
            return "–"
        written = value.isoformat() if isinstance(value, date | datetime) else str(value)
        return "/".join(reversed(written[:10].split("-")))

    def last_day(self, valid_to: object) -> str:
        """The last day of a record, which ends before its `valid_to`: people read a term with its last day."""
        if not valid_to:
            return self.one(("nay", "on"))
        return self.day(date.fromisoformat(str(valid_to)[:10]) - timedelta(days=1))

    def term(self, record: Record) -> str:
        """From the first day to the last."""
        return f"{self.day(record.get('valid_from'))} – {self.last_day(record.get('valid_to'))}"


def cell(text: object, small: str = "", fill: str | None = None, *, hatched: bool = False, href: str = "") -> Record:
    """One field of a table; `fill`: the colour it has on the map; `href`: where its small words, or its only ones, lead."""
    shown = "–" if text in {None, ""} else str(text)
    return {"text": shown, "small": small or "", "fill": fill, "hatched": hatched, "href": href}


def facts(rows: Iterable[tuple[Record, str | None]]) -> Record:
    """Labels and values; what is not on record takes no room."""
    return {
        "kind": "facts",
        "rows": [{"label": label, "value": value} for label, value in rows if value not in {None, "", "–"}],
    }


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its share of the width, and whether it holds numbers."""

    label: Record
    share: float = 1.0
    numbers: bool = False


def table(
    columns: Sequence[Column], rows: Iterable[Sequence[Record]], more: str = "", *, narrow: bool = False
) -> Record:
    """Rows under headings; `more` says what was left off; a narrow table leaves a third of the page free."""
    head = [{"label": one.label, "share": one.share, "numbers": one.numbers} for one in columns]
    return {"kind": "table", "head": head, "rows": [list(row) for row in rows], "more": more, "narrow": narrow}


def left_out(count: int, words: Pair, tongue: Tongue) -> str:
    """That a table goes on, by how much, and where the whole of it stands; nothing where it does not."""
    vi, en = words
    said = (
        f"và {tongue.number(count)} {vi}: xem bản JSON (format=json)",
        f"and {tongue.number(count)} {en}: in the JSON (format=json)",
    )
    return tongue.one(said) if count > 0 else ""


def note(text: Record, *, warning: bool = False) -> Record:
    """A sentence."""
    return {"kind": "note", "text": text, "warning": warning}


def section(title: Record, *blocks: Record | None) -> Record | None:
    """Blocks under a heading; nothing where all of them are empty."""
    kept = [one for one in blocks if one and one.get("rows", True)]
    return {"title": title, "blocks": kept} if kept else None
