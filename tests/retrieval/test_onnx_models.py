from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrieval.embedders import OnnxEmbedder, SentenceTransformerEmbedder, embedder_named
from retrieval.embedders.encoder import Unsupported, read_encoder
from retrieval.errors import EmbedderUnavailable
from tests.retrieval import tiny_models


@pytest.fixture
def copied(tiny: Callable[..., Path], tmp_path: Path) -> Path:
    """A tiny model that a test may spoil."""
    return Path(shutil.copytree(tiny("bert"), tmp_path / "model"))


def changed(file: str, **keys: Any) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        content = json.loads((folder / file).read_text()) if (folder / file).is_file() else {}
        (folder / file).write_text(json.dumps({**content, **keys}))

    return change


def half_precision(folder: Path) -> None:
    from safetensors.numpy import load_file, save_file

    halves = {name: value.astype(np.float16) for name, value in load_file(folder / "model.safetensors").items()}
    save_file(halves, folder / "model.safetensors")


def with_a_dense_layer(folder: Path) -> None:
    modules = json.loads((folder / "modules.json").read_text())
    modules.insert(2, {"idx": 2, "name": "2", "path": "2_Dense", "type": "sentence_transformers.models.Dense"})
    (folder / "modules.json").write_text(json.dumps(modules))


@pytest.mark.parametrize(
    "spoil",
    [
        changed("config.json", model_type="deberta-v2"),
        changed("config.json", hidden_act="gelu_new"),
        changed("config.json", is_decoder=True),
        changed("config.json", num_hidden_layers="many"),
        changed("1_Pooling/config.json", pooling_mode="max"),
        changed("1_Pooling/config.json", pooling_mode=["mean", "cls"]),
        changed("config_sentence_transformers.json", default_prompt_name="query"),
        changed("sentence_bert_config.json", do_lower_case=True),
        changed("sentence_bert_config.json", module_output_name="sentence_embedding"),
        with_a_dense_layer,
        half_precision,
        lambda folder: (folder / "modules.json").unlink(),
        lambda folder: (folder / "tokenizer.json").unlink(),
        lambda folder: (folder / "model.safetensors").rename(folder / "model-00001-of-00001.safetensors"),
        lambda folder: (folder / "modules.json").write_text("not json"),
    ],
)
def test_what_it_can_not_run_is_left_to_the_reference(spoil: Callable[[Path], None], copied: Path) -> None:
    assert isinstance(embedder_named(str(copied)), OnnxEmbedder)
    spoil(copied)
    with pytest.raises(Unsupported):
        read_encoder(copied)
    assert isinstance(embedder_named(str(copied)), SentenceTransformerEmbedder)


def test_older_ways_of_describing_a_model_are_read(copied: Path) -> None:
    before = read_encoder(copied)
    (copied / "1_Pooling" / "config.json").write_text(
        json.dumps({"pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True})
    )
    changed("sentence_bert_config.json", max_seq_length=7)(copied)
    after = read_encoder(copied)
    assert (before.pooling, before.longest) == ("mean", 24)
    assert (after.pooling, after.longest) == ("mean", 7)


def cut_short(folder: Path) -> None:
    file = folder / "model.safetensors"
    file.write_bytes(file.read_bytes()[:-1])


@pytest.mark.parametrize(
    "spoil",
    [
        cut_short,
        lambda folder: (folder / "model.safetensors").write_bytes(b"not weights"),
        lambda folder: (folder / "model.safetensors").write_bytes(b""),
        lambda folder: (folder / "model.safetensors").write_bytes(b"\x02" + b"\0" * 7 + b"[]"),
    ],
)
def test_damaged_weights_are_told_at_once(spoil: Callable[[Path], None], copied: Path) -> None:
    spoil(copied)
    with pytest.raises(EmbedderUnavailable, match="are damaged; give the path of a complete"):
        embedder_named(str(copied))


@pytest.mark.parametrize(
    "spoil",
    [
        changed("config.json", num_hidden_layers=4),
        changed("config.json", num_attention_heads=5),
        changed("config.json", hidden_size=64),
        lambda folder: (folder / "tokenizer.json").write_text("{}"),
        changed("tokenizer.json", post_processor=None),
    ],
)
def test_files_that_contradict_each_other_are_told(spoil: Callable[[Path], None], copied: Path) -> None:
    spoil(copied)
    with pytest.raises(EmbedderUnavailable, match=r"can't be loaded from its files; give the path of a complete"):
        OnnxEmbedder(str(copied)).embed(["text"])


def test_a_tokenizer_of_another_model_is_told_without_the_text(copied: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = copied / "tokenizer.json"
    file.write_text(file.read_text().replace(f'"lamp": {4 + tiny_models.WORDS.index("lamp")}', '"lamp": 900'))
    with pytest.raises(EmbedderUnavailable, match="don't belong together") as caught:
        OnnxEmbedder(str(copied)).embed(["the lamp"])
    assert "lamp" not in str(caught.value)
    assert capfd.readouterr() == ("", "")
