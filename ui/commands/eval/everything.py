"""`reviewer-copilot eval all`: everything that needs no model service."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from ui.commands.eval import judges, outputs


@click.command("all")
@outputs.data(required=False, holds="the folders of the public sets; without it only gold cases are run")
@click.option("--pack", "packs", multiple=True, help="Only this pack's gold cases. [default: every shipped pack's]")
@click.option("--results", type=outputs.Folder(), help="Where result JSON goes. [default: evals/results]")
@outputs.PART
@outputs.LOG
@judges.JUDGE
@judges.PRICES
@click.option(
    "--out", type=outputs.Folder(), default=Path("var/eval"), show_default=True, help="For the report and the runs."
)
@outputs.AS_JSON
def command(
    data: Path | None,
    packs: tuple[str, ...],
    results: Path | None,
    part: Literal["tune", "test"],
    log: Path | None,
    judge: judges.Kind,
    prices: Path | None,
    out: Path,
    as_json: bool,
) -> None:
    """Run every suite, write a result file each and one report. Exits with 1, after all of it, where a duty was lost.

    A run that was cut off goes on where it stopped.
    """
    from evals import everything
    from evals.figures import RESULTS
    from ui import assembly, settings
    from ui.commands.eval import reviewers
    from ui.progress import Progress

    held = settings.read()
    asked, priced = judges.judge(judge), judges.prices(prices)
    named = (reviewers.chosen(name) for name in packs or reviewers.with_gold_cases())
    found = everything.run_all(
        (reviewers.reviewer(one) for one in named),
        embedder=assembly.embedder(held),
        data=data,
        part=part,
        results=results or RESULTS,
        page=out / "report.html",
        folder=out / "runs",
        learned=held.home / "learned",
        log=outputs.test_log(log),
        judge=asked,
        prices=priced,
        command=f"reviewer-copilot eval all{' --data PATH' if data else ''} --part {part}",
        progress=Progress("measuring"),
    )
    judges.tell_unanswered(asked)
    click.echo(found.to_json() if as_json else found.to_table(), nl=False)
    click.echo(f"written: {out / 'report.html'}, and the results of {', '.join(found.seconds)}", err=True)
    raise click.exceptions.Exit(0 if found.passed else 1)
