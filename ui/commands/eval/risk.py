"""`reviewer-copilot eval risk`: what an error budget buys, for the lead to choose from."""

from __future__ import annotations

import click

from ui.commands.eval import outputs


@click.command("risk")
@click.option("--pack", help="A shipped pack's name, or a pack's folder.")
@click.option(
    "--budget",
    "budgets",
    type=click.FloatRange(0, 0.99, min_open=True),
    multiple=True,
    help="Share of cases that may get a wrong recommendation, such as 0.1. Repeatable; a usual range otherwise.",
)
@outputs.AS_JSON
def command(pack: str | None, budgets: tuple[float, ...], as_json: bool) -> None:
    """The risk-coverage choice: error budget, threshold, coverage, and errors among what is recommended.

    Whatever is not recommended is an abstention with its reason; duties and preservation stay.
    """
    from copilot.drafters.confidence import fitting
    from copilot.errors import CopilotError
    from evals.risk import BUDGETS, risk_table
    from retrieval import embedder_named, stay_offline
    from ui import assembly
    from ui.settings import read

    settings = read(pack=pack)
    chosen = assembly.pack(settings)
    stay_offline()
    embedder = embedder_named(settings.embedder, models=settings.home / "models").fingerprint

    calibration = fitting(chosen, embedder)
    if calibration is None:
        raise CopilotError(
            f"confidence is not calibrated for pack '{chosen.id}' as it stands, with embedder '{settings.embedder}'",
            "fit it on gold cases: python -m evals.calibrating --write; until then the drafter says so in every draft",
        )
    table = risk_table(calibration, budgets or BUDGETS)
    click.echo(table.to_json() if as_json else table.to_text(), nl=False)
