"""What a report may read of its workspace: the inputs its batch declares, and nothing else.

An audit hook sees every file that Python opens. Files that compiled readers open by themselves are not
seen; the usual inputs of a study are declared anyway.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from fnmatch import translate
from glob import glob
from importlib.util import source_from_cache
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from govlab.errors import Fault, InputError

_WRITES = os.O_WRONLY | os.O_RDWR


class UndeclaredInput(InputError):
    """A report read a file of the workspace that its batch file does not name as an input."""


class Inputs:
    """Patterns over the files of a workspace: ``study.toml``, ``zones.*``, ``responses/**``.

    A name without wildcards that is a folder stands for everything in it; ``**`` for any number of
    folders; ``*`` and ``?`` stay within one name.
    """

    def __init__(self, root: Path, patterns: Sequence[str]) -> None:
        self.root = root.resolve()
        self.patterns = tuple(patterns)
        self._matches = [re.compile(_expression(one)).match for one in patterns]

    def covers(self, relative: str) -> bool:
        """Whether a path below the root, with slashes, is an input."""
        return any(match(relative) for match in self._matches)

    def files(self) -> Iterator[Path]:
        """Every input file that is there, each once, in order of its path; hidden ones left out."""
        found: set[Path] = set()
        for one in self.patterns:
            # Not Path.glob: this one leaves hidden files out, and knows ** as we do.
            for name in glob(one.strip("/"), root_dir=self.root, recursive=True):  # noqa: PTH207
                path = self.root / name
                inside = path.rglob("*") if path.is_dir() and "*" not in one.rpartition("/")[2] else (path,)
                found.update(each for each in inside if each.is_file() and "__pycache__" not in each.parts)
        return iter(sorted(found))


def inside(one: str) -> bool:
    """Whether a pattern stays within the workspace, read the way either kind of system would."""
    kinds = (PurePosixPath(one), PureWindowsPath(one))
    return not any(kind.anchor or ".." in kind.parts for kind in kinds)


def _expression(one: str) -> str:
    parts = one.strip("/").split("/")
    said = ""
    for place, part in enumerate(parts):
        last = place == len(parts) - 1
        if part == "**":
            said += ".*" if last else "(?:.*/)?"
        else:
            # fnmatch's star would cross folders.
            body = translate(part).removeprefix("(?s:").removesuffix(r")\Z").replace(".*", "[^/]*")
            said += body + ("" if last else "/")
    plain = not set(re.sub(r"\[[*?\[]\]", "", parts[-1])) & set("*?[")  # [*] is a star that means itself
    return f"(?s:{said}{'(?:/.*)?' if plain else ''})$"


class Guard:
    """The hook on one process: refuses and remembers reads of undeclared files below the root.

    ready: folders below the root that any report may read (the interpreter, the package itself).
    """

    def __init__(self, inputs: Inputs, ready: Sequence[Path] = ()) -> None:
        self.refused: list[str] = []
        self._inputs = inputs
        self._root = f"{inputs.root}{os.sep}"
        self._own: set[str] = set()
        self._ready = tuple(f"{path}{os.sep}" for path in (*_installed(inputs.root), *ready))
        self._on = False

    def watch(self) -> None:
        """Begin; a hook cannot be taken off again, but ``rest`` stops it."""
        self._on = True
        sys.addaudithook(self._hook)

    def rest(self) -> None:
        """Let everything through from now on."""
        self._on = False

    def _hook(self, event: str, values: tuple[Any, ...]) -> None:
        if event != "open" or not self._on:
            return
        path, mode, flags = values
        if isinstance(path, int) or path is None:
            return
        full = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - a hook must be quick
        if not full.startswith(self._root) or full.startswith(self._ready) or full in self._own:
            return
        if (mode and set(mode) & set("wax")) or (not mode and isinstance(flags, int) and flags & _WRITES):
            self._own.add(full)  # what a report has written it may read
            return
        relative = full[len(self._root) :].replace(os.sep, "/")
        if relative.split("/", 1)[0].startswith("."):
            return
        if "__pycache__/" in relative and relative.endswith(".pyc"):
            relative = source_from_cache(relative)
        if self._inputs.covers(relative) or Path(full).is_dir() or not Path(full).exists():
            return
        self.refused.append(relative)
        raise UndeclaredInput(Fault("reports.undeclared", {"file": relative}))


def _installed(root: Path) -> Iterator[Path]:
    """Where Python and its packages lie, if that is below the workspace."""
    import govlab
    from govlab.data.locate import SHIPPED, shipped

    places = [Path(sys.prefix), Path(sys.base_prefix), Path(govlab.__file__).parent]
    places += [shipped(name) for name in SHIPPED]
    places += [Path(one) for one in sys.path if one]
    for place in places:
        full = Path(os.path.abspath(place))  # noqa: PTH100 - as the hook names files
        if full != root and full.is_relative_to(root):
            yield full
