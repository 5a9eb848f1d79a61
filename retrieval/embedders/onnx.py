"""Embedding by ONNX Runtime, straight from a model folder's weights: no PyTorch, no conversion, no second copy."""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from pathlib import Path
from typing import Literal, TypeAlias
from weakref import WeakSet

import numpy as np

from retrieval.embedders import weights
from retrieval.embedders.base import Vectors
from retrieval.embedders.encoder import read_encoder
from retrieval.embedders.onnx_session import EncoderSession
from retrieval.embedders.packing import packs
from retrieval.later import freed

Precision: TypeAlias = Literal["float32", "int8"]


class OnnxEmbedder:
    """Any BERT-like sentence-transformers folder; the same vectors as sentence-transformers, and so its fingerprint.

    Texts go through packed, so hardly anything is padded; each run takes one core, and runs go side by side. One
    embedder serves many threads; a forked child loads the model again.
    """

    def __init__(
        self,
        model: str = weights.PACKAGED,
        *,
        models: Path | None = None,
        threads: int | None = None,
        queries: Precision = "int8",
    ) -> None:
        """
        Args:
            model: as for `weights.locate`.
            models: as for `weights.locate`.
            threads: runs side by side; by default as many as there are cores for this process.
            queries: how `embed_queries` computes a single text; `float32` as `embed` does.

        Raises:
            EmbedderUnavailable: the model's files aren't on this machine, or aren't the pinned ones.
            Unsupported: only sentence-transformers can run it.
        """
        self._name = model
        self._models = models
        self._folder = weights.locate(model, models)
        self._encoder = read_encoder(self._folder)
        self._threads = threads or _cores()
        self._queries = queries
        self._lock = threading.Lock()
        self._session: EncoderSession | None = None
        self._left_behind: list[EncoderSession] = []
        _living.add(self)

    @property
    def name(self) -> str:
        return self._name

    @cached_property
    def fingerprint(self) -> str:
        return weights.fingerprint(self._folder, self._models)

    @property
    def dimension(self) -> int:
        return self._encoder.width

    @cached_property
    def window(self) -> int:
        return weights.window(self._folder)

    def embed(self, texts: Sequence[str]) -> Vectors:
        made = np.zeros((len(texts), self.dimension), dtype=np.float32)
        if not texts:
            return made
        session = self._loaded()
        ids = session.ids(texts)
        together = list(packs([len(row) for row in ids]))
        for pack, vectors in zip(together, self._run(session, ids, together), strict=True):
            made[pack] = vectors
        return made

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """As `embed`, in its space; a text that comes alone, with 8-bit weights.

        Such a vector differs a little (see docs/search.md), so it is for searching among vectors of `embed`, never for
        being stored beside them. Several texts are computed in float32: packed, they are as fast that way.
        """
        if len(texts) == 1 and self._queries == "int8":
            session = self._loaded()
            found = session.run_short(session.ids(texts)[0], freed())
            if found is not None:
                return found
        return self.embed(texts)

    def _run(self, session: EncoderSession, ids: list[list[int]], together: list[list[int]]) -> Iterator[Vectors]:
        held = ([ids[at] for at in pack] for pack in together)
        side_by_side = min(self._threads, len(together))
        run = partial(session.run, ready=_last_of(side_by_side, freed()))
        if side_by_side < 2:
            yield from map(run, held)
            return
        with ThreadPoolExecutor(side_by_side) as pool:
            yield from pool.map(run, held)

    def _loaded(self) -> EncoderSession:
        with self._lock:
            if self._session is None:
                self._session = EncoderSession(self._name, self._encoder)
            return self._session

    def _start_again(self) -> None:
        """For a forked child: a thread of the parent may have held the lock, or been inside the session."""
        self._lock = threading.Lock()
        if self._session is not None:
            # Kept, because destroying it could wait for that thread too.
            self._left_behind.append(self._session)
            self._session = None


_living: WeakSet[OnnxEmbedder] = WeakSet()


def _after_fork() -> None:
    for embedder in list(_living):
        embedder._start_again()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def _last_of(count: int, then: Callable[[], None]) -> Callable[[], None]:
    """What calls that the `count`-th time that it is called itself."""
    times = itertools.count(1)
    return lambda: then() if next(times) == count else None


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
