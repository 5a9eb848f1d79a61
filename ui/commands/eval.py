"""`reviewer-copilot eval`: measures the copilot."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import click

if TYPE_CHECKING:
    from collections.abc import Callable


@click.group("eval")
def command() -> None:
    """Measure the copilot. Every figure comes with n and an interval.

    Synthetic cases prove that the machine works, not that the policy is right.
    """


class Result(Protocol):
    """What every evaluation gives back."""

    def to_json(self) -> str: ...
    def to_table(self) -> str: ...
    def to_html(self) -> str: ...


def _outputs(function: Callable[..., None]) -> Callable[..., None]:
    """The options that every evaluation has."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print the result as JSON instead of a table."),
        click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Also write JSON and HTML there."),
        click.option("--limit", type=click.IntRange(min=1), help="Only so many cases, for a quick look."),
    ):
        function = option(function)
    return function


def _deliver(result: Result, name: str, out: Path | None, as_json: bool) -> None:
    click.echo(result.to_json() if as_json else result.to_table())
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / f"{name}.json").write_text(result.to_json() + "\n", encoding="utf-8")
        (out / f"{name}.html").write_text(result.to_html(), encoding="utf-8")
        click.echo(f"written: {out / name}.json, {out / name}.html", err=True)


@command.command("gold")
@click.option("--pack", help="A shipped pack's name, or a pack's folder.")
@click.option("--part", type=click.Choice(["tune", "test"]), default="tune", show_default=True)
@click.option("--runs", type=click.Path(file_okay=False, path_type=Path), help="Keep the run there, to be resumed.")
@_outputs
def gold(
    pack: str | None,
    part: Literal["tune", "test"],
    runs: Path | None,
    limit: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Draft the pack's gold cases and score the drafts. Exits with 1 where a duty was lost.

    Reading the test part is logged beside the gold cases.
    """
    from evals import gold_suite
    from ui import assembly, settings
    from ui.commands.demo import SERVICE
    from ui.progress import Progress

    chosen = settings.read(pack=pack)
    if not chosen.service:
        chosen = settings.read(pack=pack, service=SERVICE if chosen.pack == "child_safety" else {})
    result = gold_suite.run(
        assembly.reviewer(chosen, Progress("indexing")),
        part=part,
        folder=runs,
        log=Path("var") / "test-reads.log" if part == "test" else None,
        limit=limit,
        command=f"reviewer-copilot eval gold --part {part}",
        progress=Progress("measuring"),
    )
    _deliver(result, f"gold-{chosen.pack}-{part}", out, as_json)
    raise click.exceptions.Exit(0 if result.passed else 1)


@command.command("oversight-board")
@click.option(
    "--data",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder that holds oversight-board/ and community-standards/.",
)
@_outputs
def oversight_board(data: Path, limit: int | None, out: Path | None, as_json: bool) -> None:
    """Draft for public decisions of Meta's Oversight Board: which standard applies, which earlier decisions to cite.

    Beside it, on the same cases: BM25, the most frequent standard, the most-cited decisions.
    """
    from evals.datasets import oversight_board as board
    from retrieval import embedder_named, stay_offline
    from ui import settings
    from ui.progress import Progress

    stay_offline()
    result = board.evaluate(
        data,
        embedder=embedder_named(settings.read().embedder),
        limit=limit,
        command="reviewer-copilot eval oversight-board --data PATH",
        progress=Progress("measuring"),
    )
    _deliver(result, "oversight-board", out, as_json)
