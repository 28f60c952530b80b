"""Before and after the merger of a real province, Bắc Ninh: general plans drawn over its former communes, one district left out."""

from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from starlette.testclient import TestClient

from api import schemas
from api.app import create_app
from planning.settings import Settings
from tests.conftest import REAL, quyhoach
from tests.town import write

pytestmark = pytest.mark.real_data

FORMER, NEW = "old_communes_2025-06_RECONSTRUCTED_24.gpkg", "new_communes_24_bac_ninh.gpkg"
LEFT_OUT, REPLACED = "Huyện Gia Bình", "Huyện Yên Thế"
PLAN = {"kind": "rural", "level": "general", "scale": 10_000, "decision_number": "1/QĐ", "decision_date": "2024-01-02",
    "approver": "UBND", "valid_from": "2024-02-01"}  # fmt: skip


def done(settings: Settings, *words: str, code: int = 0) -> None:
    result = quyhoach(settings, *words)
    assert result.returncode == code, result.stderr


def bring_in(settings: Settings, folder: Path, former: gpd.GeoDataFrame) -> None:
    names = (
        "--map",
        "code=old_code",
        "--map",
        "name=old_name",
        "--map",
        "district=old_district",
        "--map",
        "province_code=old_province_code",
    )
    done(
        settings,
        "import",
        "units",
        str(REAL / "vn" / FORMER),
        *names,
        "--valid-from",
        "2024-01-01",
        "--valid-to",
        "2025-07-01",
    )
    done(settings, "import", "units", str(REAL / "vn" / NEW), "--valid-from", "2025-07-01")
    done(settings, "import", "mergers", str(REAL / "vn" / "mergers_24.csv"), "--effective", "2025-07-01")
    planned = former[former["old_district"] != LEFT_OUT]
    rows = [
        {**PLAN, "code": f"QHC-{one.old_code}", "name": f"QHC {one.old_name}", "geometry": one.geometry}
        for one in planned.itertuples()
    ]
    zones = [{"plan_code": one["code"], "lot_symbol": "A", "function_code": "Nhomnhao", "function_scheme": "planning",
        "geometry": one["geometry"]} for one in rows]  # fmt: skip
    write(folder / "plans.gpkg", rows, "plan")
    write(folder / "plans.gpkg", zones, "zone")
    done(settings, "import", "plan", str(folder / "plans.gpkg"))
    gone = [
        f"QHC-{code},1658/NQ-UBTVQH15,2025-07-01,replaced,thử"
        for code in former[former["old_district"] == REPLACED]["old_code"]
    ]
    (folder / "carry.csv").write_text(
        "plan_code,resolution,effective,decision,basis\n" + "\n".join(gone) + "\n", encoding="utf-8"
    )
    done(settings, "import", "carry-over", str(folder / "carry.csv"))
    done(settings, "publish")


def test_every_commune_knows_its_land_before_and_after(empty: Settings, tmp_path: Path):
    former = gpd.read_file(REAL / "vn" / FORMER).to_crs("EPSG:9214")
    assert {LEFT_OUT, REPLACED} <= set(former["old_district"])
    bring_in(empty, tmp_path, former)
    done(empty, "check", "coverage", "--on", "2025-08-01", code=1)
    with TestClient(create_app(empty)) as api:
        report = api.get("/v1/coverage/report", params={"on": "2025-08-01"}).json()
    schemas.CoverageReport.model_validate(report)
    assert len(report["changes"]) == 99
    assert len(report["formers"]) == 313
    area = former.set_index("old_code").geometry.area.groupby(former.set_index("old_code")["old_district"]).sum()
    whole, before, after = (
        sum(one[name] for one in report["changes"]) for name in ("land_m2", "before_m2", "after_m2")
    )
    assert before == pytest.approx(whole - area[LEFT_OUT], rel=1e-6)
    assert after == pytest.approx(before - area[REPLACED], rel=1e-6)
    lost = {plan["code"] for one in report["changes"] for plan in one["plans"] if plan["change"] == "replaced"}
    assert lost >= {f"QHC-{code}" for code in former[former["old_district"] == REPLACED]["old_code"]}
    uncovered = shapely.union_all(former[former["old_district"].isin([LEFT_OUT, REPLACED])].geometry)
    assert sum(one["uncovered_m2"] for one in report["rows"]) == pytest.approx(uncovered.area, rel=1e-5)
    assert sum(one["of_uncovered_pct"] for one in report["rows"]) == pytest.approx(100)
