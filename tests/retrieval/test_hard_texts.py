"""Disguised, hidden, very long: texts that are hard to read."""

from __future__ import annotations

import pytest

from retrieval import HashingEmbedder, Retriever
from retrieval.indexes import BruteForceIndex
from tests.retrieval.corpus import TODAY
from tests.retrieval.parcels import (
    PACK,
    detail,
    find,
    kinds,
    retriever,
)

DISGUISED = ["home 4ddress pub1ished", "h o m e address published", "home аddrеss published", "home addrses publishd",
             "homeaddress published", "home add🙂ress published"]  # fmt: skip


@pytest.mark.parametrize("query", DISGUISED)
def test_disguised_and_misspelt_words_find_what_they_mean(query: str) -> None:
    index = BruteForceIndex(HashingEmbedder())
    read, literal = Retriever(PACK, index), Retriever(PACK, index, literal=True)
    read.sync()
    found = read.search_text(query, as_of=TODAY)
    assert found[0].passage.source == "ADDRESS@1"
    assert "address" in detail(found[0], "words")
    disguised = {"home", "address"} - set(query.split())
    shared = detail(found[0], "words")
    assert all(word in shared for word in disguised)
    literally = [why.detail for hit in literal.search_text(query, as_of=TODAY) for why in hit.reasons]
    assert not any(word in said for word in disguised for said in literally)


FILLER = " ".join(f"On day {number} we spoke about music, football and the weather." for number in range(150))
DECISIVE = "Then my home address was published."


@pytest.mark.parametrize("at", [0, len(FILLER) // 2, len(FILLER)], ids=["first", "in the middle", "last"])
def test_a_long_text_does_not_lose_its_decisive_sentence(at: int) -> None:
    cut = FILLER.rfind(". ", 0, at) + 2 if 0 < at < len(FILLER) else at
    hits = find(f"{FILLER[:cut]} {DECISIVE} {FILLER[cut:]}", limit=6)
    assert "similar" in kinds(hits["ADDRESS@1"])


HIDDEN = {
    "zero-width": "ho\u200bme add\u200dress publi\u2060shed",
    "right-to-left override": "\u202ehome address\u202c published",
    "full width": "ｈｏｍｅ ａｄｄｒｅｓｓ published",
    "beside arabic": "تم النشر home address published",
}


@pytest.mark.parametrize("query", HIDDEN.values(), ids=HIDDEN)
def test_hidden_characters_hide_nothing(query: str) -> None:
    found = retriever().search_text(query, as_of=TODAY)
    assert found[0].passage.source == "ADDRESS@1"
    assert "address" in detail(found[0], "words")


SENTENCES = [f"Day {number} brought rain, a walk and some talk about trains." for number in range(2000)]


@pytest.mark.parametrize("share", [0.0, 0.013, 0.25, 0.5, 0.777, 1.0])
def test_no_place_in_twenty_thousand_words_hides_the_decisive_sentence(share: float) -> None:
    at = int(share * len(SENTENCES))
    text = " ".join([*SENTENCES[:at], DECISIVE, *SENTENCES[at:]])
    assert len(text.split()) > 20_000
    found = retriever().search(text, {}, as_of=TODAY, limit=6)
    assert found[0].passage.source == "ADDRESS@1"
    assert {"similar", "words"} <= kinds(found[0])


def test_a_huge_text_is_searched_in_bounded_time() -> None:
    text = " ".join(f"line{number} nothing to see here at all." for number in range(20_000)) + DECISIVE
    assert "ADDRESS@1" in find(text)
