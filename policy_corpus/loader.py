"""Loads a pack from its folder, or says everything that is wrong with it.

pack.yaml          id, title, version, areas, adoption
vocabulary.yaml    the facts
actions.yaml       the steps
duties.yaml        what findings oblige
patterns.yaml      plain words that show facts (may be missing)
clauses/**/*.md    one clause version a file: front matter, then '## Rule' and further sections
precedents/*.jsonl one precedent a line
examples/*.jsonl   one example sentence a line, with what it shows (may be missing)
training_cases/*.jsonl   one whole short case a line, with what it shows (may be missing)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel

from policy_corpus.actions import Actions
from policy_corpus.clauses import Clause
from policy_corpus.duties import Duties
from policy_corpus.errors import PackError, Problem, shown_path
from policy_corpus.examples import Example
from policy_corpus.pack import Manifest, Pack
from policy_corpus.patterns import Pattern, Patterns
from policy_corpus.precedents import Precedent
from policy_corpus.references import SourceOf, check_examples, check_patterns, check_references, check_training_cases
from policy_corpus.sources import Model, Source, build, read_jsonl, read_markdown, read_yaml
from policy_corpus.training_cases import TrainingCase
from policy_corpus.vocabulary import Vocabulary

SHIPPED = Path(__file__).parent / "packs"
_SINGLE = ("pack.yaml", "vocabulary.yaml", "actions.yaml", "duties.yaml", "patterns.yaml")


@dataclass
class Reading:
    """What was read so far: each object with the source it came from, and the problems."""

    root: Path
    problems: list[Problem] = field(default_factory=list)
    sources: dict[int, Source] = field(default_factory=dict)

    def source_of(self, built: BaseModel) -> Source:
        return self.sources[id(built)]

    def text(self, path: Path) -> str | None:
        try:
            return path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            shown = shown_path(path, self.root)
            self.problems.append(Problem(shown, 1, f"not UTF-8 text (byte {error.start})", "save the file as UTF-8"))
        except OSError as error:
            shown = shown_path(path, self.root)
            self.problems.append(
                Problem(shown, 1, f"can't read the file: {error.strerror}", "check name and permissions")
            )
        return None

    def keep(self, source: Source | Problem, model: type[Model], **more: object) -> Model | None:
        if isinstance(source, Problem):
            self.problems.append(source)
            return None
        built = build(model, source, **more)
        if isinstance(built, list):
            self.problems.extend(built)
            return None
        self.sources[id(built)] = source
        return built

    def yaml(self, name: str, model: type[Model]) -> Model | None:
        path = self.root / name
        text = self.text(path)
        return None if text is None else self.keep(read_yaml(shown_path(path, self.root), text), model)

    def clauses(self) -> Iterator[Clause]:
        for path in _clause_files(self.root):
            text = self.text(path)
            if text is None:
                continue
            document = read_markdown(shown_path(path, self.root), text)
            if isinstance(document, Problem):
                self.problems.append(document)
            elif clause := self.keep(document.source, Clause, sections=document.sections):
                yield clause

    def precedents(self) -> Iterator[Precedent]:
        return self._lines(_lines_below(self.root, "precedents"), Precedent)

    def examples(self) -> Iterator[Example]:
        return self._lines(_lines_below(self.root, "examples"), Example)

    def training_cases(self) -> Iterator[TrainingCase]:
        return self._lines(_lines_below(self.root, "training_cases"), TrainingCase)

    def _lines(self, paths: Iterable[Path], model: type[Model]) -> Iterator[Model]:
        for path in paths:
            text = self.text(path)
            for source in read_jsonl(shown_path(path, self.root), text or ""):
                if (built := self.keep(source, model)) is not None:
                    yield built


def files(root: Path) -> tuple[Path, ...]:
    """Every file that `load` reads of that folder, in the order in which it reads them."""
    single = tuple(root / name for name in _SINGLE)
    lines = [file for kind in ("precedents", "examples", "training_cases") for file in _lines_below(root, kind)]
    return (*(file for file in single if file.exists()), *_clause_files(root), *lines)


def _clause_files(root: Path) -> list[Path]:
    return sorted((root / "clauses").rglob("*.md"))


def _lines_below(root: Path, folder: str) -> list[Path]:
    return sorted((root / folder).glob("*.jsonl"))


def load(path: Path) -> Pack:
    """The pack in that folder.

    Raises:
        PackError: the folder is no pack, or something in it is wrong; all problems at once.
    """
    return read(path)[0]


def read(path: Path) -> tuple[Pack, SourceOf]:
    """The pack in that folder, and where each of its parts stands, for whoever reports on them.

    The source of a duty is its whole file, in which it stands under `duties` and its id.

    Raises:
        PackError: the folder is no pack, or something in it is wrong; all problems at once.
    """
    root = path.resolve()
    if not (root / "pack.yaml").is_file():
        hint = "name a folder that holds pack.yaml, or one of: " + ", ".join(shipped())
        raise PackError([Problem(f"{path.name}/pack.yaml", 1, "there is no such pack", hint)])
    reading = Reading(root)
    manifest = reading.yaml("pack.yaml", Manifest)
    vocabulary = reading.yaml("vocabulary.yaml", Vocabulary)
    actions = reading.yaml("actions.yaml", Actions)
    duties = reading.yaml("duties.yaml", Duties)
    patterns = reading.yaml("patterns.yaml", Patterns) if (root / "patterns.yaml").exists() else Patterns()
    clauses = tuple(reading.clauses())
    precedents = tuple(reading.precedents())
    examples = tuple(reading.examples())
    training_cases = tuple(reading.training_cases())
    if (
        manifest is None
        or vocabulary is None
        or actions is None
        or duties is None
        or patterns is None
        or reading.problems
    ):
        # What a broken file defines is not known, so names that seem to dangle may not.
        raise PackError(reading.problems)
    reading.problems.extend(
        check_references(manifest, vocabulary, actions, duties, clauses, precedents, reading.source_of)
    )
    if patterns.patterns:
        reading.problems.extend(check_patterns(patterns, vocabulary, reading.source_of(patterns)))
    reading.problems.extend(check_examples(examples, vocabulary, reading.source_of))
    reading.problems.extend(check_training_cases(training_cases, vocabulary, reading.source_of))
    if reading.problems:
        raise PackError(reading.problems)
    reading.sources.update({id(duty): reading.source_of(duties) for duty in duties.duties.values()})
    pack = Pack(
        manifest=manifest,
        vocabulary=vocabulary,
        actions=actions.actions,
        duties=duties.duties,
        clauses=clauses,
        precedents=precedents,
        patterns=patterns.patterns,
        examples=examples,
        training_cases=training_cases,
    )
    return pack, reading.source_of


def load_patterns(path: Path, vocabulary: Vocabulary) -> tuple[Pattern, ...]:
    """A deployment's own patterns, in the format of a pack's patterns.yaml.

    Raises:
        PackError: the file is missing or wrong, or names a fact or value that the vocabulary doesn't have.
    """
    reading = Reading(path.resolve().parent)
    patterns = reading.yaml(path.name, Patterns)
    if patterns is not None:
        reading.problems.extend(check_patterns(patterns, vocabulary, reading.source_of(patterns)))
    if patterns is None or reading.problems:
        raise PackError(reading.problems)
    return patterns.patterns


def shipped() -> list[str]:
    """Names of the packs that come with the program."""
    return sorted(folder.parent.name for folder in SHIPPED.glob("*/pack.yaml"))


def find(name: str) -> Path:
    """The folder of a pack, from a path or the name of a shipped one."""
    return SHIPPED / name if name in shipped() and not Path(name).is_dir() else Path(name)
