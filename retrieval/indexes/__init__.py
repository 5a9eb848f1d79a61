"""Indexes: where vectors are kept and searched. They derive from the pack and can always be made again."""

from retrieval.indexes.base import Index, Progress, Synced
from retrieval.indexes.brute_force import BruteForceIndex
from retrieval.indexes.chroma import ChromaIndex
from retrieval.indexes.chroma_moving import Moved, move
from retrieval.indexes.chroma_server import Server

__all__ = ["BruteForceIndex", "ChromaIndex", "Index", "Moved", "Progress", "Server", "Synced", "move"]
