"""The fields of a file taken over into our columns, by a profile; what cannot be taken over is an issue, never a guess."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from layers.profiles.attributes import attributes_of
from layers.profiles.chunk import Chunk, found_field
from layers.profiles.columns import Mask
from layers.profiles.filling import fill, number_piece, sources_of
from layers.profiles.model import FLOORS_TWICE, FieldRule, Profile, constant_problem, floors_twice
from layers.profiles.quantities import QUANTITIES, Seen
from layers.profiles.reasons import Issue
from layers.profiles.records import WITH_ATTRIBUTES
from planning.errors import BadQuestion, MissingField

Evidence = dict[str, Seen]
"""Column of ours → what the whole file tells of the way its numbers are written."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """Our columns, row for row as the features came, under the same labels.

    `sound`: the rows whose record can be stored; `skipped`: those the profile says are no records of this kind (neither
    sound nor an issue); `left_out`: fields of owners, which were not read.
    """

    frame: pd.DataFrame
    sound: Mask
    skipped: Mask
    issues: list[Issue]
    left_out: tuple[str, ...]


def mapped(
    chunk_fields: pd.DataFrame,
    profile: Profile,
    said: Mapping[str, str] | None = None,
    evidence: Evidence | None = None,
) -> Mapped:
    """Take over the fields of a chunk of features; its labels (whole numbers) are the rows that issues name.

    `said`: columns of ours that a person says for every feature; they go before what the file holds. `evidence`: what
    `evidence_of` found in all chunks together; without it a chunk is judged by itself, which suits a file read whole.
    Raises MissingField where a needed column is neither in the file nor said, BadQuestion for a word that cannot be used.
    """
    chunk = Chunk.of(chunk_fields, profile)
    for name, rule in _with_said(profile, said or {}, tuple(map(str, chunk_fields.columns))).items():
        seen = None if evidence is None else evidence.get(name, Seen())
        fill(chunk, name, rule, seen)
    if profile.makes in WITH_ATTRIBUTES:
        chunk.keep_rest()
        chunk.columns["attributes"] = pd.Series(attributes_of(chunk.kept, len(chunk)), dtype=object)
    frame = pd.DataFrame(chunk.columns, index=pd.RangeIndex(len(chunk)))
    frame.index = chunk_fields.index
    issues = sorted(chunk.issues, key=lambda issue: issue.row)
    return Mapped(frame, chunk.sound, chunk.skipped, issues, chunk.personal)


def evidence_of(chunks: Iterable[pd.DataFrame], profile: Profile) -> Evidence:
    """What the fields of a file, chunk by chunk, tell of the way its numbers are written."""
    found: Evidence = {}
    for fields in chunks:
        for name, rule in profile.fields.items():
            reads = profile.columns[name].reads
            if reads in QUANTITIES:
                for source in sources_of(rule, fields):
                    piece = number_piece(source, fields[source], reads)
                    assert piece.numbers is not None
                    found[name] = found.get(name, Seen()) | piece.numbers.seen
    return found


def _with_said(profile: Profile, said: Mapping[str, str], present: tuple[str, ...]) -> dict[str, FieldRule]:
    """The rules with a person's words in their place; refuse what is needed and nowhere."""
    rules = dict(profile.fields)
    for name, value in said.items():
        if name not in profile.columns:
            known = ", ".join(profile.columns)
            raise BadQuestion(parameter=name, vi=f"các cột: {known}.", en=f"the columns are: {known}.")
        listed = profile.fields.get(name)
        rules[name] = FieldRule.model_validate(
            {"value": value, "values": listed.values if listed else None, "scheme": listed.scheme if listed else None}
        )
        if problem := constant_problem(rules[name], profile.columns[name], profile):
            raise BadQuestion(parameter=name, vi=f"“{value}”: {problem.vi}.", en=f"“{value}”: {problem.en}.")
    if floors_twice(rules):
        raise BadQuestion(parameter=", ".join(said), vi=FLOORS_TWICE[0], en=FLOORS_TWICE[1])
    for name, column in profile.columns.items():
        if column.needed and not _is_told(rules.get(name), present):
            raise MissingField(file=profile.profile, field=name, present=", ".join(present))
    return rules


def _is_told(rule: FieldRule | None, present: tuple[str, ...]) -> bool:
    if rule is None:
        return False
    return bool(rule.value or rule.default or any(found_field(name, present) for name in rule.source or ()))
