"""Which encoding texts are written in, told by the syllables they spell under each; an ambiguity is returned as one.

A word with a letter beyond ASCII is evidence: under the right encoding it is a Vietnamese syllable in one case, under a wrong one mostly
not. Every such word counts once. A single short text gives too little evidence to be certain of, unless its font speaks too.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from layers.encodings.conversion import Encoding, NotInEncoding, converted
from layers.encodings.fonts import encoding_of_font
from layers.encodings.syllables import ALPHABET, in_one_case, well_formed

MOST_TEXTS = 50_000
"""Texts that are looked at; the first ones."""

SHARE = 0.8
"""Of the words with letters beyond ASCII, what must be Vietnamese under an encoding: foreign words and slips are the rest."""

LEAD = 3
"""Words that must be Vietnamese under one encoding and not under the next."""

FOREIGN = 0.5
"""Where no encoding makes more than this share of the words Vietnamese, the text is in another language or damaged."""

SAMPLES = 5

Verdict = Literal["plain", "certain", "ambiguous", "foreign"]

_TOKEN = re.compile(r"[A-Za-z\x02\x05\x06\x14\x19\x1e\x80-\U0010ffff]+")
"""Letters, everything beyond ASCII, and the control characters that are letters in VISCII."""
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Sample:
    """A text as it came and as it would be."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the texts are under one encoding."""

    encoding: Encoding
    texts: int
    """Texts with letters beyond ASCII of which every such word is a Vietnamese syllable."""
    words: int
    """Different words that are Vietnamese syllables."""
    impossible: int
    """Characters that the encoding does not have, or that are no letters of Vietnamese."""
    mixed: int
    """Words with capitals beside small letters that have no capitals in TCVN3: drawn with a font of capitals (.VnTimeH)."""
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class Recognition:
    """What encoding texts are in. `encoding` is None unless the verdict is certain, or plain: ASCII, which is the same in all."""

    verdict: Verdict
    encoding: Encoding | None
    candidates: tuple[Candidate, ...]
    """Best first; those that make the same letters of every text as a better one are left out."""
    texts: int
    """Texts with letters beyond ASCII."""
    words: int
    """Different words with such letters: the evidence."""
    fonts: tuple[Encoding, ...] = ()
    """What the fonts say."""

    @property
    def best(self) -> Candidate | None:
        """The candidate that fits best, which does not mean that it is right."""
        return self.candidates[0] if self.candidates else None

    @property
    def runner_up(self) -> Candidate | None:
        """The candidate that fits second best."""
        return self.candidates[1] if len(self.candidates) > 1 else None


def recognise(texts: Iterable[str], fonts: Sequence[str] = ()) -> Recognition:
    """Recognise the encoding of texts that belong together: a field, a layer, the labels of one font.

    Texts are as they stand when bytes are read as ISO-8859-1 or Windows-1252, unstripped. `fonts` are the fonts they are drawn with.
    """
    said = tuple(dict.fromkeys(one for font in fonts if (one := encoding_of_font(font))))
    marked = {text: tokens for text in islice(texts, MOST_TEXTS) if (tokens := _tokens(text))}
    if not marked:
        return Recognition("plain", Encoding.UNICODE, (), 0, 0, said)
    tokens = list(dict.fromkeys(token for found in marked.values() for token in found))
    candidates = _ranked([_judged(encoding, marked, tokens) for encoding in _possible(said)], said)
    verdict = _verdict(candidates, tokens, said)
    encoding = candidates[0].encoding if verdict == "certain" else None
    told = tuple(one.candidate(marked) for one in candidates)
    return Recognition(verdict, encoding, told, len(marked), len(tokens), said)


def _tokens(text: str) -> list[str]:
    return [token for token in _TOKEN.findall(text) if not (token.isascii() and token.isalpha())]


def _possible(said: Sequence[Encoding]) -> list[Encoding]:
    """Every encoding; fonts of capitals are supposed only where a font is known to be one."""
    capitals = Encoding.TCVN3_CAPITALS
    return [one for one in Encoding if one is not capitals or capitals in said]


