"""The migrations build what planning.store.tables declares, can be taken back, and know every deployment's CRS."""

from collections.abc import Callable

import psycopg
import pytest
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from planning.errors import DatabaseMissing, NotAllowed, WrongDeployment
from planning.geometry import VN2000_ZONES, operation
from planning.settings import Settings
from planning.store.migrate import MIGRATIONS, downgrade, upgrade
from planning.store.session import connected, engine, reading
from planning.store.tables import metadata
from tests.conftest import quyhoach

MakeDatabase = Callable[[str | None], Settings]

CATALOGUE = """
SELECT c.relname AS table, 'column ' || a.attname AS part,
    format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
        || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') || a.attidentity::text AS definition
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
UNION ALL
SELECT conrelid::regclass::text, 'constraint ' || conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
UNION ALL
SELECT tablename, 'index ' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
ORDER BY 1, 2
"""
SET_UP_BY_OTHERS = {"spatial_ref_sys", "alembic_version"}


def catalogue(settings: Settings) -> list[tuple[str, str, str]]:
    with psycopg.connect(settings.database_url) as connection:
        rows = connection.execute(CATALOGUE).fetchall()
    return [row for row in rows if row[0] not in SET_UP_BY_OTHERS]


def test_the_migrations_build_exactly_the_declared_schema(template: Settings, make_database: MakeDatabase):
    declared = make_database(None)
    with psycopg.connect(declared.database_url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION postgis")
        connection.execute("CREATE EXTENSION btree_gist")
    with engine(declared).begin() as connection:
        metadata.create_all(connection)
    assert catalogue(template) == catalogue(declared)


def test_up_down_and_up_again(make_database: MakeDatabase):
    settings = make_database(None)
    upgrade(settings)
    built = catalogue(settings)
    downgrade(settings)
    assert catalogue(settings) == []
    upgrade(settings)
    assert catalogue(settings) == built


def test_there_is_one_head_and_the_database_is_at_it(template: Settings):
    script = ScriptDirectory(str(MIGRATIONS))
    with connected(template) as connection:
        assert MigrationContext.configure(connection).get_current_revision() == script.get_current_head()


def test_every_zone_has_its_row_and_postgis_agrees_with_our_operation(template: Settings):
    with connected(template) as connection:
        known = set(connection.execute(text("SELECT srid FROM spatial_ref_sys")).scalars())
        assert set(VN2000_ZONES) <= known
        for zone in VN2000_ZONES:
            question = text(
                f"SELECT ST_X(p), ST_Y(p) FROM ST_Transform('SRID=9214;POINT(416226.7716 2353402.4531)', {zone}) p"
            )
            found = connection.execute(question).one()
            assert tuple(found) == pytest.approx(operation(9214, zone).point(416226.7716, 2353402.4531), abs=1e-3)


def test_a_deployment_in_another_zone_stores_in_that_zone(make_database: MakeDatabase):
    settings = make_database(None).model_copy(update={"storage_crs": 9209})
    upgrade(settings)
    columns = [definition for _, part, definition in catalogue(settings) if part == "column geom"]
    assert columns
    assert all("9209" in column for column in columns)
    with (
        pytest.raises(WrongDeployment, match="stores EPSG:9209 but QUYHOACH_STORAGE_CRS says EPSG:9214"),
        reading(settings.model_copy(update={"storage_crs": 9214})),
    ):
        pass


def test_a_database_without_tables_says_what_to_run(make_database: MakeDatabase):
    with pytest.raises(DatabaseMissing, match="Run: quyhoach migrate"), reading(make_database(None)):
        pass


def test_migrating_again_changes_nothing_and_says_so(empty: Settings):
    before = catalogue(empty)
    done = quyhoach(empty, "migrate")
    assert (done.returncode, done.stderr) == (0, "")
    assert catalogue(empty) == before


def test_a_migration_gives_up_on_a_lock_rather_than_wait_for_ever(
    make_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch
):
    """Another process holds the migrations' lock; ours says so after its lock time-out, and has changed nothing."""
    settings = make_database(None)
    monkeypatch.setenv("QUYHOACH_MIGRATION_LOCK_SECONDS", "0.3")
    with psycopg.connect(settings.database_url) as other:
        other.execute("SELECT pg_advisory_lock(7241001)")
        with pytest.raises(NotAllowed, match="another migration is running"):
            upgrade(settings)
    assert catalogue(settings) == []
    upgrade(settings)
