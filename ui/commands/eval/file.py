"""`reviewer-copilot eval file`: any other labelled set, by naming its columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import click

from ui.commands.eval import judges, outputs

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
@outputs.PART
@outputs.LOG
@judges.JUDGE
@judges.PRICES
@outputs.RUNS
@outputs.LIMIT
@outputs.OUT
@outputs.AS_JSON
def command(
    file: Path,
    id_: str | None,
    benign: tuple[str, ...],
    withheld: tuple[str, ...],
    safeguard: bool,
    policy: Path | None,
    part: Literal["tune", "test"],
    log: Path | None,
    judge: judges.Kind,
    prices: Path | None,
    runs: Path | None,
    limit: int | None,
    out: Path | None,
    as_json: bool,
    **columns: Any,
) -> None:
    """Draft for the labelled texts of FILE (CSV or JSONL). About half of them become precedents, by family."""
    from evals import public
    from evals.datasets.mapped import Mapping, mapped, safeguard_golden
    from evals.judging import Judging
    from ui import assembly, settings
    from ui.progress import Progress

    asked, priced = judges.judge(judge), judges.prices(prices)
    if safeguard:
        suite = safeguard_golden(file, policy, benign=benign)
    else:
        suite = mapped(file, Mapping(id=id_, benign=benign, withheld=withheld, **columns))
    result = public.run_suite(
        suite,
        embedder=assembly.embedder(settings.read()),
        part=part,
        folder=runs,
        log=outputs.test_log(log),
        limit=limit,
        judging=Judging(asked) if asked else None,
        prices=priced,
        command=f"reviewer-copilot eval file FILE --part {part}",
        progress=Progress("measuring"),
    )
    judges.tell_unanswered(asked)
    outputs.deliver(result, result.file_name, out, as_json)
