"""Findings by light classifiers that learn from the pack's examples and precedents, sentence by sentence.

For every value of a fact that enough examples and precedents show, linear classifiers over the embedding and the letter
groups of each sentence say how likely the case shows it. Where levels were fitted for the pack and the embedder, these
put the chances right and a value is proposed that is likely enough. Elsewhere it is proposed only from a probability on
at which, on stories of other families, enough of the proposals were right; where there is none, nothing is said about
that value.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from copilot.cases import Case, Span
from copilot.detectors.attribution import Habits, about, habits
from copilot.detectors.circumstances import circumstances
from copilot.detectors.features import Floats, Grams, Linear, Row
from copilot.detectors.lessons import Label
from copilot.detectors.levels import Levels, Yardstick, levels_for
from copilot.detectors.ridge import Hashed
from copilot.detectors.stories import Companions, Fusion
from copilot.detectors.thresholds import CLEARING
from copilot.detectors.training import Model, train
from copilot.findings import Finding
from copilot.text import sentences
from policy_corpus import Pack, Scope
from policy_corpus.criteria import UNKNOWN
from retrieval import Embedder

MOST_SENTENCES = 120
"""Sentences of a case that are embedded; of a longer case those whose letters promise most."""
LEAST_SUSPECTED = 0.4
"""Chance from which on a value that duties ask for is at least suspected where it isn't proposed: a duty must
not hang on a letter that makes a sentence a little less clear."""
FORMAT = 10


@dataclass(frozen=True)
class Learned:
    """What was learned from one pack with one embedder."""

    model: Model | None = None
    """None where the pack has too little to learn from."""
    habits: Habits = field(default_factory=dict)
    party_facts: frozenset[str] = frozenset()
    asked: frozenset[Label] = frozenset()
    """Facts with values that the pack's duties ask for; worked out anew, as duties may change where lessons don't."""
    levels: Levels | None = None
    """What puts the chances right for this pack and embedder, where it was fitted; it comes with the program."""

    @property
    def labels(self) -> tuple[Label, ...]:
        """Every fact and value that may be proposed."""
        yardstick = self.yardstick()
        if yardstick is None:
            return ()
        limits = zip(yardstick.labels, yardstick.limits, strict=True)
        return tuple(label for label, limit in limits if limit <= 1)

    def yardstick(self, family: str | None = None) -> Yardstick | None:
        """What chances are judged by, where levels may not have seen the family; none where nothing was learned."""
        if self.model is None:
            return None
        return Yardstick.of(self.model.labels, self.model.thresholds, self.levels, family)

    def save(self, path: Path) -> None:
        """Writes it beside the index, whole or not at all."""
        meta: dict[str, object] = {
            "format": FORMAT,
            "habits": dict(self.habits),
            "party": sorted(self.party_facts),
        }
        arrays: dict[str, npt.NDArray[Any]] = {}
        if self.model is not None:
            meta.update(grams=list(self.model.hashed.grams.index), labels=self.model.labels)
            arrays = _arrays(self.model)
        buffer = io.BytesIO()
        arrays["meta"] = np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8)
        np.savez(buffer, **arrays)  # type: ignore[arg-type]
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(buffer.getvalue())
        part.replace(path)

    @classmethod
    def read(cls, path: Path) -> Learned | None:
        """What was saved there, or none where there is nothing usable: it can always be learned again."""
        try:
            with np.load(path, allow_pickle=False) as stored:
                meta = json.loads(stored["meta"].tobytes())
                if meta["format"] != FORMAT:
                    return None
                model = _model(meta, stored) if "labels" in meta else None
                return cls(model, meta["habits"], frozenset(meta["party"]))
        except (OSError, ValueError, KeyError, EOFError):
            return None


def _arrays(model: Model) -> dict[str, npt.NDArray[Any]]:
    return {
        "idf": model.hashed.grams.weights,
        "sentences_dense": model.sentences.dense,
        "sentences_sparse": model.sentences.sparse,
        "sentences_intercept": model.sentences.intercept,
        "runs_dense": model.runs.dense,
        "runs_sparse": model.runs.sparse,
        "runs_intercept": model.runs.intercept,
        "floor": model.companions.floor,
        "companions": model.companions.weights,
        "companions_intercept": model.companions.intercept,
        "fusion": model.fusion.weights,
        "fusion_intercept": model.fusion.intercept,
        "thresholds": model.thresholds,
    }


def _model(meta: Mapping[str, object], stored: Mapping[str, Floats]) -> Model:
    def linear(name: str) -> Linear:
        return Linear(stored[f"{name}_dense"], stored[f"{name}_sparse"], stored[f"{name}_intercept"])

    index = {gram: number for number, gram in enumerate(meta["grams"])}  # type: ignore[arg-type, var-annotated]
    return Model(
        labels=tuple((fact, value) for fact, value in meta["labels"]),  # type: ignore[attr-defined]
        hashed=Hashed(Grams(index, stored["idf"])),
        sentences=linear("sentences"),
        runs=linear("runs"),
        companions=Companions(stored["floor"], stored["companions"], stored["companions_intercept"]),
        fusion=Fusion(stored["fusion"], stored["fusion_intercept"]),
        thresholds=stored["thresholds"],
    )


def learn(pack: Pack, embedder: Embedder, folder: Path | None = None) -> Learned:
    """What the pack teaches; from the folder where it was learned before from the same pack and model."""
    path = None if folder is None else folder / f"learned-{_key(pack, embedder)}.npz"
    levels = levels_for(pack, embedder.fingerprint)
    if path is not None and (held := Learned.read(path)) is not None:
        return replace(held, asked=asked_by_duties(pack), levels=levels)
    party = frozenset(fact for fact in pack.vocabulary.facts if pack.vocabulary.scope(fact) is Scope.PARTY)
    learned = Learned(
        train(pack, embedder), habits(pack.examples, pack.vocabulary), party, asked_by_duties(pack), levels
    )
    if path is not None:
        learned.save(path)
    return learned


def asked_by_duties(pack: Pack) -> frozenset[Label]:
    """Facts with values that duties ask for, but for those that speak for closing a case."""
    asked = [atom for duty in pack.duties.values() for atom in duty.criteria.atoms()]
    return frozenset((atom.fact, value) for atom in asked if atom.fact for value in atom.values - CLEARING - {UNKNOWN})


def _key(pack: Pack, embedder: Embedder) -> str:
    return hashlib.sha256(f"{FORMAT}\x1f{pack.fingerprint}\x1f{embedder.fingerprint}".encode()).hexdigest()[:24]


@dataclass(frozen=True)
class Read:
    """What the classifiers say of a case, before levels."""

    chances: Floats
    """(labels,)."""
    spans: tuple[Span, ...]
    scores: Floats
    """(spans, labels)."""


class LearnedDetector:
    """Proposes for each fact the likeliest value, with the sentence that shows it most."""

    name = "learned"

    def __init__(self, learned: Learned, embedder: Embedder, family: str | None = None) -> None:
        """
        Args:
            family: levels that have seen this family of cases are not used.
        """
        self._learned = learned
        self._embedder = embedder
        self._yardstick = learned.yardstick(family)

    @property
    def learned(self) -> Learned:
        return self._learned

    def unaware_of(self, family: str) -> LearnedDetector:
        """The same detector with the levels that have not seen that family of cases; itself where none have."""
        levels = self._learned.levels
        if levels is None or family not in levels.families:
            return self
        return LearnedDetector(self._learned, self._embedder, family)

    def find(self, case: Case, before: Sequence[Finding] = ()) -> tuple[Finding, ...]:
        read = self.read(case)
        if read is None or self._yardstick is None:
            return ()
        others = [one for one in before if (one.kind, one.finder) != ("detector", self.name)]
        told = {(one.fact, one.value) for one in others if not one.suspected}
        words = self._yardstick.chances(read.chances)
        chances = self._yardstick.chances(read.chances, circumstances(case, others), told)
        return tuple(self._findings(read, words, chances, self._yardstick, case))

    def read(self, case: Case) -> Read | None:
        """What the classifiers say; none where they know nothing, or nothing of what the case is written in."""
        model = self._learned.model
        if model is None:
            return None
        told = list(_spans(case))
        rows = [model.hashed.row(text) for _, text in told]
        kept = _promising(rows, model)
        if not any(len(rows[at][0]) for at in kept):
            return None  # no letters of it were in what it learned from: another script, or noise
        embeddings = self._embedder.embed([told[at][1] for at in kept])
        chances, scores = model.probabilities(embeddings, [rows[at] for at in kept])
        return Read(chances, tuple(told[at][0] for at in kept), scores)

    def _findings(
        self, read: Read, words: Floats, chances: Floats, yardstick: Yardstick, case: Case
    ) -> Iterator[Finding]:
        likely = yardstick.likeliest(chances)
        # What the words say stays a reason to look, whatever stands beside them.
        either = np.maximum(words, chances)
        for column in (*likely, *self._suspected(yardstick, either, likely)):
            proposed = column in likely
            fact, value = yardstick.labels[column]
            span = read.spans[int(read.scores[:, column].argmax())]
            part = case.part(span.part)
            of_party = fact in self._learned.party_facts and part is not None
            for whom in about(fact, part, case, self._learned.habits) if of_party and part else (None,):
                yield Finding(
                    fact=fact,
                    value=value,
                    about=whom,
                    evidence=(span,),
                    kind="detector",
                    finder=self.name,
                    suspected=not proposed,
                    confidence=round(float((chances if proposed else either)[column]), 2),
                    note=_note(words[column]) if proposed and words[column] < yardstick.limits[column] else "",
                )

    def _suspected(self, yardstick: Yardstick, chances: Floats, likely: Sequence[int]) -> list[int]:
        """Values that duties ask for and that fall short of being proposed, of facts of which nothing is."""
        settled = {yardstick.labels[column][0] for column in likely}
        enough: list[int] = np.flatnonzero(chances >= LEAST_SUSPECTED).tolist()
        labels = ((column, yardstick.labels[column]) for column in enough)
        return [column for column, label in labels if label in self._learned.asked and label[0] not in settled]


def _note(words: float) -> str:
    return f"likely by what stands beside these words; by them alone {words:.2f}"


def _spans(case: Case) -> Iterator[tuple[Span, str]]:
    for part in case.parts:
        text = part.text or ""
        for start, end in sentences(text):
            yield Span(part=part.id, start=start, end=end), text[start:end]


def _promising(rows: Sequence[Row], model: Model) -> Sequence[int]:
    """All sentences, or in a long case those whose letter groups speak most for anything, in their order."""
    if len(rows) <= MOST_SENTENCES:
        return range(len(rows))
    weights = model.sentences.sparse
    promise = [float((values @ weights[columns]).max()) if len(columns) else -np.inf for columns, values in rows]
    kept: list[int] = np.argsort(-np.array(promise), kind="stable")[:MOST_SENTENCES].tolist()
    return sorted(kept)


__all__ = ["Learned", "LearnedDetector", "Read", "asked_by_duties", "learn"]
