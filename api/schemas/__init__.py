"""The documents of the service, as /docs shows them and as the tests hold every answer to them."""

from api.schemas.answers import Answer, PlanRef, Restriction, ThemeAnswer, ZoneRef, answer_schema
from api.schemas.asking import Choice, Choices
from api.schemas.changes import Changes, Verification
from api.schemas.checks import CoverageAnswer, CoverageReport, CoverageRow, FindingList, FindingRow
from api.schemas.document import PROBLEMS, TOO_LARGE, Dated, Document, Problem, Release, Words
from api.schemas.mergers import LedgerAnswer, LedgerEntry, Merger, MergerList, MergerReport, RepealRef
from api.schemas.plan_documents import DocumentRef, PlanDocuments
from api.schemas.scans import Scan, ScanList
from api.schemas.service import FunctionRow, Health, Legend, LevelRow, LonLat, ReleaseList
from api.schemas.subjects import ParcelChoice, ParcelChoices, ParcelRef, Subject, UnitRef
from api.schemas.units import (
    Descent,
    Lineage,
    LineageEdge,
    LineageNode,
    Neighbour,
    Unit,
    UnitAnswer,
    UnitList,
    UnitRow,
    UnitsAt,
)

__all__ = [
    "PROBLEMS",
    "TOO_LARGE",
    "Answer",
    "Changes",
    "Choice",
    "Choices",
    "CoverageAnswer",
    "CoverageReport",
    "CoverageRow",
    "Dated",
    "Descent",
    "Document",
    "DocumentRef",
    "FindingList",
    "FindingRow",
    "FunctionRow",
    "Health",
    "LedgerAnswer",
    "LedgerEntry",
    "Legend",
    "LevelRow",
    "Lineage",
    "LineageEdge",
    "LineageNode",
    "LonLat",
    "Merger",
    "MergerList",
    "MergerReport",
    "Neighbour",
    "ParcelChoice",
    "ParcelChoices",
    "ParcelRef",
    "PlanDocuments",
    "PlanRef",
    "Problem",
    "Release",
    "ReleaseList",
    "RepealRef",
    "Restriction",
    "Scan",
    "ScanList",
    "Subject",
    "ThemeAnswer",
    "Unit",
    "UnitAnswer",
    "UnitList",
    "UnitRef",
    "UnitRow",
    "UnitsAt",
    "Verification",
    "Words",
    "ZoneRef",
    "answer_schema",
]
