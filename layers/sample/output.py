"""The files of the sample province."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from layers.sample.drawings import Drawing, plan_columns, zone_columns, zone_shapes
from layers.sample.files import Layer, Progress, fixed_date, write_json, write_table
from layers.sample.layout import Layout
from layers.sample.mixes import CODES
from layers.sample.noise import stream
from layers.sample.parcels import former_codes
from layers.sample.plans import carry_over_rows
from layers.sample.province import AREA_IN_HECTARES, EAST, FORMER, NEW, WEST, Province, merger_rows
from layers.sample.statements import availability_rows, office_rows
from layers.sample.truth import ON, TOLERANCE_M, Truth
from layers.sample.units import Unit, Units


@dataclass(frozen=True, slots=True)
class SampleFiles:
    """Where the files are. `a` and `b` are the two former provinces, drawn in EPSG:9214 and EPSG:9209."""

    former_units_a: Path
    former_units_b: Path
    new_units: Path
    mergers: Path
    plans_a_earlier: Path
    """Versions of plans that others in `plans_a` have taken the place of: the same codes, earlier terms."""
    plans_a: Path
    plans_b: Path
    parcels_a: Path
    parcels_b: Path
    availability: Path
    carry_over: Path
    offices: Path
    truth: Path


TABLES = ("mergers", "availability", "carry_over", "offices")


def written(layout: Layout, folder: Path, seed: int, progress: Progress) -> SampleFiles:
    """Write the whole layout into a folder; what is there of an earlier one is replaced."""
    ends = {"truth": "json"} | dict.fromkeys(TABLES, "csv")
    names = [field.name for field in fields(SampleFiles)]
    files = SampleFiles(*(folder / f"{name}.{ends.get(name, 'gpkg')}" for name in names))
    for name in names:
        getattr(files, name).unlink(missing_ok=True)
    with fixed_date():
        _write_units(files, layout.units)
        _write_plans(files.plans_a_earlier, WEST, layout.earlier, seed)
        _write_plans(files.plans_a, WEST, [one for one in layout.plans if one.plan.province is WEST], seed)
        _write_plans(files.plans_b, EAST, [one for one in layout.plans if one.plan.province is EAST], seed)
        _write_parcels(files, layout, seed, progress)
    write_table(files.mergers, merger_rows())
    write_table(files.availability, availability_rows())
    write_table(files.carry_over, carry_over_rows([drawing.plan for drawing in layout.plans]))
    write_table(files.offices, office_rows())
    write_json(files.truth, _truth(layout))
    return files


def _write_units(files: SampleFiles, units: Units) -> None:
    for path, province in ((files.former_units_a, WEST), (files.former_units_b, EAST)):
        _write_unit_file(
            path, province, [unit for unit in units.former if province.code in {unit.province_code, unit.code}]
        )
    _write_unit_file(files.new_units, NEW, units.new)


def _write_unit_file(path: Path, province: Province, units: Sequence[Unit]) -> None:
    names = [field.name for field in fields(Unit) if field.name != "shape"]
    columns = {name: [getattr(unit, name) for unit in units] for name in names}
    Layer(path, "unit", province.epsg).write(columns, np.array([unit.shape for unit in units], dtype=object))


def _write_plans(path: Path, province: Province, drawings: Sequence[Drawing], seed: int) -> None:
    boundaries = np.array([drawing.boundary for drawing in drawings], dtype=object)
    Layer(path, "plan", province.epsg).write(plan_columns(drawings), boundaries)
    Layer(path, "zone", province.epsg).write(zone_columns(drawings, seed), zone_shapes(drawings))


def _write_parcels(files: SampleFiles, layout: Layout, seed: int, progress: Progress) -> None:
    parcels = layout.parcels
    codes = former_codes(parcels)
    west = np.array([commune.province is WEST for commune in FORMER])[parcels.pieces.former]
    land_use = np.array(CODES, dtype=object)[layout.land_use]
    survey = stream(seed, "survey")
    outputs = (
        (west, Layer(files.parcels_a, "parcel", WEST.epsg)),
        (~west, Layer(files.parcels_b, "parcel", EAST.epsg)),
    )
    for some, shapes in parcels.chunks():
        declared = _declared(shapely.area(shapes), survey)
        columns = {
            "former_code": codes[some], "sheet": parcels.pieces.sheet[some], "number": parcels.number[some],
            "land_use_code": land_use[some], "declared_m2": declared,
        }  # fmt: skip
        for mine, output in outputs:
            here = mine[some]
            if here.any():
                output.write({name: values[here] for name, values in columns.items()}, shapes[here])
        progress("write parcels", some.stop, len(parcels))


def _declared(
    area_m2: np.ndarray[Any, np.dtype[np.float64]], survey: np.random.Generator
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Areas as old papers have them: to a tenth of a square metre, one in a hundred off by some per cent."""
    off = np.where(survey.random(len(area_m2)) < 0.01, survey.uniform(0.9, 1.1, len(area_m2)), 1.0)
    return np.round(area_m2 * off, 1)


def _truth(layout: Layout) -> dict[str, Any]:
    wrong = next(unit for unit in layout.units.former if unit.code == AREA_IN_HECTARES)
    return {
        "on": ON.isoformat(),
        "tolerance_m": TOLERANCE_M,
        "crs": "EPSG:9214",
        "note": "Illustration. Every finding a checker must report for this day and tolerance, and none besides.",
        "findings": _rows(layout.truth),
        "noise": _rows(layout.noise),
        "declared_area": {"unit_code": wrong.code, "declared": wrong.declared_km2, "drawn_km2": wrong.shape.area / 1e6},
    }


def _rows(truths: Sequence[Truth]) -> list[dict[str, Any]]:
    rows = [truth.row() for truth in truths]
    return sorted(
        rows, key=lambda row: (row["check"], row["level"], row["plan_codes"], row["unit_codes"], row["area_m2"])
    )
