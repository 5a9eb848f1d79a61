"""What a pack has to teach: example sentences, and precedents and training cases cut into sentences, with what each
shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from copilot.detectors.attribution import Habits, habits
from copilot.detectors.features import Floats
from copilot.text import sentences
from policy_corpus import Pack, Precedent, Scope, Status, TrainingCase
from policy_corpus.criteria import UNKNOWN

FEWEST_SHOWN = 5
"""Examples and precedents that must show a value before anything is learned about it."""
FOLDS = 5
SEED = 7

Label = tuple[str, str]
"""Fact and value."""
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Lessons:
    """Texts with what they show; sentences come after examples wherever both stand in one array."""

    labels: tuple[Label, ...]
    examples: tuple[str, ...]
    shown: Floats
    """(examples, labels) of 0 and 1."""
    sentences: tuple[str, ...]
    story: Ints
    """(sentences,): the story that each is of."""
    told: Floats
    """(stories, labels): what was found in each story, nobody says in which sentence."""
    rightly: Floats
    """The same, where it is about those to whom the detector would ascribe it."""
    asked: Bools
    """(examples, labels): whether an example shows some value of the label's fact, or only looks as if it did."""
    folds: Ints
    """(stories,): families stay together."""
    example_folds: Ints

    @property
    def texts(self) -> tuple[str, ...]:
        return (*self.examples, *self.sentences)


def lessons(pack: Pack) -> Lessons | None:
    """All that can be learned from, or none where there are too few families of stories to test it on."""
    stories = list(_stories(pack))
    families = [one.family for one in stories]
    if len(set(families)) < FOLDS:
        return None
    told = [one.told for one in stories]
    shown = [
        frozenset((one.fact, one.value) for one in example.shows if pack.vocabulary.facts[one.fact].from_words)
        for example in pack.examples
    ]
    counts = Counter(label for found in (*told, *shown) for label in found)
    labels = tuple(sorted(label for label, count in counts.items() if count >= FEWEST_SHOWN))
    if not labels:
        return None
    cut = [(number, sentence) for number, story in enumerate(stories) for sentence in story.sentences]
    return Lessons(
        labels=labels,
        examples=tuple(example.text for example in pack.examples),
        shown=_table(shown, labels),
        sentences=tuple(text for _, text in cut),
        story=np.array([number for number, _ in cut], dtype=np.int64),
        told=_table(told, labels),
        rightly=_table([one.rightly for one in stories], labels),
        asked=_asked(pack, labels),
        folds=_folds(families),
        example_folds=_folds([example.text for example in pack.examples]),
    )


@dataclass(frozen=True, slots=True)
class _Story:
    """A precedent's or a training case's text in sentences, with what it shows."""

    family: str
    sentences: tuple[str, ...]
    told: frozenset[Label]
    rightly: frozenset[Label]
    """What was told of the case, or of those whom a reviewer's words about the fact are mostly about."""


def _stories(pack: Pack) -> Iterator[_Story]:
    known = habits(pack.examples, pack.vocabulary)
    for one in pack.precedents:
        if one.status in (Status.ACTIVE, Status.STALE):
            yield _of_precedent(one, pack, known)
    for case in pack.training_cases:
        yield _of_training_case(case, pack, known)


def _of_precedent(precedent: Precedent, pack: Pack, known: Habits) -> _Story:
    roles = {party.id: party.role for party in precedent.parties}
    judged = "subject" if "subject" in roles.values() else "unknown"
    told, rightly = set(), set()
    for finding in precedent.findings:
        label = (finding.fact, finding.value)
        if finding.value == UNKNOWN or not pack.vocabulary.facts[finding.fact].from_words:
            continue
        told.add(label)
        of_case = pack.vocabulary.scope(finding.fact) is Scope.CASE or finding.about is None
        whom = "affected_child" if _of_affected(finding.fact, known) else judged
        if of_case or roles.get(finding.about or "") == whom:
            rightly.add(label)
    return _Story(precedent.family or precedent.id, _cut(precedent.facts), frozenset(told), frozenset(rightly))


def _of_training_case(case: TrainingCase, pack: Pack, known: Habits) -> _Story:
    shown = [one for one in case.shows if pack.vocabulary.facts[one.fact].from_words]
    rightly = {
        (one.fact, one.value)
        for one in shown
        if one.about in ("case", "affected" if _of_affected(one.fact, known) else "subject")
    }
    sentences = tuple(sentence for part in case.parts for sentence in _cut(part.text))
    return _Story(case.id, sentences, frozenset((one.fact, one.value) for one in shown), frozenset(rightly))


def _of_affected(fact: str, known: Habits) -> bool:
    return known.get(f"{fact} reviewer") == "affected"


def _cut(text: str) -> tuple[str, ...]:
    return tuple(text[start:end] for start, end in sentences(text) or [(0, len(text))])


def _table(found: Sequence[frozenset[Label]], labels: Sequence[Label]) -> Floats:
    table = np.array([[label in one for label in labels] for one in found], dtype=np.float32)
    return table.reshape(len(found), len(labels))


def _asked(pack: Pack, labels: Sequence[Label]) -> Bools:
    named = [{one.fact for one in (*example.shows, *example.looks_like)} for example in pack.examples]
    table = np.array([[fact in one for fact, _ in labels] for one in named], dtype=np.bool_)
    return table.reshape(len(named), len(labels))


def _folds(families: Sequence[str]) -> Ints:
    """A fold for each; a family stays together."""
    names = sorted(set(families))
    order = np.random.default_rng(SEED).permutation(len(names))
    fold = {name: int(place) % FOLDS for name, place in zip(names, order, strict=True)}
    return np.array([fold[family] for family in families], dtype=np.int64)
