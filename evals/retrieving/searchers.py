"""Searchers: ours and the baselines, each of which ranks sources for a question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from evals.embedding import RememberingEmbedder
from evals.rankings import Bm25, Scores, order
from evals.retrieving.questions import Kind, Question, passages
from policy_corpus import Pack, Passage
from retrieval import BruteForceIndex, Retriever
from retrieval.relevance import Line
from retrieval.where import Where

DEPTH = 100
"""Passages that a baseline looks at, as ours does."""
_LIMIT = 50
_EVERYTHING = Line(model="", short=-1.0, long=-1.0)

T = TypeVar("T")


class Searcher(Protocol):
    """Ranks the sources that a question may find."""

    name: str

    def ranking(self, question: Question, kind: Kind) -> list[str]:
        """Sources, best first."""
        ...


class Ours:
    """The retriever: by text alone, or `with findings` as a review asks it."""

    def __init__(self, embedder: RememberingEmbedder, *, with_findings: bool = False) -> None:
        self.name = "ours with findings" if with_findings else "ours"
        self._with_findings = with_findings
        self._synced = _once(lambda pack: _retriever(pack, embedder))

    def ranking(self, question: Question, kind: Kind) -> list[str]:
        retriever, day = self._synced(question.pack), question.as_of
        if self._with_findings:
            found = retriever.search(question.text, question.findings, as_of=day)
        else:
            where = Where(kinds=frozenset({kind}))
            found = retriever.search_text(question.text, as_of=day, where=where, limit=_LIMIT)
        return [hit.passage.source for hit in found if hit.passage.kind == kind]

    def opposing(self, question: Question) -> bool:
        """Whether a search as in a review brings up a precedent that went another way."""
        found = self._synced(question.pack).search(question.text, question.findings, as_of=question.as_of)
        return any(reason.kind == "opposing" for hit in found for reason in hit.reasons)


def _retriever(pack: Pack, embedder: RememberingEmbedder) -> Retriever:
    made = Retriever(pack, BruteForceIndex(embedder), line=_EVERYTHING)
    made.sync()
    return made


class Words:
    """BM25 (bm25s, Lucene's formula and stop words) over titles and texts, for the whole question."""

    name = "BM25"

    def __init__(self) -> None:
        self._index = _by_passages(lambda held: Bm25([_said(one) for one in held]))

    def ranking(self, question: Question, kind: Kind) -> list[str]:
        held = passages(question, kind)
        return _sources(held, self._index(held).scores(question.text))


class Dense:
    """One vector for the whole question and one for each passage; the model drops what it can't read."""

    name = "dense"

    def __init__(self, embedder: RememberingEmbedder) -> None:
        self._embedder = embedder
        self._vectors = _by_passages(lambda held: embedder.embed([_said(one) for one in held]))

    def scores(self, held: Sequence[Passage], text: str) -> Scores:
        return np.asarray(self._vectors(held) @ self._embedder.embed([text])[0], dtype=np.float64)

    def ranking(self, question: Question, kind: Kind) -> list[str]:
        held = passages(question, kind)
        return _sources(held, self.scores(held, question.text))


class Stock:
    """The stock chain's ranking: dense search and Okapi BM25 on words parted by blanks, fused by rank in equal parts.

    As EnsembleRetriever does it, with 60 as the constant, but deeper than its default of four passages each.
    """

    name = "stock chain"

    def __init__(self, dense: Dense) -> None:
        self._dense = dense
        self._words = _by_passages(lambda held: Okapi([_said(one) for one in held]))

    def ranking(self, question: Question, kind: Kind) -> list[str]:
        held = passages(question, kind)
        fused = np.zeros(len(held))
        for scores in (self._words(held).scores(question.text), self._dense.scores(held, question.text)):
            first = np.argsort(-scores, kind="stable")[:DEPTH]
            fused[first] += 0.5 / (60 + 1 + np.arange(len(first)))
        return _sources(held, fused)


class Okapi:
    """BM25 as rank_bm25 has it: case counts, words are parted by blanks, and a word that most texts hold gets a quarter
    of the mean rarity instead of a negative one."""

    def __init__(self, texts: Sequence[str], k1: float = 1.5, b: float = 0.75, epsilon: float = 0.25) -> None:
        counts = [Counter(text.split()) for text in texts]
        lengths = np.array([sum(count.values()) for count in counts], dtype=np.float64)
        self._norm = k1 * (1 - b + b * lengths / (lengths.mean() or 1.0)) if len(texts) else lengths
        self._k1, self._count = k1, len(texts)
        self._held: dict[str, list[tuple[int, int]]] = {}
        for at, count in enumerate(counts):
            for word, times in count.items():
                self._held.setdefault(word, []).append((at, times))
        plain = {word: np.log((len(texts) - len(held) + 0.5) / (len(held) + 0.5)) for word, held in self._held.items()}
        least = epsilon * sum(plain.values()) / max(1, len(plain))
        self._rarity = {word: value if value >= 0 else least for word, value in plain.items()}

    def scores(self, query: str) -> NDArray[np.float64]:
        found = np.zeros(self._count)
        for word in query.split():
            for at, times in self._held.get(word, ()):
                found[at] += self._rarity[word] * times * (self._k1 + 1) / (times + self._norm[at])
        return found


def _said(passage: Passage) -> str:
    return f"{passage.title}. {passage.text}"


def _sources(held: Sequence[Passage], scores: Scores) -> list[str]:
    """Sources by their best passage."""
    return list(dict.fromkeys(order([one.source for one in held], scores)))


def _once(make: Callable[[Pack], T]) -> Callable[[Pack], T]:
    """Remembers what was made for the last packs; packs with the same precedents are the same."""
    kept: dict[tuple[str, ...], T] = {}

    def made(pack: Pack) -> T:
        key = (pack.id, *(one.id for one in pack.precedents))
        if key not in kept:
            kept[key] = make(pack)
        return kept[key]

    return made


def _by_passages(make: Callable[[tuple[Passage, ...]], T]) -> Callable[[Sequence[Passage]], T]:
    """Remembers what was made for the last sets of passages."""
    kept = lru_cache(maxsize=8)(lambda ids: make(held[ids]))
    held: dict[tuple[str, ...], tuple[Passage, ...]] = {}

    def made(found: Sequence[Passage]) -> T:
        ids = tuple(one.id for one in found)
        held[ids] = tuple(found)
        return kept(ids)

    return made
