"""The parameters of each question, with their limits. A parameter nobody knows is refused, never ignored."""

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from planning.checks.catalogue import RULES
from planning.errors import BadQuestion
from planning.names import AskedName, asked_name
from planning.periods import today
from planning.plans import LEVELS

Shape = Literal["json", "geojson"]


def written_as_a_day(value: object) -> object:
    """A day as YYYY-MM-DD only: a number is no day."""
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("write it as YYYY-MM-DD")
    return value


class Dated(BaseModel):
    """Every question may say a day and a release."""

    model_config = ConfigDict(extra="forbid")

    on: Annotated[date | None, Field(description="Ngày, YYYY-MM-DD; mặc định hôm nay / day; today by default")] = None
    release: Annotated[
        int | None,
        Field(ge=1, le=2_000_000_000, description="Lần công bố; mặc định mới nhất / release; latest by default"),
    ] = None
    lang: Annotated[Literal["vi", "en"], Field(description="Ngôn ngữ của câu báo lỗi / language of problems")] = "vi"

    _written = field_validator("on", mode="before")(written_as_a_day)

    @model_validator(mode="after")
    def _without_nul(self) -> Self:
        """The database holds no text with a zero byte in it, so none can be asked for."""
        for name, value in vars(self).items():
            if isinstance(value, str) and "\0" in value:
                raise BadQuestion(parameter=name, vi="có byte 0.", en="a zero byte stands in a parameter.")
        return self

    @property
    def day(self) -> date:
        """The day asked about."""
        return self.on or today()


class Drawn(Dated):
    """A question whose answer may be drawn."""

    format: Annotated[Shape, Field(description="geojson: kèm hình / with its shape")] = "json"


def _of_levels(value: str | None) -> str | None:
    if value is not None and value not in {*LEVELS, "unit"}:
        raise ValueError(f"known: {', '.join(LEVELS)}")
    return value


class Units(Drawn):
    """A search among units."""

    q: Annotated[
        str | None, Field(max_length=100, description="Tên (có dấu hay không) hoặc mã / name or code", examples=["hoa"])
    ] = None
    level: Annotated[Literal["province", "district", "commune"] | None, Field(description="Cấp đơn vị / level")] = None
    former: Annotated[bool, Field(description="Cả đơn vị cũ / former units too")] = False
    limit: Annotated[int, Field(ge=1, le=1000, description="Nhiều nhất / at most")] = 200

    @property
    def name(self) -> AskedName | None:
        """The name asked for; a blank one is a mistake, not a question about everything."""
        if self.q is None:
            return None
        name = asked_name(self.q)
        if not name.words or not self.q.isprintable():
            raise BadQuestion(
                parameter="q",
                vi="không có chữ, hoặc có ký tự điều khiển.",
                en="it holds no letter, or a control character.",
            )
        return name


class LineageOf(Drawn):
    """Events of a span of days."""

    since: Annotated[date | None, Field(description="Từ ngày / events from this day on")] = None
    until: Annotated[date | None, Field(description="Đến hết ngày / events up to and on this day")] = None

    _days = field_validator("since", "until", mode="before")(written_as_a_day)

    @model_validator(mode="after")
    def _in_order(self) -> "LineageOf":
        if self.since and self.until and self.until < self.since:
            raise BadQuestion(parameter="until", vi="trước ngày since.", en="it is before since.")
        return self


class Coverage(Dated):
    """Ratios of a level or of a unit."""

    level: Annotated[str | None, Field(max_length=20, description=", ".join(LEVELS))] = None
    unit: Annotated[
        str | None, Field(pattern=r"^[0-9]{5}$", description="Mã xã, phường / commune", examples=["90101"])
    ] = None

    _level = field_validator("level")(_of_levels)


class OfCoverage(Dated):
    """The report on coverage, of all communes or of one."""

    unit: Annotated[
        str | None, Field(pattern=r"^[0-9]{5}$", description="Mã xã, phường / commune", examples=["90101"])
    ] = None


class ReportOfCoverage(OfCoverage):
    """The same in one of its forms."""

    format: Annotated[
        Literal["json", "csv", "gpkg"],
        Field(
            description="csv: một bảng xã × cấp, mở bằng Excel / one table; gpkg: các lớp bản đồ / layers with shapes"
        ),
    ] = "json"


class Findings(Coverage):
    """Findings by level, unit, check, severity."""

    format: Annotated[Shape, Field(description="geojson: kèm hình / with shapes")] = "json"
    check: Annotated[
        str | None, Field(max_length=40, description="mã quy tắc / code of a rule: quyhoach check --list")
    ] = None
    severity: Annotated[Literal["error", "warning", "info"] | None, Field(description="Mức / severity")] = None
    limit: Annotated[int, Field(ge=1, le=5000, description="Nhiều nhất / at most")] = 500
    offset: Annotated[
        int, Field(ge=0, le=1_000_000, description="Bỏ qua / rows passed over: next_offset of the page before")
    ] = 0
    per_rule: Annotated[
        int | None,
        Field(ge=1, le=5000, description="Nhiều nhất của một quy tắc và mức / at most, of one rule and severity"),
    ] = None

    @field_validator("check")
    @classmethod
    def _known_check(cls, value: str | None) -> str | None:
        if value is not None and value not in RULES:
            raise ValueError(f"known: {', '.join(RULES)}")
        return value


class OfMerger(Dated):
    """The report of one resolution."""

    resolution: Annotated[
        str,
        Field(
            min_length=1,
            max_length=100,
            description="Số nghị quyết / resolution, e.g. 1658/NQ-UBTVQH15",
            examples=["SAMPLE/NQ-MH"],
        ),
    ]
    effective: Annotated[
        date | None, Field(description="Ngày hiệu lực, nếu có nhiều / its day, where it has several")
    ] = None

    _effective = field_validator("effective", mode="before")(written_as_a_day)


class Ledger(Dated):
    """Entries of the carry-over ledger."""

    plan: Annotated[str | None, Field(max_length=100, description="Mã đồ án / plan")] = None
    unit: Annotated[
        str | None, Field(pattern=r"^[0-9]{5}$", description="Mã xã cũ / former commune", examples=["90001"])
    ] = None
    decision: Annotated[
        Literal["kept", "replaced", "expired", "undecided"] | None, Field(description="Quyết định / decision")
    ] = None
    limit: Annotated[int, Field(ge=1, le=5000, description="Nhiều nhất / at most")] = 500


class Scans(Dated):
    """Scanned drawings, of one plan where asked."""

    plan: Annotated[str | None, Field(max_length=100, description="Mã đồ án / plan")] = None
    limit: Annotated[int, Field(ge=1, le=1000, description="Nhiều nhất / at most")] = 200
