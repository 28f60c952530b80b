"""`quyhoach check repair zones|plans|units`: what mending would change, with proof, and putting it into the draft."""

import typer

from api.cli.repair.plans import plans
from api.cli.repair.units import units
from api.cli.repair.zones import zones

app = typer.Typer(
    no_args_is_help=True,
    help="Đề xuất sửa khe hở, chồng lấn, kèm chứng minh trước – sau. / Propose how gaps and overlaps are mended, with a proof.\n\n"
    "`zones` within one plan, `plans` of one level against each other and their communes, `units`: communes against each other. Nothing is"
    " stored without `--apply`, then it goes into the draft; `quyhoach discard` undoes it. `--out` writes pictures or layers.",
)
app.command()(zones)
app.command()(plans)
app.command()(units)
