"""TREC files: runs and judgements that other tools read."""

from __future__ import annotations

import re
from pathlib import Path

from evals.retrieving.measuring import RetrievalResult

_OTHER = re.compile(r"[^A-Za-z0-9]+")


def write_trec(result: RetrievalResult, folder: Path) -> list[Path]:
    """A `.qrels` for each task and a `.run` for each searcher on it; gives what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for task in result.tasks:
        name = _word(task.task)
        judged = [f"{id} 0 {_target(one)} 1\n" for id, relevant in task.relevant.items() for one in relevant]
        written.append(_put(folder / f"{name}.qrels", judged))
        for searcher, rankings in task.rankings.items():
            lines = [
                f"{id} Q0 {_target(one)} {rank} {1 / rank:.6f} {_word(searcher)}\n"
                for id, ranking in rankings.items()
                for rank, one in enumerate(ranking, 1)
            ]
            written.append(_put(folder / f"{name}.{_word(searcher)}.run", lines))
    return written


def _put(path: Path, lines: list[str]) -> Path:
    path.write_text("".join(lines), encoding="utf-8")
    return path


def _word(name: str) -> str:
    return _OTHER.sub("-", name).strip("-")


def _target(id: str) -> str:
    """TREC files part fields by white space."""
    return "_".join(id.split())
