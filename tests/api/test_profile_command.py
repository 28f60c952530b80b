"""`quyhoach profile`: list, show, check and draft by the command line, as a person meets them."""

from pathlib import Path

import pytest

from layers.profiles.loading import parsed, shipped
from planning.settings import Settings
from tests.conftest import quyhoach
from tests.layers.sources.sheets import new_drawing
from tests.town import strip, write


@pytest.fixture
def lots(tmp_path: Path) -> Path:
    rows = [
        {"LoaiDat": word, "SoLo": f"O-{place}", "DienTich": area, "geometry": strip(place * 10, place * 10 + 10)}
        for place, (word, area) in enumerate(
            [("nhóm nhà ở", "1.234,5"), ("quảng trường", "90"), ("công nghiệp", "abc")]
        )
    ]
    return write(tmp_path / "lo.gpkg", rows, "lo_dat")


def test_every_profile_is_listed_and_shown(shared_settings: Settings):
    listed = quyhoach(shared_settings, "profile", "list").stdout
    for name in shipped():
        assert name in listed
        assert parsed(quyhoach(shared_settings, "profile", "show", name).stdout, name) == shipped()[name]


def test_a_profile_is_drafted_for_a_drawing_that_says_no_crs(shared_settings: Settings, tmp_path: Path):
    document = new_drawing()
    document.modelspace().add_lwpolyline(list(strip(0, 10).exterior.coords), dxfattribs={"layer": "DAT O"})
    document.saveas(tmp_path / "qh.dxf")
    made = quyhoach(shared_settings, "profile", "draft", str(tmp_path / "qh.dxf"))
    assert (made.returncode, made.stderr) == (0, "")
    assert "# Hệ tọa độ / CRS: tệp không ghi / the file names none" in made.stdout
    assert parsed(made.stdout, "qh").makes == "zone"


def test_a_draft_is_written_once_checked_and_tried(shared_settings: Settings, lots: Path, tmp_path: Path):
    out = tmp_path / "lo.yaml"
    made = quyhoach(shared_settings, "profile", "draft", str(lots), "--out", str(out))
    assert made.returncode == 0
    assert "questions to answer" in made.stdout
    assert quyhoach(shared_settings, "profile", "draft", str(lots)).stdout == out.read_text(encoding="utf-8")
    again = quyhoach(shared_settings, "profile", "draft", str(lots), "--out", str(out))
    assert (again.returncode, "is there already" in again.stderr) == (1, True)
    assert quyhoach(shared_settings, "profile", "check", str(out)).returncode == 0
    tried = quyhoach(shared_settings, "profile", "check", str(out), "--on", str(lots), "--set", "plan_code=P")
    assert tried.returncode == 1
    assert "2 (×1) function ← LoaiDat “quảng trường”" in tried.stdout
    assert "3 (×1) declared_m2 ← DienTich “abc”" in tried.stdout
    answered = out.read_text(encoding="utf-8").replace("    keep: true", "    values: {quảng trường: CayxanhCC}")
    out.write_text(
        answered.replace("  declared_m2:", "  height_max_m:")
        .replace('["DienTich"]', '["cao"]')
        .replace("unit: m2", "unit: m"),
        encoding="utf-8",
    )
    assert (
        quyhoach(shared_settings, "profile", "check", str(out), "--on", str(lots), "--set", "plan_code=P").returncode
        == 0
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "nothing"), "There is no profile “nothing”"),
        (("check", "nothing.yaml"), "There is no profile “nothing.yaml”"),
        (("check", "cadastre", "--on", "LOTS"), "it has no field for the column former_code of profile cadastre"),
        (("check", "land-use-map", "--on", "LOTS", "--set", "plan_code"), "write it as"),
        (("check", "land-use-map", "--on", "LOTS", "--set", "colour=red"), "the columns are: plan_code"),
        (("draft", "nothing.gpkg"), "there is no such file"),
    ],
)
def test_a_mistake_is_one_line(shared_settings: Settings, lots: Path, arguments, said):
    done = quyhoach(shared_settings, "profile", *[str(lots) if one == "LOTS" else one for one in arguments])
    assert done.returncode == 1
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
