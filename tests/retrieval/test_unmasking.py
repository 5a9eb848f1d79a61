from __future__ import annotations

import random

import pytest

from retrieval.lookalikes import LOOKALIKES
from retrieval.ordinary import ordinary_words
from retrieval.spelling import Spelling, spread
from retrieval.unmasking import is_plain, unmasked
from retrieval.words import visible

READINGS: dict[str, tuple[str, str]] = {
    "digits": ("my p4rcel was l0st", "my parcel was lost"),
    "signs": ("a $ecret p@rcel", "a secret parcel"),
    "digit in front": ("4ccount", "account"),
    "blanks": ("the p a r c e l came", "the parcel came"),
    "dots": ("p.a.r.c.e.l", "parcel"),
    "drawn out": ("sooooo late", "so late"),
    "stars": ("the par*cel", "the parcel"),
    "emoji inside": ("par🙂cel", "parcel"),
    "emoji outside": ("parcel 🙂", "parcel 🙂"),
    "cyrillic among latin": ("the р\u0430rсel", "the parcel"),
    "wholly cyrillic in a latin text": (
        "a long text with \u0441\u043e\u0440\u0443 in it",
        "a long text with copy in it",
    ),
    "most words disguised": ("the р\u0430rсel т\u043d\u0430т с\u0430m\u0435", "the parcel that came"),
    "zero width": ("par\u200bcel", "parcel"),
}


@pytest.mark.parametrize(("written", "read"), READINGS.values(), ids=READINGS)
def test_disguised_words_are_read_in_plain_letters(written: str, read: str) -> None:
    assert unmasked(written) == read


UNTOUCHED = [
    "A parcel came 14 days late; see rule 4.",
    "mp3, h264 and covid19",
    "18 USC 2258A(a)(1), CS-GRM-01@1#rule",
    "write to a1b@c3d.com or https://x.org/a4b",
    "she is 14yo, the 2nd of 3",
    "Посылка не пришла вовремя",
    "το δέμα δεν ήρθε",
    "الطرد لم يصل",
    "包裹没有到达",
    "well-known, a/b, don't!!!",
    "",
]


@pytest.mark.parametrize("text", UNTOUCHED)
def test_plain_writing_stays_as_it_is(text: str) -> None:
    assert unmasked(text) == text


def test_lookalikes_are_single_foreign_letters() -> None:
    assert len(LOOKALIKES) > 150
    assert all(len(letter) == 1 and not letter.isascii() for letter in LOOKALIKES)
    assert all(latin.isascii() and latin.islower() and len(latin) == 1 for latin in LOOKALIKES.values())


KNOWN = Spelling(
    spread(["the parcel was delivered late", "late delivery of parcels", "refund", "a parcel post office"])
)

MEANT: dict[str, tuple[str, dict[str, str]]] = {
    "swapped": ("pacrel", {"pacrel": "parcel"}),
    "dropped": ("delivry", {"delivry": "delivery"}),
    "added": ("refundd", {"refundd": "refund"}),
    "two slips in a long word": ("delivrree", {"delivrree": "delivered"}),
    "two slips in a short word": ("rafand", {}),
    "run together": ("lateparcel", {"lateparcel": "late parcel"}),
    "three run together": ("parcelpostoffice", {"parcelpostoffice": "parcel post office"}),
    "digits all over": ("p057", {"p057": "post"}),
    "known": ("the parcel was late", {}),
    "short": ("teh", {}),
    "nothing near": ("photosynthesis", {}),
    "another script": ("посылка", {}),
    "numbers": ("12345", {}),
}


@pytest.mark.parametrize(("text", "meant"), MEANT.values(), ids=MEANT)
def test_misspelt_words_are_the_nearest_known_ones(text: str, meant: dict[str, str]) -> None:
    assert KNOWN.meant(text) == meant


def test_the_commoner_of_equally_near_words_is_meant() -> None:
    assert Spelling({"stalls": 1, "stable": 5}).meant("stalle") == {"stalle": "stable"}
    assert Spelling({"stalls": 5, "stable": 1}).meant("stalle") == {"stalle": "stalls"}


@pytest.mark.parametrize("word", ["store", "bookings", "planning", "carried", "stories"])
def test_ordinary_words_are_no_slips(word: str) -> None:
    known = {"story": 5, "booking": 2, "planing": 2, "carrier": 2}
    assert Spelling(known, ordinary_words()).meant(word) == {}


def test_a_slip_may_mean_an_ordinary_word_that_no_passage_has() -> None:
    assert Spelling({"parcel": 3}, ordinary_words()).meant("the libarry") == {"libarry": "library"}
    assert Spelling({"parcel": 3}).meant("the libarry") == {}


def test_what_counts_as_plain_is_what_no_pattern_would_change(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(3)
    signs = "aabbcz .,-_*~0134@!x'"
    often = [4 if sign in "abcz " else 1 for sign in signs]
    texts = [visible("".join(dice.choices(signs, often, k=dice.randint(1, 24)))) for _ in range(20_000)]
    plain = [text for text in texts if is_plain(text)]
    assert 1_000 < len(plain) < 19_000
    monkeypatch.setattr("retrieval.unmasking.is_plain", lambda _: False)
    assert all(unmasked(text) == text for text in plain)


@pytest.mark.parametrize("text", ["s3nder", "par*cel", "p a r c e l", "sooon", "caf\u00e9", "plain\nand p.a.r.c.e.l"])
def test_what_may_be_disguised_is_not_plain(text: str) -> None:
    assert not is_plain(text)
