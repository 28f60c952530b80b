"""A service asked at random and held against the oracle: what was compared, what a hair left undecided, and every mismatch."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from tests.proof.asking import Answer, ask_all
from tests.proof.differing import differences
from tests.proof.draws import Draw
from tests.proof.points import at_points
from tests.proof.saying import Saying, said
from tests.proof.shares import Truth, Undecided, on_area
from tests.proof.tables import Tables

SUM_M2 = 0.01
MOST_SHOWN = 20


@dataclass
class Comparison:
    """Counts, and the mismatches in words."""

    counts: Counter[str] = field(default_factory=Counter)
    mismatches: list[str] = field(default_factory=list)

    def noted(self, what: str, question: str, found: Sequence[str]) -> None:
        """One question compared."""
        self.counts[what] += 1
        self.mismatches += [f"{question}: {one}" for one in found]


def compared(tables: Tables, drawn: Draw, port: int, srid: int = 9214) -> Comparison:
    """Ask everything of the service at the port, then compare."""
    found = Comparison()
    end = f"&release={tables.release}&lang=en"
    points = [f"/v1/lookup?x={x!r}&y={y!r}&crs=EPSG:{srid}&on={day}{end}"
        for (x, y), day in zip(drawn.places, drawn.place_days, strict=True)]  # fmt: skip
    parcels = [
        f"/v1/parcels/{key}?by=former&on={day}{end}" for key, day in zip(drawn.keys, drawn.key_days, strict=True)
    ]
    truths = at_points(tables, drawn.places, drawn.place_days)

    def point_heard(turn: int, answer: Answer) -> None:
        _point(found, points[turn], answer, truths[turn], drawn.places[turn])

    def parcel_heard(turn: int, answer: Answer) -> None:
        _parcel(found, parcels[turn], answer, tables, (drawn.keys[turn], drawn.key_days[turn]))

    asyncio.run(ask_all(port, points, point_heard))
    asyncio.run(ask_all(port, parcels, parcel_heard))
    return found


def _point(found: Comparison, question: str, answer: Answer, truth: Saying | None, place: tuple[float, float]) -> None:
    if truth is None:
        found.counts["points undecided"] += 1
    elif not truth.units:
        found.noted(
            "points outside",
            question,
            [] if answer.status == 404 else [f"status {answer.status}, outside of every unit"],
        )
    elif answer.status != 200:
        found.noted("points", question, [f"status {answer.status}"])
    else:
        document = answer.document
        subject = document["subject"]
        mixed = max(abs(subject["x"] - place[0]), abs(subject["y"] - place[1])) > 1e-4
        told = [f"an answer about {subject}"] if mixed else differences(said(document), truth)
        found.noted("points", question, told)


def _parcel(found: Comparison, question: str, answer: Answer, tables: Tables, asked: tuple[str, date]) -> None:
    key, day = asked
    if answer.status != 200:
        found.noted("parcels", question, [f"status {answer.status}"])
        return
    document = answer.document
    shape = tables.on(day).parcel_shapes[key]
    told = [] if document["subject"]["key"] == key else [f"an answer about {document['subject']['key']}"]
    if abs(document["subject"]["area_m2"] - shape.area) > SUM_M2 / 10:
        told.append(f"area {document['subject']['area_m2']}, the oracle {shape.area}")
    try:
        truth: Truth = on_area(tables, shape, day)
    except Undecided:
        found.counts["parcels undecided"] += 1
        return
    told += differences(said(document), truth.saying, truth.slack_m2)
    told += _sums(document, shape.area, truth.saying)
    found.noted("parcels", question, told)


def _sums(document: dict, area: float, truth: Saying) -> list[str]:  # type: ignore[type-arg]
    """Where the oracle's communes take all of the parcel, the answer's sum to it within 0.01 m²."""
    communes = [one for one in document["units"] if one["level"] == "commune"]
    own = sum(truth.units.get((one["code"], one["valid_from"])) or 0.0 for one in communes)
    total = sum(one["area_m2"] for one in communes)
    return (
        [f"communes sum to {total}, not {area}"] if abs(own - area) < SUM_M2 / 10 and abs(total - area) > SUM_M2 else []
    )
