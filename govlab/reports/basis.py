"""What every report of a batch depends on besides its notebook and its row, as digests."""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from glob import escape
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING

import govlab
from govlab.reports.guard import Inputs
from govlab.reports.record import file_digest

if TYPE_CHECKING:
    from govlab.reports.plan import Job

# Packages that decide what a report looks like, where the list of requirements is not at hand.
_VERSIONS = ("papermill", "nbconvert", "pypandoc_binary", "typst", "matplotlib", "pandas", "pydantic")


@dataclass(frozen=True)
class Basis:
    """Digests of the package, of the versions it runs on, of each input file of the workspace."""

    package: str
    versions: str
    inputs: Mapping[str, str]

    @cached_property
    def inputs_digest(self) -> str:
        """One digest for all input files and their names."""
        return _short(json.dumps(dict(self.inputs), sort_keys=True))

    def parts(self, job: Job, notebook: str, twin: str | None) -> dict[str, str]:
        """The digests that decide one report, by kind; short, since they stand in every record."""
        parameters = json.dumps(dict(job.parameters), sort_keys=True, ensure_ascii=False, default=str)
        look = f"{job.lang}\0{','.join(job.formats)}\0{twin or ''}"
        return {
            "notebook": notebook[:16],
            "parameters": _short(parameters),
            "inputs": self.inputs_digest,
            "package": self.package[:16],
            "versions": self.versions[:16],
            "formats": _short(look),
        }


def basis_of(root: Path, patterns: tuple[str, ...]) -> Basis:
    """The basis of a batch whose inputs are these files of the workspace ``root``."""
    inputs = Inputs(root, patterns)
    found = {path.relative_to(inputs.root).as_posix(): file_digest(path)[:16] for path in inputs.files()}
    return Basis(_package_digest(), _versions_digest(), found)


def joined(parts: Mapping[str, str]) -> str:
    """One digest for all parts."""
    return hashlib.sha256(json.dumps(dict(parts), sort_keys=True).encode()).hexdigest()


def default_inputs(root: Path) -> tuple[str, ...]:
    """What a report of a study may read where its batch file does not say.

    Everything in the workspace but notebooks, batch files, what is made, hidden files and environments
    of Python: rather a report made once too often than one made from data that nobody watches.
    """
    from govlab.data.workspace import read_workspace

    if not (root / "study.toml").is_file():
        return ()
    home = read_workspace(root)
    apart = {path.relative_to(root).parts[0] for path in (home.reports, home.out, home.notebooks)}
    named = {"study.toml", "mask.json"}
    for path in root.iterdir():
        hidden = path.name.startswith(".") or path.name == "__pycache__"
        if not hidden and path.name not in apart and not (path / "pyvenv.cfg").is_file():
            named.add(escape(path.name))
    return tuple(sorted(named))


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def _package_digest() -> str:
    """Sources of govlab and what ships with it; once a process, which does not change its own code."""
    from govlab.data.locate import shipped

    package = Path(govlab.__file__).parent
    digest = hashlib.sha256(govlab.__version__.encode())
    kinds = {".py", ".po", ".lua", ".typ", ".j2", ".css", ".js", ".json", ".docx", ".html"}
    for folder in (package, shipped("datasets")):
        for path in _tree(folder):
            if folder is package and (path.suffix not in kinds or "shipped" in path.parts):
                continue
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(file_digest(path).encode())
    return digest.hexdigest()


def _tree(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if "__pycache__" not in path.parts and path.is_file():
            yield path


def _versions_digest() -> str:
    """The interpreter and the version of every package that govlab requires."""
    return _short(json.dumps({"python": platform.python_version(), **versions()}, sort_keys=True)).ljust(16)


def versions() -> dict[str, str]:
    """Version by name of the packages that govlab requires, those of extras left out."""
    try:
        asked = requires("govlab") or list(_VERSIONS)
    except PackageNotFoundError:
        asked = list(_VERSIONS)
    found = {}
    for one in asked:
        if "extra ==" in one:
            continue
        name = re.split(r"[^A-Za-z0-9._-]", one)[0]
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found
