"""Documents of plans on record: attaching, listing, withdrawing. The files themselves are in the store of files, under their sha256."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select, text, union

from planning.documents import REQUIRED, Described, Type, missing
from planning.errors import NotAllowed
from planning.store.events import current_view
from planning.store.incoming import Dataset, conclude, record
from planning.store.releases import forget_checks, open_draft, published
from planning.store.session import ReadSession, WriteSession
from planning.store.tables import document, plan, scan
from planning.store.versions import reissue, withdraw

_LISTED = text(
    "SELECT m.plan_code, m.type, m.title, m.number, m.date, m.file_name, m.media_type, m.size, m.sha256, m.flags FROM document m"
    " WHERE known(m.release_from, m.release_to, :view) AND (CAST(:plan AS text) IS NULL OR m.plan_code = :plan)"
    " ORDER BY m.plan_code, array_position(ARRAY['decision', 'regulation', 'drawing', 'text', 'other'], m.type), m.date, m.title, m.id"
)
_LACKING = text(
    "SELECT p.code, p.name, ARRAY(SELECT DISTINCT m.type FROM document m WHERE m.plan_code = p.code"
    " AND known(m.release_from, m.release_to, :view)) AS types FROM plan p WHERE known(p.release_from, p.release_to, :view)"
    " AND in_force(p.valid_from, p.valid_to, :on) AND (CAST(:plan AS text) IS NULL OR p.code = :plan) ORDER BY p.code"
)


@dataclass(frozen=True, slots=True)
class Stored:
    """What is on record of a file."""

    file_name: str
    media_type: str
    size: int
    sha256: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attached:
    """A document of a plan."""

    described: Described
    file: Stored


@dataclass(frozen=True, slots=True)
class Lacking:
    """A plan in force and the types of documents that it should have and has not."""

    code: str
    name: str
    missing: tuple[Type, ...]


def attach(session: WriteSession, described: Described, file: Stored) -> int:
    """Attach a file to a plan in the draft, whose number is returned; the same file again takes on the new description."""
    _plan_on_record(session, described.plan)
    draft = open_draft(session)
    forget_checks(session, draft)
    said = {"type": described.type, "title": described.title, "number": described.number, "date": described.date}
    known = _living(session, described.plan, file.sha256)
    if known:
        reissue(session, document, known, draft, {**said, "file_name": file.file_name})
        return draft
    parameters = {"plan": described.plan, "type": described.type}
    kept = record(session, Dataset("document", file.file_name, file.sha256, parameters), draft)
    values: dict[str, Any] = {name: getattr(file, name) for name in Stored.__slots__} | {"flags": list(file.flags)}
    session.connection.execute(
        insert(document).values(plan_code=described.plan, release_from=draft, dataset_id=kept, **said, **values)
    )
    conclude(session, kept, {"stored_document": 1}, {})
    return draft


def detach(session: WriteSession, plan_code: str, address: str) -> Attached:
    """Withdraw a document from a plan, from the draft on; `address` is its sha256, or as much of it as tells it from the others."""
    found = [one for one in listed(session, current_view(session), plan_code) if one.file.sha256.startswith(address)]
    if len(found) != 1:
        raise NotAllowed(
            vi=f"đồ án {plan_code} có {len(found)} tài liệu mang địa chỉ {address}…; xem quyhoach document list {plan_code}.",
            en=f"plan {plan_code} has {len(found)} documents at {address}…; see quyhoach document list {plan_code}.",
        )
    draft = open_draft(session)
    forget_checks(session, draft)
    withdraw(session, document, _living(session, plan_code, found[0].file.sha256), draft)
    return found[0]


def listed(session: ReadSession, view: int, plan_code: str | None = None) -> list[Attached]:
    """Documents as a release, or the draft, knows them."""
    rows = session.connection.execute(_LISTED, {"view": view, "plan": plan_code})
    return [
        Attached(
            Described(row.plan_code, row.type, row.title, row.number, row.date),
            Stored(row.file_name, row.media_type, row.size, row.sha256, tuple(row.flags)),
        )
        for row in rows
    ]


def lacking(session: ReadSession, view: int, on: date, plan_code: str | None = None) -> list[Lacking]:
    """Plans in force on a day that lack a document which is to be made public."""
    rows = session.connection.execute(_LACKING, {"view": view, "on": on, "plan": plan_code})
    all_of_them = [Lacking(row.code, row.name, missing(row.types, REQUIRED)) for row in rows]
    return [one for one in all_of_them if one.missing]


def referred(session: ReadSession) -> set[str]:
    """The sha256 of every file that any release or the draft refers to: documents, and scanned drawings."""
    return set(session.connection.execute(union(select(document.c.sha256), select(scan.c.sha256))).scalars())


def _plan_on_record(session: ReadSession, code: str) -> None:
    there = select(func.count()).where(plan.c.code == code, plan.c.release_to.is_(None))
    if not session.connection.execute(there).scalar_one():
        raise NotAllowed(
            vi=f"không có đồ án {code}; hãy nhập đồ án trước.", en=f"there is no plan {code}; bring it in first."
        )


def _living(session: ReadSession, plan_code: str, sha256: str) -> Sequence[int]:
    mine = document.c.plan_code == plan_code, document.c.sha256 == sha256, document.c.release_to.is_(None)
    return list(session.connection.execute(select(document.c.id).where(*mine)).scalars())


def published_view(session: ReadSession) -> int:
    """The latest release, as a view."""
    return published(session).number
