"""The floor: anything may raise a duty, and only a person who corrects a finding lowers it."""

from __future__ import annotations

import pytest

from copilot.cases import Case
from copilot.detectors.thresholds import CLEARING
from copilot.duties import RAISED, owed, possible, raise_to_floor, reportability
from copilot.findings import Finding
from copilot.plans import Plan, Step
from policy_corpus import Pack, Reportability
from tests.copilot.stand_ins import case, finding, silent
from tests.copilot.test_attribution import TOLD

REGISTERED = finding("registered", "yes", kind="service", confirmed=True)
SEEN = finding("danger", "imminent")
SURE = finding("danger", "imminent", kind="analyst", confirmed=True, note="read the post")


def answers(pack: Pack, *findings: Finding) -> dict[str, str]:
    return {status.duty: str(status.reportability) for status in possible(case("words"), findings, pack)}


@pytest.mark.parametrize(
    ("findings", "warden"),
    [
        ((), "unknown"),
        ((REGISTERED,), "unknown"),
        ((REGISTERED, SEEN), "counsel"),
        ((SEEN,), "counsel"),
        ((SURE,), "counsel"),
        ((REGISTERED, SURE), "obliged"),
        ((REGISTERED, finding("danger", "possible")), "counsel"),
        ((REGISTERED, finding("danger", "none", kind="analyst", confirmed=True, note="a film")), "not_indicated"),
        ((finding("registered", "no", kind="service", confirmed=True), SURE), "not_indicated"),
        # Nothing that is merely claimed takes a duty back.
        ((REGISTERED, SEEN, finding("danger", "none", kind="drafter")), "counsel"),
        ((REGISTERED, SURE, finding("danger", "none", kind="drafter")), "obliged"),
        ((finding("registered", "no", kind="drafter"), SURE), "counsel"),
        ((REGISTERED, finding("danger", "none", kind="drafter")), "unknown"),
        # A person who corrects the finding with a note does.
        ((REGISTERED, SEEN, finding("danger", "none", kind="analyst", confirmed=True, note="a film")), "not_indicated"),
        # Without evidence or note, a person's word is one among others.
        ((REGISTERED, SEEN, finding("danger", "none", kind="analyst", confirmed=True)), "counsel"),
    ],
)
def test_what_a_duty_says(small: Pack, findings: tuple[Finding, ...], warden: str) -> None:
    assert answers(small, *findings)["warden"] == warden


def steps(plan: Plan) -> list[tuple[str, str]]:
    return [(step.action, step.on) for step in plan.steps]


def test_a_silent_drafter_lowers_nothing(small: Pack) -> None:
    duties = possible(case("words"), (REGISTERED, SURE), small)
    final = raise_to_floor(silent(), case("words"), duties, small)
    assert steps(final.plan) == [("keep", "case"), ("call", "case"), ("tell", "case")]
    assert final.reportability == "obliged"
    assert final.reportability_basis == "Tell the warden about danger"
    assert "The case is not closed while a duty is owed or possible" in final.changed_by_duty
    assert all(step.from_duty for step in final.plan.steps)


def test_nothing_irreversible_is_proposed_on_open_facts(small: Pack) -> None:
    duties = possible(case("words"), (REGISTERED, finding("danger", "possible")), small)
    final = raise_to_floor(silent(), case("words"), duties, small)
    assert steps(final.plan) == [("keep", "case")]
    assert final.reportability == "counsel"


def test_what_a_detector_suspects_raises_a_duty_and_no_step(small: Pack) -> None:
    given = case("words")
    guess = finding("danger", "imminent", suspected=True)
    told = guess.model_copy(update={"kind": "signal"})
    for findings, suspected in (((REGISTERED, guess), True), ((REGISTERED, told), False), ((REGISTERED, SEEN), False)):
        raised = [one for one in possible(given, findings, small) if one.reportability in RAISED]
        assert raised
        assert {one.suspected for one in raised} == {suspected}
        assert bool(owed(raised)) is not suspected
        final = raise_to_floor(silent(), given, possible(given, findings, small), small)
        assert (steps(final.plan) == [("close", "case")]) is suspected
        level, _ = reportability(raised, small)
        assert level is (Reportability.UNKNOWN if suspected else Reportability.COUNSEL)


def test_a_suspicion_beside_what_is_shown_takes_nothing_back(small: Pack) -> None:
    guess = finding("danger", "imminent", suspected=True)
    assert possible(case("words"), (REGISTERED, SURE, guess), small) == possible(
        case("words"), (REGISTERED, SURE), small
    )


def test_a_draft_that_goes_further_stays(small: Pack) -> None:
    draft = silent(plan=Plan(steps=(Step(action="ban", on="account"),)), reportability="obliged")
    final = raise_to_floor(draft, case("words"), possible(case("words"), (), small), small)
    assert steps(final.plan) == [("ban", "account")]
    assert (final.reportability, final.changed_by_duty) == ("obliged", ())


def test_a_duty_names_what_is_missing_and_its_clock(small: Pack) -> None:
    warden = next(status for status in possible(case("words"), (SEEN,), small) if status.duty == "warden")
    assert "registered" in warden.missing
    assert (warden.clock, warden.owner, warden.basis) == ("within two hours", "lead", ("Market Act 7",))
    assert [status.duty for status in owed([warden])] == ["warden"]


def test_the_gravest_party_counts(small: Pack) -> None:
    two = case("words", parties=[{"id": "a", "role": "subject"}, {"id": "b", "role": "bystander"}])
    statuses = possible(two, (REGISTERED, finding("danger", "imminent", about="b")), small)
    assert statuses[0].reportability == "counsel"


def test_no_proposal_whatever_it_says_loses_a_duty(child_safety: Pack) -> None:
    made = Case.model_validate(TOLD)
    raised = [
        finding("sexual_advance", "explicit", about="s"),
        finding("minor_contact", "real_minor", about="s"),
        finding("sexualisation", "apparent_csam"),
        finding("age_evidence", "minor_stated"),
    ]
    before = {one.duty: one.reportability.rank for one in possible(made, raised, child_safety)}
    clearing = [(fact, value) for fact, value in child_safety.vocabulary.pairs() if value in CLEARING]
    assert len(clearing) > 40
    for fact, value in clearing:
        more = [*raised, finding(fact, value, about="s")]
        after = {one.duty: one.reportability.rank for one in possible(made, more, child_safety)}
        lost = [duty for duty, rank in before.items() if rank >= Reportability.COUNSEL.rank > after[duty]]
        assert lost == [], (fact, value)
