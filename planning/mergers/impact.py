"""What a merger would do, before anything changes: one pure report from the situation it meets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import shapely

from planning.mergers.accounts import Breach, against_the_record, breaches
from planning.mergers.boundaries import NOISE_WIDTH_M, PartKey, PartLand, derived, located
from planning.mergers.differences import Comparison, Difference, Noise, compared, judgeable, outline_differences
from planning.mergers.ledger import Entry, ledger
from planning.mergers.matrix import Cell, Clash, LevelRow, clashes, levels, matrix
from planning.mergers.misplaced import Misplaced, misplaced
from planning.mergers.overlay import Piece, overlaid_by_level
from planning.mergers.seams import Seam, seams
from planning.mergers.situation import Situation, UnitFacts
from planning.units import CODE_LENGTHS, AreaVerdict, area_verdict

Step = Callable[[str, int, int], None]

STEPS = 7


@dataclass(frozen=True, slots=True)
class Impact:
    """The report. `lands`: land of parts that can be told; `outlines`: derived boundaries of new units whose parts are all known.

    `boundaries`: what each new unit will have, official or derived; a unit that is missing there has none. `province`: its outline
    against the communes, None where not all of them are known.
    """

    situation: Situation
    accounts: tuple[Breach, ...]
    lands: dict[PartKey, PartLand]
    outlines: dict[str, Any]
    boundaries: dict[str, Any]
    pieces: tuple[Piece, ...]
    comparison: Comparison
    province: tuple[tuple[Difference, ...], Noise] | None
    areas: dict[str, AreaVerdict]
    ledger: tuple[Entry, ...]
    cells: tuple[Cell, ...]
    levels: tuple[LevelRow, ...]
    clashes: tuple[Clash, ...]
    seams: tuple[Seam, ...]
    misplaced: tuple[Misplaced, ...]


@dataclass(slots=True)
class _Progress:
    step: Step | None
    done: int = field(default=0)

    def tell(self, what: str) -> None:
        self.done += 1
        if self.step:
            self.step(what, self.done, STEPS)


def impact(situation: Situation, step: Step | None = None, noise_m: float = NOISE_WIDTH_M) -> Impact:
    """Weigh everything the merger touches. Nothing is changed, nothing refused: what does not add up is in the accounts.

    `noise_m`: differences of boundaries up to this width are digitising noise.
    """
    progress = _Progress(step)
    events = situation.events
    former, official = shapes_of(situation.former), shapes_of(situation.new)
    lands = located(events, former, official, situation.parts)
    outlines = _outlines(situation, lands)
    boundaries = outlines | official
    progress.tell("ranh giới / boundaries")
    pieces = tuple(overlaid_by_level(former, boundaries))
    progress.tell("chồng lớp / overlay")
    comparison = compared(events, judgeable(events, former, boundaries, pieces), (outlines, official), noise_m)
    progress.tell("sai khác / differences")
    entries = tuple(ledger(situation))
    plans = [entry.plan for entry in entries]
    progress.tell("đồ án / plans")
    cells = tuple(matrix(pieces, plans))
    communes = _of(boundaries, CODE_LENGTHS["commune"])
    rows = tuple(levels(communes, plans))
    rivals = tuple(clashes(communes, plans))
    progress.tell("ma trận / matrix")
    found = tuple(seams(situation.former, plans))
    progress.tell("đường ráp / seams")
    province = _province(situation, boundaries)
    progress.tell("tỉnh / province")
    return Impact(
        situation, tuple(_accounts(situation)), lands, outlines, boundaries, pieces, comparison, province,
        _areas(situation, boundaries), entries, cells, rows, rivals, found, tuple(misplaced(situation.former, plans, situation.strays)),
    )  # fmt: skip


def shapes_of(units: Any) -> dict[str, Any]:
    """Code → shape, of the units whose boundary is known."""
    return {code: unit.shape for code, unit in units.items() if unit.shape is not None}


def _of(shapes: Mapping[str, Any], length: int) -> dict[str, Any]:
    return {code: shape for code, shape in shapes.items() if len(code) == length}


def _accounts(situation: Situation) -> list[Breach]:
    """What the clauses say against themselves and against the record: units left out may be meant so, and are told."""
    own = breaches(situation.events)
    return own + against_the_record(situation.events, situation.former, (), situation.bystanders)


def _outlines(situation: Situation, lands: dict[PartKey, PartLand]) -> dict[str, Any]:
    """The union of the parts, of every new unit all of whose parts are known."""
    found = {}
    for event in situation.events:
        parts = [lands.get((event.label, place)) for place, part in enumerate(event.parts) if part.code]
        if parts and None not in parts and len(parts) == len(event.parts):
            found[event.code] = derived([land.shape for land in parts if land is not None])
    return found


def _areas(situation: Situation, boundaries: dict[str, Any]) -> dict[str, AreaVerdict]:
    """Declared against drawn areas of the new units."""
    return {
        code: area_verdict(unit.declared_area_km2, float(boundaries[code].area) / 1e6, coastal=unit.coastal)
        for code, unit in sorted(situation.new.items())
        if unit.declared_area_km2 and code in boundaries
    }


def _province(situation: Situation, boundaries: dict[str, Any]) -> tuple[tuple[Difference, ...], Noise] | None:
    """The outlines of provinces against the new communes, where a province and all communes of the merger are known."""
    communes = [shape for code, shape in boundaries.items() if len(code) == 5]
    provinces = [
        unit.shape for unit in situation.provinces.values() if unit.shape is not None and _holds(unit, communes)
    ]
    if not provinces or situation.bystanders or len(communes) < len([code for code in situation.new if len(code) == 5]):
        return None
    found, noise = outline_differences(communes, shapely.union_all(provinces))
    return tuple(found), noise


def _holds(province: UnitFacts, communes: list[Any]) -> bool:
    return any(province.shape.intersects(shapely.point_on_surface(shape)) for shape in communes)
