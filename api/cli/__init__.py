"""The command `quyhoach`. A mistake is one clear line and exit 1; a defect of ours is logged and named by its kind only."""

import gc
import logging
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import typer
from typer._click.exceptions import (  # typer carries its own click and names these nowhere else
    NoArgsIsHelpError,
    UsageError,
)

from planning.errors import Language, QuyhoachError

GROUPS = {
    "import": "imports:group", "check": "check", "draft": "draft", "document": "documents", "merge": "merge", "profile": "profile",
    "scan": "scan", "sample": "running:sample",
}  # fmt: skip
"""Group of commands → its module, and what the group is called there unless `app`; the large one is made to order, for the words after."""

COMMANDS = {"publish": "publishing", "discard": "publishing", "status": "publishing", "shares": "publishing", "migrate": "running",
    "serve": "running"}  # fmt: skip
"""Command without a group → its module."""


RECORDS_BETWEEN_COLLECTIONS = 200_000
"""Python looks for dead cycles once so many more records live. An import makes rows by the million and drops them without a cycle: at
the 700 of Python the search takes a fifth of its time."""


def application(words: Sequence[str] = ()) -> typer.Typer:
    """The command line. Of a command that is named only its own module is loaded: all of them together take seconds to load."""
    app = typer.Typer(
        name="quyhoach",
        help="Dữ liệu quy hoạch của một tỉnh: nhập, kiểm tra, công bố, trả lời. / Planning data of a province.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
    )
    app.callback()(lambda: None)
    wanted = words[0] if words and words[0] in GROUPS | COMMANDS else None
    for name, place in GROUPS.items():
        if wanted in {None, name}:
            module, _, group = place.partition(":")
            made = getattr(import_module(f"api.cli.{module}"), group or "app")
            app.add_typer(made if isinstance(made, typer.Typer) else made(words[1:]), name=name)
    for name, module in COMMANDS.items():
        if wanted in {None, name}:
            app.command(name)(getattr(import_module(f"api.cli.{module}"), name))
    return app


def main() -> None:
    """Run the command; turn what went wrong into one line."""
    language: Language = "en" if os.environ.get("QUYHOACH_LANG") == "en" else "vi"
    gc.set_threshold(RECORDS_BETWEEN_COLLECTIONS)
    try:
        command = application(sys.argv[1:])
        gc.freeze()  # what is loaded lives to the end: searching it for dead cycles, at the end too, takes half a second
        sys.exit(command(standalone_mode=False) or 0)
    except UsageError as error:
        _misused(error, language)
    except QuyhoachError as error:
        _say(error.said(language))
        sys.exit(1)
    except KeyboardInterrupt:
        _say("Đã dừng; không có gì dở dang." if language == "vi" else "Stopped; nothing is half done.")
        sys.exit(130)
    except Exception as error:  # the last door: a person sees a sentence, the log sees the rest
        from api.cli import deployment  # noqa: PLC0415 - what it loads is loaded within the `try`, searched for no dead cycles

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
