"""What a text may mean: choices, each with the address of its answer."""

from datetime import date
from typing import Any, Literal

from pydantic import Field

from api.schemas.document import Dated, Document, Words

ChoiceKind = Literal["point", "area", "parcel", "unit", "former_unit", "locality"]


class Choice(Document):
    """One thing that was perhaps meant."""

    kind: ChoiceKind
    label: Words
    note: Words | None
    href: str = Field(description="address of its answer")
    key: str | None = Field(description="parcel: its key; unit: its code")
    at: date | None = Field(description="former_unit: its last day")
    lon: float | None
    lat: float | None
    geometry: dict[str, Any] | None = Field(description="area, locality: GeoJSON, longitude and latitude")


class Choices(Dated):
    """What a text may mean, the likeliest names first. With status 300 one of them is to be chosen: none is picked."""

    q: str
    choices: list[Choice]
    total: int = Field(description="how many there are; choices holds at most `limit`")
    why: Words | None = Field(description="why there is no choice")
