"""Lists of localities in the store: a list gives way whole to its next edition."""

from sqlalchemy import select

from planning.store.session import WriteSession
from planning.store.tables import locality
from planning.store.versions import withdraw


def clear_list(session: WriteSession, name: str, draft: int) -> int:
    """Let the rows of a list give way in the draft; how many. Earlier releases keep them."""
    mine = select(locality.c.id).where(locality.c.list == name, locality.c.release_to.is_(None))
    return withdraw(session, locality, list(session.connection.execute(mine).scalars()), draft)
