"""`reviewer-copilot eval export`: a stored run in the formats of other tools."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ui.commands.eval import judges, outputs

if TYPE_CHECKING:
    from evals.measuring import SuiteResult

FORMATS = ("json", "csv", "trec-run", "trec-qrels", "inspect")


@click.command("export")
@click.argument("run", type=click.Path(file_okay=False, path_type=Path))
@click.argument("format", type=click.Choice(FORMATS))
@click.option("--pack", help="Of a run on gold cases. [default: the one that the run names]")
@outputs.data(required=False, holds="the sets, for a run on one of them")
@judges.PRICES
@click.option("--with-text", is_flag=True, help="Put the cases' text into an inspect log; never for cases of a record.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it there instead of printing it.")
def command(
    run: Path,
    format: str,
    pack: str | None,
    data: Path | None,
    prices: Path | None,
    with_text: bool,
    out: Path | None,
) -> None:
    """Put RUN, a run's folder such as RUNS/copilot, into another tool's FORMAT.

    json and csv hold figures; trec-run and trec-qrels are for trec_eval and ir_measures; inspect is a log that the
    viewer of inspect_ai opens.
    """
    from ui.commands.eval.stored import reopened

    result = reopened(run, pack, data, judges.prices(prices))
    text = _writers(with_text)[format](result)
    if out is None:
        click.echo(text, nl=False)
    else:
        outputs.write(out, text)


def _writers(with_text: bool) -> dict[str, Callable[[SuiteResult], str]]:
    from evals import exports

    return {
        "json": lambda result: result.to_json(),
        "csv": exports.to_csv,
        "trec-run": lambda result: exports.to_trec_run(result.judged),
        "trec-qrels": exports.to_trec_qrels,
        "inspect": lambda result: exports.to_inspect(result, result.judged, with_text=with_text),
    }
