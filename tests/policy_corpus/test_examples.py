"""Examples: what is read of them, what is refused with its place, and that they are part of the pack."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from policy_corpus import Pack, PackError, load, load_compiled
from policy_corpus.examples import Example
from tests.conftest import SMALL

SHOWN = {"fact": "counterfeit", "value": "yes", "about": "author"}
GOOD = {
    "text": "These are fake watches.",
    "role": "user",
    "shows": [SHOWN],
    "not": [{"fact": "parody", "value": "yes"}],
}


def small(tmp_path: Path, *lines: object) -> Path:
    pack = Path(shutil.copytree(SMALL, tmp_path / "small"))
    (pack / "examples").mkdir()
    (pack / "examples" / "goods.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    return pack


def test_they_are_part_of_the_pack_its_fingerprint_and_its_compiled_copy(tmp_path: Path) -> None:
    bare, folder, cache = load(SMALL), small(tmp_path, GOOD), tmp_path / "cache"
    pack = load(folder)
    (example,) = pack.examples
    assert (example.shows[0].about, example.looks_like[0].fact) == ("author", "parody")
    assert pack.fingerprint != bare.fingerprint
    assert load_compiled(folder, cache) == load_compiled(folder, cache) == pack
    (folder / "examples" / "goods.jsonl").write_text(json.dumps({**GOOD, "text": "Real watches."}))
    assert load_compiled(folder, cache).examples[0].text == "Real watches."
    assert bare.examples == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"shows": [{**SHOWN, "fact": "fake"}]}, "unknown fact 'fake'; expected one of: counterfeit"),
        ({"shows": [{**SHOWN, "value": "ye"}]}, "unknown value 'ye' of fact 'counterfeit'; did you mean 'yes'?"),
        ({"not": [{"fact": "parody", "value": "maybe"}]}, "unknown value 'maybe' of fact 'parody'"),
        ({"shows": [{**SHOWN, "value": "unknown"}]}, "words can't show 'counterfeit: unknown'; leave it out"),
        ({"shows": [SHOWN, SHOWN]}, "it shows 'counterfeit: yes' twice; say it once"),
        ({"not": [{"fact": "counterfeit", "value": "yes"}]}, "is both shown and not shown; decide"),
        ({"role": "judge"}, "unknown value 'judge' for 'role'"),
        ({"text": "  "}, "the text is empty; write a sentence"),
        ({"text": "a" * 601}, "text: string should have at most 600 characters"),
        ({"because": "so"}, "unknown key 'because'"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, change: dict[str, object], said: str) -> None:
    with pytest.raises(PackError) as raised:
        load(small(tmp_path, GOOD, {**GOOD, **change}))
    assert "small/examples/goods.jsonl:2: " in str(raised.value)
    assert said in str(raised.value)


def test_a_copy_keeps_what_an_example_does_not_show() -> None:
    example = Example.model_validate(GOOD)
    assert example.model_copy(update={"role": "reporter"}).looks_like == example.looks_like


def test_the_shipped_examples_are_many_and_speak_in_every_voice(child_safety: Pack) -> None:
    examples = child_safety.examples
    assert len(examples) >= 1_000
    assert {example.role for example in examples} == {"user", "assistant", "tool", "reporter", "reviewer"}
    assert len({shown.fact for example in examples for shown in example.shows}) >= 45
