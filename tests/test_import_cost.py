"""``import govlab`` and ``govlab --help`` load nothing heavy (run in processes of their own)."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {
    "babel",
    "dask",
    "matplotlib",
    "nbconvert",
    "nbformat",
    "numpy",
    "openpyxl",
    "pandas",
    "papermill",
    "pypandoc",
    "scipy",
    "statsmodels",
    "typst",
    "yaml",
}


def _loaded(code: str) -> set[str]:
    script = f"{code}\nimport json, sys\nprint('\\n@' + json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", script],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return {name.partition(".")[0] for name in json.loads(done.stdout.rpartition("@")[2])}


def test_import():
    loaded = _loaded("import govlab\nassert govlab.__version__")
    assert "govlab" in loaded
    assert not loaded & (HEAVY | {"typer", "rich"})


def test_root_help_needs_no_models():
    loaded = _loaded("from govlab.cli import main\nassert main(['--help']) == 0")
    assert not loaded & {"pydantic", "rich"}


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--help", "--lang", "zh"], ["batch", "--help"], ["--version"]]
)
def test_help(arguments):
    loaded = _loaded(f"from govlab.cli import main\nassert main({arguments!r}) == 0")
    assert "typer" in loaded
    assert not loaded & HEAVY


def test_a_command_that_is_not_asked_for_is_not_imported():
    code = "from govlab.cli import main\nmain(['new', '--help'])\nimport sys\nassert 'govlab.cli.batch' not in sys.modules"
    assert "govlab" in _loaded(code)
