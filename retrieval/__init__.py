"""Finds the passages that a draft may cite, and says why each came back.

Importing this loads no model and no vector store: they are loaded when they are first needed.
"""

from retrieval.embedders import Embedder, HashingEmbedder, SentenceTransformerEmbedder, embedder_named
from retrieval.errors import RetrievalError
from retrieval.hits import Hit, Reason
from retrieval.indexes import BruteForceIndex, ChromaIndex, Index, Synced
from retrieval.offline import stay_offline
from retrieval.opening import open_retriever
from retrieval.retriever import Retriever

__all__ = [
    "BruteForceIndex", "ChromaIndex", "Embedder", "HashingEmbedder", "Hit", "Index", "Reason", "RetrievalError",
    "Retriever", "SentenceTransformerEmbedder", "Synced", "embedder_named", "open_retriever", "stay_offline",
]  # fmt: skip
