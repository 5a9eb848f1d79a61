"""Disguises, what search keeps under them, and the line of relevance."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.relevance import Text, measure, off_topic
from evals.relevance.line import OFF_TOPIC
from evals.robustness.disguises import DISGUISES, disguised
from evals.robustness.measuring import Twins, kept, twins_of
from evals.robustness.published import spelling_twins
from retrieval.unmasking import unmasked
from tests.retrieval.corpus import pack, precedent

TEXT = "The parcel that was promised arrived late"


@pytest.mark.parametrize("kind", DISGUISES)
def test_a_disguise_changes_the_text_and_always_the_same_way(kind: str) -> None:
    once = disguised(TEXT, kind)
    assert once != TEXT
    assert once == disguised(TEXT, kind)
    assert disguised("a b", kind) == "a b"


@pytest.mark.parametrize("kind", ["homoglyph", "emoji"])
def test_unmasking_undoes_what_leaves_no_doubt(kind: str) -> None:
    assert unmasked(disguised(TEXT, kind, share=1.0)) == TEXT


def test_what_is_kept_is_counted_by_kind_and_family() -> None:
    twins = [Twins("one", "on3", "leet", "a"), Twins("two", "tw0", "leet", "b"), Twins("six", "s i x", "space", "a")]
    found = {"one": ["x", "y"], "two": ["z"], "six": [], "on3": ["y", "x"], "tw0": ["q"]}
    leet, space = kept(twins, "reading", found.__getitem__, found.__getitem__)
    assert (leet.kind, leet.first.value, leet.recall.value, leet.first.n) == ("leet", 0.0, 0.5, 2)
    assert (space.kind, space.first.value, space.first.n) == ("space", None, 0)
    assert [pair.family for pair in twins_of([("f", TEXT), ("g", "a b")])] == ["f"] * len(DISGUISES)


def test_published_twins_leave_out_what_the_pack_holds(tmp_path: Path) -> None:
    (tmp_path / "hatecheck").mkdir()
    rows = [("hc-1", "apples are bad", "plain_h", ""), ("hc-2", "appl3s are bad", "spell_leet_h", "1"),
            ("hc-3", "pears are bad", "plain_h", ""), ("hc-4", "p3ars are bad", "spell_leet_h", "3"),
            ("hc-5", "pl8ms", "spell_leet_h", "99")]  # fmt: skip
    lines = (
        json.dumps({"id": id, "text": text, "label": "hateful", "functionality": kind, "target": "", "ref": ref})
        for id, text, kind, ref in rows
    )
    (tmp_path / "hatecheck" / "cases.jsonl").write_text("\n".join(lines), encoding="utf-8")
    found = list(spelling_twins(tmp_path, pack(precedents=[precedent("P", "p3ars are bad")])))
    assert found == [Twins("apples are bad", "appl3s are bad", "spell_leet", "hc-1")]


def test_the_line_parts_what_can_be_parted() -> None:
    near = [Text(id=f"n{at}", family=f"n{at}", length="short", on_topic=True, cosine=0.6) for at in range(20)]
    far = [Text(id=f"f{at}", family=f"f{at}", length="short", on_topic=False, cosine=0.2) for at in range(20)]
    strange = Text(id="s", family="s", length="short", on_topic=False, cosine=0.9)
    clean, mixed = measure([*near, *far], "short"), measure([*near, *far, strange], "short")
    assert (clean.line, clean.lost.value, clean.let_in.value) == (0.21, 0.0, 0.0)
    assert (mixed.line, mixed.lost.value, mixed.let_in.value) == (0.21, 0.0, 1 / 21)
    assert (mixed.lost.n, mixed.let_in.n) == (20, 21)


def test_the_off_topic_texts_are_many_distinct_short_and_long() -> None:
    texts = list(off_topic(lambda text: 0.0))
    lengths = [text.length for text in texts]
    assert len({json.loads(line)["text"] for line in OFF_TOPIC.read_text("utf-8").splitlines()}) == len(texts) >= 60
    assert min(lengths.count("short"), lengths.count("long")) >= 20
    assert not any(text.on_topic for text in texts)
