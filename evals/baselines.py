"""Baselines: plain ways to answer from a pack's precedents, for the copilot's figures to be compared with.

All learn from precedents that the case may know, and from nothing else. They raise no duty of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np

from copilot.plans import bind
from evals.answers import Answer, clause_id
from evals.gold import GoldCase
from evals.hashing import code_version, digest_of_text
from evals.rankings import Bm25, order
from evals.splits import hidden
from evals.systems import Outcome, System
from policy_corpus import Pack, Precedent, Status
from retrieval import Embedder

NEIGHBOURS = 5


@dataclass
class PrecedentBaseline:
    """A way to pick, for a case, precedents in order and how sure the first is."""

    name: str
    pack: Pack
    rank: Callable[[GoldCase, Sequence[Precedent]], tuple[tuple[str, ...], float | None]]
    dated: bool = False
    embedder: str = ""

    @property
    def fingerprint(self) -> str:
        return digest_of_text("\x1f".join((self.name, code_version(), self.pack.fingerprint, self.embedder)))

    async def answer(self, gold: GoldCase) -> Outcome:
        started = perf_counter()
        unknown = hidden(gold, self.pack, dated=self.dated)
        standing = (Status.ACTIVE, Status.STALE)
        known = [one for one in self.pack.precedents if one.id not in unknown and one.status in standing]
        if not known:
            return Outcome(answer=Answer(abstained=True))
        ranking, confidence = self.rank(gold, known)
        first = next(one for one in known if one.id == ranking[0])
        answer = as_answer(first, gold, self.pack)
        seconds = perf_counter() - started
        said = {"sources": ranking, "confidence": confidence, "seconds": seconds}
        return Outcome(answer=answer.model_copy(update=said))


@dataclass
class ClauseBaseline:
    """The clause whose words are nearest by BM25, whatever the precedents say; its default plan is what it proposes."""

    pack: Pack
    name: str = "bm25-nearest clause"

    @property
    def fingerprint(self) -> str:
        return digest_of_text("\x1f".join((self.name, code_version(), self.pack.fingerprint)))

    async def answer(self, gold: GoldCase) -> Outcome:
        started = perf_counter()
        clauses = {clause.ref: clause for clause in self.pack.in_force(gold.case.judged_on)}
        ranking = order(tuple(clauses), self._bm25(tuple(clauses)).scores(gold.case.text))
        if not ranking:
            return Outcome(answer=Answer(abstained=True))
        first = clauses[ranking[0]]
        ids = tuple(clause_id(ref) for ref in ranking)
        answer = Answer(
            tier=self.pack.tier(first.default_plan),
            steps=tuple((step.action, step.on) for step in bind(first.default_plan, gold.case, first.ref)),
            clauses=ids[:3],
            sources=ids[:100],
            seconds=perf_counter() - started,
        )
        return Outcome(answer=answer)

    def _bm25(self, refs: tuple[str, ...]) -> Bm25:
        if refs not in self._held:
            texts = (self.pack.clause(ref) for ref in refs)
            self._held[refs] = Bm25([" ".join((one.title, *one.sections.values())) for one in texts if one])
        return self._held[refs]

    _held: dict[tuple[str, ...], Bm25] = field(default_factory=dict, repr=False)


def as_answer(precedent: Precedent, gold: GoldCase, pack: Pack) -> Answer:
    """What follows when the case is decided as the precedent was."""
    steps = bind(precedent.plan_by_role(), gold.case, precedent.id)
    return Answer(
        tier=pack.tier(precedent.plan),
        steps=tuple((step.action, step.on) for step in steps),
        reportability=precedent.reportability,
        clauses=tuple(clause_id(ref) for ref in precedent.clauses),
    )


def baselines(pack: Pack, embedder: Embedder, *, dated: bool = False) -> Iterator[System]:
    """BM25-nearest clause, majority, BM25-nearest precedent, and kNN and logistic regression on the embeddings."""
    yield ClauseBaseline(pack)
    if not pack.precedents:
        return
    vectors = _Vectors(embedder)
    yield PrecedentBaseline("majority", pack, _majority(pack), dated)
    yield PrecedentBaseline("bm25-nearest precedent", pack, _Bm25Nearest(), dated)
    yield PrecedentBaseline("kNN", pack, _Knn(vectors, pack), dated, embedder.fingerprint)
    yield PrecedentBaseline("logistic regression", pack, _Logistic(vectors, pack), dated, embedder.fingerprint)


def label(precedent: Precedent, pack: Pack) -> str:
    """What is decided: main clause and tier, which most sets name one to one."""
    return f"{clause_id(precedent.clauses[0]) if precedent.clauses else ''}|{pack.tier(precedent.plan)}"


def tier_of(label: str) -> str:
    """The tier that a label names: what a baseline's confidence is about, whichever clause it rests on."""
    return label.rpartition("|")[2]


