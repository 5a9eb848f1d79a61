"""Facts and their values as people read them."""

from __future__ import annotations

from policy_corpus import Pack
from ui.panel.markup import Html, tag
from ui.panel.terms import given, plain


def fact_name(fact: str, pack: Pack) -> Html:
    """A fact by its title, with what it means on hover."""
    held = pack.vocabulary.facts.get(fact)
    return tag("span", held.title, title=held.definition) if held else given(plain(fact))


def value_name(fact: str, value: str, pack: Pack) -> Html:
    held = pack.vocabulary.facts.get(fact)
    return tag("span", plain(value), title=held.values.get(value) if held else None)
