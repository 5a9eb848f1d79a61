"""Splits that hold: what is logged, and what never reaches a case."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from evals import gold_suite
from evals.baselines import baselines
from evals.errors import DataError, RunError
from evals.metrics.intervals import Sampling
from evals.splits import hidden, open_part, part_of, reads
from evals.suites import HeldSuite
from evals.systems import ReviewerSystem
from evals.training import folds
from retrieval import HashingEmbedder
from tests.evals.small_pack import GOLD, PRECEDENTS, precedent, reviewer, small_pack

CONDUCT = datetime(2024, 6, 20, tzinfo=UTC)
SUITE = HeldSuite("library", small_pack(), GOLD, data_sha256="d" * 64)


def test_reading_the_test_part_needs_a_log_and_is_written_down(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "reads.jsonl"
    with pytest.raises(RunError, match="needs|only read for reports"):
        open_part(SUITE, "test")
    assert reads(log) == 0
    assert [one.id for one in open_part(SUITE, "test", log=log, reason="report")] == ["g-7"]
    assert reads(log) == 1 and json.loads(log.read_text())["reason"] == "report"
    open_part(SUITE, "tune", log=log)
    assert reads(log) == 1


def test_a_test_family_with_a_precedent_is_refused(tmp_path: Path) -> None:
    planted = precedent("P-9", "Water stood in the hall.", "LB-2", [("report_board", "case")], family="g-7")
    suite = HeldSuite("library", small_pack((*PRECEDENTS, planted)), GOLD)
    with pytest.raises(DataError, match="'P-9' is of family 'g-7', which is in the test part"):
        open_part(suite, "test", log=tmp_path / "log.jsonl")


@pytest.mark.parametrize(
    ("family", "decided", "dated", "hides"),
    [
        ("lamps", date(2000, 1, 1), False, True),
        ("other", date(2999, 1, 1), False, False),
        ("other", date(2999, 1, 1), True, True),
        ("other", date(2000, 1, 1), True, False),
    ],
)
def test_what_a_case_must_not_know(family: str, decided: date, dated: bool, hides: bool) -> None:
    planted = precedent("P-9", "x y z", "LB-1", [("take_down", "items")], family).model_copy(
        update={"decided": decided}
    )
    pack = small_pack((planted,))
    assert bool(hidden(GOLD[1], pack, dated=dated)) is hides


def test_a_planted_answer_reaches_no_system() -> None:
    """A precedent with the case's own words and the wrong outcome, of the case's family: nobody may see it."""
    case = GOLD[1]
    planted = precedent("P-9", case.case.text, "LB-2", [("report_board", "case")], family=case.family)
    pack = small_pack((*PRECEDENTS, planted))
    systems = [ReviewerSystem("copilot", reviewer(pack)), *baselines(pack, HashingEmbedder(128))]
    for system in systems:
        outcome = asyncio.run(system.answer(case))
        assert "P-9" not in outcome.answer.sources, system.name
        if outcome.review is not None:
            assert "P-9" not in outcome.review.model_dump_json()
    unrelated = asyncio.run(systems[0].answer(GOLD[0]))
    assert "P-9" in unrelated.answer.sources


def test_gold_knows_no_precedent_of_its_own_month_or_later(tmp_path: Path) -> None:
    """A precedent with the case's own words, decided days before it: nobody may see it, nor learn from it."""
    case = GOLD[1].model_copy(update={"case": GOLD[1].case.model_copy(update={"conduct_at": CONDUCT})})
    file = tmp_path / "cases.jsonl"
    file.write_text(case.model_dump_json() + "\n")
    planted = precedent("P-9", case.case.text, "LB-2", [("report_board", "case")], family="elsewhere")
    for day, reaches in ((date(2024, 6, 2), False), (date(2024, 5, 31), True)):
        pack = small_pack((*PRECEDENTS, planted.model_copy(update={"decided": day})))
        result = gold_suite.run(reviewer(pack), cases=file, sampling=Sampling(samples=10))
        for system in result.systems:
            sources = system.run.records[0].answer.sources
            assert reaches or "P-9" not in sources, (system.name, day)
        assert ("P-9" in result.judged.run.records[0].answer.sources) is reaches


def test_a_familys_part_is_the_same_everywhere() -> None:
    assert [part_of(name) for name in ("a", "b", "c", "d")] == [part_of(name) for name in ("a", "b", "c", "d")]
    shares = [part_of(str(n), test_share=0.25) for n in range(400)]
    assert 0.18 < shares.count("test") / 400 < 0.32


def test_inner_folds_keep_families_whole() -> None:
    families = [f"f{n // 3}" for n in range(30)]
    for train, held in folds(families, 4):
        assert not {families[i] for i in train} & {families[i] for i in held}
    assert folds(["only"] * 5, 4) == []
