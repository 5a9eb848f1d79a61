"""`reviewer-copilot policy show`."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.ui.policy.packs import Run


def test_show_follows_the_versions(run: Run, mine: Path) -> None:
    run("policy", "revise", "mine", "T-1", "--reason", "Too wide", "--author", "Lead", "--from", "2027-01-01")
    _, then, _ = run("policy", "show", "mine", "T-1", "--on", "2026-12-31")
    _, later, _ = run("policy", "show", "mine", "T-1", "--on", "2027-01-01")
    assert (then.split()[0], later.split()[0]) == ("T-1@1", "T-1@2")
    assert "  - T-1@1  2026-01-01 to 2026-12-31\n  - T-1@2  2027-01-01: Too wide (Lead)" in later
    _, out, _ = run("policy", "show", "mine", "--on", "2026-12-31")
    assert "Counterfeit goods  [until 2026-12-31]" in out
    assert "Counterfeit goods  [from 2027-01-01]" in out
    _, out, _ = run("policy", "show", "mine", "--on", "2027-01-01")
    assert "T-1@1" not in out


def test_show_marks_what_is_undated(run: Run, mine: Path) -> None:
    clause = next(mine.rglob("T-1.md"))
    clause.write_text(clause.read_text().replace("effective_from: 2026-01-01\n", ""))
    _, out, _ = run("policy", "show", "mine")
    assert "Counterfeit goods  [undated]" in out


def test_show_tells_law_with_source_confidence_and_age(run: Run) -> None:
    _, out, _ = run("policy", "show", "child_safety", "CS-KNO-01", "--on", "2030-01-01")
    legal = out.split("Legal basis\n")[1].split("\n\n")[0]
    assert re.search(r"source: .+\n +confidence \w+, checked \d{4}-\d\d-\d\d, .+ \(overdue\)", legal), legal
    assert "Duties\n  - " in out
    assert "Gives way to\n  - CS-" in out
    assert "is anything but" in out


def test_show_gives_data(run: Run, mine: Path) -> None:
    _, out, _ = run("policy", "show", "mine", "--json")
    assert [area["id"] for area in json.loads(out)["areas"]] == ["trade", "safety"]
    _, out, _ = run("policy", "show", "mine", "T-1", "--json")
    told = json.loads(out)
    assert (told["ref"], told["gives_way_to"], told["versions"]) == ("T-1@1", ["T-2"], ["T-1@1"])
    assert all(one["status"] for one in told["precedents"])


def test_show_says_when_a_step_is_proposed(run: Run, mine: Path) -> None:
    clause = next(mine.rglob("T-1.md"))
    clause.write_text(
        clause.read_text().replace("on: subject}", 'on: subject, when: {registered: ["yes"]}, note: Once}')
    )
    _, out, _ = run("policy", "show", "mine", "T-1")
    assert "- Ban the account (ban) on subject, confirmed by two reviewers, where registered is yes; Once" in out
