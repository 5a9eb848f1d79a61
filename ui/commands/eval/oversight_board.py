"""`reviewer-copilot eval oversight-board`: public decisions of Meta's Oversight Board."""

from __future__ import annotations

from pathlib import Path

import click

from ui.commands.eval import outputs


@click.command("oversight-board")
@outputs.data(required=True, holds="oversight-board/ and community-standards/")
@outputs.LIMIT
@outputs.OUT
@outputs.AS_JSON
def command(data: Path, limit: int | None, out: Path | None, as_json: bool) -> None:
    """Draft for public decisions of Meta's Oversight Board: which standard applies, which earlier decisions to cite.

    Beside it, on the same cases: BM25, the most frequent standard, the most-cited decisions.
    """
    from evals.datasets import oversight_board
    from ui import assembly, settings
    from ui.progress import Progress

    result = oversight_board.evaluate(
        data,
        embedder=assembly.embedder(settings.read()),
        limit=limit,
        command="reviewer-copilot eval oversight-board --data PATH",
        progress=Progress("measuring"),
    )
    outputs.deliver(result, "oversight-board", out, as_json)
