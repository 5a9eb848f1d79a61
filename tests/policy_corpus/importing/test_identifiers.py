"""What may identify somebody, and what only looks like it."""

from __future__ import annotations

import pytest

from policy_corpus.importing import masked, mentions


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("write to jane.doe+x@mail.example.org today", "e-mail address", "jane.doe+x@mail.example.org"),
        ("it was jane [at] example dot org", "none", ""),
        ("it was jane [at] example [dot] org", "e-mail address", "jane [at] example [dot] org"),
        ("see https://social.example/users/jane.", "link to a person's page", "https://social.example/users/jane"),
        ("see social.example/@jane for more", "link to a person's page", "social.example/@jane"),
        ("see https://jane:pw@host.example", "link to a person's page", "https://jane:pw@host.example"),
        ("from 192.0.2.44, twice", "IP address", "192.0.2.44"),
        ("from 2001:db8::7 at night", "IP address", "2001:db8::7"),
        ("he wrote to @some_body there", "handle", "@some_body"),
        ("posted by u/somebody-4", "handle", "u/somebody-4"),
        ("known to us as Fox#1234 there", "handle", "Fox#1234"),
        ("born on 12 March 2011 in a town", "date of birth", "12 March 2011"),
        ("DOB: 03/12/2011", "date of birth", "03/12/2011"),
        ("geboren am 12.03.2011", "date of birth", "12.03.2011"),
        ("lives at 14 Old Mill Road there", "street address", "14 Old Mill Road"),
        ("wohnt Lindenstraße 12", "street address", "Lindenstraße 12"),
        ("habite 12, rue de la Paix", "street address", "12, rue de la Paix"),
        ("call +44 20 7946 0000 now", "phone number", "+44 20 7946 0000"),
        ("call (555) 010-9999 now", "phone number", "(555) 010-9999"),
        ("account 83910215512 was closed", "long number", "83910215512"),
        ("a girl named Anna Maria told us", "name", "Anna Maria"),
        ("her teacher, Mr. Fields, wrote", "name", "Fields"),
        ("una niña llamada Lucía", "name", "Lucía"),
    ],
)
def test_forms_of_identifiers_are_found(text: str, kind: str, found: str) -> None:
    held = [(one.kind, text[one.start : one.end]) for one in mentions(text)]
    assert held == ([(kind, found)] if found else [])


@pytest.mark.parametrize(
    "text",
    [
        "decided on 2026-01-14 at 10:30, again on 14.01.2026 and on 14 January 2026",
        "between 2019-2021 and 2024/25, register entry 2026-031",
        "under CS-PRO-01@1 and 18 U.S.C. 2258A, or 45 CFR 164.514",
        "a boy of fourteen, and/or his brother of 11; version 3.11.7",
        "a game called chess, reported to a body named NCMEC",
        "https://www.example.org was linked",
        "three accounts, 120 messages, 45000 views",
    ],
)
def test_what_only_looks_like_one_is_left_alone(text: str) -> None:
    assert mentions(text) == ()


def test_a_masked_text_keeps_nothing_but_first_characters() -> None:
    text = masked("Jane named Anna, jane@example.org, +44 20 7946 0000")
    assert text == (
        "Jane named [name: A… (4 characters)], [e-mail address: j… (16 characters)], [phone number: +… (16 characters)]"
    )


def test_long_texts_are_read_in_time() -> None:
    for unit in ("a.", "1 ", "A b ", "@", "x@", "u/", "Aa ", "1,", ":a"):
        mentions(unit * 5000)
