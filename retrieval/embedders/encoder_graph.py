"""A BERT-like encoder as an ONNX graph.

Architecture: Devlin et al. 2019 (https://arxiv.org/abs/1810.04805); relative positions as in MPNet, Song et al. 2020
(https://arxiv.org/abs/2004.09297), with the buckets of T5, Raffel et al. 2020 (https://arxiv.org/abs/1910.10683).

Texts of one call have the same number of tokens, so there is no padding and no mask. Only standard operators are used:
with ONNX Runtime 1.32 on x86 its fused SkipLayerNormalization and MultiHeadAttention took a tenth more time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.embedders.encoder import Encoder
from retrieval.embedders.onnx_file import INT64, Graph

_WORDS = "embeddings.word_embeddings.weight"
_FARTHEST = 128
"""Distance from which on all tokens share a bucket."""


@dataclass(frozen=True)
class _Names:
    """What a layer's tensors are called."""

    query: str
    key: str
    value: str
    attended: str
    attended_norm: str


_BERT = _Names(
    "attention.self.query", "attention.self.key", "attention.self.value",
    "attention.output.dense", "attention.output.LayerNorm",
)  # fmt: skip
_MPNET = _Names(
    "attention.attn.q", "attention.attn.k", "attention.attn.v", "attention.attn.o", "attention.LayerNorm",
)  # fmt: skip


def encoder_model(encoder: Encoder) -> bytes:
    """An ONNX model from token ids (texts, tokens), int64, to pooled vectors (texts, width), not normalised.

    Its weights are references into `encoder.weights`.

    Raises:
        KeyError, ValueError: the file has not the tensors of such an encoder.
    """
    return _Builder(encoder).model()


