"""The land of parts of divided units, as an office gives it or somebody digitised it."""

from typing import Any

import shapely

from layers.ingest.delivery import Delivery, gathered
from layers.ingest.intake import NothingStored, Terms, dataset_of, opened, report_of
from layers.ingest.report import Refusal, Report
from layers.ingest.shapes import sifted
from layers.sources.values import text_or_none
from planning.geometry import operation
from planning.mergers.boundaries import PartLand, surviving
from planning.mergers.clauses import Event, Located
from planning.store.copying import Progress
from planning.store.events import events_on_record, reissue_events
from planning.store.parts import derived_from_parts, former_shapes, keep_lands
from planning.store.session import WriteSession
from planning.store.tables import unit_event


def bring_in_merger_parts(
    session: WriteSession, delivery: Delivery, how: Located, terms: Terms, progress: Progress | None = None
) -> Report:
    """Bring in the land of parts. Fields: resolution, clause, old_code. All of it or nothing: one part is what others are not.

    Refused: a part no clause takes, one that leaves its former unit by more than noise, parts of one unit that overlap.
    """
    delivery.require("resolution", "clause", "old_code")
    by = operation(delivery.crs, session.storage_srid).name
    report = report_of("merger-parts", delivery, by)
    intake = opened(session, dataset_of("merger-parts", delivery, by, terms), report, [unit_event], progress)
    if intake is None:
        return report
    source = gathered(delivery, report)
    sift = sifted(source.shapes, source.crs, session.storage_srid, numbers=source.numbers)
    report.note(sift.refused, sift.repairs, source.layer)
    takes = {(e.label, part.code): e for e in events_on_record(session, intake.draft) for part in e.parts if part.code}
    lands: dict[tuple[str, str], Any] = {}
    for place, record in enumerate(source.fields.iloc[sift.places].to_dict("records")):
        feature, shape = source.feature(int(sift.places[place])), source.shapes[sift.places[place]]
        key = _key(record)
        reason = _doubt(key, takes, lands, sift.geom[place], session, intake.draft)
        if reason:
            report.refuse(Refusal.of(feature, "bad-part", reason, shape))
        else:
            lands[key] = sift.geom[place]
    if not report.refused:
        report.refuse(*(Refusal(1, "bad-part", one, None) for one in _uncovered(takes, lands, session, intake.draft)))
        report.refuse(
            *(
                Refusal(
                    1,
                    "bad-part",
                    f"{label}: the boundary of {code} was derived from its parts; take the merger back first",
                    None,
                )
                for label, code in sorted(derived_from_parts(session, {label for label, _ in lands}, intake.draft))
            )
        )
    if report.refused:
        first = report.refused[0].sentence
        raise NothingStored(
            report, file=report.file, vi=f"không nhập phần đất nào. {first}", en=f"no part was stored. {first}"
        )
    reissue_events(session, {label for label, _ in lands}, intake.draft)
    report.counts["stored_unit_event_part"] = keep_lands(
        session, {key: PartLand(shape, how) for key, shape in lands.items()}, intake.draft
    )
    return intake.concluded()


def _key(record: dict[str, Any]) -> tuple[str, str]:
    resolution, clause, code = (text_or_none(record[name]) or "" for name in ("resolution", "clause", "old_code"))
    return f"{resolution} khoản {clause}", code


def _doubt(
    key: tuple[str, str], takes: dict[tuple[str, str], Event], lands: dict[tuple[str, str], Any], shape: Any,
    session: WriteSession, draft: int,
) -> str | None:  # fmt: skip
    """Why the land cannot be that of the part, None when it can."""
    label, code = key
    if key not in takes:
        return f"{label} takes nothing of {code}"
    if key in lands:
        return f"{label} {code} stands more than once in the file"
    for (other_label, other_code), other in lands.items():
        if other_code == code and surviving(shapely.intersection(other, shape)):
            return f"the parts of {code} in {label} and {other_label} overlap"
    former = former_shapes(session, [code], takes[key].effective, draft).get(code)
    if former is not None and surviving(shapely.difference(shape, former)):
        return f"the part leaves its former unit {code} by more than digitising noise"
    part = next(one for one in takes[key].parts if one.code == code)
    if former is not None and part.extent == "whole" and surviving(shapely.difference(former, shape)):
        return f"{label} takes the whole of {code}, and this is a part of it"
    return None


def _uncovered(
    takes: dict[tuple[str, str], Event], lands: dict[tuple[str, str], Any], session: WriteSession, draft: int
) -> list[str]:
    """Former units all of whose parts are given, and which these do not fill."""
    found = []
    for code in sorted({code for _, code in lands}):
        keys = [key for key in takes if key[1] == code and takes[key].effective == takes[_first(lands, code)].effective]
        former = former_shapes(session, [code], takes[keys[0]].effective, draft).get(code)
        if former is None or any(key not in lands for key in keys):
            continue
        rest = shapely.difference(former, shapely.union_all([lands[key] for key in keys]))
        if surviving(rest):
            found.append(f"the parts of {code} leave {rest.area:,.0f} m² of it to nobody")
    return found


def _first(lands: dict[tuple[str, str], Any], code: str) -> tuple[str, str]:
    return next(key for key in lands if key[1] == code)
