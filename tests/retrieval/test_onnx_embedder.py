from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from retrieval.embedders import OnnxEmbedder, SentenceTransformerEmbedder, onnx_session
from retrieval.embedders.encoder import Encoder
from retrieval.embedders.packing import Feeds, feeds, packs
from retrieval.later import Later, beside
from tests.retrieval import tiny_models
from tests.retrieval.test_embedders import EmbedderContract
from tests.retrieval.varied import cosines, varied

ROOT = Path(__file__).parents[2]


class TestPackaged(EmbedderContract):
    @pytest.fixture
    def embedder(self, fast: OnnxEmbedder) -> OnnxEmbedder:
        return fast

    def test_agrees_with_the_reference(self, fast: OnnxEmbedder, minilm: SentenceTransformerEmbedder) -> None:
        texts = [*varied(100), "word " * 400]
        assert cosines(fast.embed(texts), minilm.embed(texts)).min() > 0.99999

    def test_can_stand_in_for_the_reference(self, fast: OnnxEmbedder, minilm: SentenceTransformerEmbedder) -> None:
        for name in ("name", "fingerprint", "dimension", "window"):
            assert getattr(fast, name) == getattr(minilm, name)

    def test_reads_256_tokens(self, fast: OnnxEmbedder) -> None:
        inside, outside = "word " * 253 + "parcel", "word " * 254 + "parcel"
        long, longer, only = fast.embed([inside, outside, "word " * 254])
        assert not np.allclose(long, only, atol=1e-4)
        assert np.array_equal(longer, only)


@pytest.mark.parametrize("pooling", ["mean", "cls"])
@pytest.mark.parametrize("kind", ["bert", "roberta", "xlm-roberta", "mpnet"])
def test_every_kind_agrees_with_the_reference(kind: str, pooling: str, tiny: Callable[..., Path]) -> None:
    folder = tiny(kind, pooling)
    draw = np.random.default_rng(7)
    words = [*tiny_models.WORDS, *tiny_models.SPECIAL["other"], *tiny_models.SPECIAL["bert"]]
    texts = ["", *(" ".join(draw.choice(words, size)) for size in draw.integers(1, 40, size=60))]
    fast, reference = OnnxEmbedder(str(folder)), SentenceTransformerEmbedder(str(folder))
    expected = reference.embed(texts)
    assert cosines(fast.embed(texts), expected).min() > 0.99999
    assert cosines(expected[1:], expected[:-1]).min() < 0.9
    assert (fast.fingerprint, fast.dimension) == (reference.fingerprint, reference.dimension)


def of_lengths(*words: int) -> list[str]:
    """Texts of so many words, drawn from a fixed seed; each word is a token or more."""
    draw = np.random.default_rng(9)
    return [" ".join(draw.choice(tiny_models.WORDS, size)) for size in words]


def check_alone_and_in_company(embedder: OnnxEmbedder, texts: list[str]) -> None:
    """Embeds texts one by one, all together in two orders, and in four smaller parties."""
    alone = np.concatenate([embedder.embed([text]) for text in texts])
    mixed = np.random.default_rng(10).permutation(len(texts))
    for party in (np.arange(len(texts)), mixed, *(mixed[start::4] for start in range(4))):
        assert np.array_equal(embedder.embed([texts[place] for place in party]), alone[party])


@pytest.mark.parametrize("threads", [1, 2])
def test_a_vector_does_not_depend_on_the_texts_beside_it(threads: int) -> None:
    texts = of_lengths(*range(9), 13, 14, 15, 29, 30, 31, 45, 46, 47, 62, 63, 94, 126, 127, 190, 253, 254, 300)
    check_alone_and_in_company(OnnxEmbedder(threads=threads), texts)


@pytest.mark.parametrize("pooling", ["mean", "cls"])
@pytest.mark.parametrize("kind", ["bert", "roberta", "xlm-roberta", "mpnet"])
def test_no_kind_depends_on_the_texts_beside_it(kind: str, pooling: str, tiny: Callable[..., Path]) -> None:
    texts = of_lengths(*range(23), *range(22, 0, -1))
    check_alone_and_in_company(OnnxEmbedder(str(tiny(kind, pooling))), texts)


def test_many_threads_at_once_get_what_one_gets(fast: OnnxEmbedder) -> None:
    texts = varied(40)
    expected = fast.embed(texts)
    with ThreadPoolExecutor(8) as pool:
        for made in pool.map(lambda _: fast.embed(texts), range(16)):
            assert np.array_equal(made, expected)


