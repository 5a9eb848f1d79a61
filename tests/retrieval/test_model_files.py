from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.embedders import parts
from retrieval.embedders.digests import Digests
from retrieval.errors import EmbedderUnavailable

FORGED = "f" * 64


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "weights"
    made.write_bytes(b"first")
    return made


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return tmp_path / "notes"


def forge(notes: Path) -> None:
    """What is remembered is changed, so that a reading can be told from remembering."""
    notebook = notes / "checked.json"
    read = json.loads(notebook.read_text())
    for known in read["files"].values():
        known["sha256"] = FORGED
    notebook.write_text(json.dumps(read))


class TestDigests:
    @pytest.mark.parametrize("remembers", [True, False])
    def test_are_those_of_the_content(self, file: Path, notes: Path, remembers: bool) -> None:
        digests = Digests(notes if remembers else None)
        assert digests.of(file) == digests.of(file) == sha256(b"first")
        assert notes.exists() == remembers

    def test_an_unchanged_file_is_not_read_again(self, file: Path, notes: Path) -> None:
        Digests(notes).of(file)
        forge(notes)
        assert Digests(notes).of(file) == FORGED

    @pytest.mark.parametrize(
        "change",
        [
            lambda file: file.write_bytes(b"longer than before"),
            lambda file: file.write_bytes(b"other"),
            lambda file: (file.with_suffix(".new").write_bytes(b"other"), file.with_suffix(".new").replace(file)),
            lambda file: os.utime(file, ns=(1, 1)),
        ],
    )
    def test_a_changed_file_is_read_again(self, change: Callable[[Path], object], file: Path, notes: Path) -> None:
        Digests(notes).of(file)
        forge(notes)
        change(file)
        assert Digests(notes).of(file) == sha256(file.read_bytes())

    def test_a_change_while_running_is_seen(self, file: Path, notes: Path) -> None:
        digests = Digests(notes)
        digests.of(file)
        file.write_bytes(b"second one")
        assert digests.of(file) == sha256(b"second one")

    @pytest.mark.parametrize(
        "content", ["", "{", "[]", '{"format": 2}', '{"format": 1, "files": [1]}', '{"format": 1}']
    )
    def test_a_damaged_notebook_is_written_anew(self, content: str, file: Path, notes: Path) -> None:
        notes.mkdir()
        (notes / "checked.json").write_text(content)
        assert Digests(notes).of(file) == sha256(b"first")
        forge(notes)
        assert Digests(notes).of(file) == FORGED

    @pytest.mark.parametrize("known", ["5", '"text"', '{"mark": []}', '{"mark": [1], "sha256": 7}'])
    def test_a_damaged_note_is_not_believed(self, known: str, file: Path, notes: Path) -> None:
        notes.mkdir()
        (notes / "checked.json").write_text(f'{{"format": 1, "files": {{"{file}": {known}}}}}')
        assert Digests(notes).of(file) == sha256(b"first")

    def test_a_notebook_that_can_not_be_written_costs_only_time(self, file: Path, tmp_path: Path) -> None:
        (tmp_path / "in the way").write_text("")
        assert Digests(tmp_path / "in the way" / "notes").of(file) == sha256(b"first")

    def test_files_that_are_gone_are_forgotten(self, file: Path, notes: Path, tmp_path: Path) -> None:
        digests = Digests(notes)
        digests.of(file)
        file.rename(tmp_path / "elsewhere")
        digests.of(tmp_path / "elsewhere")
        assert list(json.loads((notes / "checked.json").read_text())["files"]) == [str(tmp_path / "elsewhere")]


WEIGHTS = b"weights of a model, long enough to be cut"


class TestParts:
    @pytest.fixture
    def pieces(self, tmp_path: Path) -> list[Path]:
        with zipfile.ZipFile(tmp_path / "whole.zip", "w") as archive:
            archive.writestr(f"{parts.STRONGER}/model.safetensors", WEIGHTS)
            archive.writestr(f"{parts.STRONGER}/1_Pooling/config.json", "{}")
        whole = (tmp_path / "whole.zip").read_bytes()
        made = [tmp_path / f"piece.{number:03}" for number in range(3)]
        for number, piece in enumerate(made):
            piece.write_bytes(whole[number * 150 : (number + 1) * 150 if number < 2 else None])
        return made

    def unite(self, pieces: list[Path], models: Path | None) -> Path:
        return parts.united(pieces, models, sha256(WEIGHTS))

    def test_are_put_together_once(self, pieces: list[Path], tmp_path: Path) -> None:
        models = tmp_path / "models"
        folder = self.unite(pieces, models)
        assert (folder / "model.safetensors").read_bytes() == WEIGHTS
        assert (folder / "1_Pooling" / "config.json").is_file()
        assert sorted(place.name for place in models.iterdir()) == [parts.STRONGER]
        pieces[0].unlink()
        assert self.unite(pieces, models) == folder

    def test_a_damaged_model_is_put_together_again(self, pieces: list[Path], tmp_path: Path) -> None:
        folder = self.unite(pieces, tmp_path / "models")
        (folder / "model.safetensors").write_bytes(b"damaged")
        assert (self.unite(pieces, tmp_path / "models") / "model.safetensors").read_bytes() == WEIGHTS

    def test_other_weights_are_refused(self, pieces: list[Path], tmp_path: Path) -> None:
        with pytest.raises(EmbedderUnavailable, match="other weights than the pinned ones"):
            parts.united(pieces, tmp_path / "models", FORGED)
        assert list((tmp_path / "models").iterdir()) == []

    def test_a_missing_piece_is_told(self, pieces: list[Path], tmp_path: Path) -> None:
        with pytest.raises(EmbedderUnavailable, match="can't be unpacked"):
            self.unite(pieces[:-1], tmp_path / "models")

    def test_no_place_for_it_is_told(self, pieces: list[Path], tmp_path: Path) -> None:
        with pytest.raises(EmbedderUnavailable, match="needs a folder"):
            self.unite(pieces, None)
        with pytest.raises(EmbedderUnavailable, match="can't be unpacked; it needs 1 GB"):
            self.unite(pieces, pieces[0])
