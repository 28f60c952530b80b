"""A profile proposed for a file: what could be told from it, with the evidence, and what a person must still answer."""

import json
import re
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely

from layers.profiles.chunk import is_personal
from layers.profiles.likeness import (
    Evidence,
    evidence,
    function_evidence,
    function_fields,
    likeliest_kind,
    named_alike,
)
from layers.profiles.loading import shipped
from layers.profiles.quantities import BY_COLUMN, QUANTITIES
from layers.profiles.records import COLUMNS, WITH_ATTRIBUTES, Column, Kind
from layers.profiles.words import Listed, plain
from layers.sources.vector import Source, Unplaced
from planning.functions import SCHEMES, Scheme

FEW = 2
"""Fields known by name up to which a file is called strange."""


@dataclass(slots=True)
class Draft:
    """A profile as YAML that can be loaded, and its questions to a person, Vietnamese and English."""

    kind: Kind
    questions: list[tuple[str, str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    found: dict[str, list[str]] = field(default_factory=dict)
    text: str = ""

    def ask(self, vi: str, en: str) -> None:
        """One more question."""
        self.questions.append((vi, en))


OF_A_DRAWING = {"cad_layer", "texts"}
"""Fields that the readers of drawings give."""


def drafted(source: Source | Unplaced) -> Draft:
    """Propose a profile for a layer. Nothing of it is used before a person has read it."""
    kinds = {int(one) for one in np.unique(shapely.get_type_id(source.shapes)) if one >= 0}
    areas = not kinds or bool(kinds & {3, 6})
    kind, known = likeliest_kind(source.fields, source.layer, areas=areas)
    draft = Draft(kind)
    if known <= FEW:
        draft.ask(
            f"chỉ nhận ra {known} trường theo tên: đây có phải dữ liệu loại {kind} không?",
            f"only {known} of its fields are known by name: is this a file of kind {kind} at all?",
        )
    draft.found = named_alike(kind, source.fields)
    for name, column in COLUMNS[kind].items():
        if column.reads == "function":
            _propose_function(draft, source.fields)
        elif name in draft.found:
            _propose(draft, source.fields, name, column)
    _ask_for_missing(draft)
    draft.text = _written(draft, source)
    return draft


def _propose(draft: Draft, fields: pd.DataFrame, name: str, column: Column) -> None:
    if name == "lot_symbol" and set(fields) >= OF_A_DRAWING:
        draft.found[name] = ["texts"]
    sources = draft.found[name]
    draft.used += sources
    facts = [evidence(one, fields[one], column, (), listed_of(draft.kind, name)) for one in sources]
    draft.lines.append(f"  {name}:")
    draft.lines.append(f"    from: {_listed(sources)}")
    if set(fields) >= OF_A_DRAWING and sources == ["texts"]:
        draft.lines.append("    pick: symbol")
    draft.lines += [line for fact in facts for line in _told(fact)]
    quantity = QUANTITIES.get(column.reads)
    if quantity and quantity.choices != ("",) and len(quantity.choices) > 1:
        draft.lines.append(f"    unit: {quantity.default_unit}")
        if quantity.default_unit != BY_COLUMN and "area" in column.reads:
            choices = ", ".join(quantity.choices)
            draft.ask(
                f"{name}: {sources[0]} tính bằng đơn vị nào ({choices})?",
                f"{name}: in which unit is {sources[0]} ({choices})?",
            )
    if column.reads == "percent" and any(
        fact.seen and fact.seen.within_one and not fact.seen.above_one for fact in facts
    ):
        draft.lines.append("    #   cột toàn tỷ số: 0,4 là 40 % / the column holds fractions: 0.4 is 40 %")
    if words := listed_words(draft.kind, name, facts):
        draft.lines += ["    values:", *words]
    _ask_about(draft, name, column, facts)


def _ask_about(draft: Draft, name: str, column: Column, facts: list[Evidence]) -> None:
    """Questions that the values themselves leave open."""
    reasons = {problem.reason: (fact.source, text) for fact in facts for text, _, problem in fact.unread}
    if "ambiguous-number" in reasons:
        source, text = reasons["ambiguous-number"]
        draft.ask(
            f"{source} “{text}”: dấu nào là dấu thập phân? ghi decimal:",
            f"{source} “{text}”: which is the decimal sign? say decimal:",
        )
    if "ambiguous-percent" in reasons:
        source, text = reasons["ambiguous-percent"]
        draft.ask(
            f"{source} “{text}” là phần trăm hay tỷ số? ghi unit:",
            f"{source} “{text}”: per cent or a fraction? say unit:",
        )
    if "not-a-date" in reasons:
        source, text = reasons["not-a-date"]
        draft.ask(
            f"{source} “{text}”: ngày viết theo thứ tự nào? ghi dates:",
            f"{source} “{text}”: in which order are dates written? say dates:",
        )
    if "unknown-word" in reasons:
        known = ", ".join(column.words)
        draft.ask(
            f"{name}: các giá trị lạ nghĩa là gì ({known})?", f"{name}: what do the unknown values mean ({known})?"
        )


def _propose_function(draft: Draft, fields: pd.DataFrame) -> None:
    """Fields by their names, judged by their values; without one, any field that holds functions of land."""
    named = draft.found.get("function", [])
    facts = [
        max(((function_evidence(fields, one, scheme), scheme) for scheme in SCHEMES), key=lambda pair: pair[0].read)
        for one in named
    ]
    if not any(fact.read for fact, _ in facts):
        taken = [one for name, sources in draft.found.items() for one in sources if name != "function"]
        facts = function_fields(fields, [*taken, *named])[:1] + facts
    if not facts:
        return
    schemes: list[Scheme] = list(
        dict.fromkeys(scheme for fact, scheme in sorted(facts, key=lambda pair: -pair[0].read) if fact.read)
    )
    draft.found["function"] = [fact.source for fact, _ in facts]
    draft.used += draft.found["function"]
    draft.lines += ["  function:", f"    from: {_listed(draft.found['function'])}", "    keep: true"]
    if schemes:
        draft.lines.append(f"    scheme: [{', '.join(schemes)}]")
    else:
        draft.ask(
            "function: không giá trị nào có trong bảng mã; viết values: cho từng giá trị",
            "function: none of its values is in a table of codes; write values: for each of them",
        )
    draft.lines += [line for fact, _ in facts for line in _told(fact)]
    unread = {plain(text): text for fact, _ in facts for text, _, _ in reversed(fact.unread)}
    if unread:
        draft.lines += ["    # values:", *(f"    #   {_quoted(text)}: ?" for text in unread.values())]
    if unread and schemes:
        draft.ask(
            "function: các giá trị chưa nhận ra là mã nào?", "function: which codes are the values that are not known?"
        )


def _ask_for_missing(draft: Draft) -> None:
    for name, column in COLUMNS[draft.kind].items():
        if column.needed and name not in draft.found:
            choices = f" ({', '.join(column.words)})" if column.words else ""
            draft.ask(
                f"{name}{choices}: không trường nào được nhận ra; chỉ ra trường, hoặc người nhập sẽ cho biết (asks:)",
                f"{name}{choices}: no field is known for it; name one, or leave it to whoever brings the file in (asks:)",
            )


def listed_of(kind: Kind, name: str) -> Listed:
    """The words that shipped profiles know for a column."""
    return Listed.of(_shipped_words(kind, name))


def _shipped_words(kind: Kind, name: str) -> dict[str, str]:
    rules = [profile.fields[name] for profile in shipped().values() if profile.makes == kind and name in profile.fields]
    return {word: ours for rule in rules for word, ours in (rule.values or {}).items()}


def listed_words(kind: Kind, name: str, facts: list[Evidence]) -> list[str]:
    """The list of words for a column of listed words, as lines of YAML."""
    if not facts or COLUMNS[kind][name].reads != "word":
        return []
    return [f"      {_quoted(word)}: {ours}" for word, ours in _shipped_words(kind, name).items()]


def _told(fact: Evidence) -> list[str]:
    """The evidence on a field, as comments."""
    lines = [
        f"    # {_plain_line(fact.source)}: đọc được {fact.read} / {fact.filled} giá trị / {fact.read} of {fact.filled} values are read"
    ]
    if fact.seen and fact.seen.sign:
        lines.append(f"    #   dấu thập phân theo cột / decimal sign by the column: {fact.seen.sign}")
    lines += [f"    #   {_quoted(text)} ×{count}: {problem.en}" for text, count, problem in fact.unread]
    return lines


def _written(draft: Draft, source: Source | Unplaced) -> str:
    name = (
        re.sub(r"-+", "-", re.sub(r"[^a-z0-9]", "-", " ".join(_words(source.layer)))).strip("-")[:60].strip("-")
        or "draft"
    )
    missing = [one for one, column in COLUMNS[draft.kind].items() if column.needed and one not in draft.found]
    if draft.kind == "plan" and "valid_from" not in draft.found:
        missing.append("valid_from")
    lines = [
        f"# Đề xuất cho {_plain_line(source.path.name)}, lớp {_plain_line(source.layer)}, {len(source)} đối tượng / Drafted for this layer",
        f"# Hệ tọa độ / CRS: {f'EPSG:{source.crs} ({source.crs_said_by})' if source.crs else 'tệp không ghi / the file names none'}",
        *_questions(draft),
        f"profile: {name}",
        "title:",
        f"  vi: {_quoted(f'{source.path.stem}, lớp {source.layer}')}",
        f"  en: {_quoted(f'{source.path.stem}, layer {source.layer}')}",
        f"makes: {draft.kind}",
        f"layers: [{_quoted(source.layer)}]",
        *([f"asks: [{', '.join(missing)}]"] if missing else []),
        "fields:",
        *(draft.lines or _nothing_found(draft.kind)),
        *_rest(draft, source.fields),
    ]
    return "\n".join(lines) + "\n"


def _questions(draft: Draft) -> list[str]:
    if not draft.questions:
        return ["# Hãy đọc lại từng dòng trước khi dùng. / Read every line before you use it."]
    lines = ["# Người nhập phải trả lời / A person must still answer:"]
    return lines + [f"#   {number}. {vi} / {en}" for number, (vi, en) in enumerate(draft.questions, start=1)]


def _nothing_found(kind: Kind) -> list[str]:
    """A profile needs one field: the first needed column with a name that no file has."""
    name = next(name for name, column in COLUMNS[kind].items() if column.needed)
    return [f"  {name}: {{from: [TÊN-TRƯỜNG]}} # điền tên trường / put the name of the field"]


def _rest(draft: Draft, fields: pd.DataFrame) -> list[str]:
    names = list(map(str, fields.columns))
    personal = [name for name in names if is_personal(name)]
    others = [name for name in names if name not in draft.used and name not in personal]
    lines = (
        [f"# không đọc, thuộc về chủ đất / of owners, never read: {', '.join(map(_plain_line, personal))}"]
        if personal
        else []
    )
    keeps = draft.kind in WITH_ATTRIBUTES
    if others:
        where = "vào thuộc tính / go to the attributes" if keeps else "bị bỏ / are dropped"
        lines.append(f"# trường chưa dùng, {where}: {', '.join(map(_plain_line, others))}")
    return lines + (["attributes: rest"] if keeps else [])


def _words(layer: str) -> list[str]:
    return [one for part in re.split(r"[\W_]+", layer) if (one := plain(part))]


def _listed(names: list[str]) -> str:
    return f"[{', '.join(map(_quoted, names))}]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _plain_line(text: str) -> str:
    """A name inside a comment: on one line."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
