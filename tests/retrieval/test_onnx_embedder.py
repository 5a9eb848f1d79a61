from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrieval.embedders import OnnxEmbedder, SentenceTransformerEmbedder, embedder_named
from retrieval.embedders.encoder import Unsupported, read_encoder
from retrieval.embedders.onnx import _TOGETHER, _batches
from retrieval.errors import EmbedderUnavailable
from tests.retrieval import tiny_models
from tests.retrieval.test_embedders import EmbedderContract

ROOT = Path(__file__).parents[2]

SENTENCES = [
    "The parcel never arrived.", "مرحبا، لم يصل الطرد", "مَرْحَبًا", "你好，包裹没有到。", "日本語の文です。",
    "한국어 문장", "नमस्ते दुनिया", "ไทย", "שלום", "İstanbul ı ß ẞ ﬁ ﬀ", "é e\u0301 Ünïcödé", "🎉",
    "👩\u200d👩\u200d👧 👍🏽", "ｆｕｌｌ Ω≈ç√∫", "1,234.56 $ € ₹", "http://x.example/a?b=1&c=2",
    "[MASK] [SEP] [CLS] [PAD] ##ing", "\x00\x01 \u202e \ufffd \ud800", "a" * 300, "", " \n\t",
]  # fmt: skip


def varied(count: int) -> list[str]:
    """Texts of all lengths in many scripts: each is some of the sentences, drawn from a fixed seed."""
    draw = np.random.default_rng(6)
    return SENTENCES + [
        " ".join(SENTENCES[at] for at in draw.integers(0, len(SENTENCES), size=draw.integers(2, 5)))
        for _ in range(count - len(SENTENCES))
    ]


