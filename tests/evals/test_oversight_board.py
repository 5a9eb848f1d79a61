"""The Oversight Board adapter: reading, packing, what a case may know, and the result."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from evals.datasets.oversight_board import BoardResult, case_of, evaluate, pack_of, read
from evals.datasets.oversight_board.docket import Docket, Policy
from evals.datasets.oversight_board.packing import RELEASE
from evals.datasets.oversight_board.result import SCORES
from evals.errors import DataError
from evals.metrics.intervals import Sampling
from retrieval import HashingEmbedder


@pytest.fixture(scope="module")
def result(fixtures: Path, embedder: HashingEmbedder, quick: Sampling) -> BoardResult:
    return evaluate(fixtures / "board", embedder=embedder, sampling=quick, command="eval oversight-board")


def test_paragraphs_become_undated_clauses_and_earlier_decisions_precedents(fixtures: Path) -> None:
    board = read(fixtures / "board")
    pack = pack_of(board, board.before(RELEASE))
    assert [clause.id for clause in pack.clauses][:2] == ["Garden Rules#0", "Garden Rules#1"]
    assert all(clause.undated for clause in pack.clauses)
    assert {precedent.decided < RELEASE for precedent in pack.precedents} == {True}
    assert {precedent.area for precedent in pack.precedents} <= set(pack.manifest.areas)


def test_a_case_holds_the_facts_and_nothing_of_the_decision(fixtures: Path) -> None:
    board = read(fixtures / "board")
    case = case_of(board.decisions[-1])
    assert case.text == board.decisions[-1].facts
    assert not case.signals and case.judged_on == board.decisions[-1].decided


def test_every_method_is_scored_on_the_same_cases(result: BoardResult) -> None:
    counts = {tuple((figure.n, figure.unscored) for figure in method.figures) for method in result.methods}
    assert len(counts) == 1
    assert [method.method for method in result.methods] == ["copilot", "stock search", "bm25", "most frequent so far"]


def test_a_standard_without_a_section_is_unscored_and_not_wrong(result: BoardResult) -> None:
    retired = next(case for case in result.cases if case.standards == ("Retired Standard",))
    assert {scores["standard top-1"] for scores in retired.scores.values()} == {None}
    assert result.methods[0].figures[0].unscored == 1


def test_what_is_cited_from_elsewhere_is_counted_and_not_missed(result: BoardResult) -> None:
    case = next(case for case in result.cases if "fb-elsewhere" in case.cited)
    assert case.cited_elsewhere == 1
    assert case.scores["copilot"]["cited R@10"] == 1.0


def test_no_method_names_a_decision_of_the_same_day_or_later(result: BoardResult, fixtures: Path) -> None:
    decided = {decision.id: decision.decided for decision in read(fixtures / "board").decisions}
    for case in result.cases:
        for prediction in case.predicted.values():
            assert all(decided[id] < case.decided for id in prediction.decisions)


def test_what_comes_later_changes_nothing_before_it(fixtures: Path, embedder: HashingEmbedder) -> None:
    """A planted later decision, with the answer in it, leaves the weights and counts of earlier days as they were."""
    board = read(fixtures / "board")
    day = board.decisions[10].decided
    planted = board.decisions[10].model_copy(update={"id": "fb-planted", "decided": board.decisions[-1].decided})
    fuller = type(board)(board.paragraphs, (*board.decisions, planted))
    one = Docket(board, Policy(board, embedder), embedder).day(day)
    other = Docket(fuller, Policy(fuller, embedder), embedder).day(day)
    assert [decision.id for decision in one.decisions] == [decision.id for decision in other.decisions]
    assert one.cited == other.cited and one.applied == other.applied
    assert one.for_standards.tolist() == pytest.approx(other.for_standards.tolist())


def test_rare_citations_weigh_more(fixtures: Path, embedder: HashingEmbedder) -> None:
    board = read(fixtures / "board")
    day = Docket(board, Policy(board, embedder), embedder).day(board.decisions[-1].decided)
    popular, rare = day.cited.most_common()[0][0], day.cited.most_common()[-1][0]
    assert day.rarity("never cited") > day.rarity(rare) >= day.rarity(popular)


def test_drafts_quote_verbatim_and_the_gate_says_so(result: BoardResult) -> None:
    assert result.verdicts["copilot"]["verbatim"] > 0
    assert result.verdicts["copilot"]["claims without a citation"] == 0


def test_the_result_renders_as_json_table_and_page(result: BoardResult) -> None:
    held = json.loads(result.to_json())
    assert held["setting"]["data_sha256"] and len(held["cases"]) == result.setting.cases
    assert "facts" not in result.to_json() and "Garden Rules" not in result.to_json()
    table, page = result.to_table(), result.to_html()
    assert all(score in table and score in page for score in SCORES)
    assert "http://" not in page and "https://" not in page


def test_the_same_input_gives_the_same_figures(result: BoardResult, fixtures: Path, embedder: HashingEmbedder) -> None:
    again = evaluate(fixtures / "board", embedder=embedder, sampling=Sampling(samples=100))
    assert [m.figures for m in again.methods] == [m.figures for m in result.methods]


@pytest.mark.parametrize(
    ("file", "line", "says"),
    [
        ("oversight-board/decisions.jsonl", "{", "decisions.jsonl:15: not valid JSON"),
        ("oversight-board/decisions.jsonl", '{"id": "x"}', "decisions.jsonl:15: 'title' is missing"),
        (
            "community-standards/passages.jsonl",
            '{"id": "a", "section": "b", "text": "c", "d": 1}',
            ":7: unknown key 'd'",
        ),
        ("community-standards/passages.jsonl", '{"id": "Garden Rules#0", "section": "b", "text": "c"}', ":7: id"),
    ],
)
def test_a_malformed_line_is_named_by_file_and_line(
    tmp_path: Path, fixtures: Path, file: str, line: str, says: str
) -> None:
    shutil.copytree(fixtures / "board", tmp_path / "board")
    with (tmp_path / "board" / file).open("a") as stream:
        stream.write(line + "\n")
    with pytest.raises(DataError, match=says.replace("'", ".")):
        read(tmp_path / "board")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="community-standards:1: there are no paragraphs"):
        read(tmp_path)
