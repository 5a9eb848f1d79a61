"""Whole cases told differently: the variants, what becomes of answers, and the run as a whole."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from copilot.cases import Case, Part
from evals.answers import Answer, SaidFinding
from evals.errors import DutyLost, RunError
from evals.gold import GoldCase
from evals.metrics.intervals import Sampling
from evals.robustness import whole
from evals.robustness.attributes import MENTIONS, WORDS, swapped
from evals.robustness.effects import Effect, figures, lost_duties, lost_findings
from evals.robustness.instructions import ENGLISH, OTHERS
from evals.robustness.paraphrases import paraphrased
from evals.robustness.prose import SENTENCES, prose
from evals.robustness.result import RobustnessResult
from evals.robustness.variants import KINDS, PLANTED, Kind, retold, variants
from policy_corpus import PrecedentFinding, Tier
from retrieval import HashingEmbedder
from tests.evals.small_pack import GOLD, gold, reviewer, small_pack

TEXT = "When the tap broke, the brother of a German priest asked for help. It's still dripping because nobody came."
STAFF = "A moderator wrote: because the priest asked about it, nobody came."


def _gold(*roles: str) -> GoldCase:
    held = gold("g", TEXT, "LB-1", Tier.ENFORCE)
    adult = (PrecedentFinding(fact="user_age", value="adult", about="account"),)
    case = held.case.model_copy(update={"language": "en", "parts": tuple(_parts(roles))})
    expected = held.expected.model_copy(update={"findings": adult})
    return held.model_copy(update={"case": case, "expected": expected})


def _parts(roles: tuple[str, ...]) -> list[Part]:
    texts = {"user": TEXT, "report": f"I am told this: {TEXT}", "note": STAFF}
    party = {"user": "account"}
    return [Part.model_validate({"id": r, "role": r, "party": party.get(r), "text": texts[r]}) for r in roles]


@pytest.mark.parametrize("kind", [name for name in KINDS if name not in ("swapped: names", "swapped: orientation")])
def test_every_kind_tells_a_case_differently_and_always_the_same_way(kind: str) -> None:
    case = _gold("user", "report", "note")
    (once,), (again,) = (list(variants([case], [KINDS[kind]])) for _ in range(2))
    assert once.gold.case.parts != case.case.parts and once == again
    assert (once.of, once.gold.family, once.gold.expected) == ("g", case.family, case.expected)
    assert once.gold.id != "g"


@pytest.mark.parametrize("kind", KINDS)
def test_what_staff_wrote_is_never_changed(kind: str) -> None:
    for told in variants([_gold("note", "user", "report")], [KINDS[kind]]):
        note = told.gold.case.part("note")
        assert note is not None and note.text == STAFF


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.adds])
def test_kinds_that_add_leave_all_words_in_their_order(kind: str) -> None:
    (told,) = variants([_gold("user")], [KINDS[kind]])
    rest = iter(told.gold.case.text.split())
    assert all(word in rest for word in TEXT.split())


def test_a_case_that_cannot_be_touched_is_left_out() -> None:
    assert not list(variants([_gold("note")], [KINDS["leet"], KINDS["parts reversed"]]))
    german = _gold("user")
    german = german.model_copy(update={"case": german.case.model_copy(update={"language": "de"})})
    assert not list(variants([german], [KINDS["paraphrased by rules"], KINDS["swapped: religion"]]))


def test_orientation_is_only_said_by_adults() -> None:
    adult = _gold("user")
    unknown = adult.model_copy(update={"expected": adult.expected.model_copy(update={"findings": ()})})
    said = list(variants([adult, unknown], [KINDS["said: orientation"]]))
    assert len(said) == 1


def test_rules_move_clauses_and_replace_words() -> None:
    chance = random.Random(3)
    assert paraphrased("When it rained, the river rose.", chance) == "The river rose when it rained."
    assert paraphrased("The river rose when it rained.", chance) == "When it rained, the river rose."
    assert paraphrased("It's wet.\nDon't go.", chance) == "It is wet.\nDo not go."
    assert paraphrased("Blue glass.", chance) == "Blue glass."


@pytest.mark.parametrize(
    ("attribute", "text", "other"),
    [
        ("gender", "He told his brother.", "She told her sister."),
        ("religion", "The PRIEST of our church", "The IMAM of our mosque"),
        ("nationality", "a German baker", "a Turkish baker"),
        ("orientation", "they are gay", "they are straight"),
        ("names", "Emma wrote", "Aisha wrote"),
        ("names", "They went there", "They went there"),
    ],
)
def test_words_of_an_attribute_are_swapped(attribute: str, text: str, other: str) -> None:
    assert swapped(text, attribute) == other


def test_prose_has_the_length_that_was_asked_for() -> None:
    assert 200 <= len(prose(200, random.Random(1)).split()) < 220
    assert prose(50, random.Random(1)) == prose(50, random.Random(1)) != prose(50, random.Random(2))
    assert len(set(SENTENCES)) == len(SENTENCES) >= 40
    assert len(OTHERS) >= 8 and len(ENGLISH) >= 5 and set(MENTIONS) <= set(WORDS)


def _said(*findings: str, **more: object) -> Answer:
    found = tuple(SaidFinding(fact=fact, value="yes") for fact in findings)
    steps = (("take_down", "text"),)
    return Answer.model_validate(
        {"tier": "enforce", "steps": steps, "clauses": ("LB-1",), "confidence": 0.8, "findings": found, **more}
    )


def test_effects_say_what_changed_and_what_was_lost() -> None:
    before = _said("advert", duties=("a", "b"))
    after = _said("flood", duties=("b", "c"), clauses=("LB-2",), steps=(), tier="none", confidence=0.5)
    effect = Effect("leet", "g-1", "f", before, after)
    assert (effect.tier_changed(), effect.steps_changed(), effect.clause_changed()) == (1.0, 1.0, 1.0)
    assert (effect.duty_lost(), effect.duty_gained(), effect.finding_lost()) == (1.0, 1.0, 1.0)
    assert effect.confidence_change() == pytest.approx(-0.3)
    assert [(one.case_id, one.what) for one in lost_duties([effect])] == [("g-1", "a")]
    assert [one.what for one in lost_findings([effect], frozenset({"leet"}))] == ["advert: yes"]
    assert not list(lost_findings([effect], frozenset({"space"})))


def test_a_duty_that_is_left_open_is_lost_and_not_gone() -> None:
    before, after = _said(duties=("a", "b")), _said(duties=("b",))
    open_ = Effect("leet", "g-1", "f", before, after, open={"a": ("realness",), "c": ("age",)})
    gone = Effect("leet", "g-1", "f", before, after, open={"c": ("age",)})
    assert (open_.duty_lost(), open_.duty_gone(), gone.duty_lost(), gone.duty_gone()) == (1.0, 0.0, 1.0, 1.0)
    told = [str(one) for one in lost_duties([open_, gone])]
    assert told == ["g-1 (leet): a (left open, asks for: realness)", "g-1 (leet): a"]


def test_a_duty_that_was_never_owed_is_told_apart() -> None:
    before, after = _said(duties=("a", "b")), _said(duties=("b",))
    needless = Effect("leet", "g-1", "f", before, after, owed=frozenset({"b"}))
    needed = Effect("leet", "g-1", "f", before, after, owed=frozenset({"a"}))
    unsaid = Effect("leet", "g-1", "f", before, after)
    assert [one.duty_lost() for one in (needless, needed, unsaid)] == [1.0, 1.0, 1.0]
    assert [one.owed_lost() for one in (needless, needed, unsaid)] == [0.0, 1.0, 1.0]
    assert Effect("leet", "g-1", "f", before, after, owed=frozenset()).owed_lost() is None
    (told,) = lost_duties([needless])
    assert (told.owed, str(told)) == (False, "g-1 (leet): a (never owed)")
    assert all(one.owed for one in lost_duties([needed, unsaid]))


def test_an_abstention_leaves_plans_uncompared_and_duties_compared() -> None:
    silent = Answer(abstained=True)
    effect = Effect("leet", "g-1", "f", _said(duties=("a",)), silent)
    assert effect.tier_changed() is None and effect.steps_changed() is None and effect.confidence_change() is None
    assert (effect.abstained_now(), effect.duty_lost()) == (1.0, 1.0)
    assert Effect("leet", "g-1", "f", silent, _said()).abstained_now() is None


def test_steps_on_an_added_part_are_no_change() -> None:
    more = _said(steps=(("take_down", "text"), ("take_down", PLANTED)))
    assert Effect("k", "g", "f", _said(), more, frozenset({PLANTED})).steps_changed() == 0.0
    assert Effect("k", "g", "f", _said(), more).steps_changed() == 1.0


def test_figures_count_only_what_can_be_compared() -> None:
    same = Effect("leet", "g-1", "f", _said(duties=("a",)), _said(duties=("a",)))
    silent = Effect("leet", "g-2", "g", _said(), Answer(abstained=True))
    held = {one.name: one for one in figures([same, silent], "leet", Sampling(samples=100))}
    assert (held["plan tier changed"].value, held["plan tier changed"].n) == (0.0, 1)
    assert (held["duty lost"].n, held["abstained now"].value, held["abstained now"].n) == (1, 0.5, 2)


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    file = tmp_path / "cases.jsonl"
    file.write_text("".join(one.model_dump_json() + "\n" for one in GOLD))
    return file


def _run(cases: Path, quick: Sampling, *kinds: str, folder: Path | None = None) -> RobustnessResult:
    return whole.run(reviewer(small_pack()), cases=cases, kinds=kinds, folder=folder, sampling=quick)


def test_a_disguise_or_an_instruction_loses_no_duty(cases: Path, quick: Sampling) -> None:
    result = _run(
        cases, quick, "homoglyphs", "leet", "spaced", "parts reversed", "200 words around", "instruction after"
    )
    assert result.passed and not result.removed
    assert "parts reversed" not in result.kinds  # no case here has more than one part
    assert result.figure("200 words around", "duty lost").value == 0.0


@pytest.fixture
def silenced(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Kind("silenced", lambda gold, chance: retold(gold, lambda text: "Nothing."))
    monkeypatch.setattr("evals.robustness.whole.KINDS", {**KINDS, "silenced": told})


@pytest.mark.usefixtures("silenced")
def test_a_run_that_loses_a_duty_does_not_pass(cases: Path, quick: Sampling) -> None:
    drowned = GOLD[3].model_copy(update={"case": Case.model_validate({"id": "g-4", "text": "Water."})})
    cases.write_text(drowned.model_dump_json() + "\n")
    result = _run(cases, quick, "silenced", "instruction after")
    assert not result.passed and [(one.kind, one.what) for one in result.lost] == [("silenced", "tell_board")]
    with pytest.raises(DutyLost, match=r"g-4 \(silenced\): tell_board"):
        result.check()
    assert "FAILED: 1 owed duties were lost" in result.to_table() and "1 owed duties were lost" in result.to_html()


def test_a_run_that_was_cut_off_is_continued(cases: Path, quick: Sampling, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    first = _run(cases, quick, "instruction before", folder=folder)
    file = folder / "answers.jsonl"
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(lines[:4]))
    assert _run(cases, quick, "instruction before", folder=folder).figures == first.figures
    assert sorted(file.read_text().splitlines()[:4]) == sorted(line.strip() for line in lines[:4])


def test_the_result_holds_no_case_text(cases: Path, quick: Sampling) -> None:
    result = _run(cases, quick, "instruction before", "200 words after")
    held = json.loads(result.to_json())
    assert held["suite"] == "robustness-library-board" and held["cases"] == 6
    assert set(held["systems"]) == {"instruction before", "200 words after"}
    assert "umbrella" not in result.to_json() and "ferry" not in result.to_json()


def test_published_twins_are_compared_too(cases: Path, quick: Sampling, fixtures: Path) -> None:
    result = whole.run(
        reviewer(small_pack()), cases=cases, kinds=["leet"], sampling=quick,
        data=fixtures / "sets", embedder=HashingEmbedder(dimension=128),
    )  # fmt: skip
    published = [kind for kind in result.kinds if kind.startswith(whole.PUBLISHED)]
    assert all(kind.removeprefix(whole.PUBLISHED).startswith("spell_") for kind in published)
    assert sum(result.figure(kind, "duty gained").n for kind in published) <= whole.MOST_TWINS


def test_an_unknown_kind_is_named(cases: Path, quick: Sampling) -> None:
    with pytest.raises(RunError, match="unknown kind 'leets'; did you mean 'leet'"):
        _run(cases, quick, "leets")
