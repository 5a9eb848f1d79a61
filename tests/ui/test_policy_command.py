"""`reviewer-copilot policy`: what docs/policy.md says, word for word, and what each command refuses."""

from __future__ import annotations

import io
import json
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from policy_corpus import find, load
from tests.conftest import SMALL
from ui import cli

GUIDE = Path(__file__).parent.parent.parent / "docs" / "policy.md"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs the command line in an empty folder; `answer` is what a person types."""
    (tmp_path / "desk").mkdir()
    monkeypatch.chdir(tmp_path / "desk")

    def _run(*args: str, answer: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(answer))
        with pytest.raises(SystemExit) as exit:
            cli.main(list(args))
        said = capsys.readouterr()
        assert isinstance(exit.value.code, int)
        return exit.value.code, said.out, said.err

    return _run


@pytest.fixture
def mine(run: Run) -> Path:
    """An own pack: a copy of the small one, without its error."""
    shutil.copytree(SMALL, "mine")
    return Path("mine")


def everything() -> dict[str, bytes]:
    """Every file below the current folder, to see that nothing was written."""
    return {str(path): path.read_bytes() for path in Path().rglob("*") if path.is_file()}


# The guide


@dataclass(frozen=True)
class Block:
    """A fenced block, with the prose since the block before."""

    before: str
    kind: str
    text: str


def blocks() -> Iterator[Block]:
    text, end = GUIDE.read_text(encoding="utf-8"), 0
    for found in re.finditer(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        yield Block(text[end : found.start()].strip(), found[1], found[2])
        end = found.end()


def test_the_guide_can_be_followed_word_for_word(run: Run) -> None:
    said, replaced, where = "", "", Path()
    told = list(blocks())
    assert sum(block.kind == "sh" for block in told) >= 10
    for block in told:
        named = re.findall(r"`([\w./-]+\.\w+)`", block.before)
        if block.kind == "sh":
            said = type_in(block, run)
        elif block.kind == "text":
            assert_said(block.text, said)
        elif block.before.endswith(":") and "Save as" in block.before:
            Path(named[-1]).write_text(block.text, encoding="utf-8")
        elif block.before.endswith("replace"):
            where, replaced = Path(named[-1]), block.text.rstrip("\n")
        else:
            assert block.before == "by"
            replace(where, replaced, block.text.rstrip("\n"))
    assert load(Path("my_policy")).standing == "adopted by Head of Trust and Safety on 2027-01-01"


def type_in(block: Block, run: Run) -> str:
    expected = int(found[1]) if (found := re.search(r"<!-- exits (\d) -->$", block.before)) else 0
    said = ""
    for line in block.text.splitlines():
        program, *args = shlex.split(line)
        assert program == "reviewer-copilot"
        code, out, err = run(*args, answer="y\n")
        assert code == expected, f"{line}\n{out}\n{err}"
        said += out + err
    return said


def assert_said(expected: str, said: str) -> None:
    """Every line, in order; `…` stands for anything within a line."""
    at = 0
    for line in expected.splitlines():
        pattern = ".*?".join(re.escape(part) for part in line.split("…"))
        found = re.compile(pattern).search(said, at)
        assert found, f"{line!r} not in\n{said[at:]}"
        at = found.end()


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_the_guide_names_every_command(run: Run) -> None:
    _, out, _ = run("policy", "--help")
    commands = re.findall(r"^  ([a-z]+)  ", out.split("Commands:")[1], re.MULTILINE)
    assert commands == ["new", "lint", "show", "diff", "revise", "reaffirm", "adopt", "import", "export"]
    text = GUIDE.read_text(encoding="utf-8")
    assert [name for name in commands if f"\nreviewer-copilot policy {name} " not in text] == []


# Refusals


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


def unsound(pack: Path) -> None:
    """Two clauses that displace each other."""
    clause = next(pack.rglob("T-2.md"))
    clause.write_text(clause.read_text().replace("area: trade\n", "area: trade\nexceptions: [T-1]\n"))


def broken(pack: Path) -> None:
    clause = next(pack.rglob("T-1.md"))
    clause.write_text(clause.read_text().replace("action: ban", "action: banish"))


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


# What each command does


def test_lint_tells_errors_from_warnings(run: Run, mine: Path) -> None:
    unsound(mine)
    code, out, _ = run("policy", "lint", "mine", "--on", "2026-06-01")
    assert code == 3
    assert re.search(r"^mine/clauses/T-\d\.md:\d+: error \[circular-priority\] .+; take one of these", out, re.M), out
    assert out.startswith("small 1.0 (sample, not adopted): 4 clauses, 4 precedents, ")
    _, out, _ = run("policy", "lint", "mine", "--on", "2026-06-01", "--json")
    (told,) = json.loads(out)
    assert told["errors"] == sum(issue["severity"] == "error" for issue in told["issues"]) > 0
    assert told["pack"]["fingerprint"] == load(mine).fingerprint


def test_lint_ends_well_with_warnings_only(run: Run) -> None:
    code, out, _ = run("policy", "lint", "acceptable_use", "--on", "2030-01-01")
    assert (code, "warning [legal-review]" in out) == (0, True)


def test_lint_tells_problems_as_data(run: Run, mine: Path) -> None:
    broken(mine)
    code, out, err = run("policy", "lint", "mine", "--json")
    (told,) = json.loads(out)
    assert (code, err, told["pack"], told["errors"]) == (3, "", None, 1)
    assert told["problems"][0]["hint"] == "did you mean 'ban'?"


def test_lint_without_a_name_checks_all_shipped(run: Run) -> None:
    _, out, _ = run("policy", "lint")
    assert re.findall(r"^(\w+) [\d.]+ \(", out, re.M) == ["acceptable_use", "child_safety"]


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


def test_diff_gives_data_and_finds_nothing_between_equals(run: Run, mine: Path) -> None:
    _, out, _ = run("policy", "diff", "mine", "mine")
    assert "no clause changed" in out
    run("policy", "revise", "mine", "T-1", "--reason", "R", "--author", "A", "--from", "2027-01-01")
    _, out, _ = run("policy", "diff", str(SMALL), "mine", "--json")
    told = json.loads(out)
    assert [(one["before"], one["after"]) for one in told["changes"]] == [("T-1@1", "T-1@2")]
    assert [one["unversioned"] for one in told["changes"]] == [False]
    assert told["compared"] == 4


def known(fact: str, value: str) -> str:
    parties = [{"id": id, "role": "subject"} for id in ("A", "B")]
    findings = [{"fact": fact, "value": value, "about": "A"}]
    case = {"id": "K-1", "text": "x", "parties": parties}
    return json.dumps({"case": case, "expected": {"findings": findings}, "family": "f"})


def test_diff_judges_each_party_of_a_known_case(run: Run) -> None:
    for name in ("old", "new"):
        shutil.copytree(find("acceptable_use"), name)
    clause = Path("new/clauses/AU-SPM-01.md")
    replace(clause, "spam_pattern: [bulk, fake_engagement]", "spam_pattern: [bulk]")
    Path("known.jsonl").write_text(known("spam_pattern", "fake_engagement"))
    _, out, _ = run("policy", "diff", "old", "new", "--gold", "known.jsonl")
    assert "case K-1 (judged party 1): AU-SPM-01 (enforce) -> no clause (none)" in out
    assert "judged party 2" not in out


def test_diff_refuses_cases_of_another_policy(run: Run, mine: Path) -> None:
    Path("known.jsonl").write_text(known("weather", "fine"))
    code, _, err = run("policy", "diff", "mine", "mine", "--gold", "known.jsonl")
    assert code == 3
    assert "known.jsonl:1: case 'K-1': 'weather: fine' is in neither vocabulary; known cases must use" in err


def test_a_copy_is_nobodys_policy_and_may_be_renamed(run: Run, mine: Path) -> None:
    code, out, _ = run("policy", "adopt", "mine", "--owner", "Lead", "--date", "2026-06-01", "--note", "n", "--yes")
    assert (code, "adopted by Lead on 2026-06-01" in out) == (0, True)
    code, out, _ = run("policy", "new", "deep/er", "--from", "mine", "--id", "ours", "--title", "Our rules")
    copy = load(Path("deep/er"))
    assert (code, copy.id, copy.manifest.title, copy.standing) == (0, "ours", "Our rules", "sample, not adopted")
    assert copy.clauses == load(mine).clauses


def test_an_empty_folder_may_be_filled(run: Run) -> None:
    Path("Our Rules").mkdir()
    code, out, _ = run("policy", "new", "Our Rules")
    assert (code, load(Path("Our Rules")).id) == (0, "our_rules")
    assert sorted(path.name for path in Path().iterdir()) == ["Our Rules"]


def test_a_write_that_fails_leaves_the_pack_as_it_was(run: Run, mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    before = everything()
    monkeypatch.setattr("os.replace", full)
    code, _, err = run("policy", "adopt", "mine", "--owner", "O", "--date", "2026-06-01", "--yes")
    assert (code, "can't write 'mine': No space left on device; check name, room and permissions" in err) == (1, True)
    code, _, err = run("policy", "new", "other")
    assert (code, everything()) == (1, before)
