"""Real coverages with their known defects: the communes of Hải Phòng, raw and cleaned; a French town plan."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from planning.coverage.examination import Examination, examined
from planning.coverage.misfits import Wishes
from planning.coverage.repair import proposed
from planning.coverage.widths import wider
from tests.conftest import REAL
from tests.planning import brute_force

pytestmark = pytest.mark.real_data

STORAGE = "EPSG:9214"


def communes(file: str, crs: str = STORAGE):
    return gpd.read_file(REAL / "vn" / file).to_crs(crs).geometry.to_numpy()


def mended(shapes):
    """Invalid outlines made valid by their structure; how many there were."""
    valid = shapely.is_valid(shapes)
    return np.where(valid, shapes, shapely.make_valid(shapes, method="structure", keep_collapsed=False)), int(
        (~valid).sum()
    )


def wide(seen: Examination, width_m: float = 0.001) -> tuple[list[float], list[float]]:
    """Areas of gaps and of overlaps wider than noise, the largest first."""
    lots = (np.array([*seen.gaps], dtype=object), np.array([one.shape for one in seen.overlaps], dtype=object))
    gaps, overlaps = (
        sorted(shapely.area(lot[wider(lot, width_m)]).tolist(), reverse=True) if len(lot) else [] for lot in lots
    )
    return gaps, overlaps


def test_the_cleaned_communes_of_hai_phong_have_one_overlap_and_one_hole():
    """The overlap, of Lưu Kiếm and Thủy Nguyên, comes in two places; the hole lies inside Đồ Sơn."""
    seen = examined(communes("new_communes_31_hai_phong.gpkg"))
    gaps, overlaps = wide(seen)
    assert len({(one.first, one.second) for one in seen.overlaps if one.shape.area > 1}) == 1
    assert sum(overlaps) == pytest.approx(1_135, abs=1)
    assert gaps == [pytest.approx(56_171, abs=30)]


def test_the_raw_communes_of_hai_phong_as_brute_force_finds_them():
    shapes, invalid = mended(communes("new_communes_31_hai_phong_RAW_2026-03.gpkg"))
    assert invalid == 3
    seen = examined(shapes)
    expected = brute_force.overlaps(shapes)
    found: dict[tuple[int, int], list] = {}
    for one in seen.overlaps:
        found.setdefault((one.first, one.second), []).append(one.shape)
    for pair in expected.keys() | found.keys():
        assert brute_force.same(found.get(pair, []), [expected.get(pair, shapely.Polygon())]), pair
    union = shapely.union_all(shapes)
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(union) for ring in part.interiors]
    assert brute_force.same(seen.gaps, holes)
    gaps, overlaps = wide(seen)
    assert (len(gaps), len(overlaps)) == (149, 155)
    assert sum(shapely.area(pieces).sum() > 1 for pieces in found.values()) == 60


@pytest.mark.parametrize("crs", ["EPSG:5897", "EPSG:32648"])
def test_the_raw_communes_of_hai_phong_as_they_are_usually_counted(crs):
    """Mended by buffer(0), the union has 156 holes, three of them crumbs of its own noding below 1 mm²; 60 pairs share more than 1 m²."""
    shapes = communes("new_communes_31_hai_phong_RAW_2026-03.gpkg", crs)
    bad = ~shapely.is_valid(shapes)
    assert bad.sum() == 3
    shapes[bad] = shapely.buffer(shapes[bad], 0)
    holes = np.array(
        [shapely.Polygon(ring) for part in shapely.get_parts(shapely.union_all(shapes)) for ring in part.interiors],
        dtype=object,
    )
    seen = examined(shapes)
    real = holes[shapely.area(holes) > 1e-6]
    found = np.array([gap for gap in seen.gaps if gap.area > 1e-6], dtype=object)
    assert (len(holes), len(real), len(found)) == (156, 153, 153)
    assert brute_force.same([*found], [*real])
    common: dict[tuple[int, int], float] = {}
    for one in seen.overlaps:
        common[one.first, one.second] = common.get((one.first, one.second), 0.0) + one.shape.area
    assert sum(area_m2 > 1 for area_m2 in common.values()) == 60


def test_the_french_plan_has_eight_overlaps():
    frame = gpd.read_file(next((REAL / "zoning" / "30014_PLU_20171013").rglob("*ZONE_URBA*.shp")))
    shapes = shapely.force_2d(frame.geometry.to_numpy())
    assert (len(shapes), mended(shapes)[1]) == (90, 0)
    seen = examined(shapes)
    places = np.array([one.shape for one in seen.overlaps], dtype=object)
    pairs = {(one.first, one.second) for one, kept in zip(seen.overlaps, wider(places, 0.001), strict=True) if kept}
    assert len(pairs) == 8
    assert shapely.area(places).sum() == pytest.approx(8_367, abs=1)


def test_the_slivers_of_the_raw_communes_are_mended_the_same_in_any_order():
    """Up to three metres; what is wider, and the hole, go to a person."""
    shapes, _ = mended(communes("new_communes_31_hai_phong_RAW_2026-03.gpkg"))
    turned = shapes[::-1]
    one, other = (proposed(lot, None, examined(lot), Wishes(3)) for lot in (shapes, turned))
    assert one.proof.holds
    assert len(one.proposals) > 0
    assert [each.shape.wkb for each in one.proposals] == [each.shape.wkb for each in other.proposals]
    assert sorted(one.applied(shapes).tolist(), key=lambda shape: shape.wkb) == sorted(
        other.applied(turned).tolist(), key=lambda shape: shape.wkb
    )
    assert sum(map(len, wide(examined(one.applied(shapes))))) == len(one.proof.left)
