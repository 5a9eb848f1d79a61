"""Evidence overlap: quotes in gold, and how a review's evidence lies to them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from copilot.cases import Case, Part, Party, Span
from copilot.findings import Finding
from evals import gold, measuring
from evals.errors import DataError
from evals.gold import ExpectedFinding, GoldCase
from evals.metrics.evidence import Overlap, overlap, places
from evals.metrics.intervals import Sampling
from evals.suites import HeldSuite
from evals.systems import ReviewerSystem
from tests.evals.small_pack import GOLD, VOCABULARY, case, reviewer, small_pack


def _case(*texts: str) -> Case:
    parts = tuple(Part(id=f"m{number}", role="user", text=text) for number, text in enumerate(texts))
    return Case(id="c", parties=(Party(id="a"), Party(id="b")), parts=parts)


def _found(*spans: tuple[str, int, int], **more: Any) -> Finding:
    evidence = tuple(Span(part=part, start=start, end=end) for part, start, end in spans)
    fields = {"fact": "advert", "value": "yes", "kind": "detector", "finder": "words", **more}
    return Finding(evidence=evidence, **fields)


def _expected(quote: str | None, **more: Any) -> ExpectedFinding:
    return ExpectedFinding(**{"fact": "advert", "value": "yes", "quote": quote, **more})


def _overlap(case: Case, quote: str | None, *findings: Finding, **more: Any) -> Overlap | None:
    return overlap(case, _expected(quote, **more), findings, VOCABULARY)


LAMPS = "An advert sells lamps."


@pytest.mark.parametrize(
    ("spans", "iou", "recall", "met"),
    [
        ([("m0", 3, 9)], 1.0, 1.0, 1.0),
        ([("m0", 0, 22)], 6 / 22, 1.0, 1.0),
        ([("m0", 6, 12)], 3 / 9, 0.5, 1.0),
        ([("m0", 3, 5), ("m0", 4, 7)], 4 / 6, 4 / 6, 1.0),
        ([("m0", 10, 15)], 0.0, 0.0, 0.0),
        ([("m1", 3, 9)], 0.0, 0.0, 0.0),
        ([], 0.0, 0.0, 0.0),
    ],
)
def test_known_overlaps(spans: Sequence[tuple[str, int, int]], iou: float, recall: float, met: float) -> None:
    found = _overlap(_case(LAMPS, "Another part, as long."), "advert", _found(*spans))
    assert found is not None
    assert (found.iou, found.recall, found.met) == pytest.approx((iou, recall, met))


def test_all_who_found_it_count_together() -> None:
    found = _overlap(_case(LAMPS), "advert", _found(("m0", 3, 6)), _found(("m0", 6, 9), finder="other"))
    assert found is not None and found.iou == 1.0


def test_the_place_that_the_evidence_lies_nearest_to_counts() -> None:
    found = _overlap(_case("an advert", "no advert, an advert"), "advert", _found(("m1", 14, 20)))
    assert found is not None and found.iou == 1.0


@pytest.mark.parametrize(
    ("quote", "text", "start", "end", "iou"),
    [
        ("🪑 chair", "🎉🎉 sells 🪑 chair", 9, 16, 1.0),
        ("🪑 chair", "🎉🎉 sells 🪑 chair", 10, 16, 6 / 7),
        ("إعلان", "هذا إعلانٌ عن مصباح", 4, 9, 1.0),
        ("إعلانٌ", "هذا إعلانٌ عن مصباح", 4, 9, 5 / 6),
    ],
)
def test_code_points_are_counted(quote: str, text: str, start: int, end: int, iou: float) -> None:
    found = _overlap(_case(text), quote, _found(("m0", start, end)))
    assert found is not None and found.iou == pytest.approx(iou)


@pytest.mark.parametrize(
    ("quote", "findings"),
    [
        (None, [_found(("m0", 3, 9))]),
        ("advert", []),
        ("advert", [_found(("m0", 3, 9), value="no")]),
        ("advert", [_found(("m0", 3, 9), fact="flood")]),
        ("advert", [_found(kind="signal"), _found(kind="service")]),
    ],
)
def test_what_cannot_be_scored(quote: str | None, findings: list[Finding]) -> None:
    assert _overlap(_case(LAMPS), quote, *findings) is None


@pytest.mark.parametrize(
    ("fact", "about", "found_about", "scored"),
    [
        ("member", "a", "a", True),
        ("member", "a", "b", False),
        ("member", "a", None, False),
        ("member", None, "b", True),
        ("advert", "a", "b", True),
    ],
)
def test_about_counts_where_gold_gives_it(fact: str, about: str | None, found_about: str | None, scored: bool) -> None:
    found = _overlap(_case(LAMPS), "advert", _found(("m0", 3, 9), fact=fact, about=found_about), fact=fact, about=about)
    assert (found is not None) is scored


def test_a_span_outside_the_text_marks_nothing() -> None:
    assert places(_case(LAMPS), [Span(part="m0", start=3, end=99), Span(part="m9", start=0, end=2)]) == frozenset()


def _suite(*cases: GoldCase) -> HeldSuite:
    return HeldSuite("library", small_pack(), cases)


def _quoting(one: GoldCase, quote: str) -> GoldCase:
    expected = one.expected.model_copy(update={"findings": (_expected(quote),)})
    return one.model_copy(update={"expected": expected})


class Pointing:
    """Finds an advert, and points at the words that it was given."""

    name = "pointing"

    def find(self, case: Case, before: Sequence[Finding] = ()) -> tuple[Finding, ...]:
        start = case.text.find("advert")
        return (_found(("text", start, start + 6), finder=self.name),) if start >= 0 else ()


def test_the_figures_stand_among_the_suites_figures(quick: Sampling) -> None:
    cases = (_quoting(GOLD[0], "advert"), _quoting(GOLD[1], "an advert for"), GOLD[2], GOLD[5])
    system = ReviewerSystem("reviewer", reviewer(small_pack(), detectors=(Pointing(),)))
    result = measuring.measure(_suite(*cases), [system], sampling=quick).judged
    held = {name: result.figure(name) for name in ("evidence overlap", "evidence recall", "evidence met")}
    values = {name: figure.value for name, figure in held.items() if figure is not None}
    assert values == pytest.approx(
        {"evidence overlap": (1 + 6 / 13) / 2, "evidence recall": (1 + 6 / 13) / 2, "evidence met": 1.0}
    )
    overlap = held["evidence overlap"]
    assert overlap is not None and (overlap.n, overlap.unscored) == (2, 0)
    assert overlap.low == pytest.approx(6 / 13) and overlap.high == 1.0


def test_without_quotes_there_is_no_figure_and_misses_are_unscored(quick: Sampling) -> None:
    system = ReviewerSystem("reviewer", reviewer(small_pack(), detectors=(Pointing(),)))
    assert measuring.measure(_suite(*GOLD[:2]), [system], sampling=quick).judged.figure("evidence overlap") is None
    missed = _quoting(GOLD[3], "Water")
    figure = measuring.measure(_suite(_quoting(GOLD[0], "advert"), missed), [system], sampling=quick).judged.figure(
        "evidence overlap"
    )
    assert figure is not None and (figure.value, figure.n, figure.unscored) == (1.0, 1, 1)


def _write(tmp_path: Path, quote: str, text: str) -> Path:
    line = GOLD[0].model_dump(mode="json")
    line["case"] = case("g-8", text).model_dump(mode="json")
    line["expected"]["findings"] = [{"fact": "advert", "value": "yes", "quote": quote}]
    file = tmp_path / "cases.jsonl"
    lines = (GOLD[1].model_dump(mode="json"), line)
    file.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in lines), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("quote", "text"), [("advert", LAMPS), ("إعلان", "هذا إعلانٌ عن مصباح"), ("🪑 c", "a 🪑 chair")]
)
def test_a_quote_is_read_as_it_stands(tmp_path: Path, quote: str, text: str) -> None:
    (finding,) = gold.load(_write(tmp_path, quote, text), small_pack())[1].expected.findings or ()
    assert finding.quote == quote


@pytest.mark.parametrize(("quote", "says"), [("Advert", "stands in none of the case's parts"), ("", "quote")])
def test_a_quote_that_stands_nowhere_is_refused_with_its_line(tmp_path: Path, quote: str, says: str) -> None:
    with pytest.raises(DataError) as error:
        gold.load(_write(tmp_path, quote, LAMPS), small_pack())
    assert "cases.jsonl:2: " in str(error.value) and says in str(error.value)


def test_every_shipped_quote_stands_in_one_place() -> None:
    for one in gold.load(gold.SHIPPED / "child_safety"):
        for finding in one.expected.findings or ():
            if finding.quote is not None:
                assert sum((part.text or "").count(finding.quote) for part in one.case.parts) == 1, one.id