@dataclass(frozen=True, slots=True)
class _Word:
    """A token under an encoding."""

    letters: str | None
    good: bool
    impossible: int
    mixed: bool


@dataclass(frozen=True, slots=True)
class _Judged:
    """All tokens under one encoding."""

    encoding: Encoding
    words: dict[str, _Word]
    good_texts: int

    @property
    def good(self) -> int:
        return sum(word.good for word in self.words.values())

    @property
    def bad_letters(self) -> int:
        return sum(word.impossible for word in self.words.values())

    def same_letters(self, other: "_Judged") -> bool:
        """Whether every token becomes the same under both, as far as both can read it."""
        return all(
            word.letters is None or word.letters == other.words[token].letters for token, word in self.words.items()
        )

    def candidate(self, marked: dict[str, list[str]]) -> Candidate:
        """The figures, with some texts that show the most of the change."""
        telling = sorted(marked, key=lambda text: -sum(self.words[token].good for token in marked[text]))
        samples = []
        for text in telling[:SAMPLES]:
            try:
                samples.append(Sample(text, converted(text, self.encoding)))
            except NotInEncoding:
                continue
        mixed = sum(word.mixed for word in self.words.values())
        return Candidate(self.encoding, self.good_texts, self.good, self.bad_letters, mixed, tuple(samples))


def _judged(encoding: Encoding, marked: dict[str, list[str]], tokens: Sequence[str]) -> _Judged:
    words = {token: _word(token, encoding) for token in tokens}
    return _Judged(encoding, words, sum(all(words[token].good for token in found) for found in marked.values()))


def _word(token: str, encoding: Encoding) -> _Word:
    """Whether a token is Vietnamese under an encoding; signs and words that turn out ASCII neither help nor harm it."""
    try:
        letters = converted(token, encoding)
    except NotInEncoding:
        return _Word(None, False, _unreadable(token, encoding), False)
    words = [word for word in _WORD.findall(letters) if not word.isascii()]
    impossible = sum(letter.lower() not in ALPHABET and not letter.isascii() for word in words for letter in word)
    strict = all(in_one_case(word) for word in words)
    mixed = not strict and encoding is Encoding.TCVN3 and all(_drawn_as_capitals(word) for word in words)
    good = bool(words) and not impossible and (strict or mixed) and all(well_formed(word) for word in words)
    return _Word(letters, good, impossible, good and mixed)


def _unreadable(token: str, encoding: Encoding) -> int:
    count = 0
    for letter in token:
        try:
            converted(letter, encoding)
        except NotInEncoding:
            count += 1
    return max(count, 1)


def _drawn_as_capitals(word: str) -> bool:
    """TCVN3 has seven marked capitals, so capitals are typed beside small letters and a font shows all of them large."""
    plain = [letter for letter in word if letter.isascii()]
    return in_one_case(word) or (len(plain) > 0 and all(letter.isupper() for letter in plain))


def _ranked(judged: list[_Judged], said: Sequence[Encoding]) -> list[_Judged]:
    """Best first, the one the fonts name before its equals; without those that only repeat a better one's letters."""
    order = sorted(judged, key=lambda one: (-one.good, one.encoding not in said, one.bad_letters))
    kept: list[_Judged] = []
    for one in order:
        if one.good and not any(one.same_letters(better) for better in kept):
            kept.append(one)
    return kept


def _verdict(ranked: Sequence[_Judged], tokens: Sequence[str], said: Sequence[Encoding]) -> Verdict:
    if not ranked or ranked[0].good < FOREIGN * len(tokens):
        return "foreign"
    best = ranked[0]
    enough = best.good >= SHARE * len(tokens)
    second = ranked[1].good if len(ranked) > 1 else 0
    if len(said) == 1 and best.encoding in said:
        return "certain" if enough else "ambiguous"
    contradicted = bool(said) and best.encoding not in said
    return "certain" if enough and not contradicted and best.good - second >= LEAD else "ambiguous"
