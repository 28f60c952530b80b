"""Profiles from YAML: those that are shipped by name, a person's own by path; a mistake is one sentence that names its key."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from layers.profiles.model import FieldRule, Profile, Title, Wrong
from planning.errors import BadProfile, UnknownProfile

LARGEST_BYTES = 256 * 1024
DEEPEST = 6
MOST_NODES = 5_000
ENDING = ".yaml"


def profile_of(wanted: str) -> Profile:
    """The shipped profile of that name, or the one in that file."""
    if wanted in shipped():
        return shipped()[wanted]
    path = Path(wanted)
    if path.suffix.lower() in (ENDING, ".yml") and path.is_file():
        return read_profile(path)
    raise UnknownProfile(profile=wanted, known=", ".join(shipped()))


def text_of(name: str) -> str:
    """A shipped profile as it is written, to copy from; raises UnknownProfile."""
    if name not in shipped():
        raise UnknownProfile(profile=name, known=", ".join(shipped()))
    return (files("layers.profiles") / f"{name}{ENDING}").read_text(encoding="utf-8")


@cache
def shipped() -> dict[str, Profile]:
    """The profiles that come with quyhoach, by name."""
    texts = {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in files("layers.profiles").iterdir()
        if entry.name.endswith(ENDING)
    }
    return {name.removesuffix(ENDING): parsed(texts[name], name) for name in sorted(texts)}


def suiting(layer: str) -> list[Profile]:
    """The shipped profiles for a layer of that name: those that list the name itself before those with a pattern."""
    named = [profile for profile in shipped().values() if profile.names(layer)]
    others = [profile for profile in shipped().values() if profile.suits(layer) and profile not in named]
    return [*named, *others]


def read_profile(path: Path) -> Profile:
    """A person's own profile."""
    if path.stat().st_size > LARGEST_BYTES:
        raise _bad(path.name, None, "tệp lớn hơn 256 KiB.", "it is larger than 256 KiB.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        where = f"byte {error.start}"
        raise _bad(path.name, None, f"không phải UTF-8 ({where}).", f"it is not UTF-8 ({where}).") from None
    return parsed(text, path.name)


def parsed(text: str, file: str) -> Profile:
    """A profile out of its text; raises BadProfile with the first mistake."""
    try:
        _modest(text, file)
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        place = getattr(error, "problem_mark", None)
        where = (f", dòng {place.line + 1}", f", line {place.line + 1}") if place else ("", "")
        reason = " ".join(str(getattr(error, "problem", None) or error).split())[:120]
        raise _bad(
            file, None, f"không phải YAML{where[0]} ({reason}).", f"it is not YAML{where[1]} ({reason})."
        ) from None
    except ValueError as error:  # a date or number that YAML itself cannot make
        raise _bad(file, None, f"giá trị không đọc được ({error}).", f"a value cannot be read ({error}).") from None
    if not isinstance(content, dict):
        raise _bad(file, None, "cần các khóa, như profile: và fields:.", "it needs keys, such as profile: and fields:.")
    try:
        return Profile.model_validate(content)
    except ValidationError as error:
        raise _sentence(error, file) from None


def _modest(text: str, file: str) -> None:
    """Refuse what is too deep, too long, refers to itself, or says a key twice: YAML itself lets the last one win."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=yaml.SafeLoader)):
        if isinstance(event, yaml.AliasEvent):
            raise _bad(file, None, "không dùng tham chiếu (*).", "references (*) are not used here.")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise _bad(file, None, f"lồng quá {DEEPEST} tầng.", f"it is nested deeper than {DEEPEST}.")
        if count > MOST_NODES:
            raise _bad(file, None, f"có hơn {MOST_NODES} mục.", f"it has more than {MOST_NODES} entries.")
    for key, vi, en in _wrong_keys(yaml.compose(text, Loader=yaml.SafeLoader)):
        line = key.start_mark.line + 1
        named = str(key.value)[:60] if isinstance(key, yaml.ScalarNode) else None
        raise _bad(file, named, f"dòng {line}: {vi}.", f"line {line}: {en}.")


TEXT_TAG = "tag:yaml.org,2002:str"


def _wrong_keys(node: Any) -> Iterator[tuple[Any, str, str]]:
    """Keys that are no text (NO, 01 and 2025-07-01 are not, to YAML), and keys that stand twice in one place."""
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.tag != TEXT_TAG:
                yield key, "khóa phải là chữ, đặt trong dấu ngoặc kép", "a key must be text, put it in quotes"
            elif key.value in seen:
                yield key, "khóa này đã có ở trên", "the key stands there already"
            else:
                seen.add(key.value)
            yield from _wrong_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _wrong_keys(value)


KINDS_OF_VALUES: dict[str, tuple[str, str]] = {
    "string_type": ("cần chữ; số, ngày, yes, no phải đặt trong dấu ngoặc kép", "it must be text; put numbers, dates, yes and no in quotes"),
    "bool_type": ("cần true hoặc false", "it must be true or false"),
    "dict_type": ("cần các khóa bên dưới", "it must have keys below it"),
    "tuple_type": ("cần một tên hoặc danh sách tên", "it must be a name or a list of names"),
    "model_type": ("cần các khóa bên dưới", "it must have keys below it"),
    "missing": ("khóa này bắt buộc", "this key is needed"),
    "string_too_short": ("không được để trống", "it must not be empty"),
    "string_too_long": ("dài quá {max_length} ký tự", "it is longer than {max_length} letters"),
    "too_short": ("không được để trống", "it must not be empty"),
    "too_long": ("có hơn {max_length} mục", "it has more than {max_length} entries"),
    "literal_error": ("dùng {expected}", "use {expected}"),
    "string_pattern_mismatch": ("chỉ dùng chữ thường không dấu, số và gạch nối", "use small letters, digits and hyphens only"),
}  # fmt: skip
"""Kinds of mistakes as the checker names them → what is said of them."""


def _sentence(error: ValidationError, file: str) -> BadProfile:
    """The first mistake in words; how many more there are."""
    first, *others = error.errors(include_url=False)
    path = [str(part) for part in first["loc"] if part not in ("[key]", "function-before", "function-after")]
    key = ".".join(path) or None
    more = (f" (còn {len(others)} lỗi nữa)", f" ({len(others)} more)") if others else ("", "")
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, Wrong):
        return _bad(file, cause.key or key, cause.vi + more[0], cause.en + more[1])
    if first["type"] == "extra_forbidden":
        known = ", ".join(_known_at(path[:-1]))
        return _bad(
            file, key, f"không có khóa này; dùng: {known}.{more[0]}", f"there is no such key; use: {known}.{more[1]}"
        )
    vi, en = KINDS_OF_VALUES.get(first["type"], (first["msg"], first["msg"]))
    facts = {**first.get("ctx", {}), "expected": str(first.get("ctx", {}).get("expected", "")).replace(" or ", ", ")}
    return _bad(file, key, f"{vi.format(**facts)}.{more[0]}", f"{en.format(**facts)}.{more[1]}")


def _known_at(path: list[str]) -> list[str]:
    """The keys that may stand below a key."""
    model: Any = Profile
    if path[:1] == ["title"]:
        model = Title
    elif path[:1] == ["fields"] and len(path) > 1:
        model = FieldRule
    return [one.alias or name for name, one in model.model_fields.items()]


def _bad(file: str, key: str | None, vi: str, en: str) -> BadProfile:
    return BadProfile(file=file, key=f"“{key}”" if key else "–", vi=vi, en=en)
