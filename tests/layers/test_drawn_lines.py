"""Red lines, building lines, corridors and markers of a CAD drawing become control lines, told apart by their layers."""

from pathlib import Path

import ezdxf
import pytest
import shapely

from layers.encodings.conversion import Encoding
from planning.settings import Settings
from tests.conftest import name_of, quyhoach
from tests.layers.sources.sheets import new_drawing
from tests.layers.test_encodings import written as in_old_letters
from tests.town import at, strip
from tests.village import build_village, done, rows

IN_CRS = ("--crs", "EPSG:9214", "--plan", "QH")


@pytest.fixture(scope="module")
def built(template: Settings, make_database, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = make_database(name_of(template))
    build_village(settings, tmp_path_factory.mktemp("village"))
    return settings


@pytest.fixture
def village(built: Settings, copy_of) -> Settings:
    """One commune with one plan over it."""
    return copy_of(built)


@pytest.fixture
def drawing(tmp_path: Path) -> Path:
    """A red line along the west, one closed around a block, a building line with an arc, a corridor twice, a marker, a lot, a text."""
    document = new_drawing()
    space = document.modelspace()
    add = {
        "red": lambda: space.add_lwpolyline([at("A", 10), at("D", 10)], dxfattribs={"layer": "CHI GIOI DUONG DO"}),
        "block": lambda: _closed(space, strip(100, 150), "CHI GIOI DUONG DO"),
        "building": lambda: space.add_lwpolyline(
            [(*at("A", 16), 0.2), (*at("D", 16), 0)], format="xyb", dxfattribs={"layer": "CGXD"}
        ),
        "pylons": lambda: space.add_line(at("A", 50), at("D", 50), dxfattribs={"layer": "HLAT-DIEN"}),
        "dyke": lambda: _closed(space, strip(180, 200), "HLAT-DE"),
        "marker": lambda: space.add_point(at("D"), dxfattribs={"layer": "MOC GIOI"}),
        "lot": lambda: _closed(space, strip(0, 50), "LO DAT"),
    }
    for one in add.values():
        one()
    space.add_text("D1", dxfattribs={"layer": "CGXD"}).set_placement(at("D", 20, 20))
    document.saveas(tmp_path / "lines.dxf")
    return tmp_path / "lines.dxf"


def _closed(space: ezdxf.layouts.Modelspace, shape: shapely.Polygon, layer: str) -> None:
    space.add_lwpolyline(list(shape.exterior.coords)[:-1], close=True, dxfattribs={"layer": layer})


def kept(settings: Settings) -> list[tuple[str, str, int]]:
    """Kind, type of shape and metres (of areas: around them) of every line."""
    return rows(
        settings,
        "SELECT kind, GeometryType(geom), round(ST_Length(geom) + ST_Perimeter(geom))::int FROM control_line ORDER BY kind, id",
    )


def test_open_lines_are_told_apart_by_their_layers(village: Settings, drawing: Path):
    layers = "CHI GIOI DUONG DO,CGXD,HLAT-DE,MOC GIOI"
    told = done(village, "import", "control-lines", str(drawing), "--profile", "cad-lines", "--layer", layers, *IN_CRS)
    assert "1 chữ không gắn với nét nào / texts belong to no line" in told
    found = kept(village)
    assert [(kind, shape) for kind, shape, _ in found] == [
        ("boundary_marker", "POINT"),
        ("building_line", "LINESTRING"),
        ("corridor", "MULTIPOLYGON"),
        ("red_line", "LINESTRING"),
        ("red_line", "LINESTRING"),
    ]
    height = round(at("A")[1] - at("D")[1])
    closed = {kind: [metres for one, _, metres in found if one == kind] for kind, *_ in found}
    assert sorted(closed["red_line"]) == [height, 2 * (height + 50)]
    assert closed["corridor"] == [2 * (height + 20)]
    assert height < closed["building_line"][0] < 1.2 * height  # the arc is longer than its chord
    [(layer, drawn_as)] = rows(
        village,
        "SELECT attributes ->> 'cad_layer', attributes ->> 'drawn_as' FROM control_line WHERE kind = 'building_line'",
    )
    assert (layer, drawn_as) == ("CGXD", "line")


def test_a_corridor_drawn_as_its_middle_line_needs_its_width(village: Settings, drawing: Path):
    command = ("import", "control-lines", str(drawing), "--profile", "cad-lines", "--layer", "HLAT-DIEN", *IN_CRS)
    refused = quyhoach(village, *command)
    assert refused.returncode == 1
    assert "or a line or point with half_width_m" in refused.stderr
    done(village, *command, "--set", "half_width_m=15", "--set", "subject=power")
    assert rows(village, "SELECT kind, subject, half_width_m, ST_NPoints(geom) FROM control_line") == [
        ("corridor", "power", 15.0, 2)
    ]


def test_without_a_profile_the_kind_is_said_for_a_layer(village: Settings, drawing: Path):
    done(village, "import", "control-lines", str(drawing), "--kind", "red_line", "--layer", "LO DAT", *IN_CRS)
    assert [(kind, shape) for kind, shape, _ in kept(village)] == [("red_line", "LINESTRING")]


def test_a_layer_that_is_no_line_is_refused_by_its_name(village: Settings, drawing: Path):
    told = done(
        village, "import", "control-lines", str(drawing), "--profile", "cad-lines", "--set", "half_width_m=9", *IN_CRS
    )
    assert "LO DAT" in told
    assert "red_line" in told
    assert len(kept(village)) == 6


def test_a_trial_of_the_profile_shows_the_lines(drawing: Path, empty: Settings):
    tried = quyhoach(empty, "profile", "check", "cad-lines", "--on", str(drawing), "--layer", "CGXD,MOC GIOI")
    assert tried.returncode == 0, tried.stdout
    assert "control_line" in tried.stdout


def drawn_in_old_letters(path: Path, encoding: Encoding, font: str) -> Path:
    """A drawing of the 1990s: names of layers and texts in an old encoding, two layers of lines and a frame."""
    document = ezdxf.new("R2000")
    document.styles.add("VN", font=font)
    space = document.modelspace()
    for east, name in ((10, "Chỉ giới đường đỏ"), (16, "Chỉ giới xây dựng"), (30, "Khung tên")):
        layer = in_old_letters(name, encoding)
        space.add_lwpolyline([at("A", east), at("D", east)], dxfattribs={"layer": layer})
        space.add_text(layer, dxfattribs={"layer": layer, "style": "VN"}).set_placement(at("D", east, 9))
    document.encoding = "latin-1"
    document.saveas(path, encoding="latin-1")
    return path


@pytest.fixture
def old_drawing(tmp_path: Path) -> Path:
    """A drawing whose letters are TCVN3."""
    return drawn_in_old_letters(tmp_path / "old.dxf", Encoding.TCVN3, ".VnTime")


OLD = [(Encoding.TCVN3, ".VnTime"), (Encoding.VNI, "VNI-Times"), (Encoding.VISCII, "txt.shx")]


@pytest.mark.parametrize("said", ["as it reads", "in capitals", "as it stands"])
@pytest.mark.parametrize(("encoding", "font"), OLD, ids=[one.value for one, _ in OLD])
def test_a_layer_in_old_letters_is_named_as_it_reads_or_as_it_stands(village, tmp_path, encoding, font, said):
    """And read back exactly, whichever way it was named."""
    path = drawn_in_old_letters(tmp_path / "old.dxf", encoding, font)
    stands = in_old_letters("Chỉ giới đường đỏ", encoding)
    assert stands in done(village, "import", "layers", str(path))
    name = {"as it reads": "Chỉ giới đường đỏ", "in capitals": "CHỈ GIỚI ĐƯỜNG ĐỎ", "as it stands": stands}[said]
    done(village, "import", "control-lines", str(path), "--layer", name, "--profile", "cad-lines", *IN_CRS)
    assert rows(village, "SELECT kind, attributes ->> 'cad_layer' FROM control_line") == [
        ("red_line", "Chỉ giới đường đỏ")
    ]


def test_several_layers_in_tcvn3_and_one_that_is_not_there(village: Settings, old_drawing: Path):
    command = ("import", "control-lines", str(old_drawing), "--profile", "cad-lines", *IN_CRS)
    refused = quyhoach(village, *command, "--layer", "Chỉ giới đường đỏ,Hành lang")
    assert refused.returncode == 1
    assert "the drawing has no layer “Hành lang”" in refused.stderr
    done(village, *command, "--layer", "Chỉ giới đường đỏ,Chỉ giới xây dựng")
    assert [kind for kind, *_ in kept(village)] == ["building_line", "red_line"]
