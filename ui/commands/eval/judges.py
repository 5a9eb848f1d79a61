"""Who judges whether citations support claims, and what tokens cost: options, and what they stand for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from copilot.errors import SettingsError

if TYPE_CHECKING:
    from copilot.llm_settings import ModelSettings
    from evals.judging import Entailment
    from evals.prices import PriceList
    from ui.settings import Settings

Kind = Literal["word-overlap", "none", "model"]
KINDS = ("word-overlap", "none", "model")

JUDGE = click.option(
    "--judge",
    type=click.Choice(KINDS),
    default="word-overlap",
    show_default=True,
    help="Who says whether citations support claims: shared words, nobody, or the model of the settings, which is then "
    "sent claims and passages.",
)
PRICES = click.option(
    "--prices",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Your price list of models' tokens (docs/evaluation.md, 'Cost'); without it cost is unscored.",
)


def judge(kind: Kind) -> Entailment | None:
    """The judge of that kind.

    Raises:
        SettingsError: the model was asked for, and none is set, or the settings let no text leave.
    """
    if kind == "none":
        return None
    if kind == "word-overlap":
        from evals.judging import WordOverlap

        return WordOverlap()
    from copilot.llm import connect
    from evals.judging.model import ModelJudge
    from ui import settings

    return ModelJudge(connect(_model(settings.read())))


def _model(held: Settings) -> ModelSettings:
    from ui.model import model_settings

    if not held.model:
        raise SettingsError("there is no model to judge with", "set REVIEWER_COPILOT_MODEL, or --judge word-overlap")
    if held.send != "text":
        hint = "set REVIEWER_COPILOT_SEND=text where that is allowed, or --judge word-overlap"
        raise SettingsError("a judge reads claims, which may repeat words of a case, and no text may leave", hint)
    return model_settings(held)


def prices(file: Path | None) -> PriceList | None:
    """The price list, where one was named.

    Raises:
        DataError: it can't be read, or something in it is wrong.
    """
    if file is None:
        return None
    from evals.prices import read

    return read(file)


def tell_unanswered(held: Entailment | None) -> None:
    """Says how many questions a model left open, and why, so that nobody takes them for a no."""
    from collections import Counter

    for why, count in Counter(getattr(held, "unanswered", ())).items():
        click.echo(f"judge: {count} questions without an answer: {why}", err=True)
