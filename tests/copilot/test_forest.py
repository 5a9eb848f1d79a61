"""The forest: the same answers as the trees it was made of, and nothing else is taken for one."""

from __future__ import annotations

import numpy as np
import pytest

from copilot.drafters.forest import LEAF, Forest
from tests.copilot.stand_ins import tree

BOTH = tree([(0, 0.5, 4, 0), (1, 0.25, 2, 0), (LEAF, 0, 0, 0.125), (LEAF, 0, 0, 0.25), (LEAF, 0, 0, 0.75)])
ONE = tree([(LEAF, 0, 0, 0.5)])


@pytest.mark.parametrize(
    ("values", "chance"),
    [((0.5, 0.25), 0.125), ((0.5, 0.26), 0.25), ((0.51, 0.0), 0.75)],
)
def test_a_value_up_to_the_limit_goes_to_the_next_node_and_a_greater_one_past_it(
    values: tuple[float, float], chance: float
) -> None:
    assert BOTH.chance(values) == chance


def test_a_forest_says_the_mean_of_its_trees_whatever_their_depth() -> None:
    both = Forest.of([ONE, BOTH, ONE])
    assert both.chance((0.51, 0.0)) == pytest.approx((0.5 + 0.75 + 0.5) / 3)
    assert Forest.of([both, BOTH]).chance((0.51, 0.0)) == pytest.approx((0.5 + 0.75 + 0.5 + 0.75) / 4)


def test_what_was_dumped_is_read_again() -> None:
    held = Forest.of([ONE, BOTH])
    again = Forest.load(held.dump())
    assert all(np.array_equal(getattr(again, name), getattr(held, name)) for name in Forest.__dataclass_fields__)


@pytest.mark.parametrize("text", ["", "not base 85: \x7f", ONE.dump()[:-4]])
def test_what_is_no_forest_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Forest.load(text)
