"""TREC files: runs and judgements that trec_eval and its like read."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

from evals.retrieving.measuring import RetrievalResult

PLAIN_UP_TO = 1_000_000
"""Bytes of all files together up to which they stay plain."""

_OTHER = re.compile(r"[^A-Za-z0-9]+")


def beside(out: Path) -> Path:
    """The folder of run files that belongs to a file of figures: `retrieval.json` has `retrieval-trec`."""
    return out.with_name(f"{out.stem}-trec")


def write_trec(result: RetrievalResult, folder: Path, *, plain_up_to: int = PLAIN_UP_TO) -> list[Path]:
    """A `.qrels` for each task and a `.run` for each searcher on it; gives what was written.

    Where they are large, each is compressed, always to the same bytes, and has `.gz` after its name.
    """
    texts = dict(_texts(result))
    packed = sum(len(text.encode()) for text in texts.values()) > plain_up_to
    folder.mkdir(parents=True, exist_ok=True)
    return [_put(folder / name, text, packed) for name, text in texts.items()]


def _texts(result: RetrievalResult) -> Iterator[tuple[str, str]]:
    """The files by name."""
    for task in result.tasks:
        name = _word(task.task)
        judged = [f"{id} 0 {_target(one)} 1\n" for id, relevant in task.relevant.items() for one in relevant]
        yield f"{name}.qrels", "".join(judged)
        for searcher, rankings in task.rankings.items():
            lines = [
                f"{id} Q0 {_target(one)} {rank} {1 / rank:.6f} {_word(searcher)}\n"
                for id, ranking in rankings.items()
                for rank, one in enumerate(ranking, 1)
            ]
            yield f"{name}.{_word(searcher)}.run", "".join(lines)


def _put(path: Path, text: str, packed: bool) -> Path:
    small = path.with_name(f"{path.name}.gz")
    # An earlier run may have left the other form, which would now be out of date.
    (path if packed else small).unlink(missing_ok=True)
    if packed:
        small.write_bytes(gzip.compress(text.encode(), mtime=0))
        return small
    path.write_text(text, encoding="utf-8")
    return path


def _word(name: str) -> str:
    return _OTHER.sub("-", name).strip("-")


def _target(id: str) -> str:
    """TREC files part fields by white space."""
    return "_".join(id.split())
