"""`reviewer-copilot eval compare`: two runs on the same cases, and the gate for CI."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ui.commands.eval import outputs

RUN = click.Path(file_okay=False, path_type=Path)


@click.command("compare")
@click.argument("a", type=RUN)
@click.argument("b", type=RUN, required=False)
@click.option(
    "--gate",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A committed result: exit with 1 where a stated figure of B (or of A, when it stands alone) is surely worse, "
    "or a report is lost that was not.",
)
@click.option("--figure", "names", multiple=True, help="A figure that the gate looks at. [default: the usual ones]")
@click.option(
    "--system", default="copilot", show_default=True, help="The committed system that the gate compares with."
)
@click.option("--pack", help="Of runs on gold cases, for the gate.")
@outputs.data(required=False, holds="the sets, when the gate is on a run on one of them")
@click.option(
    "--difference",
    type=click.FloatRange(0, 1, min_open=True),
    help="A difference that would matter, such as 0.05: says how many cases it takes to show it.",
)
@outputs.OUT
@outputs.AS_JSON
def command(
    a: Path,
    b: Path | None,
    gate: Path | None,
    names: tuple[str, ...],
    system: str,
    pack: str | None,
    data: Path | None,
    difference: float | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Say whether run B is better than run A, worse, or whether there is no evidence.

    A and B are folders of runs, such as RUNS/copilot, on the same cases. With --gate, B may be left out.
    """
    from evals.compare import compare

    if b is None and gate is None:
        raise click.UsageError("name two runs, or one run and --gate")
    found = compare(a, b, asked=difference) if b is not None else None
    problems = _gate(b or a, gate, names, system, pack, data) if gate is not None else ()
    if as_json:
        held = json.loads(found.to_json()) if found is not None else {"format": 1}
        click.echo(json.dumps({**held, "gate": list(problems)}, ensure_ascii=False, indent=1))
    elif found is not None:
        click.echo(found.to_table(), nl=False)
    if found is not None and out is not None:
        outputs.write(out / "comparison.json", found.to_json())
        outputs.write(out / "comparison.html", found.to_html())
    if gate is not None:
        for problem in problems:
            click.echo(f"gate: {problem}", err=True)
        click.echo(f"gate: {'FAILED' if problems else 'passed'}", err=True)
    raise click.exceptions.Exit(1 if problems else 0)


def _gate(
    run: Path, committed: Path, names: tuple[str, ...], system: str, pack: str | None, data: Path | None
) -> tuple[str, ...]:
    """What is surely worse than committed, and which reports are lost that were not."""
    from evals.regressions import newly_lost, stated, surely_worse
    from ui.commands.eval.stored import reopened

    result = reopened(run, pack, data)
    held = names or tuple(name for name in stated(committed, system) if result.judged.figure(name) is not None)
    fresh = newly_lost(committed, system, result.judged.lost)
    lost = (f"report lost: {one.case_id} ({one.duty})" for one in fresh)
    return (*surely_worse(committed, system, result.judged.figures, held), *lost)
