"""Embedding by sentence-transformers, from files that are already here."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from retrieval.embedders import weights
from retrieval.embedders.base import Vectors, encodable
from retrieval.errors import EmbedderUnavailable
from retrieval.offline import stay_offline

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class SentenceTransformerEmbedder:
    """Any sentence-transformers model that is on this machine.

    Files are found and checked at once; the model itself is loaded with the first text, so that commands which embed
    nothing don't wait for it.
    """

    def __init__(
        self,
        model: str = weights.PACKAGED,
        *,
        device: str = "cpu",
        batch_size: int = 32,
        models: Path | None = None,
    ) -> None:
        self._name = model
        self._models = models
        self._folder = weights.locate(model, models)
        self._device = device
        self._batch_size = batch_size
        # Fast tokenizers fail when two threads use one at a time.
        self._one_at_a_time = threading.RLock()

    @property
    def name(self) -> str:
        return self._name

    @cached_property
    def fingerprint(self) -> str:
        return weights.fingerprint(self._folder, self._models)

    @property
    def dimension(self) -> int:
        with self._one_at_a_time:
            return int(self._model.get_embedding_dimension() or 0)

    @cached_property
    def window(self) -> int:
        return weights.window(self._folder)

    def embed(self, texts: Sequence[str]) -> Vectors:
        with self._one_at_a_time:
            if not texts:
                return np.zeros((0, self.dimension), dtype=np.float32)
            made = self._model.encode(
                [encodable(text) for text in texts],
                batch_size=self._batch_size,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        return np.asarray(made, dtype=np.float32)

    @cached_property
    def _model(self) -> SentenceTransformer:
        stay_offline()
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            hint = "pip install sentence-transformers"
            raise EmbedderUnavailable(f"model '{self._name}' requires sentence-transformers", hint) from error
        try:
            with _no_progress_bars():
                return SentenceTransformer(
                    str(self._folder),
                    device=self._device,
                    local_files_only=True,
                    trust_remote_code=False,
                    model_kwargs={"use_safetensors": True},
                )
        except Exception as error:
            # Broken files surface as whatever the library that reads them raises.
            hint = "give the path of a complete sentence-transformers model folder"
            raise EmbedderUnavailable(f"model '{self._name}' can't be loaded from its files", hint) from error


@contextmanager
def _no_progress_bars() -> Iterator[None]:
    """Loading must not draw on the terminal of whoever called us."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]
