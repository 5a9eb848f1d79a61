from __future__ import annotations

import time

import pytest

from copilot.cases import Case
from copilot.detectors.lexical import LexicalDetector
from copilot.detectors.signals import SignalDetector
from copilot.findings import gather
from policy_corpus import Pack, Pattern
from tests.copilot.stand_ins import case, finding


def words(pack: Pack, text: str, **more: object) -> list[tuple[str, str, str | None, list[str | None]]]:
    made = case(text, **more)
    found = LexicalDetector(pack.patterns).find(made)
    return [(one.fact, one.value, one.about, [made.words(span) for span in one.evidence]) for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A fake watch here.", [("counterfeit", "yes", "account", ["fake watch"])]),
        ("A FAKE\nwatch here.", []),
        ("A f\u200bake  watch", [("counterfeit", "yes", "account", ["f\u200bake  watch"])]),
        ("This is not a fake watch. It is real.", []),
        ("It is not new. A fake bag.", [("counterfeit", "yes", "account", ["fake bag"])]),
        ("🙂 burning right now", [("danger", "imminent", None, ["burning right now"])]),
        ("A fake bag. One more fake bag.", [("counterfeit", "yes", "account", ["fake bag", "fake bag"])]),
        ("Nothing of note", []),
    ],
)
def test_words_and_where_they_stand(small: Pack, text: str, expected: list[object]) -> None:
    assert words(small, text) == expected


def test_a_pattern_looks_only_at_its_roles() -> None:
    pattern = Pattern(fact="f", value="v", match="word", roles=("report",), about="subject")
    made = Case.model_validate(
        {
            "id": "a",
            "parties": [{"id": "s", "role": "subject"}, {"id": "r", "role": "reporter"}],
            "parts": [
                {"id": "1", "role": "user", "text": "a word", "party": "s"},
                {"id": "2", "role": "report", "text": "a word", "party": "r"},
            ],
        }
    )
    (found,) = LexicalDetector([pattern]).find(made)
    assert (found.about, found.evidence[0].part) == ("s", "2")


def test_the_decisive_words_at_the_end_of_a_huge_line_are_found(small: Pack) -> None:
    text = "lorem ipsum " * 20_000 + "a fake watch"
    started = time.perf_counter()
    assert words(small, text)[0][3] == ["fake watch"]
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("signal", "value", "confirmed"),
    [
        ({"kind": "danger", "value": "imminent", "basis": "classifier"}, "imminent", False),
        ({"kind": "danger", "value": "imminent", "basis": "staff_review"}, "imminent", True),
        ({"kind": "danger", "value": "imminent", "basis": "user_report"}, "imminent", False),
    ],
)
def test_signals_become_findings(small: Pack, signal: dict[str, str], value: str, confirmed: bool) -> None:
    found = [one for one in SignalDetector(small.vocabulary).find(case("x", signals=[signal])) if one.fact == "danger"]
    assert [(one.value, one.confirmed) for one in found] == [(value, confirmed)]


@pytest.mark.parametrize(
    ("kind", "basis", "viewed", "suspected"),
    [
        ("counterfeit", "classifier", None, True),
        ("counterfeit", "user_report", None, False),
        ("counterfeit", "classifier", True, True),
        ("counterfeit", "classifier", False, False),
        ("danger", "classifier", None, False),
        ("records", "classifier", None, False),
    ],
)
def test_a_classifiers_verdict_is_a_suspicion_where_people_can_look(
    small: Pack, kind: str, basis: str, viewed: bool | None, suspected: bool
) -> None:
    records = small.vocabulary.facts["counterfeit"].model_copy(update={"from_words": False})
    vocabulary = small.vocabulary.model_copy(update={"facts": {**small.vocabulary.facts, "records": records}})
    seen = {"person": "ana", "at": "2026-03-01T00:00:00Z", "saw": "a landscape"}
    media = [] if viewed is None else [{"id": "f", "media": {"kind": "image", "viewed": seen if viewed else None}}]
    value = "possible" if kind == "danger" else "yes"
    signals = [{"kind": kind, "value": value, "basis": basis}]
    made = Case.model_validate({"id": "a", "parts": [{"id": "t", "text": "words"}, *media], "signals": signals})
    found = [one for one in SignalDetector(vocabulary).find(made) if one.fact == kind]
    assert [one.suspected for one in found] == [suspected]


