"""`reviewer-copilot demo`: the sample queue, drafted, in the panel."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("demo")
@click.option("--port", default=7860, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("var/demo"),
    show_default=True,
    help="Where the demo's record and index are kept.",
)
@click.option("--panel/--no-panel", default=True, help="Without the panel it drafts, prints the queue and ends.")
@click.option("--open/--no-open", "open_browser", default=True, help="Open a browser window.")
def command(port: int, home: Path, panel: bool, open_browser: bool) -> None:
    """Draft the shipped sample queue and open the panel on it.

    The cases are synthetic and the policy is a sample; no key, no account and no network are needed.
    """
    from evals.gold import service
    from ui import assembly, queue, settings
    from ui.progress import Progress

    chosen = settings.read(home=home, pack="child_safety", service=service("child_safety"), model="")
    desk = assembly.desk(chosen, Progress("indexing"))
    queue.take([SAMPLE], desk)
    queue.draft_missing(desk, Progress("drafting"))
    for row in desk.queue():
        decided = row.decided or "open"
        click.echo(f"{row.tier:10} {row.reportability:14} {decided:10} {row.case_id:24} {row.surface}")
    click.echo(f"{desk.pack.manifest.title} {desk.pack.manifest.version}: {desk.pack.standing}")
    if panel:
        from ui.panel import serve

        serve(desk, analyst=chosen.analyst, port=port, open_browser=open_browser)


SAMPLE = Path(__file__).parent.parent / "sample" / "cases.jsonl"
