"""How long the checks take on a large pack: 1,000 clauses and 20,000 precedents in under a minute."""

from __future__ import annotations

import random
import time
from datetime import date

from policy_corpus import Action, Clause, Duty, Fact, Pack, PlannedStep, Precedent, Vocabulary
from policy_corpus.checks.examination import Examination
from policy_corpus.checks.running import CHECKS
from policy_corpus.deciding import Decider
from policy_corpus.pack import Manifest

ON = date(2026, 6, 1)
FACTS, CLAUSES, PRECEDENTS = 70, 1_000, 20_000
SECONDS = 60


def synthetic(clauses: int, precedents: int, facts: int = FACTS, seed: int = 7) -> Pack:
    """A pack of that size, in which every tenth clause protects and gives way to what enforces."""
    rng = random.Random(seed)
    pack = Pack(
        manifest=Manifest(id="synthetic", title="Synthetic", version="1", released=ON),
        vocabulary=_vocabulary(facts, rng),
        actions=_actions(),
        duties={f"duty_{number}": _duty(number, facts, rng) for number in range(30)},
        clauses=tuple(_clause(number, facts, clauses, rng) for number in range(clauses)),
        precedents=(),
    )
    decider = Decider(pack.clauses, pack)
    return pack.with_precedents(tuple(_precedent(number, pack, decider, facts, rng) for number in range(precedents)))


def _vocabulary(facts: int, rng: random.Random) -> Vocabulary:
    values = {"a": "A", "b": "B", "c": "C", "unknown": "Open"}
    named = {
        f"fact_{number}": Fact(title="F", definition="F", values=values, raises_severity=("a",) if number < 20 else ())
        for number in range(facts)
    }
    never = [rng.sample(range(facts), 2) for _ in range(40)]
    constraints = [{"never": {f"fact_{one}": ["b"], f"fact_{other}": ["c"]}, "reason": "R"} for one, other in never]
    return Vocabulary.model_validate({"facts": named, "constraints": constraints})


def _actions() -> dict[str, Action]:
    def action(tier: str, stage: str, closes: bool = False) -> Action:
        more = {"reversible": True, "gate": "one_reviewer", "closes": closes}
        return Action.model_validate(
            {
                "title": "T",
                "definition": "D",
                "targets": ["case", "item", "account"],
                "tier": tier,
                "stage": stage,
                **more,
            }
        )

    return {
        "keep": action("protect", "preserve"),
        "remove": action("enforce", "contain"),
        "limit": action("limit", "contain"),
        "close": action("none", "notify", closes=True),
    }


def _criteria(facts: int, rng: random.Random, most: int) -> dict[str, object]:
    chosen = rng.sample(range(facts), rng.randint(2, most))
    tree: dict[str, object] = {f"fact_{fact}": rng.sample(["a", "b", "c"], rng.randint(1, 2)) for fact in chosen[1:]}
    alternatives = [{f"fact_{chosen[0]}": ["a"]}, {f"fact_{rng.randrange(facts)}": ["b"]}]
    return {**tree, "any": alternatives}


def _duty(number: int, facts: int, rng: random.Random) -> Duty:
    floor = (PlannedStep(action="keep", on="case"),)
    return Duty.model_validate(
        {
            "title": f"D{number}",
            "definition": "D",
            "kind": "preserve",
            "law": False,
            "criteria": _criteria(facts, rng, 3),
            "floor": floor,
        }
    )


def _clause(number: int, facts: int, clauses: int, rng: random.Random) -> Clause:
    protects = number % 10 == 0
    action = "close" if protects else rng.choice(["remove", "remove", "limit"])
    # A tenth of the protections lack a priority, so that the solver has conflicts to find.
    winners = [f"C-{other}" for other in range(clauses) if other % 10] if protects and number % 100 else []
    return Clause.model_validate(
        {
            "id": f"C-{number}",
            "title": f"Clause {number}",
            "effective_from": "2026-01-01",
            "criteria": _criteria(facts, rng, 5),
            "protects": protects,
            "exceptions": winners,
            "default_plan": [{"action": action, "on": "items" if action == "remove" else "case"}],
            "sections": {"rule": "Text."},
        }
    )


def _precedent(number: int, pack: Pack, decider: Decider, facts: int, rng: random.Random) -> Precedent:
    findings = {f"fact_{fact}": rng.choice("abc") for fact in rng.sample(range(facts), rng.randint(5, 15))}
    deciding = decider.deciding({fact: frozenset({value}) for fact, value in findings.items()})
    plan = deciding[0].default_plan if deciding and number % 50 else pack.clauses[1].default_plan
    return Precedent.model_validate(
        {
            "id": f"P-{number}",
            "title": "P",
            "decided": "2026-02-01",
            "facts": "F",
            "rationale": "R",
            "findings": [{"fact": fact, "value": value} for fact, value in findings.items()],
            "plan": plan,
            "clauses": [deciding[0].ref] if deciding else [],
        }
    )


def test_the_checks_of_a_large_pack_take_less_than_a_minute() -> None:
    started = time.process_time()
    pack = synthetic(CLAUSES, PRECEDENTS)
    print(f"\nmade {len(pack.clauses)} clauses and {len(pack.precedents)} precedents in {_since(started):.1f} s")
    started = time.process_time()
    seen = Examination(pack, ON)
    for name, find in CHECKS.items():
        begun = time.process_time()
        found = sum(1 for _ in find(seen))
        print(f"{name:22} {found:6} issues {_since(begun):6.1f} s")
    total = _since(started)
    print(f"{'all checks':22} {total:20.1f} s")
    assert total < SECONDS


def _since(started: float) -> float:
    """Seconds of work, whatever else the machine does meanwhile."""
    return time.process_time() - started
