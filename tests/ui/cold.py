"""Runs one command in a fresh process and tells what it imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from ui.settings import PREFIX

HEAVY = frozenset(
    {
        "chromadb",
        "gradio",
        "huggingface_hub",
        "langchain",
        "langchain_core",
        "langchain_openai",
        "langchain_xai",
        "matplotlib",
        "openai",
        "ruamel",
        "scipy",
        "sentence_transformers",
        "sklearn",
        "sqlalchemy",
        "torch",
        "transformers",
        "z3",
    }
)
"""What answering from a finished index never needs, and what makes a start slow."""

_PROGRAM = """
import json, sys
from ui import cli
try:
    cli.main(sys.argv[1:])
except SystemExit as ended:
    print(json.dumps({"code": ended.code, "modules": sorted({name.partition(".")[0] for name in sys.modules})}))
"""


@dataclass(frozen=True)
class Ran:
    """What a command said and imported."""

    code: int
    said: str
    complaint: str
    """What it wrote to standard error."""
    heavy: frozenset[str]


def run(home: Path, *args: str, **settings: str) -> Ran:
    """One command line in a process of its own; `settings` are those of `ui.settings`, and no others hold."""
    outer = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    given = {f"{PREFIX}{name.upper()}": value for name, value in {**settings, "home": str(home)}.items()}
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *args],
        env={**outer, **given},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    *said, told = done.stdout.splitlines()
    outcome = json.loads(told)
    return Ran(outcome["code"], "\n".join(said), done.stderr, HEAVY & set(outcome["modules"]))
