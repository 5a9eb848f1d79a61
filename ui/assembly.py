"""Puts the parts together as the settings say. Heavy parts are imported late: `--help` must not wait for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from copilot.errors import SettingsError
from copilot.findings import Finding, of_service
from policy_corpus import Pack, Pattern, find, load_compiled, load_patterns
from ui.settings import Settings

if TYPE_CHECKING:
    from copilot.desk import Desk
    from copilot.drafting import Drafter
    from copilot.record import Record
    from copilot.review import Reviewer
    from retrieval import Embedder, Retriever
    from retrieval.indexes.chroma_server import Server

Progress = Callable[[int, int], None]


def pack(settings: Settings) -> Pack:
    """The pack that the settings name, from a compiled copy in the home folder where that is up to date."""
    return load_compiled(find(settings.pack), settings.home / "packs")


def embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name. Nothing is downloaded."""
    from retrieval import embedder_named, stay_offline

    stay_offline()
    return embedder_named(settings.embedder, models=settings.home / "models", queries=settings.query_precision)


def retriever(settings: Settings, pack: Pack, progress: Progress | None = None) -> Retriever:
    """The retriever over the pack's index, brought up to date: only what changed is embedded."""
    from copilot.ahead import Ahead
    from retrieval import open_retriever
    from retrieval.errors import IndexDamaged, IndexMismatch

    folder = settings.home / "index" / pack.id
    place = _index_server(settings)
    try:
        found = open_retriever(pack, Ahead(embedder(settings)), folder, place=place)
        found.sync(progress)
    except (IndexDamaged, IndexMismatch) as error:
        if place is not None:
            raise
        hint = f"remove the folder '{folder}' and run this again: it is made from the pack, so nothing is lost"
        raise type(error)(error.message, hint) from error
    return found


def _index_server(settings: Settings) -> Server | None:
    if not settings.index:
        return None
    from retrieval.indexes.chroma_server import Server

    token = settings.index_token.get_secret_value() if settings.index_token else ""
    return Server.at(settings.index, token=token)


def reviewer(settings: Settings, progress: Progress | None = None, loaded: Pack | None = None) -> Reviewer:
    """Everything that a review needs; `loaded` is the settings' pack where the caller has it already."""
    from copilot.detectors.learned import LearnedDetector, learn
    from copilot.detectors.lexical import LexicalDetector
    from copilot.detectors.signals import SignalDetector
    from copilot.review import Reviewer

    chosen = loaded or pack(settings)
    found = retriever(settings, chosen, progress)
    embedder = found.index.embedder
    learned = LearnedDetector(learn(chosen, embedder, settings.home / "learned"), embedder)
    return Reviewer(
        pack=chosen,
        retriever=found,
        detectors=(
            SignalDetector(chosen.vocabulary),
            LexicalDetector.of(chosen, _private_patterns(settings, chosen)),
            learned,
        ),
        drafters=tuple(_drafters(settings, chosen)),
        service=_service(settings, chosen),
    )


def record(settings: Settings) -> Record:
    """The record in the home folder; made, with its key, when there is none."""
    from copilot.record import Record

    settings.home.mkdir(parents=True, exist_ok=True)
    return Record.open(settings.home / "record.sqlite3")


def desk(settings: Settings, progress: Progress | None = None) -> Desk:
    """The desk over record and reviewer."""
    from copilot.desk import Desk

    return Desk(record(settings), reviewer(settings, progress))


def _drafters(settings: Settings, pack: Pack) -> list[Drafter]:
    """The embedded drafter always; a model before it where one is set."""
    from copilot.drafters.precedents import PrecedentDrafter

    drafters: list[Drafter] = [PrecedentDrafter(pack, budget=settings.error_budget)]
    if settings.model:
        from copilot.drafters.model import ModelDrafter
        from copilot.llm import connect
        from ui.model import model_settings

        model = model_settings(settings)
        drafters.insert(0, ModelDrafter(pack, connect(model), model))
    return drafters


def _service(settings: Settings, pack: Pack) -> tuple[Finding, ...]:
    for fact, value in settings.service.items():
        if not pack.vocabulary.allows(fact, value):
            raise SettingsError(f"the service setting '{fact}: {value}' is not in the vocabulary of {pack.id}")
    return of_service(settings.service)


def _private_patterns(settings: Settings, pack: Pack) -> tuple[Pattern, ...]:
    return () if settings.private_patterns is None else load_patterns(settings.private_patterns, pack.vocabulary)
