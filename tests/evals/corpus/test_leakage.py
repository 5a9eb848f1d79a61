"""Example sentences that are nearly a gold case's are found, and told by ids and numbers alone."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree

import pytest

from copilot.cases import Case, Part
from evals.corpus import Story, leakage, taught_by
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
        [Story("a.jsonl:1", LATER), Story("a.jsonl:2", OTHER)], [gold(f"{SOLD} {LATER}", part=part)], embedder
    )
    assert [(pair.a, pair.b, pair.by) for pair in found.pairs] == [("a.jsonl:1", "G-9/m1.2", ("meaning", "wording"))]
    assert (found.examples, found.sentences) == (2, 2)
    assert found.cosine is not None
    assert found.cosine.most == pytest.approx(1)
    assert found.cosine.median < found.cosine.q95 < 1


def test_the_report_holds_no_text(embedder: HashingEmbedder) -> None:
    found = leakage([Story("a.jsonl:1", LATER)], [gold(LATER)], embedder)
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
    found = leakage(examples, cases, embedder)
    assert (found.pairs, found.cosine, found.overlap) == ((), None, None)
    assert "cosine to the nearest    nothing measured" in found.to_text()


def test_examples_are_called_by_file_and_line_and_training_cases_by_id(tmp_path: Path) -> None:
    folder = copytree(SMALL, tmp_path / "small")
    assert taught_by(folder) == []
    (folder / "examples").mkdir()
    lines = [json.dumps({"text": text, "role": "user", "shows": [], "not": []}) for text in (SOLD, LATER)]
    (folder / "examples" / "b.jsonl").write_text("\n".join(lines) + "\n")
    (folder / "examples" / "a.jsonl").write_text(lines[1] + "\n")
    assert [(one.id, one.text) for one in taught_by(folder)] == [
        ("a.jsonl:1", LATER),
        ("b.jsonl:1", SOLD),
        ("b.jsonl:2", LATER),
    ]
    (folder / "training_cases").mkdir()
    case = {"id": "T-1", "parts": [{"role": "tool", "text": OTHER}, {"role": "user", "text": f"{SOLD} {LATER}"}]}
    (folder / "training_cases" / "a.jsonl").write_text(json.dumps(case))
    assert [(one.id, one.text) for one in taught_by(folder)[3:]] == [
        ("T-1/1.1", OTHER),
        ("T-1/2.1", SOLD),
        ("T-1/2.2", LATER),
    ]
    (folder / "examples" / "a.jsonl").write_text("{}\n")
    with pytest.raises(PackError):
        taught_by(folder)
