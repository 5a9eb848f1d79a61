"""A BERT-like encoder as an ONNX graph.

Architecture: Devlin et al. 2019 (https://arxiv.org/abs/1810.04805); relative positions as in MPNet, Song et al. 2020
(https://arxiv.org/abs/2004.09297), with the buckets of T5, Raffel et al. 2020 (https://arxiv.org/abs/1910.10683).

There are two: one in float32 for many texts of any lengths (see `retrieval.embedders.packing`), and one for a single
text, where reading the weights takes most of the time and eight bits a weight are read sooner than 32. ONNX Runtime's
fused SkipLayerNormalization and MultiHeadAttention took a tenth more time (1.32, x86) and are not used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.embedders.blocks import BLOCK, in_blocks
from retrieval.embedders.encoder import Encoder
from retrieval.embedders.onnx_file import FLOAT, INT64, MICROSOFT, Graph, Value

_WORDS = "embeddings.word_embeddings.weight"
_POSITIONS = "embeddings.position_embeddings.weight"
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


def many_texts(encoder: Encoder) -> bytes:
    """An ONNX model in float32 from packed texts to a row a token (tokens, width), for `packing.pooled`.

    Its inputs are those of `packing.feeds`; its weights are references into `encoder.weights`.

    Raises:
        KeyError, ValueError: the file has not the tensors of such an encoder.
    """
    return _ManyTexts(encoder).model()


def one_text(encoder: Encoder) -> bytes:
    """An ONNX model with 8-bit weights from `ids` and `positions` (tokens,), int64, to a pooled vector (1, width).

    Inputs of the dense layers are rounded to 8 bits, too. The projection to values stays in float32: nearly half of the
    loss of cosine came from it, with a twelfth of the weights (all-MiniLM-L6-v2).

    Raises:
        KeyError, ValueError, OSError: the file has not the tensors of such an encoder.
    """
    return _OneText(encoder).model()


class _ManyTexts:
    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self.names = _MPNET if encoder.kind == "mpnet" else _BERT
        self.graph = graph = Graph(encoder.weights)
        self.prefix = graph.prefix_of(_WORDS)
        if encoder.width % encoder.heads or graph.shape_of(self.prefix + _WORDS)[1:] != (encoder.width,):
            raise ValueError("the weights are not of the size that the description states")
        self.zero = graph.integers(0)
        self.flat = graph.integers(-1, encoder.width)
        self.scale = graph.constant(np.array((encoder.width // encoder.heads) ** -0.5, dtype=np.float32))
        self.shape = self.shape_of_texts()
        self.heads = graph.node(
            "Concat", self.shape, graph.integers(encoder.heads, encoder.width // encoder.heads), axis=0
        )
        self.distances = self.distances_of_tokens() if encoder.buckets else None

    def model(self) -> bytes:
        rows = self.embeddings()
        for layer in range(self.encoder.layers):
            rows = self.layer(f"encoder.layer.{layer}.", rows)
        return self.graph.model(self.inputs, self.output(rows))

    inputs: tuple[Value, ...] = (
        ("ids", INT64, ("tokens",)),
        ("positions", INT64, ("tokens",)),
        ("table", INT64, ("texts", "longest")),
        ("mask", FLOAT, ("texts", 1, 1, "longest")),
        ("back", INT64, ("tokens",)),
    )

    def shape_of_texts(self) -> str:
        """(texts, longest), as integers."""
        return self.graph.node("Shape", "table")

    def parted(self, rows: str) -> str:
        """(texts, longest, width) of rows (tokens, width)."""
        return self.graph.node("Gather", rows, "table", axis=0)

    def joined(self, rows: str) -> str:
        """(tokens, width) of rows (texts * longest, width)."""
        return self.graph.node("Gather", rows, "back", axis=0)

    def masked(self, scores: str) -> str:
        return self.graph.node("Add", scores, "mask")

    def output(self, rows: str) -> Value:
        """What the model answers, of rows (tokens, width)."""
        return rows, FLOAT, ("tokens", self.encoder.width)

    def dense(self, name: str, rows: str) -> str:
        return self.graph.node("Gemm", rows, self.weight(f"{name}.weight"), self.weight(f"{name}.bias"), transB=1)

    def embeddings(self) -> str:
        graph = self.graph
        found = graph.node("Gather", self.weight(_WORDS), "ids")
        found = graph.node("Add", found, graph.node("Gather", self.weight(_POSITIONS), "positions"))
        if self.encoder.kind != "mpnet":
            kinds = self.weight("embeddings.token_type_embeddings.weight")
            found = graph.node("Add", found, graph.node("Gather", kinds, self.zero))
        return self.norm("embeddings.LayerNorm", found)

    def layer(self, at: str, rows: str) -> str:
        attended = self.dense(at + self.names.attended, self.attention(at, rows))
        rows = self.norm(at + self.names.attended_norm, self.graph.node("Add", attended, rows))
        inner = self.graph.node("Gelu", self.dense(at + "intermediate.dense", rows))
        return self.norm(at + "output.LayerNorm", self.graph.node("Add", self.dense(at + "output.dense", inner), rows))

    def attention(self, at: str, rows: str) -> str:
        graph = self.graph
        query = self.split(at + self.names.query, rows, (0, 2, 1, 3))
        key = self.split(at + self.names.key, rows, (0, 2, 3, 1))
        value = self.split(at + self.names.value, rows, (0, 2, 1, 3))
        scores = graph.node("MatMul", graph.node("Mul", query, self.scale), key)
        if self.distances is not None:
            scores = graph.node("Add", scores, self.distances)
        mixed = graph.node("MatMul", graph.node("Softmax", self.masked(scores), axis=-1), value)
        return self.joined(graph.node("Reshape", graph.node("Transpose", mixed, perm=(0, 2, 1, 3)), self.flat))

    def split(self, name: str, rows: str, order: tuple[int, ...]) -> str:
        """(texts, heads, longest, size) of a dense layer's answer, in the order asked for."""
        parted = self.parted(self.dense(name, rows))
        return self.graph.node("Transpose", self.graph.node("Reshape", parted, self.heads), perm=order)

    def distances_of_tokens(self) -> str:
        """(1, heads, longest, longest): what each head adds for the distance between two tokens."""
        graph = self.graph
        length = graph.node("Slice", self.shape, graph.integers(1), graph.integers(2))
        table = graph.constant(_buckets(self.encoder.longest, self.encoder.buckets))
        ends = graph.node("Concat", length, length, axis=0)
        used = graph.node("Slice", table, graph.integers(0, 0), ends, graph.integers(0, 1))
        found = graph.node("Gather", self.weight("encoder.relative_attention_bias.weight"), used)
        return graph.node("Unsqueeze", graph.node("Transpose", found, perm=(2, 0, 1)), self.zero)

    def norm(self, name: str, rows: str) -> str:
        scale, shift = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.graph.node("LayerNormalization", rows, scale, shift, epsilon=self.encoder.epsilon, axis=-1)

    def weight(self, name: str) -> str:
        return self.graph.weight(self.prefix + name)


