from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from retrieval.embedders import (
    PACKAGED,
    Embedder,
    HashingEmbedder,
    OnnxEmbedder,
    SentenceTransformerEmbedder,
    embedder_named,
)
from retrieval.embedders.weights import PACKAGED_SHA256, locate, longest_input, packaged_folder, verify
from retrieval.errors import EmbedderUnavailable
from retrieval.offline import SWITCHES, stay_offline

TEXTS = ["The parcel never arrived.", "", "שלום", "🎉" * 10, "a\u200bb", "long " * 2000, "half a pair: \ud83d"]


class EmbedderContract:
    """What holds for every embedder."""

    @pytest.fixture
    def embedder(self) -> Embedder:
        pytest.fail("each kind of embedder gives its own")

    def test_vectors_are_float32_rows_of_length_one(self, embedder: Embedder) -> None:
        vectors = embedder.embed(TEXTS)
        assert vectors.shape == (len(TEXTS), embedder.dimension)
        assert vectors.dtype == np.float32
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)

    def test_no_texts_give_no_rows(self, embedder: Embedder) -> None:
        assert embedder.embed([]).shape == (0, embedder.dimension)

    def test_the_same_text_gives_the_same_vector_in_any_batch(self, embedder: Embedder) -> None:
        assert np.allclose(embedder.embed(TEXTS)[0], embedder.embed(TEXTS[:1])[0], atol=1e-5)

    def test_what_is_alike_is_nearer(self, embedder: Embedder) -> None:
        query, like, unlike = embedder.embed(
            ["the parcel is late", "parcels that arrive late", "how to prune apple trees"]
        )
        assert query @ like > query @ unlike + 0.1


class TestHashing(EmbedderContract):
    @pytest.fixture
    def embedder(self) -> Embedder:
        return HashingEmbedder()

    def test_is_the_same_on_every_machine(self) -> None:
        first = HashingEmbedder(16).embed(["parcel"])[0]
        assert np.flatnonzero(np.round(first, 3)).tolist() == [0, 9, 10, 13, 15]


class TestMiniLM(EmbedderContract):
    @pytest.fixture
    def embedder(self, minilm: SentenceTransformerEmbedder) -> Embedder:
        return minilm

    def test_meaning_counts_without_shared_words(self, minilm: SentenceTransformerEmbedder) -> None:
        query, like, unlike = minilm.embed(["my package is lost", "the shipment went missing", "my garden is green"])
        assert query @ like > query @ unlike + 0.2

    def test_reads_256_tokens(self) -> None:
        assert longest_input(packaged_folder()) == 256


def test_the_packaged_weights_are_the_pinned_ones() -> None:
    verify(packaged_folder() / "model.safetensors", PACKAGED_SHA256)


def test_other_weights_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    file.write_bytes(b"something else")
    with pytest.raises(EmbedderUnavailable, match=r"not the pinned ones.*force-reinstall"):
        verify(file, PACKAGED_SHA256)
    with pytest.raises(EmbedderUnavailable, match=r"missing"):
        verify(tmp_path / "absent.safetensors", PACKAGED_SHA256)


@pytest.mark.parametrize("name", ["nobody/such-a-model", "no-such-model", "/no/such/folder", "not a name!", ""])
def test_a_model_that_is_not_here_is_never_downloaded(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(EmbedderUnavailable, match="nothing is ever downloaded"):
        embedder_named(name)


def test_a_folder_without_a_whole_model_says_so(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not weights")
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    with pytest.raises(EmbedderUnavailable, match="can't be loaded"):
        SentenceTransformerEmbedder(str(tmp_path)).embed(["text"])


def test_the_fingerprint_follows_the_files(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"one")
    before = SentenceTransformerEmbedder(str(tmp_path)).fingerprint
    (tmp_path / "README.md").write_text("only words")
    assert SentenceTransformerEmbedder(str(tmp_path)).fingerprint == before
    (tmp_path / "config.json").write_text("{}")
    assert SentenceTransformerEmbedder(str(tmp_path)).fingerprint != before


@pytest.mark.parametrize(
    ("name", "device", "kind"),
    [
        ("hashing", "cpu", HashingEmbedder),
        (PACKAGED, "cpu", OnnxEmbedder),
        (PACKAGED, "cuda", SentenceTransformerEmbedder),
    ],
)
def test_embedders_by_name(name: str, device: str, kind: type) -> None:
    assert isinstance(embedder_named(name, device=device), kind)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, 128),
        ({"config.json": {"max_position_embeddings": 2048}}, 512),
        ({"config.json": {"max_position_embeddings": 64}, "tokenizer_config.json": {"model_max_length": 10**30}}, 64),
        ({"config.json": {"max_position_embeddings": 512}, "tokenizer_config.json": {"model_max_length": 20}}, 20),
        ({"config.json": {"max_position_embeddings": 512}, "sentence_bert_config.json": {"max_seq_length": 256}}, 256),
        ({"config.json": {"max_position_embeddings": 99}, "sentence_bert_config.json": {"max_seq_length": None}}, 99),
    ],
)
def test_the_longest_input_is_what_the_files_state(files: dict[str, object], expected: int, tmp_path: Path) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(json.dumps(content))
    assert longest_input(tmp_path) == expected


def test_a_path_names_a_model() -> None:
    assert locate(str(packaged_folder())) == packaged_folder()


def test_the_switches_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SWITCHES:
        monkeypatch.setenv(name, "")
    stay_offline()
    assert {name: os.environ[name] for name in SWITCHES} == SWITCHES
    assert os.environ["HF_HUB_OFFLINE"] == os.environ["TRANSFORMERS_OFFLINE"] == "1"


HEAVY = ("torch", "chromadb", "sentence_transformers", "transformers", "bm25s", "scipy", "langchain")


@pytest.mark.parametrize("module", ["retrieval", "retrieval.hits"])
def test_importing_loads_nothing_heavy(module: str) -> None:
    code = f"import {module}, sys; print([name for name in {HEAVY} if name in sys.modules])"
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
