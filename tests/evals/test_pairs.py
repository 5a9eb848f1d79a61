"""Pairs: whether a verdict survives what was done to the text."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals import public
from evals.answers import Answer
from evals.datasets.labelled import Label, Labelled, Source, suite_of
from evals.datasets.public import SETS
from evals.metrics.figure import Figure
from evals.metrics.intervals import Sampling
from evals.metrics.pairs import pair_figures, pair_slices
from evals.rows import Row, Sheet
from policy_corpus import Tier
from retrieval import HashingEmbedder
from tests.evals.small_pack import gold, small_pack

QUICK = Sampling(samples=100)


def row(id: str, tier: Tier | None, confidence: float | None = None, family: str = "f", trap: str = "leet") -> Row:
    case = gold(id, "text", "LB-1", Tier.ENFORCE, family=family, traps=(trap,))
    return Row(case, Answer(tier=tier, confidence=confidence, abstained=tier is None), small_pack())


def named(figures: tuple[Figure, ...]) -> dict[str, Figure]:
    return {one.name: one for one in figures}


ROWS = (
    row("p1", Tier.ENFORCE, 0.8, "one"),
    row("c1", Tier.ENFORCE, 0.4, "one"),  # kept, less sure
    row("p2", Tier.ENFORCE, 0.6, "two"),
    row("c2", Tier.NONE, 0.6, "two"),  # lost
    row("p3", Tier.LIMIT, 1.0, "three"),
    row("c3", Tier.ENFORCE, 1.0, "three"),  # the flag is kept, the tier isn't
    row("p4", Tier.NONE, 1.0, "three"),
    row("c4", None, None, "three"),  # abstaining is another verdict, and no lost flag
)
TWINS = {"c1": "p1", "c2": "p2", "c3": "p3", "c4": "p4", "c9": "p1"}


def test_pairs_by_hand() -> None:
    found = named(pair_figures(Sheet(ROWS, QUICK), TWINS))
    assert (found["verdict kept: flag"].value, found["verdict kept: flag"].n) == (0.5, 4)
    assert found["verdict kept: tier"].value == 0.25
    assert found["flags lost"].value == pytest.approx(1 / 3) and found["flags lost"].unscored == 1
    # (.7 − .9) + (.2 − .8) + 0 + (.5 − 0), over four pairs
    assert found["change of score"].value == pytest.approx((-0.2 - 0.6 + 0 + 0.5) / 4)
    assert found["change of score"].low is not None
    assert pair_figures(Sheet(ROWS, QUICK), {}) == ()


def test_intervals_are_over_families_not_pairs() -> None:
    kept = [row(f"{side}{n}", Tier.ENFORCE, 1.0, f"f{n % 2}") for n in range(40) for side in "pc"]
    lost = [
        row(f"{side}{n}", Tier.ENFORCE if side == "p" else Tier.NONE, 1.0, "g") for n in range(40, 60) for side in "pc"
    ]
    twins = {f"c{n}": f"p{n}" for n in range(60)}
    flag = named(pair_figures(Sheet((*kept, *lost), Sampling()), twins))["verdict kept: flag"]
    assert flag.value == pytest.approx(2 / 3) and flag.low == 0.0  # three families: all drawn may be the bad one


def test_slices_are_by_what_was_done_to_the_text() -> None:
    rows = [
        row(f"{side}{n}", Tier.ENFORCE, 1.0, f"f{n}", "leet" if n < 6 else "rare") for n in range(8) for side in "pc"
    ]
    found = pair_slices(Sheet(tuple(rows), QUICK), {f"c{n}": f"p{n}" for n in range(8)})
    assert {one.slice for one in found} == {"trap: leet"}  # two pairs are too few for a figure
    assert {one.n for one in found} == {6}


def test_hatechecks_obfuscated_rows_name_their_twins_and_negated_ones_dont(fixtures: Path) -> None:
    suite = SETS["hatecheck"](fixtures / "sets")
    ids = {case.id for case in suite.held}
    kinds = {case.id: case.traps[0] for case in suite.held}
    assert suite.twins and set(suite.twins) | set(suite.twins.values()) <= ids
    assert all(kinds[changed].startswith("spell_") for changed in suite.twins)
    part = {case.id: case.part for case in suite.held}
    assert all(part[changed] == part[plain] for changed, plain in suite.twins.items())


def test_a_twin_that_became_a_precedent_makes_no_pair() -> None:
    labels = (Label("bad", "B", "Bad."),)
    rows = [
        Labelled("a", "text", ("bad",), share="tune", by_hash=False),
        Labelled("b", "t3xt", ("bad",), share="tune", by_hash=False, twin="a"),
        Labelled("c", "other", ("bad",), share=None, by_hash=False),
        Labelled("d", "0ther", ("bad",), share="tune", by_hash=False, twin="c"),
        Labelled("e", "t e x t", ("bad",), share="test", by_hash=False, twin="a"),
    ]
    assert suite_of(Source("own", "Own", labels, "0" * 64), rows).twins == {"b": "a"}


def test_kept_verdicts_are_measured_for_every_system(fixtures: Path, embedder: HashingEmbedder) -> None:
    result = public.run("hatecheck", fixtures / "sets", embedder=embedder, sampling=Sampling(samples=20))
    for system in result.systems:
        kept = system.figure("verdict kept: flag")
        assert kept is not None and kept.value is not None and kept.n == len(result.suite.twins), system.name
