"""`reviewer-copilot eval retrieval`: what search finds, beside plain ways to search."""

from __future__ import annotations

from pathlib import Path

import click

from ui.commands.eval import outputs


@click.command("retrieval")
@click.option("--pack", help="A shipped pack's name, or a pack's folder; its gold cases of the part `tune` ask.")
@outputs.data(
    required=False,
    holds="procedures/, oversight-board/ and community-standards/; without it only gold cases ask",
)
@click.option("--out", type=outputs.Folder(), help="Also write JSON there.")
@click.option(
    "--trec",
    type=outputs.Folder(),
    help="Where runs and judgements go, as trec_eval reads them; by default beside the JSON.",
)
@outputs.AS_JSON
def command(pack: str | None, data: Path | None, out: Path | None, trec: Path | None, as_json: bool) -> None:
    """Search for what gold cases, scenarios and decisions rest on, and compare what comes back.

    Beside it, on the same questions: BM25, one vector a text, and the usual chain of both.
    """
    from evals import retrieving
    from evals.errors import RunError
    from ui import assembly
    from ui.commands.eval import reviewers
    from ui.progress import Progress

    settings = reviewers.chosen(pack)
    searched = assembly.pack(settings)
    sets = (retrieving.procedure_documents, retrieving.board_standards, retrieving.board_citations)
    tasks = [task(data) for task in sets] if data is not None else []
    tasks += [of(searched) for of in (retrieving.gold_clauses, retrieving.gold_at_length, retrieving.gold_precedents)]
    asking = [task for task in tasks if task.questions]
    if not asking:
        raise RunError(f"pack '{searched.id}' has no gold cases to search for", "name the public sets: --data PATH")
    result = retrieving.measure(
        asking,
        assembly.embedder(settings),
        command=f"reviewer-copilot eval retrieval{' --data PATH' if data else ''}",
        progress=Progress("measuring"),
    )
    click.echo(result.to_json() if as_json else retrieving.table(result), nl=False)
    if out is not None:
        outputs.write(out / "retrieval.json", result.to_json())
        trec = trec or retrieving.beside(out / "retrieval.json")
    if trec is not None:
        written = retrieving.write_trec(result, trec)
        click.echo(f"written: {len(written)} files in '{trec}'", err=True)
