"""Deciding: which clauses answer for findings, by criteria and priorities alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from policy_corpus.actions import Tier
from policy_corpus.clauses import Clause
from policy_corpus.criteria import UNKNOWN, Findings, Outcome, Verdict
from policy_corpus.normal_form import box, holds, met
from policy_corpus.pack import Pack
from policy_corpus.plans import proposed
from policy_corpus.precedents import Precedent
from policy_corpus.priorities import Displaces, displaces
from policy_corpus.vocabulary import Vocabulary


def decide(clauses: Sequence[Clause], held: Findings, pack: Pack) -> tuple[dict[str, Verdict], tuple[Clause, ...]]:
    """Every clause's verdict, and those that are met and not displaced, the furthest-reaching first."""
    verdicts = {clause.ref: clause.criteria.evaluate(held) for clause in clauses}
    applying = [clause for clause in clauses if decides(clause) and verdicts[clause.ref].outcome is Outcome.MEETS]
    return verdicts, _ordered(_standing(applying, _priorities(clauses, pack)), held, _reach(applying, pack))


def decides(clause: Clause) -> bool:
    """Whether criteria were written: without them a clause is always met, which says nothing about a case."""
    return not clause.fallback and bool(clause.criteria.facts())


def _priorities(clauses: Sequence[Clause], pack: Pack) -> Displaces:
    if all(pack.latest.get(clause.id) is clause for clause in clauses):
        return pack.displaces
    return displaces((*pack.latest.values(), *clauses))


class Decided:
    """What clauses say of one party's findings, and what would decide if a fact of it were otherwise."""

    def __init__(self, clauses: Sequence[Clause], held: Findings, pack: Pack) -> None:
        self.verdicts = {clause.ref: clause.criteria.evaluate(held) for clause in clauses}
        """By clause ref."""
        self._held = held
        self._displaces = _priorities(clauses, pack)
        self._candidates = [clause for clause in clauses if decides(clause)]
        self._reach = _reach(self._candidates, pack)
        self._met = [clause for clause in self._candidates if self.verdicts[clause.ref].outcome is Outcome.MEETS]
        self.deciding = self._answer(self._met, held)
        """The clauses that are met and not displaced, the furthest-reaching first."""

    def instead(self, fact: str, value: str) -> tuple[Clause, ...] | None:
        """The clauses that would decide if the fact had that value alone; none where the same ones would be met.

        Only the clauses that ask for the fact are looked at again.
        """
        held = {**self._held, fact: frozenset({value})}
        turned = {
            clause.ref for clause in self._candidates if fact in clause.criteria.facts() and self._turns(clause, held)
        }
        if not turned:
            return None
        before = {clause.ref for clause in self._met}
        return self._answer([clause for clause in self._candidates if clause.ref in before ^ turned], held)

    def _turns(self, clause: Clause, held: Findings) -> bool:
        """Whether the clause, where it is met now, wouldn't be, or would be where it isn't."""
        is_met = self.verdicts[clause.ref].outcome is Outcome.MEETS
        return is_met is not clause.criteria.is_met(held)

    def _answer(self, applying: Sequence[Clause], held: Findings) -> tuple[Clause, ...]:
        return _ordered(_standing(applying, self._displaces), held, self._reach)


class Decider:
    """The same answers as `decide`, for many findings under the same clauses.

    A clause whose criteria need a certain value of some fact is looked at only for findings that hold such a value.
    """

    def __init__(self, clauses: Sequence[Clause], pack: Pack) -> None:
        self.pack = pack
        self._displaces = _priorities(clauses, pack)
        self._reach = _reach(clauses, pack)
        self._always: list[Clause] = []
        self._by_value: dict[tuple[str, str], list[Clause]] = {}
        deciding = [clause for clause in clauses if decides(clause)]
        self._trees = {clause.ref: met(clause.criteria, pack.vocabulary) for clause in deciding}
        for clause in deciding:
            self._file(clause)

    def _file(self, clause: Clause) -> None:
        needed = {fact: values for fact, values in box(self._trees[clause.ref]).items() if UNKNOWN not in values}
        if not needed:
            self._always.append(clause)
            return
        fact, values = min(needed.items(), key=lambda item: (len(item[1]), item[0]))
        for value in values:
            self._by_value.setdefault((fact, value), []).append(clause)

    def met(self, held: Findings) -> list[Clause]:
        """The clauses that are met, displaced or not."""
        near = {clause.ref: clause for clause in self._always}
        for fact, values in held.items():
            for value in values:
                near.update((clause.ref, clause) for clause in self._by_value.get((fact, value), ()))
        return [clause for ref, clause in sorted(near.items()) if holds(self._trees[ref], held)]

    def deciding(self, held: Findings) -> tuple[Clause, ...]:
        """The clauses that are met and not displaced, the furthest-reaching first."""
        return _ordered(_standing(self.met(held), self._displaces), held, self._reach)

    def of_precedent(self, precedent: Precedent) -> tuple[Clause, ...]:
        """What the clauses say of a precedent's findings, for the party on whom they go furthest."""
        return self.answering(judged(precedent, self.pack.vocabulary))[0]

    def answering(self, parties: Iterable[Findings]) -> tuple[tuple[Clause, ...], Findings]:
        """What decides for the party on whom the clauses go furthest, with what is held about that party."""
        answers = [(self.deciding(held), held) for held in parties]
        return max(answers, key=lambda answer: (tier(answer[0], self.pack).rank, len(answer[0])))


def judged(precedent: Precedent, vocabulary: Vocabulary) -> list[dict[str, frozenset[str]]]:
    """What was found on each party whose conduct was judged; on the case alone where there is none."""
    subjects = [party.id for party in precedent.parties if party.role == "subject"]
    unnamed = [party.id for party in precedent.parties if party.role == "unknown"]
    parties: list[str | None] = [*(subjects or unnamed)]
    return [precedent.held(party, vocabulary) for party in parties or [None]]


def tier(deciding: Sequence[Clause], pack: Pack, held: Findings | None = None) -> Tier:
    """How far the answer goes; `none` where no clause decides.

    With findings, only the steps count that the leading clause proposes on those; without, all of its steps.
    """
    if not deciding:
        return Tier.NONE
    plan = deciding[0].default_plan
    if held is None:
        return pack.tier(plan)
    return pack.tier(tuple(one.step for one in proposed(plan, held, pack.actions) if one.stands))


def _standing(applying: Sequence[Clause], order: Displaces) -> list[Clause]:
    if len(applying) < 2:
        return list(applying)
    displaced = frozenset[str]().union(*(order.get(clause.id, frozenset()) for clause in applying))
    return [clause for clause in applying if clause.id not in displaced]


def _reach(clauses: Iterable[Clause], pack: Pack) -> dict[str, int]:
    return {clause.ref: pack.tier(clause.default_plan).rank for clause in clauses}


def _ordered(clauses: Sequence[Clause], held: Findings, reach: Mapping[str, int]) -> tuple[Clause, ...]:
    """The furthest-reaching first; of equals the most specific: the one that rests on the most facts of this case.

    What a clause names without resting on it here, such as alternatives that don't hold, makes it broader.
    """
    shared = Counter(reach[clause.ref] for clause in clauses)

    def rank(clause: Clause) -> tuple[int, int, int, str]:
        further = reach[clause.ref]
        rests_on = len(clause.criteria.evaluate(held).rests_on) if shared[further] > 1 else 0
        return -further, -rests_on, len(clause.criteria.facts()), clause.ref

    return tuple(sorted(clauses, key=rank))
