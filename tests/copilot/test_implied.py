from __future__ import annotations

import pytest

from copilot.findings import Finding
from copilot.implied import implied
from policy_corpus import Pack
from policy_corpus.criteria import parse
from policy_corpus.vocabulary import Implication
from tests.copilot.stand_ins import case, finding

RULES = (
    Implication(
        of="affected_child", when=parse({"user_age": ["minor_stated"]}), then={"danger": "possible"}, reason="r"
    ),
    Implication(when=parse({"danger": ["possible"]}), then={"parody": "no"}, about="judged", reason="r"),
)
CASE = case("words", parties=[{"id": "s", "role": "subject"}, {"id": "k", "role": "affected_child"}])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((), []),
        ((finding("user_age", "minor_stated", about="s"),), []),
        (
            (finding("user_age", "minor_stated", about="k"),),
            [("danger", "possible", None, False), ("parody", "no", "s", False)],
        ),
        (
            (finding("user_age", "minor_stated", about="k", confirmed=True),),
            [("danger", "possible", None, True), ("parody", "no", "s", True)],
        ),
        ((finding("danger", "possible"), finding("parody", "no", about="s")), []),
    ],
)
def test_what_follows(small: Pack, given: tuple[Finding, ...], expected: list[object]) -> None:
    vocabulary = small.vocabulary.model_copy(update={"implications": RULES})
    found = implied(CASE, given, vocabulary)
    assert [(one.fact, one.value, one.about, one.confirmed) for one in found] == expected


@pytest.mark.parametrize(
    ("more", "suspected"),
    [
        ((), [("danger", "possible", True), ("parody", "no", True)]),
        ((finding("user_age", "minor_stated", about="k"),), [("danger", "possible", False), ("parody", "no", False)]),
        (
            (finding("danger", "possible", suspected=True),),
            [("parody", "no", True)],
        ),
        (
            (finding("danger", "possible"),),
            [("parody", "no", False)],
        ),
    ],
)
def test_what_follows_from_a_suspicion_is_one(
    small: Pack, more: tuple[Finding, ...], suspected: list[tuple[str, str, bool]]
) -> None:
    vocabulary = small.vocabulary.model_copy(update={"implications": RULES})
    found = implied(CASE, (finding("user_age", "minor_stated", about="k", suspected=True), *more), vocabulary)
    assert [(one.fact, one.value, one.suspected) for one in found] == suspected


def test_what_is_suspected_first_is_still_found_where_words_show_it(small: Pack) -> None:
    later = (
        *RULES,
        Implication(when=parse({"counterfeit": ["yes"]}), then={"danger": "possible"}, reason="r"),
    )
    vocabulary = small.vocabulary.model_copy(update={"implications": later})
    given = (finding("user_age", "minor_stated", about="k", suspected=True), finding("counterfeit", "yes", about="s"))
    found = implied(CASE, given, vocabulary)
    assert ("danger", "possible", False) in {(one.fact, one.value, one.suspected) for one in found}
    assert ("parody", "no", False) in {(one.fact, one.value, one.suspected) for one in found}


def test_a_circle_of_implications_ends(small: Pack) -> None:
    circle = (
        Implication(when=parse({"danger": ["possible"]}), then={"danger": "imminent"}, reason="r"),
        Implication(when=parse({"danger": ["imminent", "possible"]}), then={"danger": "possible"}, reason="r"),
    )
    vocabulary = small.vocabulary.model_copy(update={"implications": circle})
    assert [one.value for one in implied(CASE, (finding("danger", "possible"),), vocabulary)] == ["imminent"]
