"""Steps with conditions: when they are proposed, and that no door loses the condition."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from policy_corpus import Pack, PlannedStep, Tier, load, load_compiled
from policy_corpus.criteria import Outcome
from policy_corpus.deciding import tier
from policy_corpus.exchange.revising import revise
from policy_corpus.exchange.safeguard import export_safeguard
from policy_corpus.plans import proposed
from policy_corpus.versions import diff
from tests.policy_corpus.checks.small_pack import changed, write

CONDITIONAL = (
    "clauses/C-02.md",
    "  - {action: remove, on: items}\n",
    '  - {action: preserve, on: case}\n  - {action: remove, on: items, when: {not: {label: ["yes"]}}, note: Once}\n',
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path, changed(CONDITIONAL))


@pytest.fixture
def pack(folder: Path) -> Pack:
    return load(folder)


def step(action: str) -> PlannedStep:
    return PlannedStep.model_validate({"action": action, "on": "case", "when": {"label": ["yes"]}})


@pytest.mark.parametrize(
    ("action", "label", "stands"),
    [
        ("support", "yes", True),
        ("support", "no", False),
        ("support", "unknown", True),
        ("remove", "yes", True),
        ("remove", "no", False),
        ("remove", "unknown", False),
        ("give_back", "yes", True),
        ("give_back", "unknown", False),
    ],
)
def test_while_a_condition_is_open_only_what_protects_stands(action: str, label: str, stands: bool, pack: Pack) -> None:
    lifting = pack.actions["support"].model_copy(update={"lifts": True})
    (one,) = proposed([step(action)], {"label": frozenset({label})}, {**pack.actions, "give_back": lifting})
    assert one.stands is stands
    assert one.missing == ({"label"} if label == "unknown" else frozenset())


def test_a_step_without_condition_always_stands(pack: Pack) -> None:
    (one,) = proposed([PlannedStep(action="ban", on="subject")], {}, pack.actions)
    assert (one.stands, one.outcome) == (True, Outcome.MEETS)


def test_how_far_a_clause_goes_depends_on_the_steps_that_stand(pack: Pack) -> None:
    threat = next(clause for clause in pack.clauses if clause.id == "C-02")
    told = [tier([threat], pack, {"label": frozenset({value})}) for value in ("no", "yes", "unknown")]
    assert told == [Tier.ENFORCE, Tier.PROTECT, Tier.PROTECT]
    assert tier([threat], pack) is Tier.ENFORCE


def test_a_compiled_copy_keeps_the_condition(folder: Path, tmp_path: Path) -> None:
    parsed = load(folder)
    for _ in range(2):
        assert load_compiled(folder, tmp_path / "cache").clauses == parsed.clauses


def test_a_policy_text_for_a_model_says_the_condition(pack: Pack) -> None:
    told = export_safeguard(pack, date(2026, 6, 1))
    assert "**Plan.** preserve on case, remove on items (where not (label is yes))" in told


def test_a_next_version_keeps_the_condition(folder: Path) -> None:
    revise(folder, "C-02", reason="Plainer", author="A. Lead", effective_from=date(2026, 8, 1))
    plans = {clause.ref: clause.default_plan for clause in load(folder).clauses if clause.id == "C-02"}
    assert plans["C-02@2"] == plans["C-02@1"]
    assert plans["C-02@2"][1].when is not None


def test_a_changed_condition_is_a_change_of_the_clause_with_its_consequences(tmp_path: Path, pack: Pack) -> None:
    wider = ("clauses/C-02.md", 'when: {not: {label: ["yes"]}}', 'when: {label: ["no", unknown]}')
    new = load(write(tmp_path / "new", changed(wider, files=changed(CONDITIONAL))))
    found = diff(pack, new, {"unlabelled": {"threat": frozenset({"harm"})}})
    (change,) = found.changes
    assert change.unversioned
    assert list(change.lines())[1:] == [
        "    plan",
        "      - preserve on case, remove on items (where not (label is yes))",
        "      + preserve on case, remove on items (where label is no or unknown)",
    ]
    assert [str(shift) for shift in found.shifts] == ["case unlabelled: C-02 (protect) -> C-02 (enforce)"]
