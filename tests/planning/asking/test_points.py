"""A point written in any way people write one is read as the same place, or asked back; never as another."""

import time
from dataclasses import dataclass

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pyproj import CRS, Geod, Transformer

from planning.asking.meridians import ZONES, shown
from planning.asking.reading import read
from planning.asking.records import NameReading, PointReading, Province

PROVINCE = Province((105.85, 20.95, 107.05, 21.65), 9214)
LEAST_DISTANCE_M = 0.01
WITHIN = st.tuples(st.floats(105.86, 107.04), st.floats(20.96, 21.64))
GEOD = Geod(ellps="WGS84")

ORACLE_TO_VN2000 = (
    "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +inv +proj=longlat +ellps=WGS84 +step +proj=push +v_3 "
    "+step +proj=cart +ellps=WGS84 +step +inv +proj=helmert +x=-191.90441429 +y=-39.30318279 +z=-111.45032835 +rx=-0.00928836 "
    "+ry=0.01975479 +rz=-0.00427372 +s=0.252906278 +convention=coordinate_frame +step +inv +proj=cart +ellps=WGS84 +step +proj=pop +v_3"
)
_TO_GEOGRAPHIC = Transformer.from_pipeline(f"{ORACLE_TO_VN2000} +step +proj=unitconvert +xy_in=rad +xy_out=deg")


def in_zone(lon: float, lat: float, epsg: int) -> tuple[float, float]:
    """East and north in a zone as EPSG's own definition of it has them, not ours."""
    own = CRS.from_epsg(epsg)
    return Transformer.from_crs(own.geodetic_crs, own, always_xy=True).transform(*_TO_GEOGRAPHIC.transform(lon, lat))


def metres_between(one: PointReading, place: tuple[float, float]) -> float:
    return float(GEOD.inv(one.lon, one.lat, *place)[2])


def points(text: str) -> list[PointReading]:
    return [one for one in read(text, PROVINCE).readings if isinstance(one, PointReading)]


def sexagesimal(degrees: float, parts: int, signs: tuple[str, str, str]) -> str:
    """Degrees, minutes and seconds to a tenth of a millimetre."""
    if parts == 1:
        return f"{degrees:.9f}{signs[0]}"
    whole = int(degrees)
    if parts == 2:
        minutes = round((degrees - whole) * 60, 7)
        return f"{whole}{signs[0]}{minutes:.7f}{signs[1].strip(':- ')}"
    minutes, seconds = divmod(round((degrees - whole) * 3600, 5), 60)
    return f"{whole}{signs[0]}{int(minutes)}{signs[1]}{seconds:.5f}{signs[2]}"


@dataclass(frozen=True)
class Letters:
    """Letters or words of latitude and longitude, before the number or behind it."""

    lat: str = ""
    lon: str = ""
    before: bool = False

    def around(self, lat: str, lon: str) -> tuple[str, str]:
        if self.before:
            return f"{self.lat} {lat}".strip(), f"{self.lon} {lon}".strip()
        apart = " " if lat[-1].isalpha() else ""
        return f"{lat}{apart}{self.lat}", f"{lon}{apart}{self.lon}"


LETTERS = (
    Letters(), Letters("N", "E"), Letters("B", "Đ"), Letters(" N", " E"), Letters(" Bắc", " Đông"), Letters("N", "E", before=True),
    Letters("vĩ độ", "kinh độ", before=True), Letters("Lat:", "Long:", before=True),
)  # fmt: skip
SIGNS = (
    ("°", "'", '"'),
    ("°", "′", "″"),
    ("° ", "' ", "'' "),
    (" độ ", " phút ", " giây"),
    (" ", " ", ""),
    (":", ":", ""),
    ("-", "-", ""),
)
BETWEEN = (" ", ", ", "; ", "\t", "\n", " / ")


@given(
    place=WITHIN, parts=st.integers(1, 3), signs=st.sampled_from(SIGNS), letters=st.sampled_from(LETTERS),
    between=st.sampled_from(BETWEEN), lat_first=st.booleans(), comma=st.booleans(),
)  # fmt: skip
def test_degrees_in_any_writing_are_one_place(  # noqa: PLR0917 - what is drawn
    place, parts, signs, letters, between, lat_first, comma
):
    if parts == 1 and signs[0] in {":", "-", " "}:
        signs = ("", "", "")
    lat, lon = letters.around(sexagesimal(place[1], parts, signs), sexagesimal(place[0], parts, signs))
    if comma:
        lat, lon = lat.replace(".", ","), lon.replace(".", ",")
    text = between.join((lat, lon) if lat_first else (lon, lat))
    found = points(text)
    assert len(found) == 1, (text, read(text, PROVINCE))
    assert metres_between(found[0], place) < LEAST_DISTANCE_M


def number(metres: float, style: str) -> str:
    """Metres to a tenth of a millimetre, grouped and pointed in a style: the sign between thousands, and the decimal sign."""
    text = f"{metres:,.4f}"
    return text.replace(",", "T").replace(".", style[1]).replace("T", style[0].strip("_"))