class _Builder:
    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self.names = _MPNET if encoder.kind == "mpnet" else _BERT
        self.graph = graph = Graph(encoder.weights)
        self.prefix = graph.prefix_of(_WORDS)
        if encoder.width % encoder.heads or graph.shape_of(self.prefix + _WORDS)[1:] != (encoder.width,):
            raise ValueError("the weights are not of the size that the description states")
        self.shape = graph.node("Shape", "ids")
        self.length = graph.node("Slice", self.shape, graph.integers(1), graph.integers(2))
        self.zero = graph.integers(0)
        self.flat = graph.integers(-1, encoder.width)
        self.heads = self._sized(encoder.heads, encoder.width // encoder.heads)
        self.full = self._sized(encoder.width)
        self.scale = graph.constant(np.array((encoder.width // encoder.heads) ** -0.5, dtype=np.float32))
        self.distances = self._distances() if encoder.buckets else None

    def model(self) -> bytes:
        rows = self.graph.node("Reshape", self._embeddings(), self.flat)
        for layer in range(self.encoder.layers):
            rows = self._layer(f"encoder.layer.{layer}.", rows)
        tokens = self.graph.node("Reshape", rows, self.full)
        if self.encoder.pooling == "mean":
            pooled = self.graph.node("ReduceMean", tokens, self.graph.integers(1), keepdims=0)
        else:
            pooled = self.graph.node("Gather", tokens, self.graph.constant(np.array(0, dtype=np.int64)), axis=1)
        return self.graph.model(("ids", ("texts", "tokens")), (pooled, ("texts", self.encoder.width)))

    def _embeddings(self) -> str:
        graph = self.graph
        found = graph.node("Gather", self._weight(_WORDS), "ids")
        found = graph.node("Add", found, self._positions("embeddings.position_embeddings.weight"))
        if self.encoder.kind != "mpnet":
            kinds = self._weight("embeddings.token_type_embeddings.weight")
            found = graph.node("Add", found, graph.node("Gather", kinds, self.zero))
        return self._norm("embeddings.LayerNorm", found)

    def _positions(self, table: str) -> str:
        graph, padding = self.graph, self.encoder.padding
        if padding is None:
            return graph.node("Slice", self._weight(table), self.zero, self.length, self.zero)
        # These models count from behind the padding's row, and a padding token that a text spells out isn't counted.
        unlike = graph.node("Not", graph.node("Equal", "ids", graph.integers(padding)))
        counted = graph.node("Cast", unlike, to=INT64)
        place = graph.node("Mul", graph.node("CumSum", counted, graph.integers(1)), counted)
        return graph.node("Gather", self._weight(table), graph.node("Add", place, graph.integers(padding)))

    def _layer(self, at: str, rows: str) -> str:
        attended = self._dense(at + self.names.attended, self._attention(at, rows))
        rows = self._norm(at + self.names.attended_norm, self.graph.node("Add", attended, rows))
        inner = self.graph.node("Gelu", self._dense(at + "intermediate.dense", rows))
        return self._norm(
            at + "output.LayerNorm", self.graph.node("Add", self._dense(at + "output.dense", inner), rows)
        )

    def _attention(self, at: str, rows: str) -> str:
        graph = self.graph
        query = self._split(at + self.names.query, rows, (0, 2, 1, 3))
        key = self._split(at + self.names.key, rows, (0, 2, 3, 1))
        value = self._split(at + self.names.value, rows, (0, 2, 1, 3))
        scores = graph.node("MatMul", graph.node("Mul", query, self.scale), key)
        if self.distances is not None:
            scores = graph.node("Add", scores, self.distances)
        mixed = graph.node("MatMul", graph.node("Softmax", scores, axis=-1), value)
        return graph.node("Reshape", graph.node("Transpose", mixed, perm=(0, 2, 1, 3)), self.flat)

    def _split(self, name: str, rows: str, order: tuple[int, ...]) -> str:
        """(texts, heads, tokens, size) of a dense layer's answer, in the order asked for."""
        return self.graph.node("Transpose", self.graph.node("Reshape", self._dense(name, rows), self.heads), perm=order)

    def _distances(self) -> str:
        """(1, heads, tokens, tokens): what each head adds for the distance between two tokens."""
        graph = self.graph
        ends = graph.node("Concat", self.length, self.length, axis=0)
        table = graph.constant(_buckets(self.encoder.longest, self.encoder.buckets))
        used = graph.node("Slice", table, graph.integers(0, 0), ends, graph.integers(0, 1))
        found = graph.node("Gather", self._weight("encoder.relative_attention_bias.weight"), used)
        return graph.node("Unsqueeze", graph.node("Transpose", found, perm=(2, 0, 1)), self.zero)

    def _dense(self, name: str, rows: str) -> str:
        return self.graph.node("Gemm", rows, self._weight(f"{name}.weight"), self._weight(f"{name}.bias"), transB=1)

    def _norm(self, name: str, rows: str) -> str:
        scale, shift = self._weight(f"{name}.weight"), self._weight(f"{name}.bias")
        return self.graph.node("LayerNormalization", rows, scale, shift, epsilon=self.encoder.epsilon, axis=-1)

    def _weight(self, name: str) -> str:
        return self.graph.weight(self.prefix + name)

    def _sized(self, *sizes: int) -> str:
        """The shape (texts, tokens, *sizes)."""
        return self.graph.node("Concat", self.shape, self.graph.integers(*sizes), axis=0)


def _buckets(longest: int, count: int) -> NDArray[np.int64]:
    """(longest, longest): the bucket of each distance, half of them for each direction, exact ones for the nearest."""
    distance = np.arange(longest)[:, None] - np.arange(longest)[None, :]
    half, exact = count // 2, count // 4
    near = np.abs(distance)
    share = np.log(np.maximum(near, exact).astype(np.float32) / exact) / np.float32(np.log(_FARTHEST / exact))
    far = np.minimum(exact + (share * (half - exact)).astype(np.int64), half - 1)
    found: NDArray[np.int64] = np.where(distance < 0, half, 0) + np.where(near < exact, near, far)
    return found
