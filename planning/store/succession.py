"""A plan that supersedes another: the other ends on the day the new one begins, in the draft, and goes on when the new one is let go."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text

from planning.store.session import ReadSession, WriteSession
from planning.store.versions import reissue_plan

# Every version of a superseded plan that would still run on the successor's first day, and began before it.
_STANDING = text(
    "SELECT old.id, old.valid_to, new.code AS by, new.valid_from AS ends FROM plan new"
    " JOIN plan old ON old.code = new.supersedes AND old.code <> new.code AND old.release_to IS NULL AND old.valid_from < new.valid_from"
    " AND (old.valid_to IS NULL OR old.valid_to > new.valid_from)"
    " WHERE new.release_from = :draft ORDER BY new.valid_from, new.code, old.code LIMIT 1"
)
_ENDED = text(
    "SELECT old.id, old.code, old.valid_from, old.ran_to, old.ended_by, old.valid_to FROM plan old WHERE old.release_from = :draft"
    " AND EXISTS (SELECT FROM plan new WHERE new.code = old.ended_by AND new.release_from = :draft) ORDER BY old.code, old.valid_from"
)
_GO_ON = text("UPDATE plan SET valid_to = ran_to, ran_to = NULL, ended_by = NULL WHERE id = :id")
_AS_PUBLISHED = text(
    "DELETE FROM plan n USING plan o WHERE n.id = :id AND o.code = n.code AND o.valid_from = n.valid_from AND o.release_to = :draft"
    " AND to_jsonb(o) - '{id,release_from,release_to}'::text[] = to_jsonb(n) - '{id,release_from,release_to}'::text[]"
    " AND (SELECT array_agg(md5((to_jsonb(z) - '{id,plan_id}'::text[])::text) ORDER BY z.id) FROM zone z WHERE z.plan_id = o.id)"
    " IS NOT DISTINCT FROM"
    " (SELECT array_agg(md5((to_jsonb(z) - '{id,plan_id}'::text[])::text) ORDER BY z.id) FROM zone z WHERE z.plan_id = n.id)"
    " RETURNING o.id"
)
_AGAIN = text("UPDATE plan SET release_to = NULL WHERE id = :id")


@dataclass(frozen=True, slots=True)
class Ended:
    """A version of a plan (its code and first day) that ends because another begins. `was`: the end it had before."""

    code: str
    since: date
    was: date | None
    by: str
    ends: date


def end_superseded(session: WriteSession, draft: int) -> list[Ended]:
    """End what plans of the draft supersede. What an earlier import ended is taken back first, so running it again changes nothing."""
    take_back(session, draft)
    while row := session.connection.execute(_STANDING, {"draft": draft}).first():
        changes = {"valid_to": row.ends, "ran_to": row.valid_to, "ended_by": row.by}
        reissue_plan(session, row.id, draft, changes)
    return ended(session, draft)


def take_back(session: WriteSession, draft: int) -> None:
    """Let every plan that was ended in the draft run as long as it did before; a copy that then equals what is published goes."""
    run = session.connection.execute
    for row in run(_ENDED, {"draft": draft}).all():
        run(_GO_ON, {"id": row.id})
        for (published,) in run(_AS_PUBLISHED, {"id": row.id, "draft": draft}).all():
            run(_AGAIN, {"id": published})


def ended(session: ReadSession, draft: int) -> list[Ended]:
    """What plans of the draft end."""
    rows = session.connection.execute(_ENDED, {"draft": draft})
    return [Ended(row.code, row.valid_from, row.ran_to, row.ended_by, row.valid_to) for row in rows]


def linked(codes: Iterable[str], pairs: Sequence[Ended]) -> set[str]:
    """The plans, and all that they end or are ended by: one is not published or let go without the other."""
    together = set(codes)
    while more := {code for one in pairs if {one.code, one.by} & together for code in (one.code, one.by)} - together:
        together |= more
    return together
