"""Embedders: what turns text into vectors. None of them ever downloads anything."""

from pathlib import Path

from retrieval.embedders.base import Embedder, Vectors, query_vectors
from retrieval.embedders.encoder import Unsupported
from retrieval.embedders.hashing import HashingEmbedder
from retrieval.embedders.onnx import OnnxEmbedder, Precision
from retrieval.embedders.sentence_transformer import SentenceTransformerEmbedder
from retrieval.embedders.weights import PACKAGED

__all__ = [
    "PACKAGED", "Embedder", "HashingEmbedder", "OnnxEmbedder", "Precision", "SentenceTransformerEmbedder", "Vectors",
    "embedder_named", "query_vectors",
]  # fmt: skip


def embedder_named(
    name: str = PACKAGED, *, device: str = "cpu", models: Path | None = None, queries: Precision = "int8"
) -> Embedder:
    """The embedder of a setting: `hashing`, the packaged model, a model folder's path, or a name in the hub's cache.

    A BERT-like model on the CPU is run by ONNX Runtime; sentence-transformers runs every other one, and any on a GPU.
    Both give the same vectors.

    Args:
        queries: how ONNX Runtime embeds a text to search for: with 8-bit weights, or as it embeds passages.
        models: a folder that remembers which files were checked, so that starting is faster, and in which a model that
            comes in parts is put together.

    Raises:
        EmbedderUnavailable: the model's files aren't on this machine, or aren't the pinned ones.
    """
    if name == "hashing":
        return HashingEmbedder()
    if device == "cpu":
        try:
            return OnnxEmbedder(name, models=models, queries=queries)
        except Unsupported:
            pass
    return SentenceTransformerEmbedder(name, device=device, models=models)
