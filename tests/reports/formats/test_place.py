from pathlib import Path

import pytest

from govlab.reports.formats.page import OutputError
from govlab.reports.formats.place import put


def test_put_replaces_and_leaves_nothing_beside(tmp_path: Path) -> None:
    path = tmp_path / "new" / "报告.docx"
    assert put(path, b"one") == path
    put(path, b"two")
    assert path.read_bytes() == b"two"
    assert [one.name for one in path.parent.iterdir()] == ["报告.docx"]


def test_a_file_open_in_word_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(b"old")

    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OutputError) as caught:
        put(path, b"new")
    assert "Close it" in caught.value.text("en")
    assert "a.docx" in caught.value.text("en")
    assert "请关闭" in caught.value.text("zh")
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["a.docx"]


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(OutputError, match=r"cannot write a\.pdf"):
        put(tmp_path / "out" / "a.pdf", b"x")
