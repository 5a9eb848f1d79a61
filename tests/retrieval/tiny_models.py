"""Small untrained sentence-transformers folders of every kind that is run without PyTorch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

SPECIAL = {"bert": ("[PAD]", "[CLS]", "[SEP]", "[UNK]"), "other": ("<pad>", "<s>", "</s>", "<unk>")}
WORDS = ["the", "of", "parcel", "never", "arrived", "late", "market", "stall", "red", "blue", "green", "lamp", "sold"]
LENGTHS: dict[str, Any] = {
    "hidden_size": 32,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "intermediate_size": 48,
}


def make(folder: Path, kind: str, pooling: str = "mean", longest: int = 24) -> Path:
    """A folder as sentence-transformers saves it, with weights drawn from a fixed seed."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Normalize, Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling
    from transformers import AutoConfig, AutoModel

    pad, start, end, unknown = SPECIAL["bert" if kind == "bert" else "other"]
    order = [pad, start, end, unknown] if kind == "bert" else [start, pad, end, unknown]
    vocabulary = {word: at for at, word in enumerate([*order, *WORDS])}
    plain = folder / "plain"
    _tokenizer(vocabulary, pad, start, end, unknown, longest).save_pretrained(plain)
    config = AutoConfig.for_model(
        kind,
        vocab_size=len(vocabulary),
        pad_token_id=vocabulary[pad],
        max_position_embeddings=longest + 9,
        initializer_range=0.3,
        **LENGTHS,
    )
    torch.manual_seed(5)
    AutoModel.from_config(config).save_pretrained(plain)  # type: ignore[no-untyped-call]
    made = folder / kind
    parts = [Transformer(str(plain)), Pooling(LENGTHS["hidden_size"], pooling), Normalize()]
    SentenceTransformer(modules=parts).save(str(made))
    return made


def _tokenizer(vocabulary: dict[str, int], pad: str, start: str, end: str, unknown: str, longest: int) -> Any:
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.WordLevel(vocabulary, unknown))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    ends = [(start, vocabulary[start]), (end, vocabulary[end])]
    made.post_processor = processors.TemplateProcessing(single=f"{start} $A {end}", special_tokens=ends)
    named = {"pad_token": pad, "cls_token": start, "sep_token": end, "unk_token": unknown}
    return PreTrainedTokenizerFast(tokenizer_object=made, model_max_length=longest, **named)  # type: ignore[no-untyped-call]
