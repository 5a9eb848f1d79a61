"""Tokenizer and ONNX Runtime session of an encoder."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from retrieval.embedders.base import Vectors, encodable
from retrieval.embedders.encoder import Encoder
from retrieval.embedders.encoder_graph import many_texts, one_text
from retrieval.embedders.packing import Feeds, feeds, pooled, positions
from retrieval.errors import EmbedderUnavailable

if TYPE_CHECKING:
    from onnxruntime import InferenceSession  # type: ignore[import-untyped]
    from tokenizers import Tokenizer


log = logging.getLogger(__name__)


class EncoderSession:
    """Turns texts into token ids, and token ids into vectors. Serves several threads of the process that made it."""

    def __init__(self, name: str, encoder: Encoder) -> None:
        """
        Raises:
            EmbedderUnavailable: a library is missing, or the files are not those of such a model.
        """
        self._name = name
        self._encoder = encoder
        # Fast tokenizers fail when two threads use one at a time.
        self._one_at_a_time = threading.Lock()
        self._opening = threading.Lock()
        with self._telling():
            self._tokenizer = _tokenizer(encoder)

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids of each text, special ones included, cut off at the longest that the model reads."""
        return [self._encoded(encodable(text)) for text in texts]

    def _encoded(self, text: str) -> list[int]:
        # Held for one text at a time, so that a query needn't wait for a whole corpus.
        with self._one_at_a_time:
            return self._tokenizer.encode(text).ids

    def run(self, texts: Sequence[Sequence[int]], ready: Callable[[], None]) -> Vectors:
        """Vectors (texts, width) of length 1, in float32, for token ids of each text.

        Args:
            ready: called when nothing but the model's run is left to do, which leaves the interpreter free.

        Raises:
            EmbedderUnavailable: the files are not those of such a model, or don't belong together.
        """
        session, inputs = self._exact, feeds(texts, self._encoder)
        ready()
        rows = self._ran(session, inputs)
        return _unit(pooled(rows, texts, self._encoder))

    def run_short(self, ids: Sequence[int], ready: Callable[[], None]) -> Vectors | None:
        """The vector (1, width) of one text, with 8-bit weights; none where this machine can't compute with them.

        Args:
            ready: as for `run`.

        Raises:
            EmbedderUnavailable: tokenizer and weights don't belong together.
        """
        session = self._rounded
        if session is None:
            return None
        inputs = _one(ids, self._encoder)
        ready()
        return _unit(self._ran(session, inputs))

    def _ran(self, session: InferenceSession, inputs: Feeds) -> Vectors:
        try:
            made: Vectors = session.run(None, inputs)[0]
        except Exception as error:
            hint = "its tokenizer and its weights don't belong together"
            raise EmbedderUnavailable(f"model '{self._name}' can't be run", hint) from error
        return made

    @property
    def _exact(self) -> InferenceSession:
        with self._opening:
            return self._exact_once

    @property
    def _rounded(self) -> InferenceSession | None:
        with self._opening:
            return self._rounded_once

    @cached_property
    def _exact_once(self) -> InferenceSession:
        with self._telling():
            return _session(self._encoder, many_texts(self._encoder), keep=True)

    @cached_property
    def _rounded_once(self) -> InferenceSession | None:
        try:
            session = _session(self._encoder, one_text(self._encoder), keep=False)
            session.run(None, _one([0], self._encoder))
        except Exception as error:
            # What is wrong with the model itself, the other session says when it takes over; a processor or a version
            # that can't run 8-bit weights costs time only, and whoever looks for that time finds it in the log.
            log.warning(
                "model '%s' can't be run with 8-bit weights here, so queries take longer: %s", self._name, error
            )
            return None
        return session

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except ImportError as error:
            hint = "pip install onnxruntime tokenizers"
            raise EmbedderUnavailable(f"model '{self._name}' requires onnxruntime and tokenizers", hint) from error
        except Exception as error:
            # Broken files surface as whatever the library that reads them raises.
            hint = "give the path of a complete sentence-transformers model folder"
            raise EmbedderUnavailable(f"model '{self._name}' can't be loaded from its files", hint) from error


def _unit(vectors: Vectors) -> Vectors:
    """Each row at length 1."""
    # As torch.nn.functional.normalize does, so that nothing is divided by zero.
    unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return unit


def _one(ids: Sequence[int], encoder: Encoder) -> Feeds:
    return {"ids": np.array(ids, dtype=np.int64), "positions": positions(ids, encoder.padding)}


def _tokenizer(encoder: Encoder) -> Tokenizer:
    from tokenizers import Tokenizer

    made = Tokenizer.from_file(str(encoder.tokenizer))
    # Files carry the lengths of whatever the model was saved with last.
    made.no_padding()
    made.enable_truncation(encoder.longest)
    if not made.encode("").ids:
        raise ValueError("the tokenizer adds no special tokens, so an empty text would have no vector")
    return made


def _session(encoder: Encoder, model: bytes, *, keep: bool) -> InferenceSession:
    """A session that keeps the memory of its runs or not: asking the system for it anew takes a fifth of the time of
    many texts; of a single short one, which needs little, it takes none."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # Runs go side by side instead: threads inside one wait for each other, and spin while they do.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = keep
    # That pays only where every call has the same shape.
    options.enable_mem_pattern = False
    # What goes wrong comes as an exception; what it would write besides could hold parts of a text.
    options.log_severity_level = 4
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(encoder.folder))
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
