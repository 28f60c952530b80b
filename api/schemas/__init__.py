"""The documents of the service, as /docs shows them and as the tests hold every answer to them."""

from api.schemas.answers import (
    Answer,
    Parcel,
    ParcelAnswer,
    ParcelRef,
    Place,
    PlanRef,
    Restriction,
    ThemeAnswer,
    UnitRef,
    ZoneRef,
)
from api.schemas.checks import CoverageAnswer, CoverageRow, FindingList, FindingRow
from api.schemas.document import PROBLEMS, Dated, Document, Problem, Release, Words
from api.schemas.service import FunctionRow, Health, Legend, LevelRow, LonLat, ReleaseList
from api.schemas.units import Descent, Neighbour, Unit, UnitAnswer, UnitList, UnitRow

__all__ = [
    "PROBLEMS",
    "Answer",
    "CoverageAnswer",
    "CoverageRow",
    "Dated",
    "Descent",
    "Document",
    "FindingList",
    "FindingRow",
    "FunctionRow",
    "Health",
    "Legend",
    "LevelRow",
    "LonLat",
    "Neighbour",
    "Parcel",
    "ParcelAnswer",
    "ParcelRef",
    "Place",
    "PlanRef",
    "Problem",
    "Release",
    "ReleaseList",
    "Restriction",
    "ThemeAnswer",
    "Unit",
    "UnitAnswer",
    "UnitList",
    "UnitRef",
    "UnitRow",
    "Words",
    "ZoneRef",
]
