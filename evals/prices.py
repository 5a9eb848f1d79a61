"""What a model's tokens cost: a price list that the user gives. None is shipped, as prices change.

    format: 1
    currency: USD
    models:
      "xai:NAME": {input: 2.0, output: 6.0, source: where it was read, checked: 2026-11-01}

Prices are those of a million tokens.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from copilot.reviews import Provenance
from evals.base import Strict
from evals.errors import DataError
from policy_corpus import Problem
from policy_corpus.sources import build, read_yaml

MILLION = 1_000_000


class Price(Strict):
    """Of a million tokens of one model."""

    input: float = Field(ge=0, allow_inf_nan=False)
    output: float = Field(ge=0, allow_inf_nan=False)
    source: str = Field(min_length=1)
    """Where the price was read: an address, a contract."""
    checked: date
    """The day on which it was read."""


class PriceList(Strict):
    """The file of `--prices`."""

    format: Literal[1]
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    """ISO 4217, such as USD."""
    models: dict[str, Price] = Field(min_length=1)
    """By `provider:model`, as the settings name it."""

    def cost(self, provenance: Provenance) -> float | None:
        """What a review's tokens cost, in the list's currency.

        None where no tokens were counted, the model isn't listed, or several were asked: a review counts their tokens
        together. Cached tokens are counted at the full price; requests that failed come without a count.
        """
        asked = models_of(provenance)
        price = self.models.get(next(iter(asked), "")) if len(asked) == 1 else None
        if price is None or not provenance.tokens_in + provenance.tokens_out:
            return None
        return (provenance.tokens_in * price.input + provenance.tokens_out * price.output) / MILLION

    def note(self) -> str:
        """Currency, prices and where they were read."""
        listed = (
            f"{name} {one.input:g} in, {one.output:g} out ({one.source}, {one.checked.isoformat()})"
            for name, one in self.models.items()
        )
        return f"{self.currency} a case; a million tokens: {'; '.join(listed)}"


def models_of(provenance: Provenance) -> frozenset[str]:
    """The language models that were asked, as drafters' settings name them."""
    held = provenance.parameters.items()
    return frozenset(value for key, value in held if key.startswith("model ") and key.endswith(".model"))


def read(path: Path) -> PriceList:
    """The price list of a file, YAML or JSON.

    Raises:
        DataError: it can't be read, or something in it is wrong; all problems at once.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"can't read the price list ({type(error).__name__})"
        raise DataError([Problem(path.name, 1, message, "name a YAML file; see docs/evaluation.md, 'Cost'")]) from error
    source = read_yaml(path.name, text)
    made = [source] if isinstance(source, Problem) else build(PriceList, source)
    if isinstance(made, PriceList):
        return made
    raise DataError(made)
