"""Texts of any lengths in one run: their tokens lie behind each other, so that no dense layer computes padding.

Only attention, a small part of the work, sees a text a row, filled up and masked. A text's vector doesn't depend on the
texts beside it, to the last bit (ONNX Runtime 1.32, x86): sums go through its own tokens in order, then through zeros.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedders.base import Vectors
from retrieval.embedders.encoder import Encoder

_MOST = 288
"""Tokens run in one go: activations of many more leave a core's cache, and every text gets slower. Of 256, 288, 320,
384 and 512 it took the least CPU time for passages of 130 tokens, .94 of that of 256; for others it made no odds."""
_FEWEST = 64
"""Below, reading the weights takes longer than computing with them."""
_HIDDEN = np.float32(-1e9)
"""Added to the score of a place that holds no token."""

Feeds = dict[str, NDArray[Any]]
"""The inputs of one run, by name."""


def packs(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of texts that go together, the longest first: few tokens, alike in length.

    Two cores work on packs side by side, so there are an even number of about the same size where texts allow it. A
    text that is too long for a pack goes alone.
    """
    left = sum(lengths)
    count = 2 * max(1, -(-left // (2 * _MOST)))
    pack: list[int] = []
    tokens = longest = 0
    for at in sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True):
        full = tokens + lengths[at] / 2 > max(_FEWEST, left / count) or tokens + lengths[at] > _MOST
        # Attention computes as many places for every text of a pack as the longest has.
        if pack and (full or (len(pack) + 1) * longest > 2 * _MOST):
            yield pack
            left, count = left - tokens, max(1, count - 1)
            pack, tokens = [], 0
        longest = longest if pack else lengths[at]
        pack.append(at)
        tokens += lengths[at]
    if pack:
        yield pack


def feeds(texts: Sequence[Sequence[int]], encoder: Encoder) -> Feeds:
    """What the graph for many texts takes (see `encoder_graph.many_texts`), for token ids of each text."""
    lengths = np.array([len(ids) for ids in texts])
    starts = np.cumsum(lengths) - lengths
    text = np.repeat(np.arange(len(texts)), lengths)
    place = np.arange(len(text)) - starts[text]
    seen = np.arange(lengths.max()) < lengths[:, None]
    return {
        "ids": np.concatenate([np.asarray(ids, dtype=np.int64) for ids in texts]),
        "positions": np.concatenate([positions(ids, encoder.padding) for ids in texts]),
        "table": np.where(seen, starts[:, None] + np.arange(lengths.max()), 0),
        "mask": np.where(seen, np.float32(0), _HIDDEN)[:, None, None, :],
        "back": text * lengths.max() + place,
    }


def pooled(rows: Vectors, texts: Sequence[Sequence[int]], encoder: Encoder) -> Vectors:
    """Vectors (texts, width), not normalised, of the rows (tokens, width) of packed texts."""
    lengths = [len(ids) for ids in texts]
    starts = np.cumsum([0, *lengths[:-1]])
    if encoder.pooling == "cls":
        first: Vectors = rows[starts]
        return first
    # Text by text: one product over the whole pack would add in another order for each place that a text has in it.
    parts = (rows[start : start + length] for start, length in zip(starts, lengths, strict=True))
    sums: Vectors = np.stack([np.add.reduce(part, axis=0) for part in parts])
    return sums / np.array(lengths, dtype=np.float32)[:, None]


def positions(ids: Sequence[int], padding: int | None) -> NDArray[np.int64]:
    """The row of the table of positions for each token."""
    if padding is None:
        return np.arange(len(ids), dtype=np.int64)
    # These models count from behind the padding's row, and a padding token that a text spells out isn't counted.
    counted = (np.asarray(ids) != padding).astype(np.int64)
    found: NDArray[np.int64] = np.cumsum(counted) * counted + padding
    return found
