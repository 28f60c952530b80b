"""What a text may mean, as choices with the addresses of their answers."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import orjson
import shapely

from api.places import LookedUp, ParcelOf
from api.routes.answering import in_degrees
from planning.asking.reading import read
from planning.asking.records import AreaReading, Heard, NameReading, ParcelReading, PointReading, Said
from planning.geometry import LONLAT
from planning.localities import KINDS
from planning.names import asked_name
from planning.parcels import ParcelKey
from planning.register import Record
from planning.store.reading import Readings, Row, Sought

LIMIT = 20
"""Choices that are offered where nobody says how many."""

DEFAULTS = {("format", "json"), ("lang", "vi"), ("geometry", "false")}


@dataclass(frozen=True, slots=True)
class Edition:
    """The day and the release that the addresses of answers name again; None: not said. `form`: the form and the language that are
    wanted of an answer, where they were said; a unit has no such answer.
    """

    on: date
    release: int | None
    form: tuple[tuple[str, str], ...] = ()

    def address(self, path: str, **more: object) -> str:
        """An address with its parameters."""
        said = {**more, "on": self.on, **({"release": self.release} if self.release else {})}
        return f"{path}?{urlencode(said)}"

    def answer(self, path: str, **more: object) -> str:
        """The address of an answer, in the form that is wanted."""
        return self.address(path, **more, **dict(self.form))


def edition_of(place: LookedUp | ParcelOf) -> Edition:
    """What the choices of a question name again of it."""
    said = (("format", place.format), ("lang", place.lang), ("geometry", "true" if place.geometry else "false"))
    return Edition(place.day, place.release, tuple(one for one in said if one not in DEFAULTS))


@dataclass(frozen=True, slots=True)
class Meant:
    """The readings of a text, what the store knows of them, and the choices."""

    heard: Heard
    row: Row
    choices: list[Record]
    total: int


async def meant(heard: Heard, edition: Edition, asked: Readings, limit: int = LIMIT) -> Meant:
    """What was perhaps meant: one round trip to the store, whatever the text was."""
    names = [one for one in heard.readings if isinstance(one, NameReading)]
    parcels = [one for one in heard.readings if isinstance(one, ParcelReading)]
    text = names[0].text if names else (parcels[0].commune or "" if parcels else "")
    row = await asked.search(_sought(text, parcels, limit if text else 0), edition.on, edition.release)
    own = [
        _of_reading(one, edition, asked.storage_srid)
        for one in heard.readings
        if isinstance(one, PointReading | AreaReading)
    ]
    if parcels:
        return _parcels_in(row, heard, edition)
    if not names:
        return Meant(heard, row, own[:limit], len(own))
    offered = [(_rank(one), _of_unit(one, edition)) for one in row["units"] or []]
    offered += [((False, one["place"], False), _of_locality(one, edition)) for one in row["localities"] or []]
    ranked = sorted(offered, key=lambda one: one[0])
    total = (row["units_total"] or 0) + (row["localities_total"] or 0)
    return Meant(heard, row, [choice for _, choice in ranked][:limit], total)


async def parcels_meant(heard: Heard, edition: Edition, asked: Readings, *, shapes: bool) -> Meant:
    """The parcels perhaps meant by sheet, number and a commune. Where it is one, the row has what lies on it: still one round trip."""
    parcels = [one for one in heard.readings if isinstance(one, ParcelReading)]
    wanted = _sought(parcels[0].commune or "", parcels, LIMIT)
    row = await asked.parcel_named(wanted, edition.on, edition.release, shapes=shapes)
    return _parcels_in(row | (await asked.register(row["release"])).release, heard, edition)


def _sought(text: str, parcels: list[ParcelReading], limit: int) -> Sought:
    return Sought(text, asked_name(text), limit, tuple((one.sheet, one.number) for one in parcels))


def _parcels_in(row: Row, heard: Heard, edition: Edition) -> Meant:
    found = [parcel_choice(one, edition) for one in row["choices"] or []]
    return Meant(heard, row, found, len(found))


def _rank(unit: Record) -> tuple[bool, int, bool]:
    """Former units come last, unless their name is the very one; then the nearer name (4: of another kind), then the same diacritics."""
    return not unit["in_force"] and unit["place"] > 1, unit["place"], not unit["as_spelled"]


async def meant_by(text: str, edition: Edition, asked: Readings, limit: int = LIMIT) -> Meant:
    """What a text may mean."""
    return await meant(read(text, await asked.province()), edition, asked, limit)


def _choice(kind: str, label: Said, href: str, **more: Any) -> Record:
    note = more.pop("note", None)
    return {
        "kind": kind, "label": _words(label), "note": _words(note) if note else None, "href": href,
        "key": None, "at": None, "lon": None, "lat": None, "geometry": None, **more,
    }  # fmt: skip


def _words(said: Said) -> Record:
    return {"vi": said.vi, "en": said.en}


def _of_reading(one: PointReading | AreaReading, edition: Edition, storage_srid: int) -> Record:
    if isinstance(one, PointReading):
        first = {"lon": one.x, "lat": one.y} if one.epsg == LONLAT else {"x": one.x, "y": one.y}
        said = {} if one.epsg == LONLAT else {"crs": f"EPSG:{one.epsg}", "order": "xy"}
        href = edition.answer("/v1/lookup", **first, **said)
        return _choice("point", one.label, href, lon=round(one.lon, 9), lat=round(one.lat, 9))
    drawn = shapely.transform(one.lonlat, lambda xy: xy.round(9))
    middle = one.lonlat.representative_point()
    href = edition.answer("/v1/lookup", shape=in_degrees(one.shape, storage_srid))
    geometry = orjson.loads(shapely.to_geojson(drawn))
    return _choice("area", one.label, href, lon=round(middle.x, 9), lat=round(middle.y, 9), geometry=geometry)


def parcel_choice(one: Record, edition: Edition) -> Record:
    """A parcel that is perhaps meant."""
    key = str(ParcelKey(one["former_code"], one["sheet"], one["number"]))
    former = one["former_name"] or one["former_code"]
    label = Said(
        f"Thửa {one['number']}, tờ {one['sheet']}, {former}", f"Parcel {one['number']}, sheet {one['sheet']}, {former}"
    )
    area = f"{one['area_m2']:.1f} m²"
    parts = [one["district"], key, area, one["land_use_code"]]
    now = one["commune_name"]
    vi = [*parts, f"nay thuộc {now}" if now and now != former else None]
    en = [*parts, f"now in {now}" if now and now != former else None]
    if one["unknown_part"]:
        vi.append("chưa rõ phần đất này có thuộc xã được hỏi")
        en.append("it is not known whether its land is in the commune asked for")
    return _choice(
        "parcel",
        label,
        edition.answer(f"/v1/parcels/{key}", by="former"),
        key=key,
        note=Said(_joined(vi), _joined(en)),
    )


def _of_unit(one: Record, edition: Edition) -> Record:
    label = Said(one["name"], one["name"])
    if one["in_force"]:
        href = edition.address(f"/v1/units/{one['code']}")
        note = Said(_joined([one["code"], one["district"]]), _joined([one["code"], one["district"]]))
        return _choice("unit", label, href, key=one["code"], note=note)
    last = date.fromisoformat(one["valid_to"]) - timedelta(days=1)
    heirs = ", ".join(heir["name"] for heir in one["successors"])
    vi = ["đơn vị cũ", one["code"], one["district"], f"nay là {heirs}" if heirs else f"đến hết {last:%d/%m/%Y}"]
    en = ["former", one["code"], one["district"], f"now {heirs}" if heirs else f"until {last}"]
    href = Edition(last, edition.release).address(f"/v1/units/{one['code']}")
    return _choice("former_unit", label, href, key=one["code"], at=last, note=Said(_joined(vi), _joined(en)))


def _of_locality(one: Record, edition: Edition) -> Record:
    vi, en = KINDS[one["kind"]]
    listed, now = one["listed"], one["commune_name"]
    where = [now] if not listed or listed == now else [listed, now]
    note = Said(_joined([vi, *where]), _joined([en, *where]))
    href = edition.answer("/v1/lookup", lon=round(one["lon"], 7), lat=round(one["lat"], 7))
    return _choice(
        "locality", Said(one["name"], one["name"]), href, note=note,
        lon=round(one["lon"], 9), lat=round(one["lat"], 9), geometry=one["shape"],
    )  # fmt: skip


def _joined(parts: list[str | None]) -> str:
    return " · ".join(part for part in parts if part)
