"""What an answer says, in few words; how states follow from them by the law of the service; and where two of them differ."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from tests.proof.tables import THEMES, Ground

By = tuple[str, ...]
"""Codes of the plans whose zones lie in the place of a share, sorted; none: it applies."""

Share = tuple[str, int | None, By]
"""Code of a plan and the zone of it; no zone: the plan alone."""


@dataclass
class Theme:
    """One theme: its state, on whose word, shares (m², None at a point), what amendments replaced, noise, pairs of plans in conflict, lines
    with a say.
    """

    state: str
    word: str | None
    shares: dict[Share, float | None]
    amended: dict[Share, float | None]
    noise: dict[Share, float | None]
    conflicts: list[list[str]]
    lines: list[int]


@dataclass
class Line:
    """A control line: how far, on which side, in which direction, and how much a corridor takes."""

    distance_m: float
    side: str
    direction: str | None
    area_m2: float | None


@dataclass
class Saying:
    """One answer."""

    units: dict[tuple[str, str], float | None]
    former: dict[tuple[str, str], float | None]
    parcels: dict[str, float | None]
    lines: dict[int, Line]
    findings: list[tuple[int, str]]
    themes: dict[str, Theme] = field(default_factory=dict)


def said(answer: dict[str, Any]) -> Saying:
    """Of an answer of the service."""
    return Saying(
        units={(one["code"], one["valid_from"]): one.get("area_m2") for one in answer["units"]},
        former={(one["code"], one["valid_from"]): one.get("area_m2") for one in answer["former_units"]},
        parcels={one["key"]: one.get("within_m2") for one in answer["parcels"]},
        lines={one["id"]: Line(one["distance_m"], one["side"], one["direction"], one["area_m2"]) for one in answer["lines"]},
        findings=sorted((one["case"] or 0, one["check"]) for one in answer["checks"]["findings"]),
        themes={
            one["theme"]: Theme(
                one["state"], one["on_whose_word"], _shares(one["restrictions"]), _shares(one["amended"]),
                _shares(one["noise"]), sorted(pair["plans"] for pair in one["conflicts"]), sorted(one["lines"]),
            )
            for one in answer["themes"]
        },
    )  # fmt: skip


def _shares(restrictions: list[dict[str, Any]]) -> dict[Share, float | None]:
    return {
        (
            one["plan"]["code"],
            one["zone"] and one["zone"]["id"],
            tuple(by["code"] for by in one.get("amended_by", ())),
        ): one["area_m2"]
        for one in restrictions
    }


Part = tuple[int | None, By]
"""A zone of a plan (None: the plan alone), and by which plans it was amended."""


@dataclass(frozen=True)
class Shared:
    """What of one plan lies at a subject, in m² (None at a point): what applies and what was amended, and those that are noise."""

    shares: dict[Part, float | None]
    noise: dict[Part, float | None]


def themes_of(
    ground: Ground,
    shared: dict[int, Shared],
    on_each_other: set[frozenset[int]],
    saying: Saying,
    *,
    spoken_for: bool = True,
) -> dict[str, Theme]:
    """The themes of a subject.

    `spoken_for`: communes on record hold all of it; `shared`: plan by id → what of it lies there;
    `on_each_other`: pairs of plans that share ground there.
    """
    plans = {row["id"]: row for row in ground.plans.rows}
    communes = {row["code"] for row in ground.units.rows if row["level"] == "commune" and row["id"] not in ground.ended}
    here = [code for code, _ in saying.units if code in communes]
    found = {}
    for theme in THEMES:
        own = {number for number in shared if plans[number]["level"] in theme.get("levels", ())
            and plans[number]["kind"] in theme.get("kinds", [plans[number]["kind"]])}  # fmt: skip
        lines = sorted(
            number for number, line in saying.lines.items() if _says(ground, number, line, theme.get("lines", ()))
        )
        standings = {ground.standing[number] for number in own if shared[number].shares}
        said_here = [ground.words.get((theme["key"], code), []) for code in here]
        state = next((one for one in ("in_force", "not_carried_over") if one in standings), "")
        if lines or state == "in_force":
            state = "applies"
        if not state:
            complete = (
                here
                and spoken_for
                and all(words and {word["state"] for word in words} == {"complete"} for words in said_here)
            )
            state = "none" if complete else "no_data"
        offices = {word["on_whose_word"] for words in said_here for word in words}
        found[theme["key"]] = Theme(
            state,
            "; ".join(sorted(offices)) if state == "none" else None,
            {
                (plans[number]["code"], zone, by): area
                for number in own
                for (zone, by), area in shared[number].shares.items()
                if not by
            },
            {
                (plans[number]["code"], zone, by): area
                for number in own
                for (zone, by), area in shared[number].shares.items()
                if by
            },
            {
                (plans[number]["code"], zone, by): area
                for number in own
                for (zone, by), area in shared[number].noise.items()
            },
            sorted(_conflicts(ground, own, on_each_other)),
            lines,
        )
    return found


def _says(ground: Ground, number: int, line: Line, kinds: Iterable[str]) -> bool:
    kind = next(row["kind"] for row in ground.lines.rows if row["id"] == number)
    sides = {"inside", "crosses"} if kind == "corridor" else {"crosses", "touches"}
    return kind in kinds and line.side in sides


def _conflicts(ground: Ground, own: set[int], on_each_other: set[frozenset[int]]) -> list[list[str]]:
    rows = {row["id"]: row for row in ground.plans.rows}
    return [
        sorted((rows[one]["code"], rows[other]["code"]))
        for one, other in combinations(own, 2)
        if frozenset((one, other)) in on_each_other
        and rows[one]["level"] == rows[other]["level"]
        and {ground.standing[one], ground.standing[other]} == {"in_force"}
        and rows[one]["code"] not in _amended_by(rows[other]["code"], ground)
        and rows[other]["code"] not in _amended_by(rows[one]["code"], ground)
    ]


def replaces(one: str, other: str, ground: Ground) -> bool:
    """Whether zones of plan `one` lie in the place of those of `other`: of two that amend each other neither does."""
    return other in _amended_by(one, ground) and one not in _amended_by(other, ground)


def _amended_by(code: str, ground: Ground) -> set[str]:
    """Every plan that a plan amends, itself or by way of others."""
    seen: set[str] = set()
    at = ground.amended.get(code)
    while at and at not in seen:
        seen.add(at)
        at = ground.amended.get(at)
    return seen
