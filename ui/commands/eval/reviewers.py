"""The reviewer that is measured: as the settings say, with the sample service where they say nothing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.settings import Settings

if TYPE_CHECKING:
    from copilot.review import Reviewer


def chosen(pack: str | None) -> Settings:
    """The settings; duties depend on what holds of the service, so the sample pack gets the sample service."""
    from evals.gold import service
    from policy_corpus import find
    from ui import settings

    held = settings.read(pack=pack)
    return held if held.service else settings.read(pack=pack, service=service(find(held.pack).name))


def reviewer(settings: Settings) -> Reviewer:
    """The reviewer with its index brought up to date."""
    from ui import assembly
    from ui.progress import Progress

    return assembly.reviewer(settings, Progress("indexing"))


def with_gold_cases() -> tuple[str, ...]:
    """The shipped packs that have gold cases."""
    from evals import gold
    from policy_corpus import shipped

    return tuple(name for name in shipped() if any((gold.SHIPPED / name).glob("*.jsonl")))
