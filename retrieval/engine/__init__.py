"""The engine: passages in memory-mapped segments, searched by meaning and by words."""
