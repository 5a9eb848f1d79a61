"""An embedder that remembers, for runs that embed the same passages for several indexes or folds."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval import Embedder
from retrieval.embedders.base import Vectors
from retrieval.engine.recalling import Recalling


class RememberingEmbedder(Recalling):
    """Embeds each text once. Don't time queries through it: a text that was seen before costs nothing."""

    def __init__(self, embedder: Embedder) -> None:
        self._seen: dict[str, Vectors] = {}
        self._asked: dict[str, Vectors] = {}
        super().__init__(embedder, self._seen)

    def embed(self, texts: Sequence[str]) -> Vectors:
        new = list(dict.fromkeys(text for text in texts if text not in self._seen))
        if new:
            self._seen.update(zip(new, self._embedder.embed(new), strict=True))
        return super().embed(texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        if len(texts) != 1:  # only a text that comes alone is searched for in a way of its own
            return self.embed(texts)
        if texts[0] not in self._asked:
            self._asked[texts[0]] = super().embed_queries(texts)
        return self._asked[texts[0]]