def cosines(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    found: np.ndarray[Any, Any] = (one.astype(np.float64) * other).sum(axis=1)
    return found


@pytest.fixture(scope="module")
def fast() -> OnnxEmbedder:
    return OnnxEmbedder()


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Makes tiny models, each once."""

    @cache
    def make(kind: str, pooling: str = "mean") -> Path:
        return tiny_models.make(tmp_path_factory.mktemp("model"), kind, pooling)

    return make


@pytest.fixture
def copied(tiny: Callable[..., Path], tmp_path: Path) -> Path:
    """A tiny model that a test may spoil."""
    return Path(shutil.copytree(tiny("bert"), tmp_path / "model"))


class TestPackaged(EmbedderContract):
    @pytest.fixture
    def embedder(self, fast: OnnxEmbedder) -> OnnxEmbedder:
        return fast

    def test_agrees_with_the_reference(self, fast: OnnxEmbedder, minilm: SentenceTransformerEmbedder) -> None:
        texts = [*varied(220), "word " * 400]
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


def test_many_threads_at_once_get_what_one_gets(fast: OnnxEmbedder) -> None:
    texts = varied(40)
    expected = fast.embed(texts)
    with ThreadPoolExecutor(8) as pool:
        for made in pool.map(lambda _: fast.embed(texts), range(16)):
            assert np.array_equal(made, expected)


def test_one_thread_gives_what_several_give(fast: OnnxEmbedder) -> None:
    texts = varied(30)
    assert np.array_equal(OnnxEmbedder(threads=1).embed(texts), OnnxEmbedder(threads=3).embed(texts))


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


def test_batches_hold_equally_long_texts_and_few_tokens() -> None:
    lengths = [int(length) for length in np.random.default_rng(8).integers(1, 400, size=500)]
    batches = list(_batches(lengths))
    assert sorted(place for batch in batches for place in batch) == list(range(500))
    for batch in batches:
        assert len({lengths[place] for place in batch}) == 1
        assert len(batch) == 1 or sum(lengths[place] for place in batch) <= _TOGETHER


def changed(file: str, **keys: Any) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        content = json.loads((folder / file).read_text()) if (folder / file).is_file() else {}
        (folder / file).write_text(json.dumps({**content, **keys}))

    return change


def half_precision(folder: Path) -> None:
    from safetensors.numpy import load_file, save_file

    halves = {name: value.astype(np.float16) for name, value in load_file(folder / "model.safetensors").items()}
    save_file(halves, folder / "model.safetensors")


def with_a_dense_layer(folder: Path) -> None:
    modules = json.loads((folder / "modules.json").read_text())
    modules.insert(2, {"idx": 2, "name": "2", "path": "2_Dense", "type": "sentence_transformers.models.Dense"})
    (folder / "modules.json").write_text(json.dumps(modules))


@pytest.mark.parametrize(
    "spoil",
    [
        changed("config.json", model_type="deberta-v2"),
        changed("config.json", hidden_act="gelu_new"),
        changed("config.json", is_decoder=True),
        changed("config.json", num_hidden_layers="many"),
        changed("1_Pooling/config.json", pooling_mode="max"),
        changed("1_Pooling/config.json", pooling_mode=["mean", "cls"]),
        changed("config_sentence_transformers.json", default_prompt_name="query"),
        changed("sentence_bert_config.json", do_lower_case=True),
        changed("sentence_bert_config.json", module_output_name="sentence_embedding"),
        with_a_dense_layer,
        half_precision,
        lambda folder: (folder / "modules.json").unlink(),
        lambda folder: (folder / "tokenizer.json").unlink(),
        lambda folder: (folder / "model.safetensors").rename(folder / "model-00001-of-00001.safetensors"),
        lambda folder: (folder / "modules.json").write_text("not json"),
    ],
)
def test_what_it_can_not_run_is_left_to_the_reference(spoil: Callable[[Path], None], copied: Path) -> None:
    assert isinstance(embedder_named(str(copied)), OnnxEmbedder)
    spoil(copied)
    with pytest.raises(Unsupported):
        read_encoder(copied)
    assert isinstance(embedder_named(str(copied)), SentenceTransformerEmbedder)


def test_older_ways_of_describing_a_model_are_read(copied: Path) -> None:
    before = read_encoder(copied)
    (copied / "1_Pooling" / "config.json").write_text(
        json.dumps({"pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True})
    )
    changed("sentence_bert_config.json", max_seq_length=7)(copied)
    after = read_encoder(copied)
    assert (before.pooling, before.longest) == ("mean", 24)
    assert (after.pooling, after.longest) == ("mean", 7)


def cut_short(folder: Path) -> None:
    file = folder / "model.safetensors"
    file.write_bytes(file.read_bytes()[:-1])


@pytest.mark.parametrize(
    "spoil",
    [
        cut_short,
        lambda folder: (folder / "model.safetensors").write_bytes(b"not weights"),
        lambda folder: (folder / "model.safetensors").write_bytes(b""),
        lambda folder: (folder / "model.safetensors").write_bytes(b"\x02" + b"\0" * 7 + b"[]"),
    ],
)
def test_damaged_weights_are_told_at_once(spoil: Callable[[Path], None], copied: Path) -> None:
    spoil(copied)
    with pytest.raises(EmbedderUnavailable, match="are damaged; give the path of a complete"):
        embedder_named(str(copied))


@pytest.mark.parametrize(
    "spoil",
    [
        changed("config.json", num_hidden_layers=4),
        changed("config.json", num_attention_heads=5),
        changed("config.json", hidden_size=64),
        lambda folder: (folder / "tokenizer.json").write_text("{}"),
        changed("tokenizer.json", post_processor=None),
    ],
)
def test_files_that_contradict_each_other_are_told(spoil: Callable[[Path], None], copied: Path) -> None:
    spoil(copied)
    with pytest.raises(EmbedderUnavailable, match=r"can't be loaded from its files; give the path of a complete"):
        OnnxEmbedder(str(copied)).embed(["text"])


def test_a_tokenizer_of_another_model_is_told_without_the_text(copied: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = copied / "tokenizer.json"
    file.write_text(file.read_text().replace(f'"lamp": {4 + tiny_models.WORDS.index("lamp")}', '"lamp": 900'))
    with pytest.raises(EmbedderUnavailable, match="don't belong together") as caught:
        OnnxEmbedder(str(copied)).embed(["the lamp"])
    assert "lamp" not in str(caught.value)
    assert capfd.readouterr() == ("", "")
