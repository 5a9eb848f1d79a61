"""What kind of encoder a sentence-transformers folder holds, as far as that can be run without PyTorch."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from retrieval.embedders.onnx_file import stored_tensors
from retrieval.errors import EmbedderUnavailable

Kind = Literal["bert", "roberta", "mpnet"]

_KINDS: dict[str, Kind] = {"bert": "bert", "roberta": "roberta", "xlm-roberta": "roberta", "mpnet": "mpnet"}
_MPNET_PADDING = 1
_PARTS = (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])


class Unsupported(Exception):
    """The folder holds something that only sentence-transformers can run; the message says what."""


@dataclass(frozen=True)
class Encoder:
    """A BERT-like encoder with a pooling, and where its files are."""

    folder: Path
    """Of weights and tokenizer."""
    kind: Kind
    layers: int
    heads: int
    width: int
    """Length of a token's vector, and of a text's."""
    epsilon: float
    longest: int
    """Tokens read of a text, special ones included."""
    padding: int | None
    """The padding's id where a model's positions count from behind it."""
    buckets: int
    """Rows of the table of relative positions; 0 without one."""
    pooling: Literal["mean", "cls"]

    @property
    def weights(self) -> Path:
        return self.folder / "model.safetensors"

    @property
    def tokenizer(self) -> Path:
        return self.folder / "tokenizer.json"


def read_encoder(folder: Path) -> Encoder:
    """The encoder that a folder describes.

    Raises:
        Unsupported: it describes none that is known here, or its description can't be made out.
        EmbedderUnavailable: its weights are damaged.
    """
    try:
        return _read_encoder(folder)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unsupported(f"its description can't be made out ({type(error).__name__})") from error


def _read_encoder(folder: Path) -> Encoder:
    modules = _json(folder / "modules.json")
    if [module["type"].rsplit(".", 1)[-1] for module in modules] not in _PARTS:
        raise Unsupported("it has other parts than a transformer and a pooling")
    place = folder / modules[0]["path"]
    config = _json(place / "config.json")
    kind = _kind(config)
    _check_use(folder, place)
    padding = None if kind == "bert" else _MPNET_PADDING if kind == "mpnet" else int(config["pad_token_id"])
    positions = int(config["max_position_embeddings"]) - (0 if padding is None else padding + 1)
    found = Encoder(
        folder=place,
        kind=kind,
        layers=int(config["num_hidden_layers"]),
        heads=int(config["num_attention_heads"]),
        width=int(config["hidden_size"]),
        epsilon=float(config.get("layer_norm_eps", 1e-12)),
        longest=min(_longest(place, config), positions),
        padding=padding,
        buckets=int(config.get("relative_attention_num_buckets", 32)) if kind == "mpnet" else 0,
        pooling=_pooling(_json(folder / modules[1]["path"] / "config.json")),
    )
    if not found.weights.is_file() or not found.tokenizer.is_file():
        raise Unsupported("model.safetensors or tokenizer.json is missing")
    if _kinds_of_numbers(found.weights) - {"F32", "I64"}:
        raise Unsupported("its weights are not float32")
    return found


def _kinds_of_numbers(weights: Path) -> set[str]:
    try:
        return {stored.kind for stored in stored_tensors(weights).values()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        hint = "give the path of a complete sentence-transformers model folder"
        raise EmbedderUnavailable(f"the model's weights in '{weights}' are damaged", hint) from error


def _kind(config: dict[str, Any]) -> Kind:
    kind = _KINDS.get(config.get("model_type", ""))
    if kind is None:
        raise Unsupported(f"models of type '{config.get('model_type')}' are not known")
    if config.get("hidden_act", "gelu") != "gelu" or config.get("position_embedding_type", "absolute") != "absolute":
        raise Unsupported("its activation or its positions are of another kind")
    if config.get("is_decoder"):
        raise Unsupported("it is a decoder")
    return kind


def _check_use(folder: Path, place: Path) -> None:
    """Raises Unsupported where text would be changed before it is embedded, or something else than tokens is used."""
    own = _json(folder / "config_sentence_transformers.json", {})
    if own.get("default_prompt_name"):
        raise Unsupported("it puts a prompt before each text")
    how = _json(place / "sentence_bert_config.json", {})
    if how.get("do_lower_case") or how.get("module_output_name", "token_embeddings") != "token_embeddings":
        raise Unsupported("it changes the text or uses another output")


def _longest(place: Path, config: dict[str, Any]) -> int:
    stated = _json(place / "sentence_bert_config.json", {}).get("max_seq_length")
    if stated is None:
        stated = _json(place / "tokenizer_config.json", {}).get("model_max_length", config["max_position_embeddings"])
    return int(stated)


def _pooling(config: dict[str, Any]) -> Literal["mean", "cls"]:
    modes = config.get("pooling_mode")
    if modes is None:
        modes = [name for name, on in config.items() if name.startswith("pooling_mode_") and on is True]
    match [modes] if isinstance(modes, str) else list(modes):
        case ["mean" | "pooling_mode_mean_tokens"]:
            return "mean"
        case ["cls" | "pooling_mode_cls_token"]:
            return "cls"
    raise Unsupported(f"its pooling is {modes}")


def _json(file: Path, default: Any = None) -> Any:
    if default is not None and not file.is_file():
        return default
    return json.loads(file.read_text("utf-8"))
