"""The impact report as a document: plain JSON with a stable order, from which every printed form is made."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import shapely

from planning.mergers.accounts import BREACHES
from planning.mergers.clauses import KINDS, LOCATED, Event, Located, Part
from planning.mergers.differences import Difference, Noise
from planning.mergers.drawing import drawing
from planning.mergers.impact import Impact
from planning.mergers.ledger import Entry
from planning.mergers.seams import CAUSES, Cause, Seam, legacy_crs
from planning.mergers.situation import UnitFacts

Record = dict[str, Any]

MOST_ROWS = 1000
"""Rows of one list of the document; how many there are in all stands beside it, and the GeoPackage holds them all."""

CAUSE_ORDER: tuple[Cause, ...] = ("conflict", "datum", "densification", "digitising")
"""Seams in the order in which they ask for work: what an office must decide, what is mended by reprojecting, what is noise."""


def document(impact: Impact) -> Record:
    """The whole report; areas in m² or km², lengths in m, to the figures a person reads."""
    situation = impact.situation
    goes = _takers(situation.events)
    return {
        "resolutions": sorted({event.resolution for event in situation.events}),
        "effective": situation.effective.isoformat(),
        "illustration": situation.illustration,
        "summary": _summary(impact),
        "events": [_event(event, impact) for event in situation.events],
        "closed": [_closed(unit, goes.get(code, [])) for code, unit in sorted(situation.former.items())],
        "opened": [_opened(code, impact) for code in sorted(situation.new)],
        "accounts": [
            {"rule": one.rule, "vi": BREACHES[one.rule][0], "en": BREACHES[one.rule][1], "code": one.code,
             "message": one.message, "lines": list(one.lines)}
            for one in impact.accounts
        ],
        "boundaries": _boundaries(impact),
        "plans": [_plan(entry, impact) for entry in impact.ledger],
        "parcels": {
            "moves": [{"former": one.former, "new": one.new, "parcels": one.parcels} for one in situation.parcels.moves],
            "colliding": situation.parcels.colliding,
            "collisions": [
                {"new": one.new, "sheet": one.sheet, "number": one.number, "formers": list(one.formers)}
                for one in situation.parcels.collisions[:MOST_ROWS]
            ],
        },
        "matrix": _listed(
            {"former": one.former, "new": one.new, "plan": one.plan, "area_m2": round(one.area_m2, 2),
             "no_plan_m2": None if one.no_plan_m2 is None else round(one.no_plan_m2, 2)}
            for one in impact.cells
        ),
        "levels": _listed(
            {"new": one.new, "level": one.level, "state": one.state, "covered_pct": round(100 * one.covered, 3),
             "overlap_m2": round(one.overlap_m2, 2), "plans": [{"code": code, "area_m2": round(area, 2)} for code, area in one.plans]}
            for one in impact.levels
        ),
        "clashes": _listed(
            {"new": one.new, "level": one.level, "plans": list(one.plans), "area_m2": round(one.area_m2, 2)}
            for one in sorted(impact.clashes, key=lambda one: -one.area_m2)
        ),
        "seams": {
            "causes": _causes(impact.seams),
            **_listed(_seam(one) for one in sorted(impact.seams, key=lambda one: (CAUSE_ORDER.index(one.cause), -one.area_m2))),
        },
        "misplaced": [
            {"plan": one.plan, "unit": one.unit, "distance_m": round(one.distance_m, 1), "crs": one.crs,
             "vi": one.sign[0] if one.sign else None, "en": one.sign[1] if one.sign else None}
            for one in impact.misplaced
        ],
        "map": drawing(impact),
    }  # fmt: skip


def _summary(impact: Impact) -> Record:
    situation = impact.situation
    parts = [part for event in situation.events for part in event.parts if part.code]
    states = Counter(one.state for one in impact.levels)
    return {
        "closed": len(situation.former),
        "opened": len(situation.new),
        "kept": len(situation.kept),
        "kinds": [
            {"kind": kind, "vi": KINDS[kind][0], "en": KINDS[kind][1], "clauses": number}
            for kind, number in sorted(Counter(event.kind for event in situation.events).items())
        ],
        "parts_known": len(impact.lands),
        "parts_unknown": len(parts) - len(impact.lands),
        "without_boundary": sorted(set(situation.new) - set(impact.boundaries)),
        "breaches": len(impact.accounts),
        "differences": len(impact.comparison.differences),
        "plans": len(impact.ledger),
        "parcels": sum(move.parcels for move in situation.parcels.moves),
        "parcels_unknown": sum(move.parcels for move in situation.parcels.moves if move.new is None),
        "colliding": situation.parcels.colliding,
        "levels_without_plan": states["none"],
        "levels_with_several": states["several"],
        "plans_across_units": len({plan for plan, count in Counter(_lands(impact)).items() if count > 1}),
        "clashes": len(impact.clashes),
        "seams": len(impact.seams),
    }


def _lands(impact: Impact) -> list[str]:
    """The code of each plan, once for each new unit it lies in."""
    return [code for one in impact.levels for code, _ in one.plans]


def _event(event: Event, impact: Impact) -> Record:
    parts = [_part(event, place, part, impact) for place, part in enumerate(event.parts)]
    kind = KINDS[event.kind]
    return {
        "resolution": event.resolution, "clause": event.clause, "kind": event.kind, "kind_vi": kind[0], "kind_en": kind[1],
        "code": event.code, "name": event.name, "text": event.text, "parts": parts,
    }  # fmt: skip


def _part(event: Event, place: int, part: Part, impact: Impact) -> Record:
    land = impact.lands.get((event.label, place))
    area = _area(land.shape) if land else None
    former = impact.situation.former.get(part.code or "")
    old, new = _area(former.shape if former else None), _area(impact.boundaries.get(event.code))
    return {
        "code": part.code, "name": part.name, "district": part.district, "extent": part.extent, "scope": part.scope,
        "after_clauses": list(part.after_clauses), "declared_area_km2": part.declared_area_km2, "population": part.population,
        "how": land.how if land else None, "area_km2": _km2(area),
        "candidates": [] if land else _takers(impact.situation.events).get(part.code or "", []),
        "share_of_from_pct": 100.0 if part.extent == "whole" else _share(area, old), "share_of_to_pct": _share(area, new),
    }  # fmt: skip


def _unit(unit: UnitFacts, area: float | None) -> Record:
    return {
        "code": unit.code, "name": unit.name, "kind": unit.kind, "level": unit.level, "district": unit.district,
        "province_code": unit.province_code, "declared_km2": unit.declared_area_km2, "area_km2": _km2(area),
        **_how(unit.how), "crs": legacy_crs(unit),
    }  # fmt: skip


def _closed(unit: UnitFacts, goes_to: list[str]) -> Record:
    return {**_unit(unit, _area(unit.shape)), "goes_to": goes_to}


def _takers(events: Iterable[Event]) -> dict[str, list[str]]:
    """Former code → codes of the new units whose clauses take of it."""
    found: dict[str, set[str]] = {}
    for event in events:
        for part in event.parts:
            found.setdefault(part.code or "", set()).add(event.code)
    return {code: sorted(codes) for code, codes in found.items()}


def _how(how: Located | None) -> Record:
    """How a boundary was got, in words."""
    vi, en = LOCATED[how] if how else ("chưa rõ", "unknown")
    return {"how": how, "how_vi": vi, "how_en": en}


def _opened(code: str, impact: Impact) -> Record:
    unit = impact.situation.new[code]
    how = unit.how or ("derived" if code in impact.boundaries else None)
    verdict = impact.areas.get(code)
    return {
        **_unit(unit, _area(impact.boundaries.get(code))),
        "name": next(event.name for event in impact.situation.events if event.code == code),
        **_how(how),
        "area_judgement": verdict.judgement if verdict else None, "area_why": verdict.why if verdict else None,
    }  # fmt: skip


def _boundaries(impact: Impact) -> Record:
    comparison = impact.comparison
    return {
        "compared": sum(unit.shape is not None for unit in impact.situation.new.values()),
        "differences": [_difference(one) for one in sorted(comparison.differences, key=lambda one: -one.area_m2)],
        "noise": _noise(comparison.noise),
        "shifts": [
            {"code": code, "east_m": round(one.east_m, 3), "north_m": round(one.north_m, 3), "before_m": round(one.before_m, 3),
             "after_m": round(one.after_m, 3), "determined": one.determined}
            for code, one in sorted(comparison.shifts.items())
        ],
        "province": _outline(impact),
    }  # fmt: skip


def _outline(impact: Impact) -> Record | None:
    if impact.province is None:
        return None
    differences, noise = impact.province
    return {"differences": [_difference(one) for one in differences], "noise": _noise(noise)}


def _difference(one: Difference) -> Record:
    return {
        "verdict": one.verdict, "former": one.former, "new": one.new, "expected": list(one.expected), "area_m2": round(one.area_m2, 2),
        "width_m": round(one.width_m, 2), "explained_by": list(one.explained_by), "at": _at(one.shape),
    }  # fmt: skip


def _noise(noise: Noise) -> Record:
    return {"pieces": noise.pieces, "area_m2": round(noise.area_m2, 2), "widest_m": round(noise.widest_m, 4)}


def _plan(entry: Entry, impact: Impact) -> Record:
    plan = entry.plan
    new = {one.new: area for one in impact.levels for code, area in one.plans if code == plan.code}
    rivals = [one for one in impact.clashes if plan.code in one.plans]
    return {
        "code": plan.code, "name": plan.name, "level": plan.level, "decision_number": plan.decision_number, "approver": plan.approver,
        "valid_to": plan.valid_to.isoformat() if plan.valid_to else None, "crs": plan.source_crs,
        "area_m2": round(float(plan.shape.area), 2), "carry_over": entry.decision, "basis": entry.basis, "decided": entry.decided,
        "former": _lots(entry.units, plan.shape), "new": _lots(sorted(new.items()), plan.shape), "spans": len(new) > 1,
        "overlaps": [
            {"plan": next(code for code in one.plans if code != plan.code), "new": one.new, "area_m2": round(one.area_m2, 2)}
            for one in rivals
        ],
    }  # fmt: skip


def _lots(areas: Iterable[tuple[str, float | None]], shape: Any) -> list[Record]:
    return [
        {"code": code, "area_m2": None if area is None else round(area, 2), "pct": _share(area, _area(shape))}
        for code, area in areas
    ]


def _seam(seam: Seam) -> Record:
    return {
        "kind": seam.kind, "level": seam.level, "units": list(seam.units), "plans": list(seam.plans), "crs": list(seam.crs),
        "area_m2": round(seam.area_m2, 4), "width_m": round(seam.width_m, 4), "length_m": round(seam.length_m, 1),
        "cause": seam.cause, "cause_vi": CAUSES[seam.cause][0],
        "cause_en": CAUSES[seam.cause][1], "at": _at(seam.shape),
    }  # fmt: skip


def _causes(seams: Iterable[Seam]) -> list[Record]:
    """How many seams have each cause, with their whole area and the widest."""
    by_cause = {cause: [one for one in seams if one.cause == cause] for cause in CAUSE_ORDER}
    return [
        {"cause": cause, "cause_vi": CAUSES[cause][0], "cause_en": CAUSES[cause][1],
         "gaps": sum(one.kind == "gap" for one in own), "overlaps": sum(one.kind == "overlap" for one in own),
         "area_m2": round(sum(one.area_m2 for one in own), 2), "widest_m": round(max(one.width_m for one in own), 4)}
        for cause, own in by_cause.items() if own
    ]  # fmt: skip


def _listed(rows: Iterable[Record]) -> Record:
    everything = list(rows)
    return {"total": len(everything), "rows": everything[:MOST_ROWS]}


def _at(shape: Any) -> list[float]:
    """A point inside, in the storage CRS."""
    point = shapely.point_on_surface(shape)
    return [round(float(point.x), 2), round(float(point.y), 2)]


def _area(shape: Any) -> float | None:
    return None if shape is None else float(shape.area)


def _km2(area_m2: float | None) -> float | None:
    return None if area_m2 is None else round(area_m2 / 1e6, 4)


def _share(part: float | None, whole: float | None) -> float | None:
    return None if part is None or not whole else round(100 * part / whole, 3)
