"""How far an embedder's vectors lead to the same passages as the reference's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copilot.text import sentences
from evals import gold
from policy_corpus import find, load
from retrieval.embedders import OnnxEmbedder, Vectors
from retrieval.indexes.base import entries
from retrieval.windows import query_windows

PACKS = ("child_safety", "acceptable_use")
NEAREST = 10


def passages(window: int) -> list[str]:
    """Every entry that the shipped packs have in an index, for a model that reads `window` units."""
    return [entry.text for name in PACKS for entry in entries(load(find(name)).passages(), window).values()]


def queries(data: Path | None, window: int, most: int) -> list[str]:
    """Sentences of the gold cases of `tune`, and windows of the procedures' scenarios where their folder is given."""
    cases = [one.case for one in gold.load(gold.SHIPPED / PACKS[0], load(find(PACKS[0]))) if one.part == "tune"]
    parts = [part.text for case in cases for part in case.parts if part.text]
    found = [text[start:end] for text in parts for start, end in sentences(text)][:most]
    if data is not None:
        lines = (data / "procedures" / "cases-dev.jsonl").read_text("utf-8").splitlines()
        found += [piece for line in lines for piece in query_windows(json.loads(line)["text"], window)][:most]
    return list(dict.fromkeys(found))


def alone(embedder: OnnxEmbedder, texts: list[str]) -> Vectors:
    """The vectors that single texts are searched with."""
    found: Vectors = np.concatenate([embedder.embed_queries([text]) for text in texts])
    return found


def compared(asked: Vectors, held: Vectors, their_asked: Vectors, their_held: Vectors) -> dict[str, Any]:
    """Cosines of queries (n, d) with the reference's, and which passages (m, d) are nearest, with 95 % intervals."""
    cosines = (asked * their_asked).sum(axis=1)
    ours, theirs = nearest(asked, held), nearest(their_asked, their_held)
    common = np.array([len(set(one) & set(other)) / NEAREST for one, other in zip(ours, theirs, strict=True)])
    return {
        "queries": len(asked),
        "passages": len(held),
        "least cosine": round(float(cosines.min()), 6),
        "median cosine": round(float(np.median(cosines)), 6),
        "nearest ten in common": interval(common),
        "same nearest": interval((ours[:, 0] == theirs[:, 0]).astype(np.float64)),
    }


def nearest(asked: Vectors, held: Vectors) -> NDArray[np.int64]:
    found: NDArray[np.int64] = np.argsort(-(asked @ held.T), axis=1, kind="stable")[:, :NEAREST]
    return found


def interval(values: NDArray[np.float64]) -> dict[str, float]:
    """The mean with a bootstrap interval."""
    draw = np.random.default_rng(0)
    means = [values[draw.integers(0, len(values), len(values))].mean() for _ in range(2000)]
    low, high = np.percentile(means, [2.5, 97.5])
    return {"mean": round(float(values.mean()), 4), "low": round(float(low), 4), "high": round(float(high), 4)}
