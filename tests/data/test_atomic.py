"""Files are written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from govlab.data.atomic import write_new, write_whole
from govlab.errors import WorkspaceError


def test_whole(tmp_path):
    write_whole(tmp_path / "a" / "b.txt", b"one")
    write_whole(tmp_path / "a" / "b.txt", b"two")
    assert (tmp_path / "a" / "b.txt").read_bytes() == b"two"
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b.txt"]


def test_failure_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "report.docx"
    path.write_bytes(b"old")

    def refuse(*_):
        raise PermissionError(13, "in use")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(WorkspaceError) as raised:
        write_whole(path, b"new")
    assert "close it in Word" in raised.value.text("en")
    assert [one.name for one in tmp_path.iterdir()] == ["report.docx"]
    assert path.read_bytes() == b"old"


def test_new_never_overwrites(tmp_path):
    write_new(tmp_path / "a.txt", b"one")
    with pytest.raises(WorkspaceError, match="not overwritten"):
        write_new(tmp_path / "a.txt", b"two")
    assert (tmp_path / "a.txt").read_bytes() == b"one"


def test_no_place_to_write(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(WorkspaceError, match="cannot be written"):
        write_whole(tmp_path / "file" / "below", b"x")
