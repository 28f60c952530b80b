"""Options that imports share, and what they mean to the layers below."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from layers.ingest.delivery import Wish
from layers.ingest.intake import Terms
from layers.profiles.loading import profile_of
from layers.sources.facts import Reading
from planning.errors import BadQuestion, MissingField
from planning.mergers.clauses import LOCATED, Located

File = Annotated[
    Path, typer.Argument(metavar="FILE", help="tệp có hình: quyhoach import layers FILE / a file with shapes")
]
Csv = Annotated[Path, typer.Argument(metavar="FILE.csv", help="CSV, UTF-8")]
Layer = Annotated[str | None, typer.Option(help="lớp trong tệp / layer of the file, where it has several")]
Crs = Annotated[
    str | None, typer.Option(help="hệ tọa độ, khi tệp không ghi / CRS where the file names none, e.g. EPSG:9209")
]
Encoding = Annotated[
    str | None, typer.Option(help="bảng mã chữ của Shapefile không có .cpg / encoding of a Shapefile without .cpg")
]
Names = Annotated[
    list[str] | None, typer.Option("--map", help="trường=TÊN TRONG TỆP / field=NAME IN THE FILE, e.g. code=old_code")
]
From = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="ngày bắt đầu hiệu lực / first day in force")]
To = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="ngày hết hiệu lực / first day no longer in force")
]
ReportTo = Annotated[
    Path | None,
    typer.Option("--report", help="ghi báo cáo / write the report: .json, .html, .gpkg (with the refused shapes)"),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="chạy thử: báo cáo như thật, không lưu gì / the same report, nothing stored")
]
ProfileName = Annotated[
    str | None, typer.Option("--profile", help="bảng ánh xạ: tên hoặc tệp .yaml / a profile: quyhoach profile list")
]
Said = Annotated[
    list[str] | None,
    typer.Option("--set", help="cột=GIÁ TRỊ cho mọi đối tượng / column=VALUE for every feature, with --profile"),
]
Accepted = Annotated[
    bool,
    typer.Option("--accept-crs", help="chấp nhận hệ tọa độ suy từ tọa độ / take the CRS that the coordinates tell"),
]
NorthingFirst = Annotated[
    bool, typer.Option("--northing-first", help="tệp ghi tọa độ bắc (X) trước / the file writes the northing (X) first")
]
Northing = Annotated[
    str | None,
    typer.Option(help="cột tọa độ bắc của danh sách góc ranh / column of the northing in a list of corner points"),
]
SnapM = Annotated[
    float | None,
    typer.Option(min=0, max=5, help="nối đầu nét hở của bản vẽ tới, m / how far open ends of a drawing are led on, m"),
]
Illustration = Annotated[bool, typer.Option("--illustration", help="dữ liệu minh họa / mark as illustration, not real")]


def wish(reading: Reading, profile: str | None, said: list[str] | None, also: dict[str, str] | None = None) -> Wish:
    """How a file is to be taken: with a profile, what a person says goes into its columns."""
    if profile is None:
        if said:
            raise BadQuestion(parameter="--set", vi="chỉ dùng cùng --profile.", en="it goes with --profile only.")
        return Wish(reading)
    found = profile_of(profile)
    told = replace(reading, crs=reading.crs or found.crs, encoding=reading.encoding or found.encoding)
    return Wish(told, found, {**(also or {}), **pairs(said)})


def terms(valid_from: datetime | None, valid_to: datetime | None, illustration: bool) -> Terms:
    """What the options say of the file."""
    since, until = day_of(valid_from), day_of(valid_to)
    if since and until and until <= since:
        raise BadQuestion(parameter="--valid-to", vi="phải sau --valid-from.", en="it must be after --valid-from.")
    return Terms(since, until, illustration)


def got(how: str) -> Located:
    """How boundaries or land were got."""
    if how not in LOCATED:
        raise BadQuestion(
            parameter="--boundary, --how", vi=f"dùng {', '.join(LOCATED)}.", en=f"use one of {', '.join(LOCATED)}."
        )
    return how


def day_of(moment: datetime | None) -> date | None:
    """The day of an option."""
    return moment.date() if moment else None


def pairs(names: list[str] | None) -> dict[str, str]:
    """`--map code=old_code` as a dictionary."""
    split = [name.partition("=") for name in names or []]
    for ours, equals, theirs in split:
        if not (ours and equals and theirs):
            raise BadQuestion(parameter="--map", vi="viết là trường=TÊN.", en="write it as field=NAME.")
    return {ours: theirs for ours, _, theirs in split}


def given(option: str, value: str | None) -> str:
    """The value of an option that is needed here."""
    if value is None:
        raise MissingField(file="--code", field=option, present="–")
    return value