@pytest.mark.parametrize(
    ("surface", "parts", "medium", "viewed"),
    [
        ("chat", [], "text", "no_media"),
        ("image generation", [], "image", "no_media"),
        ("video comments", [], "text", "no_media"),
        ("livestream", [], "livestream", "no_media"),
        ("chat", ["image"], "image", "not_viewed"),
        ("chat", ["image", "video"], "video", "not_viewed"),
        ("model hub", ["model"], "model_or_dataset", "not_viewed"),
        ("chat", ["image+", "image"], "image", "partly_viewed"),
        ("chat", ["image+"], "image", "viewed_by_staff"),
    ],
)
def test_media_are_known_by_their_metadata_and_never_inferred_as_viewed(
    child_safety: Pack, surface: str, parts: list[str], medium: str, viewed: str
) -> None:
    seen = {"person": "ana", "at": "2026-03-01T00:00:00Z", "saw": "a landscape"}
    media = [{"kind": part.rstrip("+"), "viewed": seen if part.endswith("+") else None} for part in parts]
    made = [{"id": f"f{number}", "media": one} for number, one in enumerate(media)] or [{"id": "t", "text": "words"}]
    case = Case.model_validate({"id": "a", "surface": surface, "parts": made})
    found = {one.fact: one.value for one in SignalDetector(child_safety.vocabulary).find(case)}
    assert found == {"medium": medium, "file_viewed": viewed}


@pytest.mark.parametrize(
    ("role", "signals", "expected"),
    [
        ("affected_child", [], ["affected_child"]),
        ("reporter", [], ["reporter"]),
        ("subject", [], []),
        ("unknown", [], []),
        (
            "affected_child",
            [{"kind": "user_role", "value": "affected_and_actor", "about": "p"}],
            ["affected_and_actor"],
        ),
    ],
)
def test_roles_are_taken_from_intake_unless_a_signal_says_more(
    child_safety: Pack, role: str, signals: list[dict[str, str]], expected: list[str]
) -> None:
    made = case("words", parties=[{"id": "p", "role": role}], signals=signals)
    found = SignalDetector(child_safety.vocabulary).find(made)
    assert [one.value for one in found if one.fact == "user_role"] == expected


def test_what_the_vocabulary_does_not_know_is_no_finding(small: Pack) -> None:
    odd = [{"kind": "score", "value": 0.9}, {"kind": "danger", "value": "huge"}]
    assert SignalDetector(small.vocabulary).find(case("x", signals=odd)) == ()


@pytest.mark.parametrize(
    ("given", "party", "confirmed", "expected"),
    [
        ([finding("parody", "yes", about="a")], "a", False, {"parody": {"yes"}}),
        ([finding("parody", "yes", about="a")], "b", False, {}),
        ([finding("danger", "possible", about="a")], "b", False, {"danger": {"possible"}}),
        ([finding("danger", "possible"), finding("danger", "none")], None, False, {"danger": {"possible", "none"}}),
        ([finding("danger", "possible"), finding("danger", "unknown")], None, False, {"danger": {"possible"}}),
        ([finding("danger", "unknown")], None, False, {"danger": {"unknown"}}),
        ([finding("danger", "possible", suspected=True)], None, False, {"danger": {"possible", "unknown"}}),
        (
            [finding("danger", "unknown"), finding("danger", "possible", suspected=True)],
            None,
            False,
            {"danger": {"possible", "unknown"}},
        ),
        (
            [finding("danger", "possible", suspected=True), finding("danger", "possible")],
            None,
            False,
            {"danger": {"possible"}},
        ),
        (
            [finding("danger", "possible", kind="signal", suspected=True), finding("danger", "none")],
            None,
            False,
            {"danger": {"possible", "none"}},
        ),
        ([finding("danger", "possible", suspected=True), finding("danger", "none")], None, False, {"danger": {"none"}}),
        ([finding("danger", "possible")], None, True, {}),
        (
            [finding("danger", "possible"), finding("danger", "none", kind="analyst", note="n")],
            None,
            False,
            {"danger": {"none"}},
        ),
    ],
)
def test_gathering(small: Pack, given: list, party: str | None, confirmed: bool, expected: dict) -> None:
    assert gather(given, party, small.vocabulary, confirmed=confirmed) == expected


def test_a_pattern_can_be_bound_to_who_writes_who_is_there_and_where() -> None:
    told: dict[str, object] = {
        "id": "a",
        "surface": "Game chat",
        "parties": [{"id": "s", "role": "subject"}, {"id": "k", "role": "affected_child"}],
        "parts": [
            {"id": "1", "role": "user", "text": "a word", "party": "s"},
            {"id": "2", "role": "user", "text": "a word and an excuse", "party": "k"},
            {"id": "3", "role": "note", "text": "a word"},
        ],
    }

    def parts(**bounds: object) -> list[str]:
        pattern = Pattern.model_validate({"fact": "f", "value": "v", "match": "word", "about": "case", **bounds})
        found = LexicalDetector([pattern]).find(Case.model_validate(told))
        return [span.part for one in found for span in one.evidence]

    assert parts() == ["1", "2", "3"]
    assert parts(by=["subject"]) == ["1"]
    assert parts(by=["unknown"]) == ["3"]
    assert parts(beside=["affected_child"], by=["affected_child"]) == ["2"]
    assert parts(beside=["reporter"]) == []
    assert parts(surface="chat") == ["1", "2", "3"]
    assert parts(surface="forum") == []
    assert parts(nowhere="excuse") == []
    assert parts(nowhere="other") == ["1", "2", "3"]
