"""`quyhoach import …`: bring files into the draft."""

from collections.abc import Sequence
from importlib import import_module

import typer

PARTS = {
    "layers": "looking", "inspect": "looking", "units": "territory", "unit-list": "territory", "merger-parts": "territory",
    "mergers": "territory", "parcels": "territory", "plan": "plans", "control-lines": "plans", "availability": "statements",
    "carry-over": "statements", "targets": "statements", "offices": "statements", "localities": "names",
}  # fmt: skip
"""Command → the module it is in."""


def group(words: Sequence[str] = ()) -> typer.Typer:
    """The commands of `quyhoach import`. Of one that is named only its own module is loaded."""
    app = typer.Typer(
        no_args_is_help=True,
        help="Nhập tệp vào bản nháp; quyhoach publish để công bố. / Bring files into the draft; nothing is public until quyhoach publish.",
    )
    wanted = PARTS.get(words[0]) if words else None
    for part in dict.fromkeys([wanted] if wanted else PARTS.values()):
        app.registered_commands += import_module(f"api.cli.imports.{part}").app.registered_commands
    return app
