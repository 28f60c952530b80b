"""Whether a word is spelled as a Vietnamese syllable can be: onset, rhyme, tone, and where the tone mark stands.

The orthography, not a dictionary: about 160 rhymes, the letters each onset may stand before, stops that carry two tones only, the
place of the tone mark in the old style (hòa) and the new (hoà). Of ethnic
minorities' names only k is known, at the end (Đắk) and before any vowel (Bắc Kạn).
"""

import re
import unicodedata

TONES = "\u0300\u0301\u0303\u0309\u0323"
"""Grave, acute, tilde, hook above, dot below: huyền, sắc, ngã, hỏi, nặng."""

_VOWELS = "aăâeêioôơuưy"
ALPHABET = frozenset(
    unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWELS for tone in ("", *TONES)
) | frozenset("bcdđghklmnpqrstvx")
"""Every letter of Vietnamese, lower case; f, j, w and z stand in foreign words only."""

_SHORT_TONES = {"\u0301", "\u0323"}
_WRITTEN_RHYMES = (
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây "
    "e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu "
    "o oc oi om on ong op ot ooc oong ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt "
    "u ua uc ui um un ung up ut uôc uôi uôm uôn uông uôt ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu "
    "y yêm yên yêng yêt yêu oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet "
    "uân uâng uât uây uê uêch uên uênh uêt uơ uy uya uych uyên uyêt uyn uynh uyp uyt uyu ăk ak âk ek êk ôk ok"
)
_RHYMES = frozenset(_WRITTEN_RHYMES.split())
_WRITTEN_AFTER_QU = (
    "a ac ach ai an ang anh ao at au ay ăc ăm ăn ăng ăp ăt ân âng ât ây e en eo et ê êch ên ênh êt ơ ơi ơn ơt "
    "i y ych ynh yt yên yêt yn yp yu in it ich ôc"
)
_AFTER_QU = frozenset(_WRITTEN_AFTER_QU.split())
_ONSETS = ("ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", *"bcdđghklmnprstvx")
_BEFORE_FRONT = {"gh", "ngh"}
_BEFORE_BACK = {"c", "g", "ng"}
_BOTH_STYLES = {"oa", "oe", "uy"}
_CODA = re.compile(r"(?:ch|nh|ng|[cmnptk])$")


def well_formed(word: str) -> bool:
    """Whether a word of letters, NFC, in any case, is a syllable of Vietnamese with its tone mark in its place."""
    plain, tone, place = _untoned(word.lower())
    if plain is None:
        return False
    for onset in (*(one for one in _ONSETS if plain.startswith(one)), ""):
        if (rhyme := _rhyme(onset, plain[len(onset) :])) is not None:
            start = len(plain) - len(rhyme)
            return _may_carry(rhyme, tone) and (not tone or place - start in _tone_places(onset, rhyme))
    return False


def in_one_case(word: str) -> bool:
    """Whether a word is written in small letters, in capitals, or with one capital in front."""
    return word.islower() or word.isupper() or (word[:1].isupper() and word[1:].islower())


def _untoned(word: str) -> tuple[str | None, str, int]:
    """A word without its tone, the tone, and the place of its letter; None for a word that is no Vietnamese or has two tones."""
    letters, tone, place = [], "", 0
    for at, letter in enumerate(word):
        if letter not in ALPHABET:
            return None, "", 0
        parts = unicodedata.normalize("NFD", letter)
        found = [mark for mark in parts if mark in TONES]
        if found and tone:
            return None, "", 0
        if found:
            tone, place = found[0], at
        letters.append(unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in TONES)))
    return "".join(letters), tone, place


def _rhyme(onset: str, rest: str) -> str | None:
    """The rhyme that the rest of a syllable spells behind an onset, None where it is none; gì is gi and i in one letter."""
    if onset == "qu":
        return rest if rest in _AFTER_QU else None
    if onset == "gi":
        return "i" + rest if "i" + rest in _RHYMES else rest if rest in _RHYMES else None
    if rest not in _RHYMES:
        return None
    if onset == "" and rest.startswith("iê"):
        return None
    wrong = _BEFORE_BACK if rest[0] in "eêiy" else _BEFORE_FRONT
    return None if onset in wrong else rest


def _may_carry(rhyme: str, tone: str) -> bool:
    """A syllable that ends in c, ch, p or t is said sắc or nặng; so written, always."""
    return tone in _SHORT_TONES or not rhyme.endswith(("c", "ch", "p", "t"))


def _tone_places(onset: str, rhyme: str) -> set[int]:
    """The letters of a rhyme that may carry the tone."""
    vowels = _CODA.sub("", rhyme)
    marked = [at for at, letter in enumerate(vowels) if letter in "ăâêôơư"]
    if marked:
        return {marked[-1]} if vowels.startswith("ươ") else {marked[0]}
    if onset == "gi" and rhyme == "ia":
        return {1}
    if len(vowels) == 1:
        return {0}
    if vowels != rhyme or len(vowels) == 3:
        return {1}
    return {0, 1} if rhyme in _BOTH_STYLES else {0}
