from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from policy_corpus import find, load
from retrieval.embedders import HashingEmbedder, OnnxEmbedder, SentenceTransformerEmbedder, Vectors, query_vectors
from retrieval.embedders.base import QueryEmbedder
from retrieval.embedders.blocks import BLOCK, in_blocks
from retrieval.embedders.encoder import Encoder
from retrieval.errors import EmbedderUnavailable
from tests.retrieval import tiny_models
from tests.retrieval.varied import cosines, varied


def one_by_one(embedder: QueryEmbedder, texts: Sequence[str]) -> Vectors:
    return np.concatenate([embedder.embed_queries([text]) for text in texts])


def test_the_reference_is_near(fast: OnnxEmbedder, minilm: SentenceTransformerEmbedder) -> None:
    texts = [*varied(50), "word " * 400]
    found = cosines(one_by_one(fast, texts), minilm.embed(texts))
    assert found.min() > 0.998
    assert np.median(found) > 0.9996


def test_the_nearest_passages_stay_the_nearest(fast: OnnxEmbedder) -> None:
    passages = [f"{one.title}. {one.text}" for one in load(find("acceptable_use")).passages()][:160]
    queries = [" ".join(text.split()[start : start + 9]) for text in passages[::4] for start in (5, 25)]
    held = fast.embed(passages)
    exact, rounded = ((vectors @ held.T) for vectors in (fast.embed(queries), one_by_one(fast, queries)))
    nearest = [np.argsort(-scores, axis=1)[:, :10] for scores in (exact, rounded)]
    common = [len(set(one) & set(other)) / 10 for one, other in zip(*nearest, strict=True)]
    assert np.mean(common) >= 0.98


@pytest.mark.parametrize("pooling", ["mean", "cls"])
@pytest.mark.parametrize("kind", ["bert", "roberta", "xlm-roberta", "mpnet"])
def test_every_kind_is_computed_alike(kind: str, pooling: str, tiny: Callable[..., Path]) -> None:
    embedder = OnnxEmbedder(str(tiny(kind, pooling)))
    draw = np.random.default_rng(7)
    words = [*tiny_models.WORDS, *tiny_models.SPECIAL["other"], *tiny_models.SPECIAL["bert"]]
    texts = ["", *(" ".join(draw.choice(words, size)) for size in draw.integers(1, 40, size=60))]
    exact = embedder.embed(texts)
    found = cosines(one_by_one(embedder, texts), exact)
    # Untrained weights of 32 columns are coarse; what differs, differs much more.
    assert found.min() > 0.98
    assert np.median(found) > 0.998
    assert cosines(exact[1:], exact[:-1]).min() < 0.9


def test_only_a_text_that_comes_alone_is_rounded(fast: OnnxEmbedder) -> None:
    texts = varied(30)[-3:]
    assert np.array_equal(fast.embed_queries(texts), fast.embed(texts))
    assert not np.array_equal(fast.embed_queries(texts[:1]), fast.embed(texts[:1]))
    assert fast.embed_queries([]).shape == (0, fast.dimension)


def test_rounding_can_be_switched_off(tiny: Callable[..., Path]) -> None:
    exact, rounded = (OnnxEmbedder(str(tiny("bert")), queries=queries) for queries in ("float32", "int8"))
    assert np.array_equal(exact.embed_queries(["the lamp"]), exact.embed(["the lamp"]))
    assert not np.array_equal(rounded.embed_queries(["the lamp"]), rounded.embed(["the lamp"]))
    assert exact.fingerprint == rounded.fingerprint


def test_a_machine_that_can_not_round_computes_exactly_and_says_so(
    tiny: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def unknown(encoder: Encoder) -> bytes:
        return b"a model of operators that nobody has"

    monkeypatch.setattr("retrieval.embedders.onnx_session.one_text", unknown)
    embedder = OnnxEmbedder(str(tiny("bert")))
    assert np.array_equal(embedder.embed_queries(["the lamp"]), embedder.embed(["the lamp"]))
    assert [one.levelname for one in caplog.records] == ["WARNING"]
    assert "can't be run with 8-bit weights here" in caplog.text


def test_a_damaged_tokenizer_is_told_for_a_query_too(tiny: Callable[..., Path], tmp_path: Path) -> None:
    for file in tiny("bert").iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "1_Pooling").mkdir()
    (tmp_path / "1_Pooling" / "config.json").write_bytes((tiny("bert") / "1_Pooling" / "config.json").read_bytes())
    file = tmp_path / "tokenizer.json"
    file.write_text(file.read_text().replace(f'"lamp": {4 + tiny_models.WORDS.index("lamp")}', '"lamp": 900'))
    with pytest.raises(EmbedderUnavailable, match="don't belong together") as caught:
        OnnxEmbedder(str(tmp_path)).embed_queries(["the lamp"])
    assert "lamp" not in str(caught.value)


def test_an_embedder_with_one_way_embeds_queries_that_way(fast: OnnxEmbedder) -> None:
    plain = HashingEmbedder(32)
    assert np.array_equal(query_vectors(plain, ["a parcel"]), plain.embed(["a parcel"]))
    assert np.array_equal(query_vectors(fast, ["a parcel"]), fast.embed_queries(["a parcel"]))


@pytest.mark.parametrize("columns", [1, BLOCK - 1, BLOCK, 5 * BLOCK, 5 * BLOCK + 3])
def test_a_weight_is_lost_by_half_a_step_at_most(columns: int) -> None:
    weights = np.random.default_rng(columns).normal(size=(7, columns)).astype(np.float32)
    weights[2] = 0
    weights[4, 0] = 900
    codes, scales = in_blocks(weights)
    assert codes.shape == (7, -(-columns // BLOCK), BLOCK)
    restored = ((codes.astype(np.float32) - 128) * scales[:, :, None]).reshape(7, -1)
    assert not restored[:, columns:].any()
    assert (np.abs(restored[:, :columns] - weights) <= np.repeat(scales, BLOCK, axis=1)[:, :columns] * 0.501).all()
    assert not restored[2].any()
