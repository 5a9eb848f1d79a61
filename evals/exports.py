"""Exports: what other tools read. JSON is the result's own `to_json`.

The log of inspect_ai follows its published EvalLog (format version 2): one sample a case, one score a figure, no case
text unless it is asked for, as its viewer would show it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from evals.casewise import case_scores
from evals.measuring import SuiteResult, SystemResult
from evals.metrics.figure import Figure
from evals.rows import Row

FIELDS = ("suite", "part", "system", "slice", "name", "value", "low", "high", "n", "unscored", "better", "note")


def to_csv(result: SuiteResult) -> str:
    """Every figure of every system, a row each."""
    held = io.StringIO()
    writer = csv.DictWriter(held, FIELDS, lineterminator="\n")
    writer.writeheader()
    for system in result.systems:
        for figure in (*system.figures, *system.slices):
            place = {"suite": result.suite.name, "part": result.part, "system": system.name}
            writer.writerow({**place, **figure.model_dump(include=set(FIELDS))})
    return held.getvalue()


def to_trec_run(system: SystemResult) -> str:
    """A TREC run file: query, Q0, document, rank, score, tag. Documents are the passages' sources."""
    tag = "".join(char if char.isalnum() else "-" for char in system.name)
    return "".join(
        f"{record.case_id} Q0 {_word(source)} {rank} {1 / rank:.6f} {tag}\n"
        for record in system.run.records
        for rank, source in enumerate(record.answer.sources, 1)
    )


def to_trec_qrels(result: SuiteResult) -> str:
    """What is relevant, for a run file: the expected sources, or the expected clauses where there are none."""
    return "".join(
        f"{gold.id} 0 {_word(source)} 1\n"
        for gold in result.cases
        for source in gold.expected.sources or gold.expected.clauses or ()
    )


def _word(id: str) -> str:
    """TREC files part fields by white space."""
    return "_".join(id.split())


def to_inspect(result: SuiteResult, system: SystemResult, *, with_text: bool = False) -> str:
    """The run as an inspect_ai log, for its viewer.

    Args:
        with_text: put the cases' text into the samples; never for cases from a record.
    """
    manifest = system.run.manifest
    created = manifest.started_at.isoformat()
    sheet = system.run.sheet(result.cases, result.suite.pack, result.sampling)
    log: dict[str, Any] = {
        "version": 2,
        "status": "success",
        "eval": _spec(result, system, created),
        "plan": {"name": "plan", "steps": [{"solver": system.name, "params": manifest.parameters}], "config": {}},
        "results": {
            "total_samples": len(result.cases),
            "completed_samples": len(sheet.rows),
            "scores": [_score(figure) for figure in system.figures if figure.value is not None],
        },
        "stats": {"started_at": created, "completed_at": created, "model_usage": {}},
        "samples": [_sample(row, system.name, with_text) for row in sheet.rows],
    }
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _spec(result: SuiteResult, system: SystemResult, created: str) -> dict[str, Any]:
    manifest = system.run.manifest
    return {
        "eval_id": manifest.fingerprint[:22],
        "run_id": manifest.fingerprint[22:44],
        "created": created,
        "task": result.suite.name,
        "task_id": f"{result.suite.name}@{manifest.data_sha256[:12]}",
        "task_version": 0,
        "task_args": {"part": result.part, "seed": manifest.seed},
        "dataset": {
            "name": result.suite.name,
            "samples": len(result.cases),
            "sample_ids": [g.id for g in result.cases],
        },
        "model": system.name,
        "model_args": manifest.parameters,
        "config": {"epochs": 1},
        "packages": {"reviewer-copilot": manifest.code_version},
        "metadata": manifest.model_dump(mode="json", include={"pack", "pack_version", "pack_fingerprint", "embedder"}),
    }


def _score(figure: Figure) -> dict[str, Any]:
    metrics: dict[str, Any] = {"mean": {"name": "mean", "value": figure.value, "params": {}}}
    for name, value in (("low", figure.low), ("high", figure.high)):
        if value is not None:
            metrics[name] = {"name": name, "value": value, "params": {}}
    return {
        "name": figure.name,
        "scorer": figure.name,
        "scored_samples": figure.n,
        "unscored_samples": figure.unscored,
        "params": {},
        "metrics": metrics,
    }


def _sample(row: Row, system: str, with_text: bool) -> dict[str, Any]:
    expected, answer = row.gold.expected, row.answer
    said = str(answer.tier or "abstained")
    return {
        "id": row.id,
        "epoch": 1,
        "input": row.gold.case.text if with_text else f"[text of case {row.id} withheld]",
        "target": str(expected.tier or ""),
        "messages": [],
        "output": {
            "model": system,
            "choices": [{"message": {"role": "assistant", "content": said}, "stop_reason": "stop"}],
        },
        "scores": {name: {"value": value, "answer": said} for name, value in _scores(row)},
        "metadata": {
            "family": row.family,
            "expected_clauses": list(expected.clauses or ()),
            "clauses": list(answer.clauses),
            "steps": [list(step) for step in answer.steps],
            "reportability": str(answer.reportability),
            "duties": list(answer.duties),
            "confidence": answer.confidence,
        },
        "total_time": answer.seconds,
    }


def _scores(row: Row) -> Iterator[tuple[str, float]]:
    """Unscored ones are left out, as inspect does."""
    for name, value in case_scores(row).items():
        if value is not None:
            yield name, value
