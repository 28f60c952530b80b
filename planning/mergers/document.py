"""The impact report as a document: plain JSON with a stable order, from which every printed form is made."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import shapely

from planning.mergers.accounts import BREACHES
from planning.mergers.clauses import KINDS, LOCATED, Event, Located, Part
from planning.mergers.differences import Difference, Noise
from planning.mergers.impact import Impact
from planning.mergers.ledger import Entry
from planning.mergers.seams import CAUSES, Seam, legacy_crs
from planning.mergers.situation import UnitFacts

Record = dict[str, Any]

MOST_ROWS = 2000
"""Rows of one list of the document; how many there are in all stands beside it, and the GeoPackage holds them all."""

MAP_UNITS = 1500
"""The drawing is this wide or high; its outlines are simplified to half of one of its units."""


def document(impact: Impact) -> Record:
    """The whole report; areas in m² or km², lengths in m, to the figures a person reads."""
    situation = impact.situation
    return {
        "resolutions": sorted({event.resolution for event in situation.events}),
        "effective": situation.effective.isoformat(),
        "illustration": situation.illustration,
        "summary": _summary(impact),
        "events": [_event(event, impact) for event in situation.events],
        "closed": [_unit(unit, _area(unit.shape)) for _, unit in sorted(situation.former.items())],
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
                for one in situation.parcels.collisions
            ],
        },
        "matrix": _listed(
            {"former": one.former, "new": one.new, "plan": one.plan, "area_m2": round(one.area_m2, 2)} for one in impact.cells
        ),
        "levels": _listed(
            {"new": one.new, "level": one.level, "state": one.state, "covered_pct": round(100 * one.covered, 3),
             "overlap_m2": round(one.overlap_m2, 2), "plans": [{"code": code, "area_m2": round(area, 2)} for code, area in one.plans]}
            for one in impact.levels
        ),
        "seams": _listed(_seam(one) for one in sorted(impact.seams, key=lambda one: -one.area_m2)),
        "misplaced": [
            {"plan": one.plan, "unit": one.unit, "distance_m": round(one.distance_m, 1), "crs": one.crs,
             "vi": one.sign[0] if one.sign else None, "en": one.sign[1] if one.sign else None}
            for one in impact.misplaced
        ],
        "map": _drawing(impact),
    }  # fmt: skip


def _summary(impact: Impact) -> Record:
    situation = impact.situation
    parts = [part for event in situation.events for part in event.parts if part.code]
    states = Counter(one.state for one in impact.levels)
    return {
        "closed": len(situation.former),
        "opened": len(situation.new),
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
        "seams": len(impact.seams),
    }


def _event(event: Event, impact: Impact) -> Record:
    parts = [_part(event, place, part, impact) for place, part in enumerate(event.parts)]
    kind = KINDS[event.kind]
    return {
        "resolution": event.resolution, "clause": event.clause, "kind": event.kind, "kind_vi": kind[0], "kind_en": kind[1],
        "code": event.code, "name": event.name, "parts": parts,
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
        "share_of_from_pct": 100.0 if part.extent == "whole" else _share(area, old), "share_of_to_pct": _share(area, new),
    }  # fmt: skip


def _unit(unit: UnitFacts, area: float | None) -> Record:
    return {
        "code": unit.code, "name": unit.name, "kind": unit.kind, "level": unit.level, "district": unit.district,
        "province_code": unit.province_code, "declared_km2": unit.declared_area_km2, "area_km2": _km2(area),
        **_how(unit.how), "crs": legacy_crs(unit),
    }  # fmt: skip


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
    differences, noise = impact.province
    return {
        "differences": [_difference(one) for one in sorted(comparison.differences, key=lambda one: -one.area_m2)],
        "noise": _noise(comparison.noise),
        "shifts": [
            {"code": code, "east_m": round(one.east_m, 3), "north_m": round(one.north_m, 3), "before_m": round(one.before_m, 3),
             "after_m": round(one.after_m, 3), "determined": one.determined}
            for code, one in sorted(comparison.shifts.items())
        ],
        "province": {"differences": [_difference(one) for one in differences], "noise": _noise(noise)},
    }  # fmt: skip


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
    return {
        "code": plan.code, "name": plan.name, "level": plan.level, "decision_number": plan.decision_number, "approver": plan.approver,
        "valid_to": plan.valid_to.isoformat() if plan.valid_to else None, "crs": plan.source_crs,
        "area_m2": round(float(plan.shape.area), 2), "carry_over": entry.decision, "basis": entry.basis, "decided": entry.decided,
        "former": [{"code": code, "area_m2": round(area, 2)} for code, area in entry.units],
        "new": [{"code": code, "area_m2": round(area, 2)} for code, area in sorted(new.items())],
    }  # fmt: skip


def _seam(seam: Seam) -> Record:
    return {
        "kind": seam.kind, "level": seam.level, "units": list(seam.units), "plans": list(seam.plans), "crs": list(seam.crs),
        "area_m2": round(seam.area_m2, 4), "width_m": round(seam.width_m, 4), "cause": seam.cause, "cause_vi": CAUSES[seam.cause][0],
        "cause_en": CAUSES[seam.cause][1], "at": _at(seam.shape),
    }  # fmt: skip


def _listed(rows: Iterable[Record]) -> Record:
    everything = list(rows)
    return {"total": len(everything), "rows": everything[:MOST_ROWS]}


def _drawing(impact: Impact) -> Record:
    """Outlines before and after in one small plane of whole numbers, y downwards, and how many metres one of its units is."""
    before = {
        code: unit.shape for code, unit in impact.situation.former.items() if unit.shape is not None and len(code) == 5
    }
    after = {code: shape for code, shape in impact.boundaries.items() if len(code) == 5}
    every = [*before.values(), *after.values()]
    if not every:
        return {"width": 0, "height": 0, "metres": None, "before": [], "after": [], "plans": []}
    west, south, east, north = shapely.total_bounds(np.array(every, dtype=object))
    metres = max(east - west, north - south) / MAP_UNITS
    scale = (west, north, metres)
    names = {event.code: event.name for event in impact.situation.events}
    plans = {entry.plan.code: entry.plan.shape for entry in impact.ledger}
    return {
        "width": round((east - west) / metres), "height": round((north - south) / metres), "metres": round(metres, 3),
        "before": _outlines(before, {code: unit.name for code, unit in impact.situation.former.items()}, scale),
        "after": _outlines(after, names, scale),
        "plans": _outlines(plans, {entry.plan.code: entry.plan.level for entry in impact.ledger}, scale),
    }  # fmt: skip


def _outlines(shapes: Mapping[str, Any], names: Mapping[str, str], scale: tuple[float, float, float]) -> list[Record]:
    west, north, metres = scale
    rows = []
    for code, shape in sorted(shapes.items()):
        small = shapely.simplify(shape, metres / 2)
        rings = [ring for part in shapely.get_parts(small) for ring in (part.exterior, *part.interiors)]
        lines = [
            np.round((shapely.get_coordinates(ring) - (west, north)) / (metres, -metres)).astype(int) for ring in rings
        ]
        label = (shapely.get_coordinates(shapely.point_on_surface(shape))[0] - (west, north)) / (metres, -metres)
        rows.append({
            "code": code, "name": names.get(code, ""), "label": [round(float(one)) for one in label],
            "wide": round(float(np.sqrt(shape.area)) / metres), "rings": [line.tolist() for line in lines if len(line) > 3],
        })  # fmt: skip
    return rows


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
