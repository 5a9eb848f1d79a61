"""Embedders: what turns text into vectors. None of them ever downloads anything."""

from retrieval.embedders.base import Embedder, Vectors
from retrieval.embedders.hashing import HashingEmbedder
from retrieval.embedders.sentence_transformer import SentenceTransformerEmbedder
from retrieval.embedders.weights import PACKAGED

__all__ = ["PACKAGED", "Embedder", "HashingEmbedder", "SentenceTransformerEmbedder", "Vectors", "embedder_named"]


def embedder_named(name: str = PACKAGED, *, device: str = "cpu") -> Embedder:
    """The embedder of a setting: `hashing`, the packaged model, a model folder's path, or a name in the hub's cache.

    Raises:
        EmbedderUnavailable: the model's files aren't on this machine, or aren't the pinned ones.
    """
    return HashingEmbedder() if name == "hashing" else SentenceTransformerEmbedder(name, device=device)
