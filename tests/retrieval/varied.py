"""Texts of all lengths in many scripts, and how alike two sets of vectors are."""

from __future__ import annotations

from typing import Any

import numpy as np

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