class _OneText(_ManyTexts):
    """One text has a row a token already: nothing to part, to join or to hide."""

    inputs = _ManyTexts.inputs[:2]

    def shape_of_texts(self) -> str:
        return self.graph.node("Concat", self.graph.integers(1), self.graph.node("Shape", "ids"), axis=0)

    def parted(self, rows: str) -> str:
        return rows

    def joined(self, rows: str) -> str:
        return rows

    def masked(self, scores: str) -> str:
        return scores

    def output(self, rows: str) -> Value:
        if self.encoder.pooling == "mean":
            pooled = self.graph.node("ReduceMean", rows, self.zero, keepdims=1)
        else:
            pooled = self.graph.node("Gather", rows, self.zero, axis=0)
        return pooled, FLOAT, (1, self.encoder.width)

    def dense(self, name: str, rows: str) -> str:
        if name.endswith(self.names.value):
            return super().dense(name, rows)
        weights = self.graph.values(f"{self.prefix}{name}.weight")
        codes, scales = (self.graph.constant(part) for part in in_blocks(weights))
        size = {"N": weights.shape[0], "K": weights.shape[1], "bits": 8, "block_size": BLOCK}
        # Zero points and the order of columns are left out; level 4 lets 8-bit inputs meet 8-bit weights.
        held = (rows, codes, scales, "", "", self.weight(f"{name}.bias"))
        return self.graph.node("MatMulNBits", *held, domain=MICROSOFT, accuracy_level=4, **size)


def _buckets(longest: int, count: int) -> NDArray[np.int64]:
    """(longest, longest): the bucket of each distance, half of them for each direction, exact ones for the nearest."""
    distance = np.arange(longest)[:, None] - np.arange(longest)[None, :]
    half, exact = count // 2, count // 4
    near = np.abs(distance)
    share = np.log(np.maximum(near, exact).astype(np.float32) / exact) / np.float32(np.log(_FARTHEST / exact))
    far = np.minimum(exact + (share * (half - exact)).astype(np.int64), half - 1)
    found: NDArray[np.int64] = np.where(distance < 0, half, 0) + np.where(near < exact, near, far)
    return found
