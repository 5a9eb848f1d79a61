"""Indexes: where vectors are kept and searched. They derive from the pack and can always be made again."""

from retrieval.indexes.base import Index, Progress, Synced
from retrieval.indexes.brute_force import BruteForceIndex
from retrieval.indexes.chroma import ChromaIndex

__all__ = ["BruteForceIndex", "ChromaIndex", "Index", "Progress", "Synced"]
