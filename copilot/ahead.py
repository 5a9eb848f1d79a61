"""Reading ahead: the texts of the next cases are embedded together, while the cases before them are being drafted.

A model runs many texts of one length faster than each by itself, and the library that runs it leaves Python free.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping, Sequence
from itertools import islice

import numpy as np

from copilot.cases import Case
from copilot.detectors.learned import MOST_SENTENCES
from copilot.text import sentences
from retrieval import Embedder
from retrieval.embedders.base import QueryEmbedder, Vectors
from retrieval.embedders.wrapped import WrappedEmbedder
from retrieval.nearness import MOST_WINDOWS
from retrieval.windows import query_windows

BLOCK = 16
"""Cases whose texts are embedded together: more gain little, and the first one waits for all of them."""
RECENT = 256
"""Texts whose vectors are remembered: those of a case, which detectors and search ask for in turn."""


class Ahead(WrappedEmbedder):
    """An embedder that can be given vectors ahead; what it wasn't given, it embeds when it is first asked.

    Which texts it holds changes how long an answer takes and never the answer, as far as the embedder beneath gives a
    text the same vector whatever it is embedded with.
    """

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(embedder)
        self._held: Mapping[str, Vectors] = {}
        self._recent: dict[str, Vectors] = {}

    def embed(self, texts: Sequence[str]) -> Vectors:
        held, recent = self._held, self._recent
        missing = [text for text in dict.fromkeys(texts) if text not in held and text not in recent]
        made = self.vectors(missing)
        if not texts:
            return self._embedder.embed(texts)
        found = [held[text] if text in held else made[text] if text in made else recent[text] for text in texts]
        self._recent = dict(islice({**recent, **made}.items(), max(0, len(recent) + len(made) - RECENT), None))
        return np.array(found, dtype=np.float32)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """As the embedder beneath: its own faster way for a text that comes alone, where it has one."""
        return super().embed_queries(texts) if len(texts) == 1 and self.has_fast_queries else self.embed(texts)

    @property
    def has_fast_queries(self) -> bool:
        """Whether a query of one text has nothing to gain from being embedded ahead."""
        return isinstance(self._embedder, QueryEmbedder)

    def vectors(self, texts: Iterable[str]) -> dict[str, Vectors]:
        """Each distinct text with its vector."""
        distinct = list(dict.fromkeys(texts))
        if not distinct:
            return {}
        return dict(zip(distinct, self._embedder.embed(distinct), strict=True))

    def hold(self, vectors: Mapping[str, Vectors]) -> None:
        """Answer these from now on without embedding them, and none that were held before."""
        self._held = vectors


def told_by(case: Case, embedder: Ahead) -> Iterator[str]:
    """The texts that a review of the case is going to embed: its sentences, and its windows as a query."""
    spans = [(part.text, span) for part in case.parts if part.text for span in sentences(part.text)]
    if len(spans) <= MOST_SENTENCES:  # which ones of a longer case, its detector says
        yield from (text[start:end] for text, (start, end) in spans)
    windows = query_windows(case.text, embedder.window)
    if len(windows) <= MOST_WINDOWS and not (len(windows) == 1 and embedder.has_fast_queries):
        yield from windows


async def in_turn(cases: Iterable[Case], embedder: Embedder) -> AsyncGenerator[Case, None]:
    """The cases in their order, each when its texts are embedded; without delay by an embedder that isn't `Ahead`."""
    blocks = _blocks(cases)
    if not isinstance(embedder, Ahead):
        for case in (case for block in blocks for case in block):
            yield case
        return
    block = next(blocks, ())
    ready = _begun(block, embedder)
    try:
        while block:
            embedder.hold(await ready)
            following = next(blocks, ())
            ready = _begun(following, embedder)
            for case in block:
                yield case
            block = following
    finally:
        ready.cancel()
        embedder.hold({})


def _begun(block: Sequence[Case], embedder: Ahead) -> asyncio.Future[dict[str, Vectors]]:
    """The vectors of a block's texts, worked out in a thread of its own."""
    return asyncio.ensure_future(
        asyncio.to_thread(lambda: embedder.vectors(text for case in block for text in told_by(case, embedder)))
    )


def _blocks(cases: Iterable[Case]) -> Iterator[tuple[Case, ...]]:
    left = iter(cases)
    while block := tuple(islice(left, BLOCK)):
        yield block
