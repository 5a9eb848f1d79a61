"""The docket: the decisions in order of their dates, and what each later case may know of them.

Ranking standards adds up three kinds of evidence: the meaning of the facts against the five nearest paragraphs of each
standard, BM25 of the facts against each standard's whole text, and how often the standard was applied so far. Ranking
earlier decisions adds up how often each was cited so far, meaning, BM25, and whether it was decided under a standard
that is likely here. The weights are learned anew for each day, from nothing but decisions before that day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from evals.datasets.oversight_board.reading import Board, BoardDecision
from evals.rankings import Bm25, Choice, Scores, best_of_groups, learn, shares, standardised
from retrieval import Embedder

PARAGRAPHS = 5
"""How many of a standard's nearest paragraphs speak for it."""

RIDGE = 0.05
START = 0.5
UNSEEN = 0.5
"""What is added to every count, so that what was not seen yet stays possible."""


class Policy:
    """The Community Standards, ready to be compared with facts."""

    def __init__(self, board: Board, embedder: Embedder) -> None:
        self.board = board
        self.sections = board.sections
        places = {section: number for number, section in enumerate(self.sections)}
        self.group = np.array([places[paragraph.section] for paragraph in board.paragraphs], dtype=np.int64)
        self.vectors = embedder.embed([f"{one.section}. {one.text}" for one in board.paragraphs])
        self.by_paragraph = Bm25([paragraph.text for paragraph in board.paragraphs])
        self._by_section = Bm25([self._whole(section) for section in self.sections])

    def _whole(self, section: str) -> str:
        texts = [paragraph.text for paragraph in self.board.paragraphs if paragraph.section == section]
        return " ".join([section, *texts])

    def nearness(self, vector: Scores) -> Scores:
        """Cosine to every paragraph."""
        return np.asarray(self.vectors @ vector, dtype=np.float64)

    def evidence(self, facts: str, vector: Scores) -> Scores:
        """A row for meaning and one for words, a column a standard."""
        meaning = best_of_groups(self.nearness(vector), self.group, len(self.sections), PARAGRAPHS)
        return np.array([standardised(meaning), standardised(self._by_section.scores(facts))])


@dataclass(frozen=True)
class Reading:
    """A decision's facts, compared with the policy once for all days."""

    decision: BoardDecision
    vector: Scores
    policy: Scores


@dataclass(frozen=True)
class Day:
    """What is known on one day: the decisions before it, and the weights that they teach."""

    board: Board
    known: tuple[Reading, ...]
    for_standards: Scores
    for_decisions: Scores

    @property
    def decisions(self) -> tuple[BoardDecision, ...]:
        return tuple(reading.decision for reading in self.known)

    @cached_property
    def applied(self) -> Counter[str]:
        """How often each standard was applied so far; a decision under several counts as one in all."""
        counts: Counter[str] = Counter()
        for decision in self.decisions:
            for standard in self.board.scorable(decision):
                counts[standard] += 1 / len(self.board.scorable(decision))  # type: ignore[assignment]
        return counts

    @cached_property
    def cited(self) -> Counter[str]:
        """How often each decision was cited so far."""
        return Counter(id for decision in self.decisions for id in self.board.citable(decision))

    @property
    def citing(self) -> int:
        """How many decisions so far cite any."""
        return sum(bool(self.board.citable(decision)) for decision in self.decisions)

    def rarity(self, id: str) -> float:
        """−log of the smoothed share of citing decisions that cite it: what everyone cites weighs little."""
        return float(-np.log((self.cited[id] + UNSEEN) / (self.citing + 2 * UNSEEN)))

    @cached_property
    def _facts(self) -> Bm25:
        return Bm25([decision.facts for decision in self.decisions])

    def words(self, facts: str) -> Scores:
        """BM25 of the facts against every known decision's."""
        return self._facts.scores(facts)

    def standard_evidence(self, policy: Scores) -> Scores:
        counts = np.array([self.applied[section] + UNSEEN for section in self.board.sections])
        return np.vstack([policy, np.log(counts / counts.sum())])

    def standards(self, policy: Scores) -> Scores:
        """How likely each standard is, as shares of one."""
        return shares(self.for_standards @ self.standard_evidence(policy))

    def decision_evidence(self, facts: str, vector: Scores, policy: Scores) -> Scores:
        popular = np.log1p([self.cited[decision.id] for decision in self.decisions])
        meaning = standardised(np.array([reading.vector @ vector for reading in self.known]))
        return np.array([popular, meaning, standardised(self.words(facts)), self._same_standard(policy)])

    def _same_standard(self, policy: Scores) -> Scores:
        likely = dict(zip(self.board.sections, self.standards(policy), strict=True))
        sums = [sum(likely[name] for name in self.board.scorable(decision)) for decision in self.decisions]
        return np.log(np.array(sums) + 0.02)

    def citations(self, facts: str, vector: Scores, policy: Scores) -> Scores:
        """How likely each known decision is to be cited, as shares of one."""
        return shares(self.for_decisions @ self.decision_evidence(facts, vector, policy))


class Docket:
    """Walks the decisions day by day; each day knows only what came before it."""

    def __init__(self, board: Board, policy: Policy, embedder: Embedder) -> None:
        vectors = np.asarray(embedder.embed([decision.facts for decision in board.decisions]), dtype=np.float64)
        pairs = list(zip(board.decisions, vectors, strict=True))
        self._board = board
        self._readings = tuple(Reading(one, vector, policy.evidence(one.facts, vector)) for one, vector in pairs)
        self._days: dict[date, Day] = {}
        self._walk()

    def day(self, day: date) -> Day:
        """What is known on the day of a decision in the set."""
        return self._days[day]

    def _walk(self) -> None:
        standards: list[tuple[date, Choice]] = []
        decisions: list[tuple[date, Choice]] = []
        for reading in self._readings:
            day = reading.decision.decided
            if day not in self._days:
                self._days[day] = self._open(day, _until(day, standards), _until(day, decisions))
            known = self._days[day]
            standards.append((day, self._standard_choice(known, reading)))
            if known.known:
                decisions.append((day, self._decision_choice(known, reading)))

    def _open(self, day: date, standards: Sequence[Choice], decisions: Sequence[Choice]) -> Day:
        known = tuple(reading for reading in self._readings if reading.decision.decided < day)
        return Day(
            board=self._board,
            known=known,
            for_standards=learn(standards, 3, ridge=RIDGE, start=START),
            for_decisions=learn(decisions, 4, ridge=RIDGE, start=START),
        )

    def _standard_choice(self, day: Day, reading: Reading) -> Choice:
        right = tuple(self._board.sections.index(name) for name in self._board.scorable(reading.decision))
        return Choice(day.standard_evidence(reading.policy), right)

    def _decision_choice(self, day: Day, reading: Reading) -> Choice:
        places = {decision.id: number for number, decision in enumerate(day.decisions)}
        right = tuple(places[id] for id in self._board.citable(reading.decision))
        return Choice(day.decision_evidence(reading.decision.facts, reading.vector, reading.policy), right)


def _until(day: date, choices: Sequence[tuple[date, Choice]]) -> list[Choice]:
    return [choice for on, choice in choices if on < day]
