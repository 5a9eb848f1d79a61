"""Signs: what each number says of a draft, and whose findings it looks at."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from copilot.cases import Case
from copilot.detectors.learned import LearnedDetector
from copilot.drafters.criteria import Standing
from copilot.drafters.signs import UNSTATED, Signs, signs
from copilot.drafters.votes import Vote
from copilot.findings import Finding, gather
from policy_corpus import Pack, Tier
from policy_corpus.criteria import parse
from policy_corpus.deciding import Decided
from tests.copilot.stand_ins import finding

SELLER, BUYER = {"id": "seller", "role": "subject"}, {"id": "buyer", "role": "reporter"}
POST = {"id": "post", "role": "user", "text": "three words here"}
NOTE = {"id": "note", "role": "note", "text": "seen before"}
FILE = {"id": "file", "media": {"kind": "image"}}
SEEN = {"kind": "image", "viewed": {"person": "A. Reviewer", "at": "2026-03-01T00:00:00Z", "saw": "A watch."}}
SIGNAL = {"kind": "reports", "value": 3}


def fake(sure: float | None = 0.8, **more: Any) -> Finding:
    return finding("counterfeit", **{"value": "yes", "about": "seller", "confidence": sure, **more})


def adult(sure: float | None = 0.6, **more: Any) -> Finding:
    return finding("user_age", **{"value": "adult", "about": "seller", "confidence": sure, **more})


def danger(sure: float | None = 0.6, **more: Any) -> Finding:
    return finding("danger", **{"value": "imminent", "confidence": sure, **more})


def joke(**more: Any) -> Finding:
    return finding("parody", **{"value": "yes", "about": "seller", "confidence": 0.7, **more})


def learned(one: Finding) -> Finding:
    return one.model_copy(update={"finder": LearnedDetector.name})


def stated_by_settings() -> Finding:
    return adult(None, kind="service", about=None, confirmed=True)


@dataclass(frozen=True)
class Given:
    """What signs are read from: a draft that bans the seller, unless said otherwise."""

    findings: Sequence[Finding] = ()
    case: Mapping[str, Any] = field(default_factory=dict)
    near: Mapping[Tier, float] = field(default_factory=dict)
    """By tier, the cosine of its nearest precedent."""
    both: bool = False
    """Whether the clause against counterfeits asks for an adult too."""

    def signs(self, pack: Pack) -> Signs:
        case = Case.model_validate({"id": "c", "parties": [SELLER], "parts": [POST], **self.case})
        clauses = tuple(pack.latest[id] for id in ("T-1", "T-2", "S-1"))
        if self.both:
            criteria = parse({"all": [{"counterfeit": ["yes"]}, {"user_age": ["adult"]}]})
            clauses = (clauses[0].model_copy(update={"criteria": criteria}),)
        held = gather(self.findings, "seller", pack.vocabulary)
        standing = Standing("seller", held, pack, clauses, Decided(clauses, held, pack))
        near = {str(tier): cosine for tier, cosine in self.near.items()}
        tiers = {str(tier): tier for tier in self.near}
        votes = Vote((), tiers, near, near, max(near.values(), default=0.0))
        return signs(case, Tier.ENFORCE, standing, votes, self.findings, (), pack)


def parted(*parts: Mapping[str, Any]) -> Given:
    return Given(case={"parts": parts})


PARTS = [{**POST, "id": f"p{number}"} for number in range(8)]
PARTIES = [{**BUYER, "id": f"b{number}"} for number in range(6)]

TABLE: Sequence[tuple[str, str, Given, float]] = [
    ("pivots", "one fact", Given([fake(0.8)]), 0.8),
    ("pivots", "both of two facts", Given([fake(0.8), adult(0.6)], both=True), 0.48),
    ("pivots", "not one that another tier outruns", Given([fake(0.8), danger(0.6)]), 0.6),
    ("pivots", "a finder that doesn't say", Given([fake(None)]), UNSTATED),
    ("pivots", "nothing found", Given(), 1.0),
    ("weakest_pivot", "the less sure of two", Given([fake(0.8), adult(0.6)], both=True), 0.6),
    ("weakest_pivot", "one fact", Given([fake(0.9)]), 0.9),
    ("weakest_pivot", "a confirmed one is none", Given([fake(0.4, confirmed=True)]), 1.0),
    ("by_classifiers", "the surer finder", Given([fake(0.6), learned(fake(0.9))]), 1.0),
    ("by_classifiers", "the less sure finder", Given([fake(0.9), learned(fake(0.6))]), 0.0),
    ("by_classifiers", "one of two facts", Given([learned(fake()), adult()], both=True), 0.5),
    ("by_classifiers", "what the settings say aside", Given([learned(fake()), stated_by_settings()], both=True), 1.0),
    ("by_signals", "a signal", Given([fake(kind="signal")]), 1.0),
    ("by_signals", "a detector", Given([fake()]), 0.0),
    ("by_signals", "one of two facts", Given([fake(kind="signal"), adult()], both=True), 0.5),
    ("suspected", "two facts", Given([fake(suspected=True), joke(suspected=True)]), 2 / 3),
    ("suspected", "one fact by two finders", Given([fake(suspected=True), learned(fake(suspected=True))]), 1 / 3),
    ("suspected", "beside what is shown", Given([fake(), learned(fake(suspected=True))]), 0.0),
    ("suspected", "beside another value", Given([fake(), learned(fake(value="no", suspected=True))]), 0.0),
    ("suspected", "of another party", Given([fake(suspected=True, about="buyer")]), 0.0),
    ("margin", "nearer", Given(near={Tier.ENFORCE: 0.7, Tier.NONE: 0.4}), 0.3),
    ("margin", "farther", Given(near={Tier.ENFORCE: 0.2, Tier.NONE: 0.6}), -0.4),
    ("margin", "none of its tier", Given(near={Tier.NONE: 0.6}), -0.6),
    ("length", "three words", parted(POST), math.log(4) / 6),
    ("length", "over all parts, files aside", parted(POST, NOTE, FILE), math.log(6) / 6),
    ("parts", "one", parted(POST), 1 / 6),
    ("parts", "three", parted(POST, NOTE, FILE), 0.5),
    ("parts", "more than are told apart", parted(*PARTS), 1.0),
    ("parties", "nobody", Given(case={"parties": []}), 0.0),
    ("parties", "two", Given(case={"parties": [SELLER, BUYER]}), 0.5),
    ("parties", "more than are told apart", Given(case={"parties": PARTIES}), 1.0),
    ("unviewed", "a file", parted(POST, FILE), 1.0),
    ("unviewed", "a file that a person viewed", parted({**FILE, "media": SEEN}), 0.0),
    ("unviewed", "one of two files", parted({**FILE, "media": SEEN}, {**FILE, "id": "other"}), 1.0),
    ("unviewed", "no file", parted(POST), 0.0),
    ("signalled", "a signal", Given(case={"signals": [SIGNAL]}), 1.0),
    ("signalled", "no signal", Given(), 0.0),
    ("noted", "a note", parted(POST, NOTE), 1.0),
    ("noted", "no note", parted(POST), 0.0),
    ("deciding", "none", Given(), 0.0),
    ("deciding", "two clauses", Given([fake(), danger()]), 0.5),
    ("deciding", "a displaced one doesn't count", Given([fake(), joke()]), 0.25),
]


@pytest.mark.parametrize(
    ("sign", "given", "expected"),
    [pytest.param(sign, given, expected, id=f"{sign}: {what}") for sign, what, given, expected in TABLE],
)
def test_a_sign_says(sign: str, given: Given, expected: float, small: Pack) -> None:
    assert given.signs(small).values()[sign] == pytest.approx(expected)


OF_FINDINGS = ("weakest", "mean_sure", "confirmed", "pivots", "weakest_pivot", "by_classifiers", "by_signals", "found")


def of_findings(given: Given, pack: Pack) -> dict[str, float]:
    values = given.signs(pack).values()
    return {name: values[name] for name in (*OF_FINDINGS, "suspected")}


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(learned(fake(0.97, about="buyer")), id="of another party"),
        pytest.param(learned(fake(0.97, value="no", about="buyer")), id="of another party, another value"),
        pytest.param(fake(0.97, confirmed=True, about="buyer"), id="confirmed of another party"),
        pytest.param(adult(0.97, about="buyer"), id="another fact of another party"),
        pytest.param(learned(fake(0.97, suspected=True, value="no")), id="a value that isn't held"),
        pytest.param(fake(0.97, value="unknown"), id="a finder that leaves it open"),
    ],
)
def test_what_is_not_held_of_the_party_changes_no_sign(other: Finding, small: Pack) -> None:
    alone = of_findings(Given([fake(0.52)]), small)
    assert alone["weakest"] == alone["pivots"] == 0.52
    for findings in ([fake(0.52), other], [other, fake(0.52)]):
        assert of_findings(Given(findings), small) == alone


def test_a_fact_of_the_case_counts_on_whomever_it_was_found(small: Pack) -> None:
    on_another = of_findings(Given([danger(0.7, kind="signal", about="buyer")]), small)
    assert on_another == of_findings(Given([danger(0.7, kind="signal")]), small)
    assert (on_another["weakest"], on_another["pivots"], on_another["by_signals"]) == (0.7, 0.7, 1.0)


def test_what_the_settings_say_is_sure_and_no_finders_work(small: Pack) -> None:
    read = of_findings(Given([danger(kind="service", confirmed=True)]), small)
    assert (read["weakest"], read["confirmed"]) == (1.0, 1.0)
    assert (read["found"], read["pivots"], read["by_signals"]) == (0.0, 1.0, 0.0)


def test_the_logarithms_alone_may_grow_beyond_one(small: Pack) -> None:
    long = {**POST, "text": "word " * 1000}
    values = Given([fake(), danger()], {"parts": [long]}).signs(small).values()
    assert [name for name, value in values.items() if not 0 <= value <= 1] == ["length"]
