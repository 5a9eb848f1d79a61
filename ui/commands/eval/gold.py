"""`reviewer-copilot eval gold`: the pack's own gold cases."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from ui.commands.eval import judges, outputs


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
@outputs.PART
@outputs.LOG
@judges.JUDGE
@judges.PRICES
@outputs.RUNS
@outputs.LIMIT
@outputs.PARALLEL
@outputs.OUT
@outputs.AS_JSON
def command(
    pack: str | None,
    cases: Path | None,
    ids_only: bool,
    cache: Path | None,
    plain: bool,
    part: Literal["tune", "test"],
    log: Path | None,
    judge: judges.Kind,
    prices: Path | None,
    runs: Path | None,
    limit: int | None,
    parallel: int,
    out: Path | None,
    as_json: bool,
) -> None:
    """Draft the pack's gold cases and score the drafts. Exits with 1 where a report duty was lost.

    Beside the copilot on the same cases: always escalate, always report, baselines, and the copilot with one thing
    taken out.
    """
    from evals import gold_suite
    from evals.judging import Judging
    from ui.commands.eval import reviewers
    from ui.progress import Progress

    settings = reviewers.chosen(pack)
    asked, priced = judges.judge(judge), judges.prices(prices)
    result = gold_suite.run(
        reviewers.reviewer(settings),
        cases=cases,
        part=part,
        folder=runs,
        cache=cache,
        learned=settings.home / "learned",
        log=outputs.test_log(log),
        limit=limit,
        parallel=parallel,
        compared=not plain,
        judging=Judging(asked, parallel) if asked else None,
        prices=priced,
        command=f"reviewer-copilot eval gold --part {part}",
        progress=Progress("measuring"),
    )
    judges.tell_unanswered(asked)
    outputs.deliver(result, result.file_name, out, as_json, page=result.to_html(ids_only=ids_only) if out else "")
    raise click.exceptions.Exit(0 if result.passed else 1)
