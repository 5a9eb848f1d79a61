"""Weights in eight bits: every run of a row's weights shares one scale, so that a large one coarsens only its own.

The layout is that of ONNX Runtime's MatMulNBits
(https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MatMulNBits).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BLOCK = 16
"""Weights that share a scale, the fewest that the operator takes; the inputs are rounded in the same blocks."""
_MIDDLE = 128
"""The code of zero."""


def in_blocks(weights: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Codes (rows, blocks, `BLOCK`) and scales (rows, blocks) of weights (rows, columns), the last block filled up.

    A weight is (code - 128) * scale, to within half a scale.
    """
    rows, columns = weights.shape
    filled = np.pad(weights, ((0, 0), (0, -columns % BLOCK))) if columns % BLOCK else weights
    largest = sizes = np.abs(filled)
    # The largest of each block by halving: over so short an axis, numpy's own reduction takes seven times as long.
    while largest.shape[1] * BLOCK > filled.shape[1]:
        largest = np.maximum(largest[:, ::2], largest[:, 1::2])
    scales: NDArray[np.float32] = np.divide(largest, _MIDDLE - 1, dtype=np.float32)
    inverse = np.divide(1, scales, out=np.zeros_like(scales), where=scales > 0)
    codes = np.multiply(filled.reshape(rows, -1, BLOCK), inverse[:, :, None], out=sizes.reshape(rows, -1, BLOCK))
    codes += np.float32(_MIDDLE + 0.5)
    return codes.astype(np.uint8), scales
