"""`quyhoach migrate`, `sample`, `serve`: getting the service up."""

import os
import socket
from pathlib import Path
from typing import Annotated

import typer

from api.cli.deployment import settings
from api.cli.publishing import keep_and_tell
from api.cli.screen import OUT, progress_bar
from planning.errors import NotAllowed
from planning.store import releases
from planning.store.migrate import upgrade
from planning.store.session import reading


def migrate() -> None:
    """Đưa cơ sở dữ liệu về lược đồ hiện hành. / Bring the database to the current schema; safe to repeat."""
    upgrade(settings())
    OUT.print("Lược đồ đã là bản mới nhất / the schema is current")


sample = typer.Typer()


@sample.callback(invoke_without_command=True)
def province(
    context: typer.Context,
    parcels: Annotated[int, typer.Option(min=1_000, max=2_000_000, help="số thửa / number of parcels")] = 20_000,
    zones: Annotated[int, typer.Option(min=250, max=500_000, help="số khu chức năng / number of zones")] = 1_500,
    seed: Annotated[int, typer.Option(min=0, help="hạt giống / same seed, same province")] = 2025,
    folder: Annotated[Path, typer.Option(help="nơi ghi các tệp / where the files are written")] = Path(".local/sample"),
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help="chỉ khi chưa có gì / only where nothing was brought in yet")
    ] = False,
) -> None:
    """Tạo và công bố một tỉnh mẫu (minh họa). / Make, bring in and publish the sample province: an illustration, not real data.

    The same seed gives the same province. `--parcels 1000000 --zones 100000` makes one of real size for measuring.
    Its coverage is checked at once; the defects planted in it are listed in truth.json beside the files.
    """
    if context.invoked_subcommand:
        return
    own = settings()
    with reading(own) as session:
        something = releases.latest(session) or releases.draft(session)
    if something and if_empty:
        return
    if something:
        raise NotAllowed(
            vi="cơ sở dữ liệu đã có dữ liệu; tỉnh mẫu chỉ vào cơ sở dữ liệu trống.",
            en="the database holds data already; the sample goes only into an empty one.",
        )
    from layers.sample.load import load  # noqa: PLC0415 - the generator is slow to import, and most commands never need it

    with progress_bar("tỉnh mẫu / sample") as progress:
        release = load(own, folder, parcels=parcels, zones=zones, seed=seed, progress=progress)
    OUT.print(f"Tỉnh mẫu (minh họa) đã công bố, lần {release.number} / the sample province (illustration) is published")
    keep_and_tell()


@sample.command()
def dossier(
    folder: Annotated[Path, typer.Argument(help="nơi ghi các tệp / where the files are written")],
    seed: Annotated[int, typer.Option(min=0, help="hạt giống / same seed, same files")] = 2025,
) -> None:
    """Tạo một hồ sơ mẫu (minh họa) để làm theo hướng dẫn. / Make the files of a sample dossier, an illustration, to follow the guide with.

    A CAD drawing with TCVN3 letters, its profile, decisions, red lines, a scanned sheet. It lies in the sample province; nothing is stored.

    Example: `quyhoach sample dossier ho-so`
    """
    from layers.sample.dossier import write_dossier  # noqa: PLC0415 - as above

    try:
        paths = write_dossier(folder, seed)
    except OSError as error:
        reason = error.strerror or "?"
        raise NotAllowed(
            vi=f"không ghi được {folder}: {reason}.", en=f"{folder} cannot be written: {reason}."
        ) from None
    for path in paths:
        OUT.print(f"  {path}", markup=False)
    OUT.print("Hồ sơ mẫu (minh họa) / the sample dossier (illustration)")


def serve(
    host: Annotated[str, typer.Option(help="địa chỉ / address")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="cổng / port")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="số tiến trình / processes")] = 2,
) -> None:
    """Chạy dịch vụ: API, ô bản đồ, trang web. / Serve the API, the tiles and the page; reading only."""
    own = settings()
    with reading(own):
        pass
    _port_is_free(host, port)
    import uvicorn  # noqa: PLC0415 - only this command serves

    from api.evenly import board  # noqa: PLC0415 - as above

    os.environ["QUYHOACH_DATABASE_URL"] = own.database_url
    with board():
        uvicorn.run(
            "api.app:create_app", factory=True, host=host, port=port, workers=workers, log_level="warning", http="api.patience:Patient",
            loop="api.evenly:Loop", timeout_graceful_shutdown=5, timeout_keep_alive=30, limit_concurrency=512,
            server_header=False, ws="none",
        )  # fmt: skip


def _port_is_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = error.strerror or "?"
            raise NotAllowed(
                vi=f"không mở được cổng {port} trên {host} ({reason}); chọn cổng khác bằng --port.",
                en=f"port {port} on {host} cannot be opened ({reason}); choose another with --port.",
            ) from None
