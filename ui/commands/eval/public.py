"""`reviewer-copilot eval public`: public sets of labelled texts, and procedures."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from ui.commands.eval import outputs


@click.command("public")
@click.argument("name")
@outputs.data(required=True, holds="the set's folder")
@click.option("--plain", is_flag=True, help="Only the copilot, without references, baselines and ablations.")
@outputs.PART
@outputs.LOG
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
    from retrieval import embedder_named, stay_offline
    from ui import settings
    from ui.progress import Progress

    stay_offline()
    result = public.run(
        name,
        data,
        embedder=embedder_named(settings.read().embedder),
        part=part,
        folder=runs,
        log=outputs.test_log(log),
        limit=limit,
        compared=not plain,
        command=f"reviewer-copilot eval public {name} --data PATH --part {part}{f' --limit {limit}' if limit else ''}",
        progress=Progress("measuring"),
    )
    outputs.deliver(result, result.file_name, out, as_json)
