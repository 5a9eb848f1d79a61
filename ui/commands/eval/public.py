"""`reviewer-copilot eval public`: public sets of labelled texts, and procedures."""

from __future__ import annotations

from pathlib import Path

import click

from ui.commands.eval import outputs
from ui.commands.eval.measured import Measuring, measured


@click.command("public")
@click.argument("name")
@outputs.data(required=True, holds="the set's folder")
@click.option("--plain", is_flag=True, help="Only the copilot, without references, baselines and ablations.")
@measured
def command(name: str, data: Path, plain: bool, measuring: Measuring) -> None:
    """Draft for the cases of the public set NAME, with a small pack made of its definitions and training rows.

    NAME is one of openai-moderation, edos, xstest, hatecheck, injection, procedures. Rows that a set labels as child
    safety are counted and never loaded.
    """
    from evals import public
    from ui import assembly, settings

    part, limit = measuring.part, f" --limit {measuring.limit}" if measuring.limit else ""
    result = public.run(
        name,
        data,
        embedder=assembly.embedder(settings.read()),
        compared=not plain,
        command=f"reviewer-copilot eval public {name} --data PATH --part {part}{limit}",
        **measuring.arguments(),
    )
    measuring.deliver(result)
