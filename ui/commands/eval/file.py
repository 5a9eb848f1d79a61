"""`reviewer-copilot eval file`: any other labelled set, by naming its columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ui.commands.eval.measured import Measuring, measured

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("file")
@click.argument("file", type=FILE)
@click.option("--text", default="text", show_default=True, help="The column with the text.")
@click.option("--label", default="label", show_default=True, help="The column with the label.")
@click.option("--id", "id_", help="The column with the id. [default: rows are numbered]")
@click.option("--family", help="The column that names rows which belong together. [default: those that begin alike]")
@click.option("--kind", help="A column to slice by.")
@click.option("--benign", multiple=True, help="A label that means: nothing to act on.")
@click.option("--withheld", multiple=True, help="A label whose rows are counted and never loaded.")
@click.option("--safeguard", is_flag=True, help="FILE is a golden set in the form of gpt-oss-safeguard.")
@click.option("--policy", type=FILE, help="With --safeguard: the policy whose blocks define the labels.")
@measured
def command(
    file: Path,
    id_: str | None,
    benign: tuple[str, ...],
    withheld: tuple[str, ...],
    safeguard: bool,
    policy: Path | None,
    measuring: Measuring,
    **columns: Any,
) -> None:
    """Draft for the labelled texts of FILE (CSV or JSONL). About half of them become precedents, by family."""
    from evals import public
    from evals.datasets.mapped import Mapping, mapped, safeguard_golden
    from ui import assembly, settings

    if safeguard:
        suite = safeguard_golden(file, policy, benign=benign)
    else:
        suite = mapped(file, Mapping(id=id_, benign=benign, withheld=withheld, **columns))
    result = public.run_suite(
        suite,
        embedder=assembly.embedder(settings.read()),
        command=f"reviewer-copilot eval file FILE --part {measuring.part}",
        **measuring.arguments(),
    )
    measuring.deliver(result)
