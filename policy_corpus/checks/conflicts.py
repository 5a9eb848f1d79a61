"""Clauses that contradict each other: one spares, the other enforces, both can be met, and nothing says which prevails.

Tiers that merely differ between violations are no contradiction: the furthest-reaching one answers. But that answer
would override a protection, so a clause that protects needs a priority beside one that removes, restricts or suspends,
and a clause that closes needs one beside anything that goes as far as enforcement. Alerting and reporting alone take
nothing from a person whom another clause protects: both stand.
"""

from __future__ import annotations

from collections.abc import Iterator

from policy_corpus.actions import Tier
from policy_corpus.checks.examination import Examination
from policy_corpus.checks.issues import Issue, Severity, facts_in_words
from policy_corpus.checks.worlds import Claim, World
from policy_corpus.clauses import Clause
from policy_corpus.normal_form import disjoint
from policy_corpus.pack import Pack

NAME = "opposed-clauses"


def find(seen: Examination) -> Iterator[Issue]:
    """Every pair of opposed clauses in force on the same day without a priority, with a situation that meets both."""
    for sparing in (clause for clause in seen.lasting if closes(clause, seen.pack) or protects(clause, seen.pack)):
        opposite = reaches if closes(sparing, seen.pack) else takes
        rivals = [
            clause for clause in seen.lasting if opposite(clause, seen.pack) and _may_oppose(sparing, clause, seen)
        ]
        for rival in rivals:
            claims = (Claim(seen.tree(sparing)), Claim(seen.tree(rival)))
            world = _joined(sparing, rival, claims, seen) or seen.worlds.find(*claims)
            if world is not None:
                yield _opposed(sparing, rival, seen.worlds.simplest(world, claims), seen)


def _joined(sparing: Clause, rival: Clause, claims: tuple[Claim, Claim], seen: Examination) -> World | None:
    """What meets each of them alone, put together, where that already meets both: it spares asking the solver."""
    joined = {**(seen.example(sparing) or {}), **(seen.example(rival) or {})}
    return joined if seen.worlds.fits(joined, claims) else None


def protects(clause: Clause, pack: Pack) -> bool:
    """Whether the clause argues for support or no enforcement, and takes nothing itself."""
    return clause.protects and not takes(clause, pack)


def closes(clause: Clause, pack: Pack) -> bool:
    """Whether the clause lets a case end without a step against anyone: it closes, or plans nothing of any tier."""
    if not clause.default_plan or reaches(clause, pack):
        return False
    idle = pack.tier(clause.default_plan) is Tier.NONE
    return idle or any(pack.actions[step.action].closes for step in clause.default_plan)


def takes(clause: Clause, pack: Pack) -> bool:
    """Whether the clause plans to remove, restrict or suspend."""
    return any(pack.actions[step.action].tier is Tier.ENFORCE for step in clause.default_plan)


def reaches(clause: Clause, pack: Pack) -> bool:
    """Whether the clause's plan goes as far as enforcement."""
    return pack.tier(clause.default_plan).rank >= Tier.ENFORCE.rank


def _may_oppose(sparing: Clause, rival: Clause, seen: Examination) -> bool:
    if sparing.id == rival.id or not _same_day(sparing, rival):
        return False
    order = seen.displaces
    if rival.id in order.get(sparing.id, ()) or sparing.id in order.get(rival.id, ()):
        return False
    return not disjoint(seen.box(sparing), seen.box(rival))


def _opposed(sparing: Clause, rival: Clause, example: World, seen: Examination) -> Issue:
    one, other = (f"'{clause.ref}' ({_answer(clause, seen.pack)})" for clause in (sparing, rival))
    message = f"{one} and {other} can both be met and answer differently, such as with {facts_in_words(example)}"
    hint = f"let one outrank the other, name '{sparing.id}' as exception of '{rival.id}', or narrow the criteria"
    at = (sparing, ("criteria",))
    return seen.issue(NAME, Severity.ERROR, (sparing.ref, rival.ref), at, message, hint)


def _answer(clause: Clause, pack: Pack) -> str:
    return (
        f"protects, tier {pack.tier(clause.default_plan)}"
        if clause.protects
        else f"tier {pack.tier(clause.default_plan)}"
    )


def _same_day(one: Clause, other: Clause) -> bool:
    starts = [clause.effective_from for clause in (one, other) if clause.effective_from]
    ends = [clause.effective_until for clause in (one, other) if clause.effective_until]
    return not starts or not ends or max(starts) <= min(ends)
