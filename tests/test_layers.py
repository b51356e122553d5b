"""Imports point down only: the table of layers, held by reading every import with ``ast``."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "govlab"
LAYERS = {
    "errors": 0,
    "handing": 0,  # names a package hands on lazily
    "results": 1,
    "provenance": 1,
    "language": 1,
    "disclosure": 1,
    "data": 2,
    "ranks": 2,
    "cases": 3,
    "institutions": 3,
    "survey": 3,
    "compare": 3,
    "study": 4,
    "tables": 4,
    "plots": 4,
    "blocks": 4,
    "casebook": 5,  # a catalogue entry -> the parts of its report
    "studybook": 5,  # a study -> the parts of its reports
    "reports": 5,
    "workshop": 6,  # teaches with reports, and prints with their formats
    "cli": 7,
    "__main__": 8,
}
# Siblings of one layer that may be imported, because one is made of the other.
ALLOWED_SIBLINGS = {
    ("compare", "survey"),
    ("tables", "blocks"),
    ("plots", "blocks"),
    ("provenance", "language"),
    ("disclosure", "results"),
}


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def imports(path: Path) -> set[str]:
    """Rooms of govlab that a file imports, at run time or for types."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "govlab":
            if node.module == "govlab":
                found |= {alias.name for alias in node.names if alias.name in LAYERS}
            else:
                found.add(room(node.module))
        elif isinstance(node, ast.Import):
            found |= {room(alias.name) for alias in node.names if alias.name.startswith("govlab.")}
    return found


FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or path.name != "__init__.py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_point_down(path: Path) -> None:
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    assert own in LAYERS, f"{own} has no layer"
    for other in imports(path) - {own}:
        assert other in LAYERS, f"{path.name} imports {other}, which has no layer"
        # errors.py looks its texts up in language.py at the moment an error is shown.
        if (own, other) in ALLOWED_SIBLINGS | {("errors", "language")} or (other, own) in ALLOWED_SIBLINGS:
            continue
        assert LAYERS[other] < LAYERS[own], f"{own} (layer {LAYERS[own]}) imports {other} ({LAYERS[other]})"


def test_no_dumping_ground() -> None:
    names = {path.stem for path in PACKAGE.rglob("*.py")}
    assert not names & {"utils", "util", "helpers", "helper", "common", "misc"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_files_stay_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
