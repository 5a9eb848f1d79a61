"""Finds the passages that a draft may cite, and says why each came back.

Importing this loads no model and no vector store: they are loaded when they are first needed.
"""

from retrieval.embedders import Embedder, HashingEmbedder, OnnxEmbedder, SentenceTransformerEmbedder, embedder_named
from retrieval.errors import RetrievalError, UnknownFilter
from retrieval.hits import Found, Hit, Link, Reason
from retrieval.indexes import BruteForceIndex, ChromaIndex, Index, Synced
from retrieval.offline import stay_offline
from retrieval.opening import open_retriever
from retrieval.rerankers import Reranker
from retrieval.retriever import Retriever
from retrieval.where import Where

__all__ = [
    "BruteForceIndex", "ChromaIndex", "Embedder", "Found", "HashingEmbedder", "Hit", "Index", "Link", "OnnxEmbedder",
    "Reason", "Reranker", "RetrievalError", "Retriever", "SentenceTransformerEmbedder", "Synced", "UnknownFilter",
    "Where", "embedder_named", "open_retriever", "stay_offline",
]  # fmt: skip
