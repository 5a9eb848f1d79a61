"""What a case costs: the user's price list, and only where tokens were counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from copilot.base import now
from copilot.reviews import Provenance
from evals.errors import DataError
from evals.measuring import measure, score
from evals.metrics.figure import Figure
from evals.metrics.intervals import Sampling
from evals.metrics.running import COST, NO_PRICES, NO_TOKENS, TOKENS
from evals.prices import PriceList, read
from evals.runs import Run
from evals.suites import HeldSuite
from evals.systems import ReviewerSystem
from tests.evals.small_pack import GOLD, reviewer, small_pack

LIST = """format: 1
currency: EUR
models:
  "own:one": {input: 2.0, output: 10.0, source: our contract, checked: 2026-11-01}
  "own:two": {input: 0, output: 0, source: our machine, checked: 2026-11-02}
"""
SUITE = HeldSuite("library", small_pack(), GOLD)
QUICK = Sampling(samples=50)


@pytest.fixture
def prices(tmp_path: Path) -> PriceList:
    file = tmp_path / "prices.yaml"
    file.write_text(LIST)
    return read(file)


def provenance(tokens_in: int, tokens_out: int, *models: str) -> Provenance:
    return Provenance(
        pack="p",
        pack_version="1",
        pack_fingerprint="0",
        standing="",
        parameters={"precedents.model": "of no matter", **{f"model {name}.model": name for name in models}},
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        started_at=now(),
        seconds=0.0,
    )


@pytest.mark.parametrize(
    ("tokens", "models", "cost"),
    [
        ((1_000_000, 100_000), ("own:one",), 3.0),
        ((500, 0), ("own:one",), 0.001),
        ((500, 100), ("own:two",), 0.0),
        ((0, 0), ("own:one",), None),
        ((500, 100), ("own:three",), None),
        ((500, 100), ("own:one", "own:two"), None),
        ((500, 100), (), None),
    ],
)
def test_a_review_costs_what_its_tokens_cost(
    prices: PriceList, tokens: tuple[int, int], models: tuple[str, ...], cost: float | None
) -> None:
    found = prices.cost(provenance(*tokens, *models))
    assert found == (None if cost is None else pytest.approx(cost))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("format: 1", "format: 2"), "prices.yaml:1: unknown value 2 for 'format'; expected 1"),
        (("currency: EUR", "currency: euro"), "prices.yaml:2: currency: string should match pattern"),
        (("input: 2.0", "input: -2.0"), "prices.yaml:4: .*input: input should be greater than or equal to 0"),
        (("input: 2.0", "input: .nan"), "prices.yaml:4: .*finite"),
        (("input: 2.0, ", ""), "prices.yaml:4: 'models.own:one.input' is missing"),
        (("source: our contract, ", ""), "'models.own:one.source' is missing"),
        (("output: 10.0", "output: 10.0, cached: 1"), "unknown key 'models.own:one.cached'"),
        (("currency: EUR", "currency: [EUR"), "can't read this as YAML"),
    ],
)
def test_what_is_wrong_in_a_price_list_is_named(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    file = tmp_path / "prices.yaml"
    file.write_text(LIST.replace(*change))
    with pytest.raises(DataError, match=says):
        read(file)


def test_a_price_list_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="none.yaml:1: can't read the price list"):
        read(tmp_path / "none.yaml")


def _figure(figures: tuple[Figure, ...], name: str) -> Figure:
    return next(one for one in figures if one.name == name)


def test_without_tokens_the_cost_is_unscored_and_says_why(prices: PriceList) -> None:
    result = measure(SUITE, [ReviewerSystem("copilot", reviewer(small_pack()))], sampling=QUICK, prices=prices)
    for name in (TOKENS, COST):
        figure = _figure(result.judged.figures, name)
        assert (figure.value, figure.n, figure.unscored, figure.note) == (None, 0, 6, NO_TOKENS)
    assert "cost per case" in result.to_table()


def test_cost_per_case_comes_with_n_interval_and_where_the_prices_are_from(prices: PriceList) -> None:
    run = measure(SUITE, [ReviewerSystem("copilot", reviewer(small_pack()))], sampling=QUICK).judged.run
    asked = Run(run.manifest, tuple(_asked(record, number) for number, record in enumerate(run.records)))
    scored = score(asked, SUITE.cases("tune"), SUITE, QUICK, prices=prices)
    cost = _figure(scored.figures, COST)
    assert cost.value == pytest.approx(sum(range(1, 6)) / 5 * 0.002) and (cost.n, cost.unscored) == (5, 1)
    assert cost.low is not None and cost.high is not None and cost.low < cost.value < cost.high
    assert cost.note.startswith("EUR a case; a million tokens: own:one 2 in, 10 out (our contract, 2026-11-01)")
    unpriced = _figure(score(asked, SUITE.cases("tune"), SUITE, QUICK).figures, COST)
    assert unpriced.value is None and unpriced.note == NO_PRICES


def _asked(record, number: int):  # type: ignore[no-untyped-def]
    """The record as if a model had been asked, with 1,000 tokens more each time; nothing was counted for the first."""
    said = provenance(1000 * number, 0, "own:one")
    review = record.review.model_copy(update={"provenance": said})
    answer = record.answer.model_copy(update={"tokens": 1000 * number or None})
    return record.model_copy(update={"review": review, "answer": answer})
