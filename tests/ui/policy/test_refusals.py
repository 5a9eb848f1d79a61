"""What `reviewer-copilot policy` refuses, with what to do instead; nothing is written then."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from policy_corpus import load
from tests.ui.policy.packs import Run, broken, everything, unsound


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ("new mine", 3, "mine:1: there is something here already; name a new or empty folder"),
        ("new 2nd", 3, "'2nd' can't be the id of a pack; use small letters"),
        ("new other --id Other", 3, "'Other' can't be the id of a pack"),
        ("new other --from nope", 3, "nope/pack.yaml:1: there is no such pack"),
        ("new other --from mine --id Other", 3, "other/pack.yaml:2: id:"),
        ("new mine/pack.yaml/x", 1, "can't write 'x': Not a directory"),
        ("lint nope", 3, "error: nope/pack.yaml:1: there is no such pack; name a folder that holds pack.yaml"),
        ("lint mine --on soon", 2, "'soon' is no day; write it as 2026-12-31"),
        ("show nope", 3, "there is no such pack"),
        ("show mine T-9", 2, "small has no clause 'T-9'; did you mean 'T-"),
        ("show mine T-1@7", 2, "small has no clause 'T-1@7'"),
        ("diff mine nope", 3, "there is no such pack"),
        ("diff mine mine --gold nope.jsonl", 3, "nope.jsonl:1: there are no gold cases"),
        ("revise mine T-9 --reason R --author A --from 2027-01-01", 3, "there is no clause 'T-9'; did you mean"),
        ("revise mine T-1 --reason R --author A --from 2025-01-01", 3, "T-1.md:1: the new version would begin on"),
        ("revise mine T-1 --reason R --author ' ' --from 2027-01-01", 3, "can't change without reason and author"),
        ("revise mine T-1 --reason R --from 2027-01-01", 2, "Missing option '--author'"),
        ("revise nope T-1 --reason R --author A --from 2027-01-01", 3, "there is no such pack"),
        ("revise child_safety X --reason R --author A --from 2027-01-01", 2, "comes with the program and stays as it"),
        ("adopt acceptable_use --owner O --yes", 2, "copy it first: reviewer-copilot policy new --from acceptable_use"),
        ("adopt nope --owner O --yes", 3, "there is no such pack"),
        ("adopt mine --owner ' ' --yes", 3, "nobody adopts this pack; name a person or a role as its owner"),
        ("adopt mine --owner O", 1, "Not adopted; nothing was written. Answer y, or give --yes."),
        ("import safeguard nope.md other", 3, "nope.md:1: can't read the file"),
        ("import safeguard mine/pack.yaml mine", 3, "mine:1: there is something here already"),
        ("import safeguard mine/pack.yaml other", 3, "pack.yaml:1: this is no policy text: it has no heading"),
        ("import roost mine other", 3, "mine:1: there is no policy here; name a folder that holds policy.md"),
        ("import pdf a b", 2, "'pdf' is not one of 'safeguard', 'roost'"),
        ("export safeguard mine mine/pack.yaml", 3, "pack.yaml:1: there is something here already; name a new file"),
        ("export safeguard mine mine/pack.yaml/x", 1, "can't write 'x': Not a directory"),
        ("export roost mine mine", 3, "mine:1: there is something here already"),
        ("export roost nope out", 3, "there is no such pack"),
    ],
)
def test_refusals_say_what_to_do_and_write_nothing(run: Run, mine: Path, args: str, code: int, said: str) -> None:
    before = everything()
    found, out, err = run("policy", *shlex.split(args))
    assert (found, said in err) == (code, True), f"{found} {out} {err}"
    assert "Traceback" not in err
    assert everything() == before
    assert sorted(path.name for path in Path().iterdir()) == ["mine"]


@pytest.mark.parametrize("answer", ["", "n\n", "perhaps\n"])
def test_nobody_adopts_by_accident(run: Run, mine: Path, answer: str) -> None:
    code, out, _ = run("policy", "adopt", "mine", "--owner", "O", answer=answer)
    assert (code, load(mine).manifest.adoption) == (1, None)
    assert "its notice reads: A pack for tests." in out


def test_a_pack_with_errors_cannot_be_adopted(run: Run, mine: Path) -> None:
    unsound(mine)
    code, _, err = run("policy", "adopt", "mine", "--owner", "O", "--yes", "--date", "2026-06-01")
    assert (code, load(mine).manifest.adoption) == (3, None)
    assert "can't be adopted; repair it, or accept with a reason in lint.yaml" in err


@pytest.mark.parametrize(
    "args",
    [
        "lint mine",
        "show mine",
        "diff mine mine",
        "new other --from mine",
        "adopt mine --owner O --yes",
        "revise mine T-2 --reason R --author A --from 2027-01-01",
        "export safeguard mine out.md",
    ],
)
def test_a_broken_pack_is_named_with_file_and_line(run: Run, mine: Path, args: str) -> None:
    broken(mine)
    before = everything()
    code, _, err = run("policy", *shlex.split(args))
    assert code == 3
    assert re.search(r"error: mine/clauses/T-1\.md:\d+: unknown action 'banish'; did you mean 'ban'\?", err), err
    assert everything() == before


def test_a_write_that_fails_leaves_the_pack_as_it_was(run: Run, mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    before = everything()
    monkeypatch.setattr("os.replace", full)
    code, _, err = run("policy", "adopt", "mine", "--owner", "O", "--date", "2026-06-01", "--yes")
    assert (code, "can't write 'mine': No space left on device; check name, room and permissions" in err) == (1, True)
    code, _, err = run("policy", "new", "other")
    assert (code, everything()) == (1, before)
