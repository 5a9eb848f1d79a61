"""The switches that keep model libraries from looking anything up outside."""

from __future__ import annotations

import os

SWITCHES = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "ANONYMIZED_TELEMETRY": "False",
}


def stay_offline() -> None:
    """Set every switch. The libraries read them when they are imported, so this comes before any such import."""
    os.environ.update(SWITCHES)
