"""Where an answer and the oracle differ, in words; areas may differ by a tolerance, slivers of nothing by being there at all."""

from collections.abc import Mapping
from typing import Any

from tests.proof.saying import Line, Saying, Theme

AREA_M2 = 0.001
DISTANCE_M = 0.006
"""Distances are told to the centimetre."""


def differences(answer: Saying, truth: Saying, slack_m2: Mapping[int, float] | None = None) -> list[str]:
    """Sentences; none where both say the same. `slack_m2`: how well the oracle knows what a corridor takes."""
    found = [
        *_areas("units", answer.units, truth.units),
        *_areas("former units", answer.former, truth.former),
        *_areas("parcels", answer.parcels, truth.parcels),
        *_lines(answer.lines, truth.lines, slack_m2 or {}),
    ]
    if answer.findings != truth.findings:
        found.append(f"findings: {answer.findings}, the oracle {truth.findings}")
    for key in answer.themes.keys() | truth.themes.keys():
        found += _theme(key, answer.themes[key], truth.themes[key])
    return found


def _theme(key: str, answer: Theme, truth: Theme) -> list[str]:
    told = [
        f"{key}: {name} {getattr(answer, name)}, the oracle {getattr(truth, name)}"
        for name in ("state", "word", "conflicts", "lines")
        if getattr(answer, name) != getattr(truth, name)
    ]
    return told + [
        sentence
        for name in ("shares", "amended", "noise")
        for sentence in _areas(f"{name} of {key}", getattr(answer, name), getattr(truth, name))
    ]


def _areas(name: str, answer: Mapping[Any, float | None], truth: Mapping[Any, float | None]) -> list[str]:
    """Areas under the tolerance may be missing on either side."""
    return [
        f"{name}: {key} {answer.get(key, 'absent')}, the oracle {truth.get(key, 'absent')}"
        for key in answer.keys() | truth.keys()
        if not _same(answer.get(key, 0.0), truth.get(key, 0.0))
    ]


def _same(one: float | None, other: float | None) -> bool:
    return one is other if one is None or other is None else abs(one - other) <= AREA_M2


def _lines(answer: Mapping[int, Line], truth: Mapping[int, Line], slack_m2: Mapping[int, float]) -> list[str]:
    if answer.keys() != truth.keys():
        return [f"lines: {sorted(answer)}, the oracle {sorted(truth)}"]
    return [
        f"line {number}: {line}, the oracle {truth[number]}"
        for number, line in answer.items()
        if line.side != truth[number].side
        or truth[number].direction not in {line.direction, "any"}
        or abs(line.distance_m - truth[number].distance_m) > DISTANCE_M
        or abs((line.area_m2 or 0.0) - (truth[number].area_m2 or 0.0)) > AREA_M2 + slack_m2.get(number, 0.0)
    ]
