"""Levels: what the classifiers' chances say where the mix of cases isn't that of what they learned from.

A label that training cases show more often than cases do gets chances that are too high, and the other way round. For
each label a level and a slope, fitted on cases whose answer is known, put its log odds right; what stands beside the
words adds to them or takes away. They hold for one policy and one embedder.

Source of levels: Platt, Probabilistic Outputs for Support Vector Machines (1999).
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from copilot.detectors.features import Floats
from copilot.detectors.lessons import Bools, Label
from copilot.detectors.thresholds import CLEARING, undoubted
from copilot.fitted import Fitted, read_all
from copilot.rules import rules_of
from policy_corpus import Pack

SHIPPED = Path(__file__).with_name("levels")
LEAST = 1e-4
"""Chances are held this far from 0 and 1, so that log odds stay finite."""
PROPOSED = 0.5
"""The levelled chance from which on a value is proposed."""
PROPOSED_CLEARING = 0.6
"""The same for values that speak for closing a case."""
MOST_ADDED = 2.0
"""The most that circumstances add to log odds: a finding must be shown by its words."""
AS_IT_IS = (0.0, 1.0)
"""The level and slope that change nothing."""
MOST = 100.0
"""No level or slope is further from 0: log odds are not either."""

Level = Annotated[float, Field(ge=-MOST, le=MOST)]
Slope = Annotated[float, Field(gt=0, le=MOST)]
"""Above 0, so that a likelier value stays a likelier one."""


class Levels(Fitted):
    """What was fitted, on what, and which fit has not seen which cases; `n` counts cases."""

    format: Literal[2] = 2
    folds: tuple[dict[str, tuple[Level, Slope]], ...] = Field(min_length=1)
    """Each fit: level and slope by `fact: value`."""
    families: dict[str, int]
    """For each family of those cases the number of the fit that has not seen it."""
    circumstances: tuple[str, ...] = ()
    """What may stand beside the words, by name."""
    beside: tuple[str, ...] = ()
    """For each fit, if there are circumstances, what they add to log odds, as `dump` writes it: (values, 1 +
    circumstances), values in the order of their names; the first column is for every case."""

    @model_validator(mode="after")
    def _names_fits(self) -> Self:
        if not all(0 <= number < len(self.folds) for number in self.families.values()):
            raise ValueError("a family's fit is not among the fits")
        if any(fit.keys() != self.folds[0].keys() for fit in self.folds):
            raise ValueError("the fits don't name the same values")
        if len(self.beside) != (len(self.folds) if self.circumstances else 0):
            raise ValueError("every fit needs to say what circumstances add, where there are any")
        if len(set(self.circumstances)) < len(self.circumstances):
            raise ValueError("a circumstance is named twice")
        shape = len(self.folds[0]), 1 + len(self.circumstances)
        for text in self.beside:
            load(text, shape)
        return self

    def of(self, labels: Sequence[Label], family: str | None = None) -> tuple[Floats, Floats]:
        """Levels and slopes (labels,): by the fit that has not seen the family, or for any other the mean of all.

        Log odds are linear in both, so the mean of the fits is a fit as well. A label that isn't named keeps its
        chance.
        """
        fits = [self.folds[number] for number in self._fits(family)]
        held = np.array([[fit.get(named(label), AS_IT_IS) for label in labels] for fit in fits], dtype=np.float64)
        means = held.reshape(len(fits), -1, 2).mean(axis=0).astype(np.float32)
        return means[:, 0], means[:, 1]

    def added(self, labels: Sequence[Label], family: str | None = None) -> Floats:
        """What circumstances add to the log odds: (1 + circumstances, labels), the first row for every case."""
        if not self.beside:
            return np.zeros((1, len(labels)), dtype=np.float32)
        shape = len(self._places), 1 + len(self.circumstances)
        mean = np.mean([load(self.beside[number], shape) for number in self._fits(family)], axis=0, dtype=np.float64)
        nothing = np.zeros((1, shape[1]))
        rows = [self._places.get(named(label), -1) for label in labels]
        added: Floats = np.vstack([mean, nothing])[rows].T.astype(np.float32)
        return added

    @cached_property
    def _places(self) -> dict[str, int]:
        """The values' places in `beside`."""
        return {name: place for place, name in enumerate(sorted(self.folds[0]))}

    def _fits(self, family: str | None) -> Sequence[int]:
        number = self.families.get(family) if family is not None else None
        return range(len(self.folds)) if number is None else (number,)

    def names(self, label: Label) -> bool:
        """Whether anything was fitted for it."""
        return named(label) in self.folds[0]


def named(label: Label) -> str:
    """How a file names a fact's value."""
    return f"{label[0]}: {label[1]}"


