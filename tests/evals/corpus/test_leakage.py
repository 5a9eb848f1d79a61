"""Example sentences that are nearly a gold case's are found, and told by ids and numbers alone."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree

import pytest

from copilot.cases import Case, Part
from evals.corpus import Story, leakage, leakages
from evals.corpus.leakage import sentences_of
from evals.gold import GoldCase
from policy_corpus import PackError
from retrieval import HashingEmbedder
from tests.conftest import SMALL
from tests.evals.small_pack import GOLD

SOLD = "A seller put twelve watches on a stall and told three buyers that each was the real thing."
LATER = "He packed up when a warden asked for the papers that come with them."
OTHER = "Smoke rose behind the bakery at noon and two neighbours rang the bell."


def gold(*texts: str, part: str = "tune") -> GoldCase:
    first = GOLD[0]
    parts = tuple(Part(id=f"m{n}", role="user", text=text) for n, text in enumerate(texts, 1))
    case = Case(id="G-9", received_at=first.case.received_at, parts=parts)
    return first.model_copy(update={"case": case, "part": part})


@pytest.mark.parametrize("part", ["tune", "test"])
def test_a_copied_sentence_is_found_within_a_longer_part(embedder: HashingEmbedder, part: str) -> None:
    found = leakage(
        [Story("a.jsonl:1", LATER), Story("a.jsonl:2", OTHER)],
        sentences_of([gold(f"{SOLD} {LATER}", part=part)]),
        embedder,
    )
    assert [(pair.a, pair.b, pair.by) for pair in found.pairs] == [("a.jsonl:1", "G-9/m1.2", ("meaning", "wording"))]
    assert (found.taught, found.gold) == (2, 2)
    assert found.cosine is not None
    assert found.cosine.most == pytest.approx(1)
    assert found.cosine.median < found.cosine.q95 < 1


def test_the_report_holds_no_text(embedder: HashingEmbedder) -> None:
    found = leakage([Story("a.jsonl:1", LATER)], sentences_of([gold(LATER)]), embedder)
    shown = found.to_text()
    assert "a.jsonl:1 and G-9/m1.1: cosine 1.000, 5-gram overlap 0.500 (meaning, wording)" in shown
    assert "overlap with the nearest median 0.500, .95 0.500, most 0.500 (n = 1)" in shown
    for told in (shown, found.to_json()):
        assert not any(word in told for word in ("warden", "papers", "packed"))
    assert json.loads(found.to_json())["pairs"][0]["b"] == "G-9/m1.1"


def test_parts_without_text_are_passed_over() -> None:
    case = gold(SOLD, OTHER)
    silent = case.case.parts[0].model_copy(update={"text": None, "id": "f1"})
    parts = (silent, *case.case.parts)
    held = case.model_copy(update={"case": case.case.model_copy(update={"parts": parts})})
    assert [one.id for one in sentences_of([held])] == ["G-9/m1.1", "G-9/m2.1"]


@pytest.mark.parametrize(("examples", "cases"), [([], [gold(SOLD)]), ([Story("a.jsonl:1", SOLD)], [])])
def test_nothing_to_compare_is_no_error(
    embedder: HashingEmbedder, examples: list[Story], cases: list[GoldCase]
) -> None:
    found = leakage(examples, sentences_of(cases), embedder)
    assert (found.pairs, found.cosine, found.overlap) == ((), None, None)
    assert "cosine to the nearest    nothing measured" in found.to_text()


def test_examples_are_held_beside_sentences_and_training_cases_beside_whole_cases(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    folder = copytree(SMALL, tmp_path / "small")
    assert [one.taught for one in leakages(folder, [gold(SOLD)], embedder)] == [0, 0]
    (folder / "examples").mkdir()
    (folder / "training_cases").mkdir()
    lines = [json.dumps({"text": text, "role": "user", "shows": [], "not": []}) for text in (OTHER, LATER)]
    (folder / "examples" / "b.jsonl").write_text("\n".join(lines) + "\n")
    told = {"T-1": [SOLD, LATER], "T-2": [LATER]}
    cases = [{"id": id, "parts": [{"role": "user", "text": one} for one in texts]} for id, texts in told.items()]
    (folder / "training_cases" / "a.jsonl").write_text("\n".join(map(json.dumps, cases)))
    examples, training = leakages(folder, [gold(SOLD, LATER)], embedder)
    assert [(pair.a, pair.b) for pair in examples.pairs] == [("b.jsonl:2", "G-9/m2.1")]
    assert [(pair.a, pair.b) for pair in training.pairs if pair.cosine and pair.cosine > 0.9] == [("T-1", "G-9")]
    assert (examples.taught, examples.gold, training.taught, training.gold) == (2, 2, 2, 1)
    (folder / "examples" / "a.jsonl").write_text("{}\n")
    with pytest.raises(PackError):
        leakages(folder, [], embedder)
