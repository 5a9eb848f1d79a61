"""Headless review: resumable, one bad line never stops the others, nothing already written is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from copilot.ahead import Ahead
from copilot.errors import CaseError, CopilotError
from copilot.reviews import Review
from policy_corpus import Pack
from retrieval import BruteForceIndex, HashingEmbedder, Retriever
from tests.copilot.stand_ins import reviewer
from ui import batch

TEXTS = ["I offer a fake watch.", "It is burning right now!", "Lovely weather."]


def quiet(done: int, total: int, note: str) -> None:
    """Progress that nobody watches."""


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    file = tmp_path / "cases.jsonl"
    rows = [json.dumps({"id": f"c{number}", "text": text}) for number, text in enumerate(TEXTS)]
    file.write_text("\n".join([rows[0], "{broken", rows[1], rows[2]]) + "\n")
    return file


def run(cases: Path, pack: Pack, *, fresh: bool = False) -> tuple[batch.Summary, list[Review]]:
    target = cases.with_suffix(".out")
    summary = batch.run(batch.read_all(cases, pack), reviewer(pack), target, fresh=fresh, progress=quiet)
    return summary, [Review.model_validate_json(line) for line in target.read_text().splitlines()]


def test_one_review_a_line_and_the_bad_line_named(cases: Path, small: Pack) -> None:
    summary, reviews = run(cases, small)
    assert [review.case_id for review in reviews] == ["c0", "c1", "c2"]
    (problem,) = summary.problems
    assert problem.startswith("cases.jsonl:2: not valid JSON: ")
    assert dict(summary.tiers) == {"enforce": 1, "imminent": 1, "abstained": 1}


@pytest.mark.parametrize("torn", ["", '{"format":1,"case_id":"c2","ca'])
def test_a_run_that_was_stopped_goes_on(cases: Path, small: Pack, torn: str) -> None:
    run(cases, small)
    target = cases.with_suffix(".out")
    kept = target.read_text().splitlines()[:2]
    target.write_text("\n".join(kept) + "\n" + torn)
    summary, reviews = run(cases, small)
    assert (summary.reviewed, summary.kept) == (1, 2)
    assert [review.case_id for review in reviews] == ["c0", "c1", "c2"]
    assert target.read_text().splitlines()[:2] == kept


def test_another_pack_or_another_case_version_is_reviewed_again(cases: Path, small: Pack) -> None:
    run(cases, small)
    cases.write_text(cases.read_text().replace("fake watch", "fake bag"))
    assert run(cases, small)[0].reviewed == 1
    other = small.model_copy(update={"manifest": small.manifest.model_copy(update={"version": "2.0"})})
    assert run(cases, other)[0].reviewed == 3


def test_beginning_again(cases: Path, small: Pack) -> None:
    run(cases, small)
    assert run(cases, small, fresh=True)[0].reviewed == 3
    assert len(run(cases, small)[1]) == 3


def test_a_file_without_cases(tmp_path: Path, small: Pack) -> None:
    (tmp_path / "empty.jsonl").write_text("\n")
    with pytest.raises(CaseError, match="'empty.jsonl' holds no case"):
        batch.read_all(tmp_path / "empty.jsonl", small)


def test_an_output_that_cannot_be_written(cases: Path, small: Pack, tmp_path: Path) -> None:
    with pytest.raises(CopilotError, match=r"can't write .*name another file with --out"):
        batch.run(batch.read_all(cases, small), reviewer(small), tmp_path / "no" / "out", fresh=False, progress=quiet)


def test_another_file_in_the_way_is_not_taken_for_reviews(cases: Path, small: Pack) -> None:
    cases.with_suffix(".out").write_text("my notes\n")
    with pytest.raises(CopilotError, match=r"line 1 of 'cases.out' is no review; name another file"):
        run(cases, small)
    assert cases.with_suffix(".out").read_text() == "my notes\n"


def test_what_is_done_is_kept_when_somebody_stops_a_run(cases: Path, small: Pack) -> None:
    cases.write_text(
        "".join(json.dumps({"id": f"c{at}", "text": f"I offer fake watch {at}."}) + "\n" for at in range(40))
    )
    line = reviewer(small)
    retriever = Retriever(small, BruteForceIndex(Ahead(HashingEmbedder())))
    retriever.sync()

    def stop(done: int, total: int, note: str) -> None:
        if done == 20:
            raise KeyboardInterrupt

    read, target = batch.read_all(cases, small), cases.with_suffix(".out")
    with pytest.raises(KeyboardInterrupt):
        batch.run(read, replace(line, retriever=retriever), target, fresh=False, progress=stop)
    summary = batch.run(read, replace(line, retriever=retriever), target, fresh=False, progress=quiet)
    assert (summary.reviewed, summary.kept) == (20, 20)
    plain = cases.with_suffix(".plain")
    batch.run(read, line, plain, fresh=True, progress=quiet)
    assert said(target) == said(plain)


def said(file: Path) -> list[str]:
    """The reviews in a file without their times."""
    reviews = [Review.model_validate_json(line) for line in file.read_text().splitlines()]
    return [one.model_dump_json(exclude={"provenance": {"seconds", "started_at"}}) for one in reviews]
