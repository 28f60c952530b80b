"""`quyhoach import …`: bring files into the draft."""

import typer

from api.cli.imports import looking, names, plans, statements, territory

app = typer.Typer(
    no_args_is_help=True,
    help="Nhập tệp vào bản nháp; quyhoach publish để công bố. / Bring files into the draft; nothing is public until quyhoach publish.",
)

for part in (looking, territory, plans, statements, names):
    app.registered_commands += part.app.registered_commands
