"""Writes an ONNX model around weights that stay where they are, in a .safetensors file.

Only the graph is written (some 20 kB); each weight is a reference to its bytes, which the runtime maps into memory.
Field numbers are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, the weights' format is that of
https://github.com/huggingface/safetensors#format.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

_OPSET = 20
_IR_VERSION = 9
FLOAT, INT64 = 1, 7
_ELEMENTS = {"float32": FLOAT, "uint8": 2, "int64": INT64}
_EXTERNAL = 1
MICROSOFT = "com.microsoft"
"""The domain of ONNX Runtime's own operators."""
Value: TypeAlias = tuple[str, int, Sequence[str | int]]
"""An input or output: its name, the kind of its elements, its dimensions."""


@dataclass(frozen=True)
class Stored:
    """Where a tensor's bytes are in its file."""

    kind: str
    shape: tuple[int, ...]
    offset: int
    length: int


def stored_tensors(file: Path) -> dict[str, Stored]:
    """What a .safetensors file holds, by name.

    Raises:
        ValueError: the file isn't one, or was cut short.
    """
    whole = file.stat().st_size
    with file.open("rb") as stream:
        size = int.from_bytes(stream.read(8), "little")
        if not 0 < size <= whole:
            raise ValueError(f"{file.name} is not a .safetensors file")
        header = json.loads(stream.read(size))
    header.pop("__metadata__", None)
    found = {name: _stored(entry, 8 + size) for name, entry in header.items()}
    # Runtimes map the file without looking, and the process dies when it reads behind the end.
    if any(stored.offset + stored.length > whole for stored in found.values()):
        raise ValueError(f"{file.name} was cut short")
    return found


def _stored(entry: dict[str, Any], base: int) -> Stored:
    start, end = (int(place) for place in entry["data_offsets"])
    return Stored(str(entry["dtype"]), tuple(int(size) for size in entry["shape"]), base + start, end - start)


class Graph:
    """Nodes, constants and references to float32 weights; every method answers the name of what it added."""

    def __init__(self, weights: Path) -> None:
        self._file = weights
        self._stored = stored_tensors(weights)
        self._nodes: list[bytes] = []
        self._initializers: dict[str, bytes] = {}

    def node(self, operator: str, *inputs: str, domain: str = "", **attributes: float | int | Sequence[int]) -> str:
        """An operator with one output; an input without a name is left out."""
        output = f"{operator}_{len(self._nodes)}"
        held = [_bytes(1, name) for name in inputs] + [_bytes(2, output), _bytes(4, operator), _bytes(7, domain)]
        held += [_bytes(5, _attribute(name, value)) for name, value in attributes.items()]
        self._nodes.append(b"".join(held))
        return output

    def weight(self, name: str) -> str:
        """A tensor of the file.

        Raises:
            KeyError: the file has none of that name.
            ValueError: it isn't float32.
        """
        if name not in self._initializers:
            found = self._float32(name)
            place = {"location": self._file.name, "offset": found.offset, "length": found.length}
            external = b"".join(_bytes(13, _bytes(1, key) + _bytes(2, str(value))) for key, value in place.items())
            self._initializers[name] = _tensor(name, found.shape, FLOAT) + external + _number(14, _EXTERNAL)
        return name

    def values(self, name: str) -> NDArray[np.float32]:
        """What a tensor of the file holds. Raises as `weight` does, and OSError."""
        found = self._float32(name)
        held = np.fromfile(self._file, dtype="<f4", count=prod(found.shape), offset=found.offset)
        return held.reshape(found.shape)

    def _float32(self, name: str) -> Stored:
        found = self._stored[name]
        if found.kind != "F32" or found.length != 4 * prod(found.shape):
            raise ValueError(f"tensor {name} is not float32 of its shape")
        return found

    def prefix_of(self, ending: str) -> str:
        """What stands before the one tensor name that ends so.

        Raises:
            ValueError: none does, or several.
        """
        found = [name.removesuffix(ending) for name in self._stored if name.endswith(ending)]
        if len(found) != 1:
            raise ValueError(f"{len(found)} tensors end with {ending}")
        return found[0]

    def shape_of(self, name: str) -> tuple[int, ...]:
        """Of a tensor of the file; KeyError when it has none of that name."""
        return self._stored[name].shape

    def constant(self, value: NDArray[np.float32] | NDArray[np.int64] | NDArray[np.uint8]) -> str:
        """A tensor that is written into the model itself."""
        name = f"constant_{len(self._initializers)}"
        head = _tensor(name, value.shape, _ELEMENTS[value.dtype.name])
        self._initializers[name] = head + _bytes(9, value.tobytes())
        return name

    def integers(self, *values: int) -> str:
        """A constant vector of integers."""
        return self.constant(np.array(values, dtype=np.int64))

    def model(self, inputs: Sequence[Value], output: Value) -> bytes:
        """The finished model."""
        graph = b"".join(_bytes(1, node) for node in self._nodes) + _bytes(2, "encoder")
        graph += b"".join(_bytes(5, tensor) for tensor in self._initializers.values())
        graph += b"".join(_bytes(11, _value(*value)) for value in inputs) + _bytes(12, _value(*output))
        operators = _bytes(8, _number(2, _OPSET)) + _bytes(8, _bytes(1, MICROSOFT) + _number(2, 1))
        return _number(1, _IR_VERSION) + operators + _bytes(7, graph)


def _tensor(name: str, shape: Sequence[int], element: int) -> bytes:
    return b"".join(_number(1, size) for size in shape) + _number(2, element) + _bytes(8, name)


def _value(name: str, element: int, shape: Sequence[str | int]) -> bytes:
    sizes = (_bytes(2, size) if isinstance(size, str) else _number(1, size) for size in shape)
    kind = _number(1, element) + _bytes(2, b"".join(_bytes(1, size) for size in sizes))
    return _bytes(1, name) + _bytes(2, _bytes(1, kind))


def _attribute(name: str, value: float | int | Sequence[int]) -> bytes:
    if isinstance(value, float):
        return _bytes(1, name) + _key(2, 5) + struct.pack("<f", value) + _number(20, 1)
    if isinstance(value, int):
        return _bytes(1, name) + _number(3, value) + _number(20, 2)
    return _bytes(1, name) + b"".join(_number(8, part) for part in value) + _number(20, 7)


def _key(field: int, wire: int) -> bytes:
    return _varint(field << 3 | wire)


def _number(field: int, value: int) -> bytes:
    return _key(field, 0) + _varint(value & (1 << 64) - 1)


def _bytes(field: int, value: str | bytes) -> bytes:
    held = value.encode() if isinstance(value, str) else value
    return _key(field, 2) + _varint(len(held)) + held


def _varint(value: int) -> bytes:
    """Seven bits a byte, lowest first; the eighth says that more follow."""
    held = bytearray()
    while value > 127:
        held.append(value & 127 | 128)
        value >>= 7
    return bytes([*held, value])
