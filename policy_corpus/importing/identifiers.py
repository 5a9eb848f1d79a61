"""Finds what may identify a person in a decision's text, so that somebody looks before it becomes a precedent.

The kinds are those of the HIPAA Safe Harbor list (45 CFR 164.514(b)(2)(i)) that have a form: names after a cue,
addresses, dates of birth, phone numbers, e-mail addresses, long numbers, URLs, IP addresses; and handles, which online
services add. A pattern finds forms, not people: text in which nothing is found may still identify somebody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address

_UPPER = "A-ZÀ-ÖØ-Þ\u0391-\u03a9\u0410-\u042f"
_NAME = rf"[{_UPPER}][^\W\d_{_UPPER}]+(?:[ -][{_UPPER}][^\W\d_{_UPPER}]*){{0,2}}"
_DATE = (
    r"(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|\d{1,2}(?:st|nd|rd|th|\.)? (?:of |de )?[^\W\d_]{3,12}\.?,? (?:de )?\d{4}"
    r"|[^\W\d_]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4})"
)
_BIRTH = (
    r"(?i:\bborn\b|\bbirth(?:day|date)?\b|\bd\.?o\.?b\b|\bgeboren\b|\bgeburts\w+|\bnée? le\b|\bnaissance\b"
    r"|\bnacid[oa]\b|\bnacimiento\b|\bnascid[oa]\b|\bnascimento\b|\bnat[oa] il\b|\bnascita\b)"
)
_STREET = r"(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Place|Pl|Square|Terrace|Close)"


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a text that may identify somebody."""

    kind: str
    start: int
    end: int
    masked: str
    """The first character and how long it is: enough to find it, too little to spread it."""


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    pattern: re.Pattern[str]
    is_one: Callable[[str], bool] = lambda text: True


def _is_address_of_a_machine(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


_NO_PHONE = re.compile(rf"{_DATE}|(?:1[89]|20)\d\d ?[-/.] ?\d{{1,4}}$")


def _is_phone(text: str) -> bool:
    """Seven to fifteen digits (E.164 has no more), grouped or after a plus, that are neither a date nor a docket."""
    digits = sum(character.isdigit() for character in text)
    return 7 <= digits <= 15 and digits < len(text) and not _NO_PHONE.match(text)


_KINDS = (
    _Kind(
        "link to a person's page",
        re.compile(
            r"(?i:https?://[^\s/@]+@[^\s<>\"')\]]+"
            r"|(?<![\w.@-])(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?[/?#][^\s<>\"')\]]*[^\s<>\"')\].,;:])"
        ),
    ),
    _Kind(
        "e-mail address",
        re.compile(r"(?<![\w.+-])[\w.+-]+(?:@| ?[\[(](?i:at)[\])] ?)[\w-]+(?: ?[\[(](?i:dot)[\])] ?|\.)[\w.-]*\w"),
    ),
    _Kind(
        "IP address",
        re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?![\w:])"),
        _is_address_of_a_machine,
    ),
    _Kind(
        "handle",
        re.compile(r"(?<![\w@.])@[^\W\d][\w.]*\w|(?<![\w/])/?u/[\w-]{3,}|(?<!\w)\w[\w.]{1,31}#\d{4}(?!\w)"),
    ),
    _Kind("date of birth", re.compile(rf"{_BIRTH}\W{{0,3}}(?:[^\W\d]+\W{{1,2}}){{0,3}}?(?P<what>{_DATE})")),
    _Kind(
        "street address",
        re.compile(
            rf"\b\d{{1,5}}[A-Za-z]? (?:[{_UPPER}][\w'’.-]+ ){{1,4}}{_STREET}\b"
            rf"|\b[{_UPPER}]\w+(?:straße|strasse|gasse|weg|platz|allee)\b,? \d+|\b[{_UPPER}]\w+str\. ?\d+"
            rf"|\b(?i:rue|calle|via|rua|avenida) (?:[\w'’.-]+ ){{0,4}}?[{_UPPER}][\w'’-]+,? (?:n[.ºo°]+ ?)?\d+"
            rf"|\b\d{{1,5}},? (?:bis |ter )?(?i:rue|avenue|boulevard|place|allée) (?:[\w'’.-]+ ){{0,4}}?[{_UPPER}]\w+"
        ),
    ),
    _Kind("phone number", re.compile(r"(?<![\w.#])\+?\(?\d[\d ().\-/\u00a0]{5,}\d(?!\w)"), _is_phone),
    _Kind("long number", re.compile(r"(?<!\d)\d{7,}(?!\d)")),
    _Kind(
        "name",
        re.compile(
            r"\b(?i:named|called|nicknamed|known as|names? (?:is|was)|name:|namens|heißt|nommée?|appelée?|llamad[oa]"
            rf"|chamad[oa]|di nome) [\"'“„«]?(?P<what>{_NAME})"
        ),
    ),
    _Kind(
        "name",
        re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Herr|Frau|Sr|Sra|Mme|Monsieur|Madame)\.? (?P<what>{_NAME})"),
    ),
)
"""In the order of precedence: what one kind has found, a later one doesn't find again."""


def mentions(text: str) -> tuple[Mention, ...]:
    """What may identify somebody, in the order of the text."""
    found: list[Mention] = []
    for kind in _KINDS:
        for start, end in _spans(kind, text):
            if all(end <= one.start or one.end <= start for one in found):
                found.append(Mention(kind.name, start, end, f"{text[start]}… ({end - start} characters)"))
    return tuple(sorted(found, key=lambda one: one.start))


def _spans(kind: _Kind, text: str) -> Iterator[tuple[int, int]]:
    for match in kind.pattern.finditer(text):
        group = "what" if "what" in kind.pattern.groupindex else 0
        if kind.is_one(match.group(group)):
            yield match.span(group)


def masked(text: str) -> str:
    """The text with every mention masked."""
    for one in reversed(mentions(text)):
        text = f"{text[: one.start]}[{one.kind}: {one.masked}]{text[one.end :]}"
    return text
