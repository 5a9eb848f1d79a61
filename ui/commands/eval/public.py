"""`reviewer-copilot eval public`: public sets of labelled texts, and procedures."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from ui.commands.eval import judges, outputs


@click.command("public")
@click.argument("name")
@outputs.data(required=True, holds="the set's folder")
@click.option("--plain", is_flag=True, help="Only the copilot, without references, baselines and ablations.")
@outputs.PART
@outputs.LOG
@judges.JUDGE
@judges.PRICES
@outputs.RUNS
@outputs.LIMIT
@outputs.OUT
@outputs.AS_JSON
def command(
    name: str,
    data: Path,
    plain: bool,
    part: Literal["tune", "test"],
    log: Path | None,
    judge: judges.Kind,
    prices: Path | None,
    runs: Path | None,
    limit: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Draft for the cases of the public set NAME, with a small pack made of its definitions and training rows.

    NAME is one of openai-moderation, edos, xstest, hatecheck, injection, procedures. Rows that a set labels as child
    safety are counted and never loaded.
    """
    from evals import public
    from evals.judging import Judging
    from ui import assembly, settings
    from ui.progress import Progress

    asked, priced = judges.judge(judge), judges.prices(prices)
    result = public.run(
        name,
        data,
        embedder=assembly.embedder(settings.read()),
        part=part,
        folder=runs,
        log=outputs.test_log(log),
        limit=limit,
        compared=not plain,
        judging=Judging(asked) if asked else None,
        prices=priced,
        command=f"reviewer-copilot eval public {name} --data PATH --part {part}{f' --limit {limit}' if limit else ''}",
        progress=Progress("measuring"),
    )
    judges.tell_unanswered(asked)
    outputs.deliver(result, result.file_name, out, as_json)
