"""The official boundaries of new units, as a file gives them: read for a question or an operation, stored by neither here."""

from typing import Any

import numpy as np

from layers.ingest.delivery import Delivery, gathered
from layers.ingest.report import Refusal, Report
from layers.ingest.shapes import sifted
from layers.sources.values import not_negative, text_or_none, whole_or_none, yes_or_no
from planning.errors import BadFile
from planning.mergers.situation import UnitFacts
from planning.units import CODE, declared_area


def official_units(delivery: Delivery, storage_srid: int) -> dict[str, UnitFacts]:
    """Code → unit with its boundary in the storage CRS. Fields: code, and where known name,
    province_code, declared_km2, population, coastal.

    Raises `BadFile` when any feature cannot be used: an official boundary is not left out in silence.
    """
    delivery.require("code")
    report = Report("units", delivery.name, delivery.sha256)
    source = gathered(delivery, report)
    sift = sifted(source.shapes, source.crs, storage_srid, numbers=source.numbers)
    refused = [*report.refused, *sift.refused]
    units: dict[str, UnitFacts] = {}
    for place, record in enumerate(source.fields.iloc[sift.places].to_dict("records")):
        origin = int(sift.places[place])
        try:
            facts = _facts(record, sift.geom[place], source.crs)
            if facts.code in units:
                raise ValueError(f"code {facts.code} stands more than once in the file")  # noqa: TRY301 - one way out for all
            units[facts.code] = facts
        except ValueError as error:
            refused.append(Refusal.of(source.feature(origin), "bad-value", str(error), source.shapes[origin]))
    if refused:
        raise BadFile(file=source.path.name, vi=f"ranh giới không dùng được: {refused[0].sentence}",
            en=f"{len(refused)} of its boundaries cannot be used: {refused[0].message} (feature {refused[0].feature})")  # fmt: skip
    return units


def _facts(record: dict[str, Any], shape: Any, crs: int) -> UnitFacts:
    code = text_or_none(record["code"])
    if code is None or not CODE.fullmatch(code):
        raise ValueError(f"code “{code}” is not two or five digits, as text with its leading zeros")
    written = record.get("declared_km2")
    number = isinstance(written, float) and np.isfinite(written)
    area = declared_area(f"{written:.6f}" if number else text_or_none(written) or "")
    return UnitFacts(
        code,
        text_or_none(record.get("name")) or "",
        kind="",
        province_code=text_or_none(record.get("province_code")),
        declared_area_km2=area.area_km2 if area else None,
        coastal=yes_or_no(record.get("coastal")),
        population=not_negative("population", whole_or_none(record.get("population"))),
        shape=shape,
        how="official",
        source_crs=crs,
    )
