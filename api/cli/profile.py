"""`quyhoach profile …`: how the fields of a department's file become ours."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.cli.imports.options import Crs, Encoding, File, Layer, pairs
from api.cli.screen import LISTED, OUT
from layers.profiles.drafting import drafted
from layers.profiles.loading import profile_of, shipped, text_of
from layers.profiles.model import Profile
from layers.profiles.trial import Trial, tried
from layers.sources.facts import Reading
from layers.sources.vector import read_unplaced
from planning.errors import NotAllowed

app = typer.Typer(
    no_args_is_help=True,
    help="Bảng ánh xạ: trường của tệp thành trường của quyhoach. / Profiles: how the fields of a file become ours.",
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="tên bảng ánh xạ có sẵn / name of a shipped profile")]
Wanted = Annotated[
    str,
    typer.Argument(
        metavar="NAME|FILE.yaml", help="tên bảng có sẵn, hoặc tệp của mình / a shipped one, or a file of your own"
    ),
]

On = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="thử trên tệp này, không lưu gì / try it on this file; nothing is stored"),
]
Said = Annotated[
    list[str] | None, typer.Option("--set", help="cột=GIÁ TRỊ cho mọi đối tượng / column=VALUE for every feature")
]


@app.command("list")
def list_profiles() -> None:
    """Các bảng ánh xạ có sẵn. / The profiles that come with quyhoach."""
    table = Table("tên / name", "tạo ra / makes", "lớp / layers", "dùng cho / for")
    for name, profile in shipped().items():
        table.add_row(name, profile.makes, "\n".join(profile.layers), f"{profile.title.vi}\n[dim]{profile.title.en}[/]")
    OUT.print(table)


@app.command()
def show(name: Name) -> None:
    """In một bảng ánh xạ có sẵn, để chép thành bảng của mình. / Print a shipped profile, to copy from.

    Example: `quyhoach profile show tt16-zones > cua-toi.yaml`
    """
    typer.echo(text_of(name), nl=False)


@app.command()
def check(
    wanted: Wanted,
    on: On = None,
    layer: Layer = None,
    said: Said = None,
) -> None:
    """Bảng ánh xạ có đúng không; thử trên một tệp. / Is a profile sound; and what would it make of a file.

    Exit 1 when the profile, or a value of the file, is not acceptable.

    Example: `quyhoach profile check cua-toi.yaml --on lodat.gpkg --set plan_code=QHPK-1`
    """
    profile = profile_of(wanted)
    _show(profile)
    if on is None:
        return
    trial = tried(on, profile, layer, pairs(said))
    _show_trial(trial, profile)
    if trial.issues:
        raise typer.Exit(1)


@app.command()
def draft(
    file: File, layer: Layer = None, crs: Crs = None, encoding: Encoding = None,
    out: Annotated[Path | None, typer.Option(metavar="P.yaml", help="ghi vào tệp mới / write it as a new file")] = None,
) -> None:  # fmt: skip
    """Đề xuất bảng ánh xạ cho một tệp, kèm căn cứ. / Propose a profile for a file, with the evidence as comments.

    It says what a person must still answer; nothing is used before a person has read it.

    Example: `quyhoach profile draft lodat.shp --encoding UTF-8 --out cua-toi.yaml`
    """
    found = drafted(read_unplaced(file, Reading(layer, crs, encoding)))
    if out is None:
        typer.echo(found.text, nl=False)
        return
    write_new(out, found.text)
    OUT.print(f"{out}: {len(found.questions)} câu cần trả lời / questions to answer", markup=False)
    for number, (vi, en) in enumerate(found.questions, start=1):
        OUT.print(f"  {number}. {vi} / {en}", markup=False)


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet: nobody's work is written over."""
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise NotAllowed(
            vi=f"{path} đã có; chọn tên khác.", en=f"{path} is there already; choose another name."
        ) from None
    except OSError as error:
        reason = error.strerror or "?"
        raise NotAllowed(vi=f"không ghi được {path}: {reason}.", en=f"{path} cannot be written: {reason}.") from None


def _show(profile: Profile) -> None:
    table = Table(
        title=f"{profile.profile}: {profile.title.vi} / {profile.title.en}", title_justify="left", show_header=False
    )
    table.add_row("tạo ra / makes", profile.makes)
    table.add_row("lớp / layers", ", ".join(profile.layers))
    if profile.asks:
        table.add_row("hỏi người nhập khi tệp không có / asked where the file does not tell", ", ".join(profile.asks))
    for name, rule in profile.fields.items():
        table.add_row(name, f"= {rule.value}" if rule.value else " → ".join(rule.source or ()))
    OUT.print(table)


def _show_trial(trial: Trial, profile: Profile) -> None:
    table = Table(title=f"{trial.file}, {trial.layer}", title_justify="left", show_header=False)
    table.add_row("đọc được / read", f"{trial.read:,}")
    table.add_row(f"thành / become {profile.makes}", f"{trial.sound:,}")
    if trial.skipped:
        table.add_row("bỏ qua theo skip: / skipped", f"{trial.skipped:,}")
    if trial.left_out:
        table.add_row("không đọc, thuộc về chủ đất / of owners, not read", ", ".join(trial.left_out))
    for name, count in trial.filled.items():
        table.add_row(name, f"{count:,}")
    OUT.print(table)
    if trial.issues:
        OUT.print(f"{sum(group.count for group in trial.issues):,} giá trị có vấn đề / values with an issue")
    for group in trial.issues[:LISTED]:
        verdict = "từ chối / refused" if group.first.refuses else "để trống / left empty"
        OUT.print(f"  - {group.first.row + 1} (×{group.count}) {group.first.sentence}; {verdict}", markup=False)
    if len(trial.issues) > LISTED:
        OUT.print(f"  … {len(trial.issues) - LISTED} nữa / more")
