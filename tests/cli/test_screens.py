"""Consoles that are not UTF-8, and systems without fork and fcntl."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from govlab.cli.screen import ready_streams

WITHOUT_POSIX = """
import os, sys
for name in ("fcntl", "pwd", "grp", "termios", "resource"):
    sys.modules[name] = None
for name in ("fork", "forkpty", "posix_spawn"):
    if hasattr(os, name):
        delattr(os, name)
from govlab.cli import main
for line in sys.argv[1:]:
    code = main(line.split())
    if code:
        sys.exit(f"{line}: {code}")
"""


def _run(arguments, folder, *, code=None, encoding="utf-8"):
    start = ["-c", code] if code else ["-m", "govlab"]
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "LANG": "C.UTF-8", "COLUMNS": "100"}
    environment.pop("PYTHONUTF8", None)
    path = os.pathsep.join([str(one) for one in sys.path if one])
    environment["PYTHONPATH"] = path
    return subprocess.run(
        [sys.executable, *start, *arguments], check=False, capture_output=True, cwd=folder, env=environment
    )


@pytest.mark.parametrize(
    ("arguments", "lang"),
    [
        (["cases", "aksu"], "zh"),
        (["facts", "--check"], "en"),
        (["facts", "--check"], "zh"),
        (["facts", "--check", "--json"], "zh"),
        (["cases", "⊗𠮷"], "zh"),
    ],
)
def test_gbk_console(tmp_path, arguments, lang):
    done = _run([*arguments, "--lang", lang], tmp_path, encoding="gbk")
    assert b"Traceback" not in done.stderr
    assert done.returncode == (2 if "⊗𠮷" in arguments else 0)
    text = (done.stdout + done.stderr).decode("gbk")
    assert text.strip()
    if arguments == ["facts", "--check"]:
        assert "1,224 ÷ 147 ≈ 8.33 < 10" in text
        assert "3,240 - 1,114" in text  # GBK has no minus sign; a hyphen is what a reader expects
    if arguments[-1] == "--json":
        assert json.loads(text)


def test_ascii_console(tmp_path):
    done = _run(["facts", "--check", "AKS-009"], tmp_path, encoding="ascii")
    assert done.returncode == 0
    assert b"1,224 / 147" in done.stdout
    assert b"< 10" in done.stdout


def test_nearest_signs():
    ready_streams()
    assert "a − b".encode("gbk", errors="govlab-nearest") == b"a - b"
    assert "½ ② ⊗ ①".encode("gbk", errors="govlab-nearest").decode("gbk") == "1/2 ② ? ①"
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("utf-8", errors="govlab-nearest")


@pytest.mark.slow
def test_without_fork_and_fcntl(tmp_path):
    lines = ["new x", "upgrade x", "cases", "facts --check", "batch x/reports/cases.toml --plan", "--help"]
    done = _run(lines, tmp_path, code=WITHOUT_POSIX)
    assert done.returncode == 0, done.stderr.decode()
    assert "6 reports: 6 to make" in done.stdout.decode()  # found from outside the workspace


@pytest.mark.slow
def test_reports_and_doctor_without_fork_and_fcntl(tmp_path):
    assert _run(["new x"], tmp_path, code=WITHOUT_POSIX).returncode == 0
    batch = tmp_path / "x" / "reports" / "cases.toml"
    lines = batch.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if "aksu" not in line and "beijing" not in line]
    batch.write_text("\n".join(kept), encoding="utf-8")
    done = _run(["batch", "doctor"], tmp_path / "x", code=WITHOUT_POSIX)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    made = sorted(
        path.name for path in (tmp_path / "x" / "reports" / "out" / "cases").glob("my-community-zh.*")
    )
    assert made == [f"my-community-zh.{name}" for name in ("docx", "html", "pdf", "xlsx")]