def log_odds(chances: Floats) -> Floats:
    """Of chances, held away from 0 and 1."""
    held = np.clip(chances, LEAST, 1 - LEAST)
    odds: Floats = np.log(held / (1 - held)).astype(np.float32)
    return odds


def chance(odds: Floats) -> Floats:
    """The chances (0–1) of log odds."""
    chances: Floats = (1 / (1 + np.exp(-np.clip(odds, -30, 30)))).astype(np.float32)
    return chances


@dataclass(frozen=True)
class Yardstick:
    """What the classifiers' chances amount to, and from where on a value is proposed."""

    labels: tuple[Label, ...]
    limits: Floats
    """(labels,): from which chance on."""
    fitted: Bools
    """(labels,): whether there are a level and a slope for it; other labels go by what was learned alone."""
    levels: Floats
    slopes: Floats
    added: Floats
    """(1 + circumstances, labels): what circumstances add to log odds, the first row for every case."""
    rows: Mapping[str, int]
    """Each circumstance's row of it."""

    @classmethod
    def of(
        cls, labels: tuple[Label, ...], thresholds: Floats, levels: Levels | None = None, family: str | None = None
    ) -> Yardstick:
        """By what was learned, or where there are levels, by those that have not seen the family."""
        if levels is None:
            nothing = np.zeros(len(labels), dtype=np.float32)
            return cls(labels, thresholds, nothing.astype(np.bool_), nothing, nothing + 1, nothing[None], {})
        fitted = np.array([levels.names(label) for label in labels], dtype=np.bool_)
        own = np.array([PROPOSED_CLEARING if value in CLEARING else PROPOSED for _, value in labels], dtype=np.float32)
        rows = {name: row for row, name in enumerate(levels.circumstances, 1)}
        limits = np.where(fitted, own, thresholds)
        return cls(labels, limits, fitted, *levels.of(labels, family), levels.added(labels, family), rows)

    def chances(self, said: Floats, beside: Set[str] = frozenset(), told: Set[Label] = frozenset()) -> Floats:
        """(labels,) from what the classifiers say of a case; limits apply to these.

        Args:
            beside: the case's circumstances; where none are given, the words alone count.
            told: what other detectors found. That they found a value, perhaps of somebody else, makes it no likelier of
                the party under review: it goes by its words alone.
        """
        if not self.fitted.any():
            return undoubted(self.labels, said)
        rows = [0, *sorted(self.rows[name] for name in beside if name in self.rows)]
        added = np.minimum(self.added[rows].sum(axis=0), MOST_ADDED)
        added[[column for column, label in enumerate(self.labels) if label in told]] = 0
        levelled = chance(self.levels + self.slopes * log_odds(said) + (added if beside else 0))
        return levelled if self.fitted.all() else np.where(self.fitted, levelled, undoubted(self.labels, said))

    def likeliest(self, chances: Floats) -> list[int]:
        """Of each fact's values that are likely enough to be proposed, the likeliest.

        One that speaks for closing a case is proposed only where no other is: it talks none of them away.
        """
        best: dict[str, int] = {}
        likely: list[int] = np.flatnonzero(chances >= self.limits).tolist()
        for column in sorted(likely, key=lambda column: (self.labels[column][1] in CLEARING, -chances[column])):
            best.setdefault(self.labels[column][0], column)
        return sorted(best.values())


def dump(added: npt.NDArray[np.floating[Any]]) -> str:
    """Numbers as text, each in two bytes."""
    return base64.b85encode(zlib.compress(np.asarray(added, dtype="<f2").tobytes(), 9)).decode()


def load(text: str, shape: tuple[int, int]) -> npt.NDArray[np.float16]:
    """What `dump` wrote.

    Raises:
        ValueError: it isn't that, not of that shape, or holds something else than numbers up to `MOST`.
    """
    try:
        held = np.frombuffer(zlib.decompress(base64.b85decode(text)), dtype="<f2")
    except zlib.error as error:
        raise ValueError(f"what circumstances add can't be read: {error}") from error
    if held.size != shape[0] * shape[1] or not (np.abs(held) <= MOST).all():
        raise ValueError("what circumstances add is not so many numbers")
    return held.reshape(shape)


def levels_for(pack: Pack, embedder: str) -> Levels | None:
    """The levels that were fitted for this very policy and embedder."""
    held = shipped()
    if not any(fitted_with == embedder for _, fitted_with in held):
        return None  # hashing the policy takes a while
    return held.get((rules_of(pack), embedder))


@cache
def shipped(folder: Path = SHIPPED) -> dict[tuple[str, str], Levels]:
    """All that come with the program, by rules and embedder."""
    return read_all(Levels, folder)