def _majority(pack: Pack) -> Callable[[GoldCase, Sequence[Precedent]], tuple[tuple[str, ...], float | None]]:
    def rank(gold: GoldCase, known: Sequence[Precedent]) -> tuple[tuple[str, ...], float | None]:
        counts = Counter(label(one, pack) for one in known)
        ordered = sorted(known, key=lambda one: -counts[label(one, pack)])
        tier = tier_of(label(ordered[0], pack))
        sure = sum(count for one, count in counts.items() if tier_of(one) == tier) / len(known)
        return tuple(one.id for one in ordered), sure

    return rank


class _Bm25Nearest:
    def __init__(self) -> None:
        self._held: dict[tuple[str, ...], Bm25] = {}

    def __call__(self, gold: GoldCase, known: Sequence[Precedent]) -> tuple[tuple[str, ...], float | None]:
        ids = tuple(one.id for one in known)
        if ids not in self._held:
            self._held[ids] = Bm25([one.facts for one in known])
        return order(ids, self._held[ids].scores(gold.case.text)), None


@dataclass
class _Vectors:
    """Embeddings of precedents' facts, each made once."""

    embedder: Embedder
    _held: dict[str, np.ndarray] = field(default_factory=dict)

    def of(self, known: Sequence[Precedent]) -> np.ndarray:
        new = [one for one in known if one.id not in self._held]
        if new:
            self._held.update(zip((one.id for one in new), self.embedder.embed([o.facts for o in new]), strict=True))
        return np.array([self._held[one.id] for one in known])

    def query(self, text: str) -> np.ndarray:
        return np.asarray(self.embedder.embed([text])[0])


@dataclass
class _Knn:
    """The vote of the nearest by cosine; the precedents that voted for the winner come first."""

    vectors: _Vectors
    pack: Pack

    def __call__(self, gold: GoldCase, known: Sequence[Precedent]) -> tuple[tuple[str, ...], float | None]:
        nearness = self.vectors.of(known) @ self.vectors.query(gold.case.text)
        nearest = [known[place] for place in np.argsort(-nearness, kind="stable")]
        voters = [label(one, self.pack) for one in nearest[:NEIGHBOURS]]
        winner = Counter(voters).most_common(1)[0][0]
        first = next(one for one in nearest if label(one, self.pack) == winner)
        rest = (one.id for one in nearest if one.id != first.id)
        return (first.id, *rest), sum(tier_of(one) == tier_of(winner) for one in voters) / len(voters)


@dataclass
class _Logistic:
    """Logistic regression over embeddings; its strength is chosen by inner folds that keep families whole."""

    vectors: _Vectors
    pack: Pack
    _fitted: dict[tuple[str, ...], object] = field(default_factory=dict)

    def __call__(self, gold: GoldCase, known: Sequence[Precedent]) -> tuple[tuple[str, ...], float | None]:
        labels = [label(one, self.pack) for one in known]
        vector, inputs = self.vectors.query(gold.case.text), self.vectors.of(known)
        if len(set(labels)) < 2:
            return order([one.id for one in known], inputs @ vector), 1.0
        model = self._model(known, inputs, labels)
        chances = model.predict_proba(vector[None])[0]  # type: ignore[attr-defined]
        chance = dict(zip(model.classes_, chances, strict=True))  # type: ignore[attr-defined]
        scores = np.array([chance[one] for one in labels]) + 1e-6 * (inputs @ vector)
        best = tier_of(max(chance, key=lambda one: chance[one]))
        sure = sum(share for one, share in chance.items() if tier_of(one) == best)
        return order([one.id for one in known], scores), min(1.0, float(sure))

    def _model(self, known: Sequence[Precedent], inputs: np.ndarray, labels: list[str]) -> object:
        from evals.training import fit_logistic

        key = tuple(one.id for one in known)
        if key not in self._fitted:
            families = [one.family or one.id for one in known]
            self._fitted[key] = fit_logistic(inputs, labels, families)
        return self._fitted[key]
