"""`reviewer-copilot serve`: the panel over a team's own queue."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("serve")
@click.argument("files", nargs=-1, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--port", default=7860, show_default=True, type=click.IntRange(0, 65535))
@click.option("--host", default="127.0.0.1", show_default=True, help="Other than loopback only behind your own login.")
@click.option("--home", type=click.Path(file_okay=False, path_type=Path), help="Where record and index are kept.")
@click.option("--pack", help="A shipped pack's name, or a pack's folder.")
@click.option("--analyst", help="Who decides, as the record names them.")
@click.option("--open/--no-open", "open_browser", default=True, help="Open a browser window.")
def command(
    files: tuple[Path, ...],
    port: int,
    host: str,
    home: Path | None,
    pack: str | None,
    analyst: str | None,
    open_browser: bool,
) -> None:
    """Take the cases of FILES into the queue, draft for those that have no draft, and open the panel."""
    from ui import assembly, queue, settings
    from ui.panel import serve
    from ui.progress import Progress

    chosen = settings.read(home=home, pack=pack, analyst=analyst)
    desk = assembly.desk(chosen, Progress("indexing"))
    for problem in queue.take(files, desk):
        click.echo(f"error: {problem}", err=True)
    queue.draft_missing(desk, Progress("drafting"))
    serve(desk, analyst=chosen.analyst, host=host, port=port, open_browser=open_browser)
