"""`reviewer-copilot eval gold`: the pack's own gold cases."""

from __future__ import annotations

from pathlib import Path

import click

from ui.commands.eval import outputs
from ui.commands.eval.measured import Measuring, measured


@click.command("gold")
@click.option("--pack", help="A shipped pack's name, or a pack's folder.")
@click.option(
    "--cases",
    type=click.Path(path_type=Path),
    help="A file or folder of gold cases, instead of those that come with the pack.",
)
@click.option("--ids-only", is_flag=True, help="For cases from a record: the page holds ids and counts only.")
@click.option(
    "--cache", type=outputs.Folder(), help="Answers shared between runs: the same question isn't asked twice."
)
@click.option("--plain", is_flag=True, help="Only the copilot, without references, baselines and ablations.")
@outputs.PARALLEL
@measured
def command(
    pack: str | None,
    cases: Path | None,
    ids_only: bool,
    cache: Path | None,
    plain: bool,
    parallel: int,
    measuring: Measuring,
) -> None:
    """Draft the pack's gold cases and score the drafts. Exits with 1 where a report duty was lost.

    Beside the copilot on the same cases: always escalate, always report, baselines, and the copilot with one thing
    taken out.
    """
    from evals import gold_suite
    from ui.commands.eval import reviewers

    settings = reviewers.chosen(pack)
    result = gold_suite.run(
        reviewers.reviewer(settings),
        cases=cases,
        cache=cache,
        learned=settings.home / "learned",
        parallel=parallel,
        compared=not plain,
        command=f"reviewer-copilot eval gold --part {measuring.part}",
        **measuring.arguments(parallel),
    )
    measuring.deliver(result, ids_only=ids_only)
    raise click.exceptions.Exit(0 if result.passed else 1)
