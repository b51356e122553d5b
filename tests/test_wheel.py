"""The wheel carries notebooks, datasets and batch files one by one, and nothing that was built."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def tracked(folder: str) -> list[str]:
    """Files of a folder that belong to the project (all of them where there is no git)."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z", folder], cwd=ROOT, check=True, capture_output=True)
        return [name for name in listed.stdout.decode().split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        return [path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file()]


@pytest.mark.parametrize("folder", ["notebooks", "datasets"])
def test_everything_shipped_is_there(names, folder):
    wanted = tracked(folder)
    assert wanted
    assert {f"govlab/shipped/{name}" for name in wanted} <= names


def test_batch_files_one_by_one(names):
    shipped = {name for name in names if name.startswith("govlab/shipped/reports/")}
    assert shipped == {f"govlab/shipped/{name}" for name in tracked("reports") if name.endswith(".toml")}


def test_the_package_is_whole(names):
    wanted = [name for name in tracked("govlab") if not name.endswith(".pyc")]
    assert set(wanted) <= names


def test_nothing_built_or_private(names):
    assert not [
        name for name in names if "/out/" in name or "__pycache__" in name or ".ipynb_checkpoints" in name
    ]
    assert not [name for name in names if name.startswith(("tests/", "reports/"))]
