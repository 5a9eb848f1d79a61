"""An index whose process is killed again and again while it changes: it opens, and holds what was finished."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from policy_corpus import Passage
from retrieval import BruteForceIndex, HashingEmbedder
from retrieval.engine.index import SnapshotIndex
from tests.retrieval.corpus import passage

ROUNDS = 40
CHANGER = """
import sys
from pathlib import Path
from retrieval import BruteForceIndex, HashingEmbedder
from retrieval.engine.index import SnapshotIndex
from tests.bench.test_killed_index import numbered

folder, start = Path(sys.argv[1]), int(sys.argv[2])
index = SnapshotIndex(folder, HashingEmbedder(64), BruteForceIndex, pack="sample", fold_at=5)
index.sync(numbered(start))
print("ready", flush=True)
for number in range(start + 1, start + 10_000):
    if number % 7:
        index.revise(numbered(number)[-1:])
    else:
        index.fold(numbered(number))
    print(number, flush=True)
"""


def numbered(count: int) -> list[Passage]:
    return [passage(f"C-{at:05}@1#rule", f"text {at} of parcels") for at in range(count)]


def test_an_index_killed_at_any_moment_opens_and_answers(tmp_path: Path) -> None:
    folder, chance = tmp_path / "snapshots", random.Random(0)
    embedder = HashingEmbedder(64)
    done = 20
    for _ in range(ROUNDS):
        command = [sys.executable, "-c", CHANGER, str(folder), str(done)]
        with subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0.0, 0.5))
            process.send_signal(signal.SIGKILL)
            finished = [int(line) for line in process.stdout if line.endswith("\n")]
        done = max([done, *finished])
        with SnapshotIndex(folder, embedder, BruteForceIndex, pack="sample", fold_at=10**6) as index:
            wanted = numbered(done)
            index.sync(wanted)
            assert index.count == done
            assert len(index.search(embedder.embed(["parcels"]), done)) == done
            assert index.lexical.search([f"text {done - 1}"], 1)[0][0] == wanted[-1].id
    assert done > 20 + ROUNDS
