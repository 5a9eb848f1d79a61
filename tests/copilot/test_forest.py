"""The forest: the same answers as the trees it was made of, and nothing else is taken for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

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


STUMP, NAN = [(0, 0.5, 2, 0), (LEAF, 0, 0, 0.25), (LEAF, 0, 0, 0.75)], float("nan")


@pytest.mark.parametrize(
    ("nodes", "starts"),
    [
        pytest.param([(0, 0.5, 0, 0), *STUMP[1:]], [0], id="goes on to itself"),
        pytest.param([(0, 0.5, 2, 0), (0, 0.5, -1, 0), STUMP[2]], [0], id="goes back"),
        pytest.param([(0, 0.5, 1, 0), *STUMP[1:]], [0], id="has one branch"),
        pytest.param([(0, 0.5, 3, 0), *STUMP[1:]], [0], id="goes past the last node"),
        pytest.param([*STUMP, STUMP[0], STUMP[1]], [0, 3], id="the last tree is cut off"),
        pytest.param([STUMP[0], STUMP[1], *STUMP], [0, 2], id="goes into the next tree"),
        pytest.param([STUMP[0]], [0], id="ends at no leaf"),
        pytest.param(STUMP, [1], id="starts late"),
        pytest.param(STUMP, [-1], id="starts before the first node"),
        pytest.param(STUMP, [0, 3], id="starts past the last node"),
        pytest.param([*STUMP, *STUMP], [0, 0], id="starts twice at one node"),
        pytest.param([(-5, 0.5, 2, 0), *STUMP[1:]], [0], id="asks for a sign before the first"),
        pytest.param([(0, NAN, 2, 0), *STUMP[1:]], [0], id="has a limit that is no number"),
        pytest.param([(LEAF, 0, 0, NAN)], [0], id="has a share that is no number"),
        pytest.param([(LEAF, 0, 0, 7)], [0], id="has a share above 1"),
        pytest.param([(LEAF, 0, 0, -1)], [0], id="has a share below 0"),
    ],
)
def test_a_forest_in_which_a_walk_could_go_astray_is_refused(
    nodes: Sequence[tuple[int, float, int, float]], starts: Sequence[int]
) -> None:
    odd = replace(tree(nodes), starts=np.array(starts, dtype=np.int32))
    with pytest.raises(ValueError, match="not a forest: a walk"):
        Forest.load(odd.dump())
    assert Forest.load(Forest.of([tree(STUMP), tree(STUMP)]).dump()).chance((1.0,)) == 0.75


def test_a_forest_without_nodes_is_refused() -> None:
    empty = Forest(ONE.signs[:0], ONE.limits[:0], ONE.others[:0], ONE.shares[:0], ONE.starts)
    with pytest.raises(ValueError, match="not a forest"):
        Forest.load(empty.dump())
