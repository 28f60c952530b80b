"""Shares of parcels, measured once: kept for the questions of all days and releases, and let go where a publication touches them.

A row holds for every release that is published, or it is not there: whoever publishes deletes, within the publication, the rows of
parcels that what is new may touch; whoever keeps rows holds publications off for the moment. What has no row is measured when asked.
"""

import os
from concurrent.futures import ThreadPoolExecutor, as_completed

from sqlalchemy import Connection, delete, select, text
from sqlalchemy.exc import OperationalError

from planning.errors import NotAllowed
from planning.settings import Settings
from planning.store.copying import Progress
from planning.store.session import WriteSession, connected, reading
from planning.store.tables import parcel_share
from planning.store.texts import QUESTIONS

IDS_AT_ONCE = 2_000
"""Parcels of one transaction: some seconds, for which an import may have to wait."""

MOST_AT_ONCE = 4
"""Connections that measure at a time; no more than there are processors."""

_SPAN = text("SELECT min(id) AS first, max(id) AS last FROM parcel")
_TOUCHED = text("""
DELETE FROM parcel_share WHERE parcel_id IN (
    SELECT c.id
    FROM (
        SELECT piece.geom FROM plan p JOIN plan_piece piece ON piece.plan_id = p.id WHERE p.release_from = :number
        UNION ALL
        SELECT z.geom FROM plan p JOIN zone z ON z.plan_id = p.id WHERE p.release_from = :number
        UNION ALL
        SELECT piece.geom FROM unit u JOIN unit_piece piece ON piece.unit_id = u.id WHERE u.release_from = :number
    ) new
    JOIN parcel c ON c.geom && new.geom
)
""")


def forget_touched(session: WriteSession, number: int) -> int:
    """Let go the shares that release `number`, which is being published, may change; how many."""
    if session.connection.execute(select(parcel_share.c.parcel_id).limit(1)).first() is None:
        return 0
    return session.connection.execute(_TOUCHED, {"number": number}).rowcount


def forget_all(session: WriteSession) -> int:
    """Let go all of them; how many."""
    return session.connection.execute(delete(parcel_share)).rowcount


def keep_shares(settings: Settings, progress: Progress | None = None) -> int:
    """Measure what lies under every published parcel that has no row yet; the number of rows. Broken off, it goes on where it was.

    Raises `NotAllowed` where an import or a publication is at work.
    """
    with reading(settings) as session:
        first, last = session.connection.execute(_SPAN).one()
    if first is None:
        return 0
    spans = [(start, start + IDS_AT_ONCE - 1) for start in range(first, last + 1, IDS_AT_ONCE)]
    kept = 0
    with ThreadPoolExecutor(min(MOST_AT_ONCE, os.cpu_count() or 1)) as pool:
        waiting = {pool.submit(_kept, settings, *span) for span in spans}
        try:
            for done, one in enumerate(as_completed(waiting), start=1):
                kept += one.result()
                if progress:
                    progress("phần thửa / shares of parcels", done, len(spans))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return kept


def _kept(settings: Settings, first: int, last: int) -> int:
    """One lot, in a transaction of its own, while nothing is published."""
    with connected(settings) as connection:
        for setting in ("SET LOCAL enable_memoize = off", "SET LOCAL jit = off"):
            connection.execute(text(setting))
        _hold_publications_off(connection)
        rows = measure(connection, first, last)
        connection.commit()
    return rows


def measure(connection: Connection, first: int, last: int) -> int:
    """Keep the shares of parcels by the span of their ids, first and last included; the number of rows."""
    return connection.exec_driver_sql(QUESTIONS["keep_shares"], {"first": first, "last": last}).rowcount


def _hold_publications_off(connection: Connection) -> None:
    try:
        connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        connection.execute(text("LOCK TABLE release IN SHARE MODE"))
        connection.execute(
            text("SET LOCAL lock_timeout = DEFAULT")
        )  # another who measures may take longer with a common lot
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != "55P03":
            raise
        raise NotAllowed(
            vi="một lệnh nhập hoặc công bố đang chạy; chạy lại khi nó xong: quyhoach shares.",
            en="an import or a publication is running; when it is done run: quyhoach shares.",
        ) from None
