"""A drawn village: one commune with one plan over it. What a check finds in it, by the command line."""

from pathlib import Path

import psycopg

from planning.settings import Settings
from tests.conftest import publish_unchecked, quyhoach
from tests.town import strip, write

DAY = ("--on", "2026-01-01")


def done(settings: Settings, *words: str, code: int = 0) -> str:
    result = quyhoach(settings, *words)
    assert result.returncode == code, (words, result.stderr, result.stdout)
    return result.stdout


def rows(settings: Settings, question: str):
    with psycopg.connect(settings.database_url) as connection:
        return connection.execute(question).fetchall()


def plan(folder: Path, *zones: tuple[str, float, float], **more: object) -> str:
    """A plan over the first 200 m with zones from … to …, each with its lot symbol."""
    path = folder / "plan.gpkg"
    path.unlink(missing_ok=True)
    row = {"code": "QH", "name": "Quy hoạch", "kind": "rural", "level": "general", "valid_from": "2021-01-01", "scale": 10_000,
        "decision_number": "1/QĐ", "decision_date": "2020-12-01", "geometry": strip(0, 200), **more}  # fmt: skip
    write(path, [row], "plan")
    lots = [
        {
            "plan_code": "QH",
            "lot_symbol": name,
            "function_code": "Nhomnhao",
            "function_scheme": "planning",
            "geometry": strip(west, east),
        }
        for name, west, east in zones
    ]
    write(path, lots, "zone")
    return str(path)


def build_village(settings: Settings, folder: Path) -> None:
    """One commune, one plan over it whose zones leave ten metres between them; published."""
    write(folder / "units.gpkg", [{"code": "90001", "name": "Xã 1", "province_code": "90", "geometry": strip(0, 200)}])
    done(settings, "import", "units", str(folder / "units.gpkg"), "--valid-from", "2020-01-01")
    done(settings, "import", "plan", plan(folder, ("A", 0, 100), ("B", 110, 200)))
    publish_unchecked(settings)
