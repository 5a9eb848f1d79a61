"""Tests that are shared among processes: how many there are, and that each is as strict as one alone."""

from __future__ import annotations

import socket
import warnings

import pytest
from hypothesis import HealthCheck, settings

from tests.conftest import MOST_WORKERS, ROOM, workers

NOBODY = "192.0.2.1"
"""An address kept for documentation (RFC 5737)."""


@pytest.mark.parametrize(
    ("cores", "memory", "expected"),
    [
        pytest.param(1, 64, 0, id="one core needs no worker"),
        pytest.param(2, 2, 2, id="a worker for each core"),
        pytest.param(2, 1, 0, id="memory for one"),
        pytest.param(8, 3, 3, id="memory for three"),
        pytest.param(64, 64, MOST_WORKERS, id="enough is enough"),
        pytest.param(4, 0, 0, id="hardly any memory"),
    ],
)
def test_how_many_workers_share_the_tests(cores: int, memory: int, expected: int) -> None:
    assert workers(cores, memory * ROOM) == expected


def test_another_machine_is_out_of_reach_wherever_a_test_runs() -> None:
    with socket.socket() as one, pytest.raises(UserWarning, match=f'host "{NOBODY}"'):
        one.settimeout(1)
        one.connect((NOBODY, 9))


def test_a_warning_is_an_error_wherever_a_test_runs() -> None:
    with pytest.raises(DeprecationWarning, match="old"):
        warnings.warn("old", DeprecationWarning, stacklevel=1)


def test_no_property_fails_because_a_neighbour_is_busy() -> None:
    assert (settings().deadline, HealthCheck.too_slow in settings().suppress_health_check) == (None, True)
