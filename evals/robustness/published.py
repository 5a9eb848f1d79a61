"""HateCheck's obfuscated spellings beside their plain twins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from evals.base import Strict
from evals.datasets.files import read_models
from evals.robustness.measuring import Twins
from policy_corpus import Pack


class Row(Strict):
    """A case as published; `ref` numbers the case that it was made from."""

    id: str
    text: str
    label: str
    functionality: str
    target: str
    ref: str


def spelling_twins(path: Path, pack: Pack) -> Iterator[Twins]:
    """The `spell_*` cases with the cases that they name as their origin, which is their family.

    Pairs of which either text stands in the pack are left out: it would find itself.
    """
    rows = read_models(path / "hatecheck", Row, "cases of hatecheck")
    plain, held = {row.id: row.text for row in rows}, {one.facts for one in pack.precedents}
    for row in rows:
        origin = f"hc-{row.ref}"
        if row.functionality.startswith("spell_") and origin in plain and not held & {row.text, plain[origin]}:
            yield Twins(plain[origin], row.text, row.functionality.removesuffix("_h"), origin)
