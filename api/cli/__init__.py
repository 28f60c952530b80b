"""The command `quyhoach`. A mistake is one clear line and exit 1; a defect of ours is logged and named by its kind only."""

import logging
import os
import sys

import typer
from typer._click.exceptions import (  # typer carries its own click and names these nowhere else
    NoArgsIsHelpError,
    UsageError,
)

from api.cli import check, deployment, documents, draft, imports, merge, profile, publishing, running, scan
from planning.errors import Language, QuyhoachError

app = typer.Typer(
    name="quyhoach",
    help="Dữ liệu quy hoạch của một tỉnh: nhập, kiểm tra, công bố, trả lời. / Planning data of a province.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
app.add_typer(imports.app, name="import")
app.add_typer(check.app, name="check")
app.add_typer(draft.app, name="draft")
app.add_typer(documents.app, name="document")
app.add_typer(merge.app, name="merge")
app.add_typer(profile.app, name="profile")
app.add_typer(scan.app, name="scan")
app.add_typer(running.sample, name="sample")
app.command()(publishing.publish)
app.command()(publishing.discard)
app.command()(publishing.status)
app.command()(running.migrate)
app.command()(running.serve)


def main() -> None:
    """Run the command; turn what went wrong into one line."""
    language: Language = "en" if os.environ.get("QUYHOACH_LANG") == "en" else "vi"
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except UsageError as error:
        _misused(error, language)
    except QuyhoachError as error:
        _say(error.said(language))
        sys.exit(1)
    except KeyboardInterrupt:
        _say("Đã dừng; không có gì dở dang." if language == "vi" else "Stopped; nothing is half done.")
        sys.exit(130)
    except Exception as error:  # the last door: a person sees a sentence, the log sees the rest
        logging.getLogger("quyhoach").debug("command failed", exc_info=error)
        _say(f"quyhoach: {type(error).__name__}: {deployment.first_line(error)}")
        sys.exit(1)


def _misused(error: UsageError, language: Language) -> None:
    """A command without its words shows its help; a wrong word is one line that says where the help is."""
    if isinstance(error, NoArgsIsHelpError):
        error.show()
        sys.exit(0)
    path = error.ctx.command_path if error.ctx else "quyhoach"
    see = "xem" if language == "vi" else "see"
    _say(f"{path}: {error.format_message()} ({see} {path} --help)")
    sys.exit(1)


def _say(line: str) -> None:
    sys.stderr.write(" ".join(line.split()) + "\n")
