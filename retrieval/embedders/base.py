"""The seam between retrieval and whatever turns text into vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from retrieval.later import freed

Vectors: TypeAlias = NDArray[np.float32]
"""One row a text, each of length 1."""


class Embedder(Protocol):
    """Turns texts into vectors; equal fingerprints mean that vectors can be compared."""

    @property
    def name(self) -> str:
        """What people call the model."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes with anything that changes vectors: weights, tokenizer, pooling, longest input."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    @property
    def window(self) -> int:
        """Units (see `retrieval.windows`) of the longest text that is surely read whole."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors (n, dimension) of the texts, float32 and L2-normalised.

        Raises:
            EmbedderUnavailable: the model can't be loaded.
        """
        ...


@runtime_checkable
class QueryEmbedder(Protocol):
    """An embedder that has a faster way for what is searched for than for what is stored."""

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """As `Embedder.embed`, in the same space though not to the last digit; never to be stored."""
        ...


def query_vectors(embedder: Embedder, texts: Sequence[str]) -> Vectors:
    """Vectors (n, dimension) to search with: by the faster way where the embedder has one.

    Raises:
        EmbedderUnavailable: the model can't be loaded.
    """
    if isinstance(embedder, QueryEmbedder):
        return embedder.embed_queries(texts)
    freed()()
    return embedder.embed(texts)


def encodable(text: str) -> str:
    """The text with characters that have no encoding (lone surrogates) replaced by question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
