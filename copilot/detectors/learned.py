"""Findings by light classifiers that learn from the pack's own precedents.

For every value of a fact that enough precedents show, a logistic regression over the text's embedding and its words
says how likely a case shows it too. A value is proposed only above a threshold at which, on precedents of other story
families, enough of the proposals were right; where there is none, the detector stays silent about that value.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from copilot.cases import Case, Part, Span
from copilot.detectors.features import Floats, Words
from copilot.detectors.training import Label, Scorer, train
from copilot.findings import Finding
from copilot.text import sentences
from policy_corpus import Pack
from retrieval import Embedder

MOST_SENTENCES = 40
"""Sentences of a case that are looked at for the one that shows a finding."""
FORMAT = 1


@dataclass(frozen=True)
class Learned:
    """What was learned from one pack with one embedder."""

    words: Words
    scorers: tuple[Scorer, ...]

    def save(self, path: Path) -> None:
        """Writes it beside the index, whole or not at all."""
        meta = {
            "format": FORMAT,
            "terms": list(self.words.index),
            "labels": [[*scorer.label, scorer.threshold, scorer.right, scorer.shown] for scorer in self.scorers],
        }
        buffer = io.BytesIO()
        weights = (
            np.stack([scorer.weights for scorer in self.scorers]) if self.scorers else np.zeros((0, 1), np.float32)
        )
        np.savez_compressed(buffer, idf=self.words.weights, weights=weights, meta=np.array(json.dumps(meta)))
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(buffer.getvalue())
        part.replace(path)

    @classmethod
    def read(cls, path: Path) -> Learned | None:
        """What was saved there, or none where there is nothing usable: it can always be learned again."""
        try:
            with np.load(path, allow_pickle=False) as stored:
                meta = json.loads(str(stored["meta"]))
                idf, weights = stored["idf"], stored["weights"]
        except (OSError, ValueError, KeyError, EOFError):
            return None
        if meta.get("format") != FORMAT:
            return None
        words = Words({term: number for number, term in enumerate(meta["terms"])}, idf)
        labels = zip(meta["labels"], weights, strict=True)
        return cls(words, tuple(Scorer((f, v, r), row, t, right, n) for (f, v, r, t, right, n), row in labels))


def learn(pack: Pack, embedder: Embedder, folder: Path | None = None) -> Learned:
    """What the pack's precedents teach; from the folder where it was learned before from the same pack and model."""
    path = None if folder is None else folder / f"learned-{_key(pack, embedder)}.npz"
    if path is not None and (held := Learned.read(path)) is not None:
        return held
    words, scorers = train(pack, embedder)
    learned = Learned(words, scorers)
    if path is not None:
        learned.save(path)
    return learned


def _key(pack: Pack, embedder: Embedder) -> str:
    return hashlib.sha256(f"{pack.fingerprint}\x1f{embedder.fingerprint}".encode()).hexdigest()[:24]


class LearnedDetector:
    """Proposes values that cases like this one showed, each with the sentence that shows it most."""

    name = "learned"

    def __init__(self, learned: Learned, embedder: Embedder) -> None:
        self._learned = learned
        self._embedder = embedder
        self._weights = np.stack([scorer.weights for scorer in learned.scorers]) if learned.scorers else None

    def find(self, case: Case) -> tuple[Finding, ...]:
        parts = [part for part in case.parts if (part.text or "").strip()]
        if self._weights is None or not parts:
            return ()
        spans = [span for part in parts for span in _spans(part)][:MOST_SENTENCES]
        whole = "\n".join(part.text or "" for part in parts)
        if not self._learned.words.vectors([whole]).any():
            return ()  # no word of it was in what it learned from: another language, or noise
        texts = [whole, *(case.words(span) or "" for span in spans)]
        logits = self._features(texts) @ self._weights.T
        return tuple(self._findings(logits, spans, case))

    def _features(self, texts: Sequence[str]) -> Floats:
        ones = np.ones((len(texts), 1), dtype=np.float32)
        return np.hstack([self._embedder.embed(texts), self._learned.words.vectors(texts), ones])

    def _findings(self, logits: Floats, spans: Sequence[Span], case: Case) -> Iterator[Finding]:
        best: dict[tuple[str, str], tuple[float, int]] = {}
        for column, scorer in enumerate(self._learned.scorers):
            fact, _, role = scorer.label
            margin = float(logits[0, column]) - scorer.threshold
            if margin >= 0 and margin > best.get((fact, role), (-1.0, 0))[0]:
                best[fact, role] = (margin, column)
        for (fact, role), (_, column) in best.items():
            scorer = self._learned.scorers[column]
            evidence = (spans[int(np.argmax(logits[1:, column]))],) if spans else ()
            for about in _about(role, case):
                yield Finding(
                    fact=fact,
                    value=scorer.label[1],
                    about=about,
                    evidence=evidence,
                    kind="detector",
                    finder=self.name,
                    confidence=round(scorer.right, 2),
                )


def _about(role: str, case: Case) -> Sequence[str | None]:
    if not role:
        return (None,)
    if role == "subject":
        return case.judged()
    return [party.id for party in case.parties if party.role == role]


def _spans(part: Part) -> Iterator[Span]:
    for start, end in sentences(part.text or ""):
        yield Span(part=part.id, start=start, end=end)


__all__ = ["Label", "Learned", "LearnedDetector", "learn"]
