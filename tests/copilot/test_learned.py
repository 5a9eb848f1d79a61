"""The light classifiers: what they learn, what they stay silent about, and that they repeat themselves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from copilot.detectors.features import Words, terms
from copilot.detectors.learned import Learned, LearnedDetector, learn
from copilot.detectors.training import labels, threshold
from policy_corpus import Pack
from retrieval import HashingEmbedder
from tests.copilot.stand_ins import case

GOODS = ["watch", "bag", "perfume", "belt", "scarf", "coat", "shoe", "ring"]


@pytest.fixture(scope="module")
def taught(small: Pack) -> Pack:
    """The small pack with sixteen precedents: copied goods, and honest ones."""
    model = small.precedents[0]
    made = []
    for number, good in enumerate(GOODS):
        for copied in (True, False):
            text = f"The {good} bore a copied mark." if copied else f"The {good} was honest handiwork."
            value = "yes" if copied else "no"
            finding = model.findings[0].model_copy(update={"value": value})
            update = {"id": f"X-{number}-{copied}", "facts": text, "family": good, "findings": (finding,)}
            made.append(model.model_copy(update=update))
    return small.with_precedents(tuple(made))


def test_it_proposes_what_similar_cases_showed_with_the_sentence(taught: Pack) -> None:
    embedder = HashingEmbedder()
    detector = LearnedDetector(learn(taught, embedder), embedder)
    shown = case("A sunny day. The hat bore a copied mark.")
    (found,) = detector.find(shown)
    assert (found.fact, found.value, found.about, found.confirmed) == ("counterfeit", "yes", "account", False)
    assert [shown.words(span) for span in found.evidence] == ["The hat bore a copied mark."]
    assert found.confidence is not None
    assert found.confidence >= 0.7


@pytest.mark.parametrize("text", ["", " ", "zzz qqq", "\u200b"])
def test_it_stays_silent_about_what_it_does_not_know(taught: Pack, text: str) -> None:
    embedder = HashingEmbedder()
    made = case("words").model_copy(update={"parts": (case("words").parts[0].model_copy(update={"text": text}),)})
    assert LearnedDetector(learn(taught, embedder), embedder).find(made) == ()


def test_few_precedents_teach_nothing(small: Pack) -> None:
    embedder = HashingEmbedder()
    assert learn(small, embedder).scorers == ()
    assert LearnedDetector(learn(small, embedder), embedder).find(case("a fake watch")) == ()


def test_it_is_kept_with_its_fingerprint_and_made_again_when_damaged(taught: Pack, tmp_path: Path) -> None:
    embedder = HashingEmbedder()
    first = learn(taught, embedder, tmp_path)
    (file,) = tmp_path.glob("learned-*.npz")
    stamp = file.stat().st_mtime_ns
    again = learn(taught, embedder, tmp_path)
    assert file.stat().st_mtime_ns == stamp
    assert [one.label for one in again.scorers] == [one.label for one in first.scorers]
    assert all(np.array_equal(a.weights, b.weights) for a, b in zip(first.scorers, again.scorers, strict=True))
    file.write_bytes(b"torn")
    assert [one.label for one in learn(taught, embedder, tmp_path).scorers] == [one.label for one in first.scorers]
    learn(taught.with_precedents(taught.precedents[:-1]), embedder, tmp_path)
    assert len(list(tmp_path.glob("learned-*.npz"))) == 2
    assert Learned.read(tmp_path / "nothing") is None


def test_facts_that_words_cannot_show_are_not_learned(taught: Pack) -> None:
    fact = taught.vocabulary.facts["counterfeit"].model_copy(update={"from_words": False})
    vocabulary = taught.vocabulary.model_copy(update={"facts": {**taught.vocabulary.facts, "counterfeit": fact}})
    pack = taught.model_copy(update={"vocabulary": vocabulary})
    assert [label for one in pack.precedents for label in labels(one, pack)] == []


@pytest.mark.parametrize(
    ("logits", "shown", "expected"),
    [
        ([3, 2, 1, 0], [1, 1, 1, 0], (0, 0.75)),
        ([3, 2, 1, 0], [1, 1, 0, 0], None),
        ([4, 3, 2, 1, 0], [1, 1, 1, 0, 0], (1, 0.75)),
        ([3, 2, 1, 0], [0, 0, 0, 1], None),
    ],
)
def test_the_threshold_is_the_lowest_that_is_mostly_right(
    logits: list[float], shown: list[int], expected: tuple[float, float] | None
) -> None:
    assert threshold(np.array(logits, dtype=np.float32), np.array(shown, dtype=bool)) == expected


def test_an_all_clear_needs_more() -> None:
    logits, shown = np.array([3, 2, 1, 0], dtype=np.float32), np.array([1, 1, 1, 0], dtype=bool)
    assert threshold(logits, shown, 0.9) == (1, 1.0)


def test_words_are_weighted_by_rarity() -> None:
    words = Words.learn(["the cat", "the dog", "the cat sat"])
    assert set(words.index) == {"the", "cat", "the cat"}
    assert words.weights[words.index["cat"]] > words.weights[words.index["the"]]
    assert np.linalg.norm(words.vectors(["the cat"]), axis=1) == pytest.approx([1.0])
    assert terms("A\u200bB cd") == ["ab", "cd", "ab cd"]
