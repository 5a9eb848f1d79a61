"""What is searched in speed measurements: texts and vectors of any number of passages, kept between runs.

Some thousand passages are embedded; the others are copies with a part of the words replaced and the vector moved a
little, so that graphs and inverted files meet crowded neighbourhoods. A copy's text and vector fit together only
roughly: speeds carry over to real passages, the share of found ones does not.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from retrieval.embedders import Embedder, Vectors
from tests.bench import prose

BASE = 8_000
_MOVED = 0.5
"""Length of the random step beside the vector's own length 1: the cosine with the original is about 0.89."""

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Material:
    """Texts and, row by row, their vectors (n, d), float32, of length 1."""

    texts: Sequence[str]
    vectors: NDArray[np.float32]
    embedder: Embedder
    base: int
    """How many passages were embedded."""

    @property
    def name(self) -> str:
        """For what is made from it and kept."""
        return f"{self.embedder.fingerprint[:12]}-{self.base}-{len(self.texts)}"


def material(size: int, cache: Path, embedder: Embedder, tell: Tell, base: int = BASE) -> Material:
    """The first `size` passages, from the cache or made for it. A smaller size is a part of a larger one."""
    folder = cache / f"{embedder.fingerprint[:16]}-{base}"
    folder.mkdir(parents=True, exist_ok=True)
    originals = prose.passages(base)
    if size <= base:
        return Material(originals[:size], _embedded(folder, originals, embedder, tell)[:size], embedder, base)
    vectors = _kept(folder / f"vectors-{size}.npy", lambda: _copies(_embedded(folder, originals, embedder, tell), size))
    return Material(_written(folder / f"texts-{size}", originals, size, tell), vectors, embedder, base)


def _embedded(folder: Path, texts: list[str], embedder: Embedder, tell: Tell) -> Vectors:
    def make() -> Vectors:
        rows = []
        for start in range(0, len(texts), 256):
            rows.append(embedder.embed(texts[start : start + 256]))
            tell(f"embedded {min(start + 256, len(texts))} of {len(texts)}")
        return np.concatenate(rows)

    return _kept(folder / f"embedded-{len(texts)}.npy", make)


def _kept(file: Path, make: Callable[[], Vectors]) -> Vectors:
    if not file.exists():
        whole = file.with_suffix(".making.npy")
        np.save(whole, make())
        os.replace(whole, file)
    found: Any = np.load(file, mmap_mode="r")
    return found  # type: ignore[no-any-return]


def _copies(originals: Vectors, size: int) -> Vectors:
    dice = np.random.default_rng(3)
    rows = np.empty((size, originals.shape[1]), dtype=np.float32)
    rows[: len(originals)] = originals
    for start in range(len(originals), size, 20_000):
        part = rows[start : start + 20_000]
        step = dice.standard_normal(part.shape, dtype=np.float32)
        step *= _MOVED / np.linalg.norm(step, axis=1, keepdims=True)
        part[:] = originals[np.arange(start, start + len(part)) % len(originals)] + step
        part /= np.linalg.norm(part, axis=1, keepdims=True)
    return rows


class Texts(Sequence[str]):
    """Texts in a mapped file, so that a million cost no memory until they are read."""

    def __init__(self, file: Path) -> None:
        self._bytes: Any = np.memmap(file.with_suffix(".txt"), dtype=np.uint8, mode="r")
        self._ends = np.load(file.with_suffix(".npy"))

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        at %= len(self)
        start = int(self._ends[at - 1]) if at else 0
        return bytes(self._bytes[start : self._ends[at]]).decode()


def _written(file: Path, originals: list[str], size: int, tell: Tell) -> Texts:
    if not file.with_suffix(".npy").exists():
        tell(f"writing {size} texts")
        sizes = []
        with file.with_suffix(".txt").open("wb") as out:
            for text in _texts(originals, size):
                sizes.append(out.write(text.encode()))
        ends = file.with_suffix(".making.npy")
        np.save(ends, np.cumsum(sizes))
        os.replace(ends, file.with_suffix(".npy"))
    return Texts(file)


def _texts(originals: list[str], size: int) -> Iterator[str]:
    dice = random.Random(4)
    yield from originals
    for at in range(len(originals), size):
        yield prose.varied(originals[at % len(originals)], dice)
