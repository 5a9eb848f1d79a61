"""The light classifiers: what they learn, what they stay silent about, and that they repeat themselves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from copilot.cases import Case
from copilot.detectors import levels as levels_module
from copilot.detectors.attribution import habits
from copilot.detectors.learned import MOST_SENTENCES, Learned, LearnedDetector, asked_by_duties, learn
from copilot.detectors.lessons import lessons
from copilot.detectors.levels import Levels, dump
from copilot.detectors.signals import METADATA
from copilot.detectors.stories import Fusion
from copilot.detectors.thresholds import CLEARING, NEVER
from copilot.detectors.training import counted, train
from copilot.rules import rules_of
from policy_corpus import Example, Pack, TrainingCase
from retrieval import HashingEmbedder
from tests.copilot.stand_ins import case, finding

GOODS = ["watch", "bag", "perfume", "belt", "scarf", "coat", "shoe", "ring", "lamp", "chair", "table", "phone"]


def example(text: str, value: str = "", *, role: str = "user", about: str = "author", **more: object) -> Example:
    shows = [{"fact": "counterfeit", "value": value, "about": about}] if value else []
    return Example.model_validate({"text": text, "role": role, "shows": shows, **more})


@pytest.fixture(scope="module")
def taught(small: Pack) -> Pack:
    """The small pack with twenty-four precedents: copied goods, and honest ones; and an example of each."""
    model = small.precedents[0]
    made = []
    for good in GOODS:
        for copied in (True, False):
            text = f"It was a {good}. " + ("It bore a copied mark." if copied else "It was honest handiwork.")
            finding = model.findings[0].model_copy(update={"value": "yes" if copied else "no"})
            update = {"id": f"X-{good}-{copied}", "facts": text, "family": good, "findings": (finding,)}
            made.append(model.model_copy(update=update))
    told = [example(f"My {good} bears a copied mark.", "yes") for good in GOODS]
    told += [example(f"The {good} was honest handiwork.", "no") for good in GOODS]
    return small.with_precedents(tuple(made)).model_copy(update={"examples": tuple(told)})


@pytest.fixture(scope="module")
def detector(taught: Pack) -> LearnedDetector:
    embedder = HashingEmbedder()
    return LearnedDetector(learn(taught, embedder), embedder)


def found(detector: LearnedDetector, made: Case) -> list[tuple[str, str, str | None, str | None]]:
    return [(one.fact, one.value, one.about, made.words(one.evidence[0])) for one in detector.find(made)]


def test_it_proposes_what_similar_words_showed_with_the_sentence(detector: LearnedDetector) -> None:
    shown = case("A sunny day. The hat bore a copied mark. Thanks for reading.")
    (one,) = detector.find(shown)
    assert (one.fact, one.value, one.about, one.confirmed) == ("counterfeit", "yes", "account", False)
    assert [shown.words(span) for span in one.evidence] == ["The hat bore a copied mark."]
    assert one.confidence is not None
    assert 0.5 <= one.confidence <= 1


def test_training_cases_teach_what_precedents_do_not_tell(taught: Pack) -> None:
    parts = [{"role": "user", "by": "subject", "text": "Sent by mule."}, {"role": "tool", "text": "Paid in shells."}]
    shows = [{"fact": "parody", "value": "yes", "about": "subject"}]
    told = [
        TrainingCase.model_validate({"id": f"T-{good}", "parts": [*parts, {"role": "user", "text": f"One {good}."}],
                                     "shows": shows})
        for good in GOODS
    ]  # fmt: skip
    lesson = lessons(taught.model_copy(update={"training_cases": tuple(told)}))
    assert lesson is not None
    column = lesson.labels.index(("parody", "yes"))
    assert lesson.told[:, column].tolist() == [0.0] * 24 + [1.0] * 12
    assert lesson.rightly[:, column].tolist() == lesson.told[:, column].tolist()
    assert lesson.sentences[-3:] == ("Sent by mule.", "Paid in shells.", f"One {GOODS[-1]}.")
    assert lesson.story[-3:].tolist() == [35, 35, 35]


def test_what_falls_short_of_a_proposal_is_suspected_where_a_duty_asks_for_it(detector: LearnedDetector) -> None:
    learned, shown = detector._learned, case("The hat bore a copied mark.")
    assert learned.model is not None
    shy = replace(learned.model, thresholds=np.full(len(learned.model.labels), NEVER, dtype=np.float32))
    asked = replace(learned, model=shy, asked=frozenset({("counterfeit", "yes")}))
    (one,) = LearnedDetector(asked, HashingEmbedder()).find(shown)
    assert (one.fact, one.value, one.suspected) == ("counterfeit", "yes", True)
    assert LearnedDetector(replace(asked, asked=frozenset()), HashingEmbedder()).find(shown) == ()
    (stated,) = LearnedDetector(replace(asked, model=learned.model), HashingEmbedder()).find(shown)
    assert not stated.suspected


def levelled(pack: Pack, *folds: dict[str, tuple[float, float]], **families: int) -> Levels:
    return Levels(
        pack=pack.id, rules=rules_of(pack), embedder=HashingEmbedder().fingerprint, data_sha256="0", command="test",
        n=9, folds=folds, families=families,
    )  # fmt: skip


SILENCED = {"counterfeit: yes": (-20.0, 1.0), "counterfeit: no": (-20.0, 1.0)}
EAGER = {**SILENCED, "counterfeit: yes": (20.0, 1.0)}


def with_levels(detector: LearnedDetector, held: Levels) -> LearnedDetector:
    return LearnedDetector(replace(detector.learned, levels=held), HashingEmbedder())


def test_levels_propose_what_the_chance_alone_would_not_and_the_other_way_round(
    detector: LearnedDetector, taught: Pack
) -> None:
    copied, plain = case("The hat bore a copied mark."), case("A sunny day.")
    assert [one[1] for one in found(detector, copied)] == ["yes"] and found(detector, plain) == []
    assert found(with_levels(detector, levelled(taught, SILENCED)), copied) == []
    (one,) = with_levels(detector, levelled(taught, EAGER)).find(plain)
    assert (one.value, one.confidence, one.suspected) == ("yes", 1.0, False), "the confidence is the levelled chance"


def test_what_other_detectors_found_counts_and_not_its_own_findings(detector: LearnedDetector, taught: Pack) -> None:
    held = Levels(
        **{
            **levelled(taught, {**SILENCED, "counterfeit: yes": (-1.0, 0.001)}).model_dump(),
            "circumstances": ("found: parody: no",),
            "beside": (dump(np.array([[0.0, 0.0], [0.0, 9.0]])),),
        }
    )
    aware, copied = with_levels(detector, held), case("The hat bore a copied mark.")
    other = finding("parody", "no", kind="detector")
    assert aware.find(copied) == ()
    (one,) = aware.find(copied, (other,))
    assert (one.fact, one.value) == ("counterfeit", "yes")
    assert "by them alone 0.27" in one.note, "it says that the words alone would not do"
    assert aware.find(copied, (other.model_copy(update={"finder": LearnedDetector.name}),)) == ()
    child = finding("counterfeit", "yes", kind="signal", about="somebody else", finder=METADATA)
    assert aware.find(copied, (other, child)) == (), "what is said of somebody else makes it no likelier of the account"
    said = other.model_copy(update={"finder": LearnedDetector.name, "kind": "signal"})
    assert aware.find(copied, (said,)) == (one,), "a system may have any name"
    assert aware.find(copied, (other.model_copy(update={"suspected": True}),)) == ()


def test_what_the_words_say_stays_suspected_whatever_stands_beside_them(
    detector: LearnedDetector, taught: Pack
) -> None:
    """What stands beside them makes the value unlikely, and its duty is looked at all the same."""
    held = Levels(
        **{
            **levelled(taught, {**SILENCED, "counterfeit: yes": (0.1, 0.001)}).model_dump(),  # 0.52
            "circumstances": ("found: parody: no",),
            "beside": (dump(np.array([[0.0, 0.0], [0.0, -9.0]])),),
        }
    )
    asked = LearnedDetector(
        replace(detector.learned, levels=held, asked=frozenset({("counterfeit", "yes")})), HashingEmbedder()
    )
    copied, other = case("The hat bore a copied mark."), finding("parody", "no")
    (plain,), (beside,) = asked.find(copied), asked.find(copied, (other,))
    assert (plain.suspected, plain.note) == (False, "")
    assert (beside.value, beside.suspected, beside.confidence) == ("yes", True, plain.confidence)


def test_what_falls_short_once_levelled_is_suspected_where_a_duty_asks_for_it(
    detector: LearnedDetector, taught: Pack
) -> None:
    asked = replace(detector.learned, asked=frozenset({("counterfeit", "yes")}))
    middling = levelled(taught, {**SILENCED, "counterfeit: yes": (-0.2, 0.001)})  # 0.45
    (one,) = LearnedDetector(replace(asked, levels=middling), HashingEmbedder()).find(case("A sunny day."))
    assert (one.value, one.suspected, one.confidence) == ("yes", True, 0.45)


def test_a_detector_that_is_unaware_of_a_family_goes_by_the_fit_that_has_not_seen_it(
    detector: LearnedDetector, taught: Pack
) -> None:
    aware = with_levels(detector, levelled(taught, SILENCED, EAGER, mill=0, barn=1))
    plain = case("A sunny day.")
    assert found(aware.unaware_of("mill"), plain) == []
    assert [one[1] for one in found(aware.unaware_of("barn"), plain)] == ["yes"]
    assert aware.unaware_of("a family that no fit has seen") is aware
    assert detector.unaware_of("mill") is detector, "without levels there is nothing to be unaware of"


def test_labels_are_those_that_may_be_proposed_with_levels_or_without(detector: LearnedDetector, taught: Pack) -> None:
    assert detector.learned.model is not None
    never = np.full(len(detector.learned.model.labels), NEVER, dtype=np.float32)
    shy = replace(detector.learned, model=replace(detector.learned.model, thresholds=never))
    assert shy.labels == ()
    named = levelled(taught, {"counterfeit: yes": (0.0, 1.0)})
    assert replace(shy, levels=named).labels == (("counterfeit", "yes"),)
    assert [one[1] for one in found(LearnedDetector(replace(shy, levels=named), HashingEmbedder()),
                                    case("The hat bore a copied mark."))] == ["yes"]  # fmt: skip


def test_levels_come_with_the_program_and_not_with_what_was_learned_before(
    small: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder, held = HashingEmbedder(), levelled(small, EAGER)
    assert learn(small, embedder, tmp_path).levels is None
    monkeypatch.setattr(levels_module, "shipped", lambda: {(held.rules, held.embedder): held})
    assert learn(small, embedder, tmp_path).levels is held, "what was kept is levelled too"
    assert learn(small, embedder).levels is held
    (file,) = tmp_path.glob("learned-*.npz")
    kept = Learned.read(file)
    assert kept is not None and kept.levels is None


def test_duties_ask_for_grave_values_and_for_none_that_clears(child_safety: Pack) -> None:
    asked = asked_by_duties(child_safety)
    assert {("sexualisation", "apparent_csam"), ("complaint_type", "appeal")} <= asked, "to report, and to answer"
    assert all(value not in CLEARING and value != "unknown" for _, value in asked)


def test_misspelt_words_are_known_by_their_letters(detector: LearnedDetector) -> None:
    assert [one[1] for one in found(detector, case("The hat bore a coppied marck."))] == ["yes"]


@pytest.mark.parametrize("noise", ["The weather was mild and the train ran late.", "Nothing else was said that day."])
def test_words_added_before_or_after_take_nothing_away(detector: LearnedDetector, noise: str) -> None:
    words = "The hat bore a copied mark."
    filler = " ".join([noise] * 130)
    for text in (f"{filler} {words}", f"{words} {filler}", f"{filler} {words} {filler}"):
        assert ("counterfeit", "yes", "account", words) in found(detector, case(text))
    assert filler.count(".") > MOST_SENTENCES


def test_a_long_case_is_no_less_sure_than_a_stretch_of_it(taught: Pack) -> None:
    embedder = HashingEmbedder()
    model = learn(taught, embedder).model
    assert model is not None
    against = replace(model.companions, weights=np.full_like(model.companions.weights, -5.0))
    labels = len(model.labels)
    weights = np.repeat(np.array([[1], [0], [1]], dtype=np.float32), labels, axis=1)
    fusion = Fusion(weights, np.zeros(labels, dtype=np.float32))
    model = replace(model, companions=against, fusion=fusion)  # what shows one thing speaks against every other
    texts = ["The hat bears a copied mark."] * 6 + ["The coat was honest handiwork."] * 20
    graver = ~model.clearing
    rows = [model.hashed.row(text) for text in texts]
    whole, _ = model.probabilities(embedder.embed(texts), rows)
    for start, length in ((0, 4), (2, 4), (0, 12)):
        stretch = slice(start, start + length)
        part, _ = model.probabilities(embedder.embed(texts[stretch]), rows[stretch])
        assert (whole[graver] >= part[graver] - 1e-6).all()


def test_a_long_case_is_no_less_sure_than_its_telling_sentences_wherever_they_stand(taught: Pack) -> None:
    embedder = HashingEmbedder()
    model = learn(taught, embedder).model
    assert model is not None
    labels = len(model.labels)
    only_runs = np.repeat(np.array([[0], [1], [0]], dtype=np.float32), labels, axis=1)
    model = replace(model, fusion=Fusion(only_runs, np.zeros(labels, dtype=np.float32)))
    words, noise = "The hat bears a copied mark.", "The train ran late that day."

    def chance(texts: list[str]) -> float:
        said, _ = model.probabilities(embedder.embed(texts), [model.hashed.row(text) for text in texts])
        return float(said[model.labels.index(("counterfeit", "yes"))])

    apart = [text for _ in range(4) for text in (words, *[noise] * 12)]
    assert chance(apart) >= chance([words] * 4) - 1e-6
    assert chance([noise] * 20) < chance([words] * 4) - 0.05, "what is added doesn't show it itself"


@pytest.mark.parametrize("text", ["", " ", "zzz qqq", "\u200b", "犬猫"])
def test_it_stays_silent_about_what_it_does_not_know(detector: LearnedDetector, text: str) -> None:
    made = case("words").model_copy(update={"parts": (case("words").parts[0].model_copy(update={"text": text}),)})
    assert detector.find(made) == ()


def test_few_precedents_teach_nothing(small: Pack) -> None:
    embedder = HashingEmbedder()
    assert learn(small, embedder).labels == ()
    assert LearnedDetector(learn(small, embedder), embedder).find(case("a fake watch")) == ()


def test_precedents_alone_teach_too(taught: Pack) -> None:
    embedder = HashingEmbedder()
    alone = LearnedDetector(learn(taught.model_copy(update={"examples": ()}), embedder), embedder)
    assert [one[1] for one in found(alone, case("It was a hat. It bore a copied mark."))] == ["yes"]


def test_it_is_kept_with_its_fingerprint_and_made_again_when_damaged(taught: Pack, tmp_path: Path) -> None:
    embedder = HashingEmbedder()
    first = learn(taught, embedder, tmp_path)
    (file,) = tmp_path.glob("learned-*.npz")
    stamp = file.stat().st_mtime_ns
    again = learn(taught, embedder, tmp_path)
    assert file.stat().st_mtime_ns == stamp
    made = case("The hat bore a copied mark. The cap was honest handiwork.")
    assert LearnedDetector(again, embedder).find(made) == LearnedDetector(first, embedder).find(made)
    assert (again.labels, again.habits, again.party_facts) == (first.labels, first.habits, first.party_facts)
    file.write_bytes(b"torn")
    assert learn(taught, embedder, tmp_path).labels == first.labels
    learn(taught.with_precedents(taught.precedents[:-1]), embedder, tmp_path)
    learn(taught.model_copy(update={"examples": taught.examples[:-1]}), embedder, tmp_path)
    assert len(list(tmp_path.glob("learned-*.npz"))) == 3
    assert Learned.read(tmp_path / "nothing") is None


def test_learning_twice_gives_the_same_weights(taught: Pack) -> None:
    first, second = train(taught, HashingEmbedder()), train(taught, HashingEmbedder())
    assert first is not None
    assert second is not None
    assert np.array_equal(first.sentences.dense, second.sentences.dense)
    assert np.array_equal(first.thresholds, second.thresholds)


def test_facts_that_words_cannot_show_are_not_learned(taught: Pack) -> None:
    fact = taught.vocabulary.facts["counterfeit"].model_copy(update={"from_words": False})
    vocabulary = taught.vocabulary.model_copy(update={"facts": {**taught.vocabulary.facts, "counterfeit": fact}})
    assert lessons(taught.model_copy(update={"vocabulary": vocabulary})) is None


def test_a_family_is_never_parted(taught: Pack) -> None:
    told = lessons(taught)
    assert told is not None
    assert set(told.folds) == set(range(5))
    pairs = told.folds.reshape(-1, 2)
    assert (pairs[:, 0] == pairs[:, 1]).all()


def test_habits_are_what_most_examples_say(small: Pack) -> None:
    told = [example(f"Text {number}.", "yes", role="reporter", about="subject") for number in range(2)]
    told.append(example("Other text.", "yes", role="reporter"))
    assert habits(told, small.vocabulary) == {"counterfeit reporter": "subject"}


def test_what_counts_for_an_all_clear_are_stories_that_say_something_of_the_fact(taught: Pack) -> None:
    told = lessons(taught)
    assert told is not None
    silent = replace(told, told=np.vstack([np.zeros_like(told.told[:1]), told.told[1:]]))
    yes, no = told.labels.index(("counterfeit", "yes")), told.labels.index(("counterfeit", "no"))
    assert counted(silent)[0].tolist()[yes] is True
    assert counted(silent)[0].tolist()[no] is False
    assert counted(silent)[1:].all()
