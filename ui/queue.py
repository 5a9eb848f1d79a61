"""Fills a desk's queue from case files and drafts for what has no draft."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path

from copilot.casefile import BadLine, read
from copilot.desk import Desk
from copilot.errors import DrafterError


def take(files: Iterable[Path], desk: Desk) -> list[str]:
    """Puts the cases of the files into the queue; what is wrong with lines that are none comes back as text."""
    problems: list[str] = []
    for file in files:
        for line in read(file, desk.pack):
            if isinstance(line, BadLine):
                problems.append(str(line))
            else:
                desk.receive([line])
    return problems


def draft_missing(desk: Desk, progress: Callable[[int, int, str], None]) -> int:
    """Drafts for every case whose present version has no review; how many."""
    waiting = [row.case_id for row in desk.queue() if not row.tier]
    asyncio.run(_draft(desk, waiting, progress))
    return len(waiting)


async def _draft(desk: Desk, ids: list[str], progress: Callable[[int, int, str], None]) -> None:
    for number, id in enumerate(ids, 1):
        try:
            await desk.draft(id)
        except DrafterError:
            continue
        finally:
            progress(number, len(ids), id)
