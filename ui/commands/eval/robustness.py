"""`reviewer-copilot eval robustness`: the same cases told differently."""

from __future__ import annotations

from pathlib import Path

import click

from ui.commands.eval import outputs


@click.command("robustness")
@click.option("--pack", help="A shipped pack's name, or a pack's folder.")
@click.option(
    "--cases",
    type=click.Path(path_type=Path),
    help="A file or folder of gold cases, instead of those that come with the pack.",
)
@click.option("--kind", "kinds", multiple=True, help="Only this way of telling; may be given more than once.")
@click.option("--everything", is_flag=True, help="All cases of the part 'tune' instead of a sample of them.")
@outputs.data(required=False, holds="HateCheck's folder; its misspelt cases are then compared with their plain twins")
@outputs.RUNS
@outputs.LIMIT
@outputs.OUT
@outputs.AS_JSON
def command(
    pack: str | None,
    cases: Path | None,
    kinds: tuple[str, ...],
    everything: bool,
    data: Path | None,
    runs: Path | None,
    limit: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Tell gold cases differently and compare the drafts. Exits with 1 where a duty that is owed was lost.

    Misspelt and disguised words, planted instructions, paraphrase by rules, irrelevant text, parts in another order,
    protected attributes swapped. Nothing that decides a case has changed, so neither should its draft.
    """
    from evals.robustness import whole
    from ui.commands.eval import reviewers
    from ui.progress import Progress

    settings = reviewers.chosen(pack)
    reviewer = reviewers.reviewer(settings)
    most = None if everything else limit or whole.CASES
    result = whole.run(
        reviewer,
        cases=cases,
        kinds=kinds,
        limit=most,
        data=data,
        embedder=reviewer.retriever.index.embedder,
        folder=runs,
        learned=settings.home / "learned",
        command=f"reviewer-copilot eval robustness {'--everything' if most is None else f'--limit {most}'}",
        progress=Progress("measuring"),
    )
    outputs.deliver(result, result.name, out, as_json)
    raise click.exceptions.Exit(0 if result.passed else 1)
