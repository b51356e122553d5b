"""The command called in this process, in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from govlab.cases import catalogue
from govlab.cases.read import read_folder
from govlab.cli import main


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


@cache
def _read(folders: tuple[Path, ...]):
    return read_folder(folders)


@pytest.fixture(autouse=True)
def shipped_catalogue_read_once(monkeypatch):
    """The shipped catalogue does not change under a test; only one of our own is read again."""

    def read(folders: Sequence[Path]):
        return _read(tuple(folders)) if len(folders) == 1 else read_folder(folders)

    monkeypatch.setattr(catalogue, "read_folder", read)


@pytest.fixture
def govlab(monkeypatch, tmp_path, capsys) -> Callable[..., Said]:
    """``govlab("cases", "aksu")``: exit code and what was printed; English unless --lang is given."""
    monkeypatch.chdir(tmp_path)
    for name in ("GOVLAB_LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "120")

    def call(*arguments: str) -> Said:
        capsys.readouterr()
        code = main(arguments)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return call