def test_one_thread_gives_what_several_give(fast: OnnxEmbedder) -> None:
    texts = varied(30)
    assert np.array_equal(OnnxEmbedder(threads=1).embed(texts), OnnxEmbedder(threads=3).embed(texts))


@pytest.mark.parametrize(("threads", "lengths"), [(1, [8]), (1, [30] * 30), (2, [30] * 8), (2, [30] * 30)])
def test_what_stands_beside_a_query_begins_once_the_model_has_all_that_it_needs(
    threads: int, lengths: list[int], tiny: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder, told = OnnxEmbedder(str(tiny("bert")), threads=threads), list[str]()
    embedder.embed_queries(["ready"])
    prepare_one, prepare = onnx_session._one, feeds

    def prepared(texts: Sequence[Sequence[int]], encoder: Encoder) -> Feeds:
        told.append("prepared")
        return prepare(texts, encoder)

    def prepared_one(ids: Sequence[int], encoder: Encoder) -> Feeds:
        told.append("prepared")
        return prepare_one(ids, encoder)

    monkeypatch.setattr("retrieval.embedders.onnx_session.feeds", prepared)
    monkeypatch.setattr(onnx_session, "_one", prepared_one)
    monkeypatch.setattr(Later, "begin", lambda _: told.append("begun"))
    with beside(Later(lambda: None, at_once=False)):
        embedder.embed_queries(of_lengths(*lengths))
        assert told.index("begun") >= threads
        assert told.count("begun") == 1


FORKS = """
import os, sys, threading
import numpy as np
from retrieval.embedders import embedder_named
embedder = embedder_named(sys.argv[1])
texts = ["the red lamp", "sold twice", "the parcel never arrived"]
expected = embedder.embed(texts)
done = threading.Event()
def work():
    while not done.is_set():
        embedder.embed(texts)
threads = [threading.Thread(target=work) for _ in range(3)]
for thread in threads:
    thread.start()
codes = []
for _ in range(20):
    child = os.fork()
    if child == 0:
        os._exit(0 if np.allclose(embedder.embed(texts), expected, atol=1e-6) else 1)
    codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
done.set()
print(codes)
"""


def test_a_forked_child_embeds_while_the_parent_does(tiny: Callable[..., Path]) -> None:
    command = [sys.executable, "-c", FORKS, str(tiny("bert"))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str([0] * 20)


COLD = """
import os, socket, sys
def refuse(*args, **kwargs):
    raise AssertionError("reached out")
socket.getaddrinfo = socket.socket.connect = socket.socket.connect_ex = refuse
from retrieval.embedders import embedder_named
embedder_named().embed(["account asks for the home address of somebody"])
open_sockets = [name for name in os.listdir("/proc/self/fd") if os.path.islink(path := f"/proc/self/fd/{name}")
                and os.readlink(path).startswith("socket:")] if os.path.isdir("/proc/self/fd") else []
heavy = ("torch", "transformers", "sentence_transformers", "huggingface_hub", "scipy", "chromadb", "openvino")
print([name for name in heavy if name in sys.modules], open_sockets)
"""


def test_a_query_needs_no_pytorch_and_no_network() -> None:
    command = [sys.executable, "-W", "error", "-c", COLD]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "[] []", "")


@pytest.mark.parametrize("most", [9, 60, 256])
def test_packs_hold_every_text_once_and_few_places(most: int) -> None:
    lengths = [int(length) for length in np.random.default_rng(8).integers(1, most, size=300)]
    together = list(packs(lengths))
    assert sorted(place for pack in together for place in pack) == list(range(300))
    for pack in together:
        assert len(pack) == 1 or sum(lengths[place] for place in pack) <= 288
        assert len(pack) * max(lengths[place] for place in pack) <= 576


@pytest.mark.parametrize("count", [6, 10, 12, 14, 40])
def test_two_cores_get_about_as_much(count: int) -> None:
    lengths = np.random.default_rng(count).integers(49, 56, size=count).tolist()
    sizes = [sum(lengths[place] for place in pack) for pack in packs(lengths)]
    assert len(sizes) % 2 == 0
    busy = [0, 0]
    for size in sizes:
        busy[busy.index(min(busy))] += size
    assert max(busy) <= 1.15 * sum(busy) / 2
