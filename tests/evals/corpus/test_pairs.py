"""Which stories of a family differ in one fact, and which differ in more."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from evals.corpus import spread
from evals.corpus.pairs import Variation, variations
from evals.metrics.intervals import Sampling
from policy_corpus import Pack, Precedent, PrecedentFinding, Status
from policy_corpus.precedents import PrecedentParty
from policy_corpus.vocabulary import Implication
from tests.evals.small_pack import PRECEDENTS, VOCABULARY, precedent, small_pack

STAY, GO = [("leave", "case")], [("take_down", "items")]


def told(
    id: str, facts: Mapping[str, str], plan: list[tuple[str, str]], roles: str = "", family: str = ""
) -> Precedent:
    """A story with case facts; facts about a party are written `member@a`, and each of `roles` is one party's."""
    findings = tuple(
        PrecedentFinding(fact=fact.split("@")[0], value=value, about=fact.partition("@")[2] or None)
        for fact, value in facts.items()
    )
    parties = tuple(PrecedentParty(id=role[0], role=role) for role in roles.split())
    story = precedent(id, f"Story {id}.", "LB-1", plan, family or "pair")
    return story.model_copy(update={"findings": findings, "parties": parties})


def among(*stories: Precedent, pack: Pack | None = None) -> tuple[Variation, ...]:
    return variations((pack or small_pack()).with_precedents(stories))


def test_one_fact_and_another_outcome_make_a_minimal_pair() -> None:
    (pair,) = among(
        told("P-6", {"advert": "yes", "flood": "no"}, GO),
        told("P-7", {"advert": "no", "flood": "no"}, STAY),
    )
    assert (pair.a, pair.b, pair.deciding, pair.minimal) == ("P-6", "P-7", ("advert",), True)


@pytest.mark.parametrize(
    "other",
    [
        told("P-7", {"advert": "no"}, GO),
        told("P-7", {"advert": "no"}, STAY, family="another"),
    ],
    ids=["same outcome", "another family"],
)
def test_stories_without_another_outcome_in_one_family_are_no_variation(other: Precedent) -> None:
    assert among(told("P-6", {"advert": "yes"}, GO), other) == ()


@pytest.mark.parametrize(
    ("other", "changed"),
    [
        (told("P-7", {"advert": "no", "flood": "yes"}, STAY), ("advert", "flood")),
        (told("P-7", {"advert": "yes"}, STAY), ()),
        (told("P-7", {"advert": "no"}, STAY, roles="reporter"), ("advert",)),
        (
            told("P-7", {"advert": "no"}, STAY).model_copy(
                update={"status": Status.OVERRULED, "status_reason": "Old."}
            ),
            ("advert",),
        ),
    ],
    ids=["two facts", "no fact", "another party", "overruled"],
)
def test_whatever_else_differs_makes_it_a_wider_variation(other: Precedent, changed: tuple[str, ...]) -> None:
    (pair,) = among(told("P-6", {"advert": "yes"}, GO), other)
    assert (pair.changed, pair.minimal) == (changed, False)


def test_a_fact_that_only_one_story_lists_is_unknown_in_the_other() -> None:
    (silent,) = among(told("P-6", {"advert": "yes", "flood": "unknown"}, GO), told("P-7", {"advert": "no"}, STAY))
    (spoken,) = among(told("P-6", {"advert": "yes", "flood": "no"}, GO), told("P-7", {"advert": "no"}, STAY))
    assert (silent.minimal, silent.changed) == (True, ("advert",))
    assert (spoken.minimal, spoken.changed) == (False, ("advert", "flood"))


def test_a_fact_is_the_same_about_the_same_role_whatever_the_party_is_called() -> None:
    a = told("P-6", {"advert": "yes", "member@s": "yes"}, GO, roles="subject")
    b = told("P-7", {"advert": "no", "member@x": "yes"}, STAY)
    b = b.model_copy(update={"parties": (PrecedentParty(id="x", role="subject"),)})
    (pair,) = among(a, b)
    assert (pair.changed, pair.minimal) == (("advert",), True)


def implying(*then: tuple[str, str]) -> Pack:
    """A pack in which the fact first named, where it is 'yes', makes the other one 'yes' by definition."""
    implications = tuple(
        Implication.model_validate(
            {"of": "subject", "when": {first: ["yes"]}, "then": {second: "yes"}, "reason": "So."}
        )
        for first, second in then
    )
    vocabulary = VOCABULARY.model_copy(update={"implications": implications})
    return small_pack().model_copy(update={"vocabulary": vocabulary})


@pytest.mark.parametrize(
    ("roles", "value", "deciding"),
    [
        ("subject", "yes", ("member",)),
        ("reporter", "yes", ("advert", "member")),
        ("subject", "unknown", ("member",)),
    ],
    ids=["it follows", "it is said of another role", "only one side has it"],
)
def test_a_fact_that_follows_from_the_changed_one_does_not_count(
    roles: str, value: str, deciding: tuple[str, ...]
) -> None:
    about = f"member@{roles[0]}"
    (pair,) = among(
        told("P-6", {about: "yes", "advert": "yes"}, GO, roles=roles),
        told("P-7", {about: "no", "advert": "no" if value == "yes" else value}, STAY, roles=roles),
        pack=implying(("member", "advert")),
    )
    assert pair.changed == ("advert", "member")
    assert (pair.deciding, pair.minimal) == (deciding, len(deciding) == 1)


def test_a_value_that_does_not_follow_counts() -> None:
    (pair,) = among(
        told("P-6", {"member@s": "yes", "advert": "no"}, GO, roles="subject"),
        told("P-7", {"member@s": "no", "advert": "yes"}, STAY, roles="subject"),
        pack=implying(("member", "advert")),
    )
    assert (pair.deciding, pair.minimal) == (("advert", "member"), False)


def test_of_two_facts_that_follow_from_each_other_one_is_left() -> None:
    (pair,) = among(
        told("P-6", {"member@s": "yes", "advert": "yes"}, GO, roles="subject"),
        told("P-7", {"member@s": "no", "advert": "no"}, STAY, roles="subject"),
        pack=implying(("member", "advert"), ("advert", "member")),
    )
    assert (len(pair.deciding), pair.minimal) == (1, True)


def test_both_kinds_are_counted_apart_and_named(quick: Sampling) -> None:
    stories = (
        told("P-6", {"advert": "yes"}, GO),
        told("P-7", {"advert": "no"}, STAY),
        told("P-8", {"advert": "no", "flood": "no"}, STAY),
    )
    found = spread(small_pack((*PRECEDENTS, *stories)), (), sampling=quick)
    assert [(pair.a, pair.b) for pair in found.minimal_pairs] == [("P-6", "P-7")]
    assert [(pair.a, pair.b) for pair in found.wider_variations] == [("P-6", "P-8")]
    assert (
        "one fact changed and the outcome with it: precedents 2, pairs 1\ndeciding facts advert 1\n" in found.to_text()
    )
    assert "in wider variations: precedents 2, pairs 1; facts changed 2.0" in found.to_text()
    assert [one["minimal"] for one in json.loads(found.to_json())["variations"]] == [True, False]


def test_a_corpus_without_variations_says_so(quick: Sampling) -> None:
    text = spread(small_pack(), (), sampling=quick).to_text()
    assert "one fact changed and the outcome with it: precedents 0, pairs 0" in text
    assert "in wider variations: precedents 0, pairs 0; facts changed nothing measured" in text