ZONE_WORDS = (
    "KTT {meridian}",
    "kinh tuyến trục {meridian}",
    "EPSG:{epsg}",
    "({meridian})",
    "{hyphen}",
    "VN-2000, KTT {hyphen}",
)


@given(
    place=WITHIN, epsg=st.sampled_from(sorted(ZONES)), style=st.sampled_from(("_.", "_,", ",.", ".,", " .", " ,")),
    north_first=st.booleans(), between=st.sampled_from(("  ", "; ", "\t", "\n")), words=st.sampled_from((None, *ZONE_WORDS)),
    names=st.sampled_from((("", ""), ("X=", "Y="), ("X: ", "Y: "))),
)  # fmt: skip
def test_plane_coordinates_are_read_as_their_place_or_asked_back(  # noqa: PLR0917 - what is drawn
    place, epsg, style, north_first, between, words, names
):
    east, north = in_zone(*place, epsg)
    assume(east > 100_000)  # west of its zone by six degrees: nobody writes such a pair
    pair = (north, east) if north_first else (east, north)
    text = between.join(name + number(one, style) for name, one in zip(names, pair, strict=True))
    if words:
        meridian = shown(ZONES[epsg])
        text += " " + words.format(meridian=meridian, epsg=epsg, hyphen=meridian.replace("°", "-").strip("′"))
    found = points(text)
    right = [one for one in found if metres_between(one, place) < LEAST_DISTANCE_M]
    assert right, (text, found, read(text, PROVINCE).why)
    assert (right[0].epsg, right[0].order) == (epsg, "yx" if north_first else "xy")
    if words and "EPSG" in words:
        assert found == right


@given(lon=st.floats(102, 118), lat=st.floats(6, 23.5), epsg=st.sampled_from(sorted(ZONES)))
def test_what_is_read_lies_in_the_province(lon, lat, epsg):
    """Of any place of the country in any zone: what is offered is inside, and the true reading is missing only outside."""
    east, north = in_zone(lon, lat, epsg)
    assume(min(east, north) > 1_000)
    found = points(f"{north:.4f} {east:.4f}")
    assert all(PROVINCE.holds(one.lon, one.lat) for one in found)
    if PROVINCE.holds(lon, lat):
        assert any(metres_between(one, (lon, lat)) < LEAST_DISTANCE_M for one in found)


def test_one_meridian_of_two_zones_is_asked_back():
    """105°00′ is the meridian of a 3° and of a 6° zone, 700 m apart."""
    east, north = in_zone(106.2, 21.2, 5897)
    assert [one.epsg for one in points(f"{north:.2f} {east:.2f} KTT 105-00")] == [5897, 3405]
    assert [one.epsg for one in points(f"{north:.2f} {east:.2f} KTT 105-00 múi 3 độ")] == [5897]


def test_a_comma_alone_is_not_guessed():
    heard = read("106,21", PROVINCE)
    assert heard.readings == ()
    assert "decimal sign" in heard.why.en


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("10.77, 106.70", "fall into this province under no VN-2000 zone"),
        ("2353402.45 416226.77 KTT 106-45", "no zone of central meridian 106°45′"),
        ("2353402.45 416226.77 EPSG:6958", "EPSG:6958 cannot be asked in"),
        ("106.19", "digits alone"),
        ("…", "neither a digit nor a letter"),
        ("1" * 20_000, "longer than 16000"),
    ],
)
def test_what_is_no_place_is_told_why(text, said):
    heard = read(text, PROVINCE)
    assert heard.readings == ()
    assert said in heard.why.en


@given(st.text(max_size=300))
def test_any_text_is_read_or_told_why(text):
    heard = read(text, PROVINCE)
    assert heard.readings or heard.why


@pytest.mark.parametrize("text", ["Tân Hoa", "đường 3 tháng 2", "xã Nam Dương", "Tổ dân phố số 5", "Đ. 20-10", "E"])
def test_a_name_stays_a_name(text):
    assert read(text, PROVINCE).readings == (NameReading(text),)


@pytest.mark.parametrize("mark", ["\u200e", "\u202a", "\u202e", "\u00ad", "\u200d", "\ufeff"])
def test_signs_that_nobody_sees_change_nothing(mark):
    assert read(f"{mark}Tân{mark} Hòa", PROVINCE) == read("Tân Hòa", PROVINCE)
    assert read(f"{mark}21.25 {mark}106.17", PROVINCE) == read("21.25 106.17", PROVINCE)


SPIKES = " ".join(f"{416226 + i * 7919 % 900} {2353402 + i * 104729 % 900}" for i in range(900))


@pytest.mark.parametrize(
    "text",
    [
        "cm" + " " * 15_900 + "x",
        "cm" + "\t" * 15_900 + "x",
        "1 " + " " * 15_900 + "1",
        "106.1" + "\n," * 7900 + "21.2",
        "1 " * 7900,
        SPIKES,
    ],
    ids=["spaces", "tabs", "a gap", "empty lines", "numbers", "sides that all cross"],
)  # fmt: skip
def test_the_longest_text_is_read_in_a_moment(text):
    """Each took between one and twelve seconds once, in which the service answered nobody else."""
    began = time.process_time()
    read(text, PROVINCE)
    assert time.process_time() - began < 1.0
