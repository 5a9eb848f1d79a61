"""Progress of long work on standard error, so that standard output stays for results."""

from __future__ import annotations

import sys
import time


class Progress:
    """Says how far work has come: in place on a terminal, otherwise a line every few seconds."""

    def __init__(self, what: str, *, every: float = 5.0) -> None:
        self._what = what
        self._every = every
        self._said = float("-inf")
        self._last = ""

    def __call__(self, done: int, total: int, note: str = "") -> None:
        """Tells that `done` of `total` are finished."""
        line = f"{self._what}: {done} of {total}{f' ({note})' if note else ''}"
        finished = done >= total
        if line == self._last or not (
            finished or time.monotonic() - self._said >= (0.1 if self._live else self._every)
        ):
            return
        self._said, self._last = time.monotonic(), line
        if self._live:
            print(f"\r\033[K{line}", end="\n" if finished else "", file=sys.stderr, flush=True)
        else:
            print(line, file=sys.stderr, flush=True)

    @property
    def _live(self) -> bool:
        return sys.stderr.isatty()
