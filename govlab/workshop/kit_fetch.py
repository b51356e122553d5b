"""Wheels for another platform by pip, one round after another; its refusals as faults that name the wheel."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from govlab.errors import Fault, InputError
from govlab.workshop.kit_target import Target

# What pip says when it cannot get through, in any of its versions.
_CUT_OFF = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|ConnectionError"
    r"|Connection (?:refused|reset|aborted)|name resolution|Network is unreachable|SSLError",
    re.IGNORECASE,
)
_NONE = re.compile(r"No matching distribution found for (\S+)")
_ERROR = re.compile(r"^ERROR: (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class PipFetch:
    """``pip download`` of wheels for a target, from wherever pip is set up to look."""

    target: Target

    def __call__(self, wanted: Sequence[str], folder: Path) -> None:
        """Wheels of these requirements into the folder, without what they require.

        InputError if pip or the network is not there, or names everything that has no such wheel.
        """
        rest, lacking = list(wanted), list[str]()
        while rest:
            code, said = self._pip(rest, folder)
            if code == 0:
                break
            if _CUT_OFF.search(said):
                raise InputError(Fault("workshop_kit.network", {"what": "pip"}))
            # pip stops at the first that it cannot find: go on without it, to name them all.
            unknown = [one for one in _NONE.findall(said) if one in rest]
            if not unknown:
                why = (_ERROR.findall(said) or [said.strip()])[-1]
                raise InputError(Fault("workshop_kit.pip", {"why": why}))
            lacking += unknown
            rest = [one for one in rest if one not in unknown]
        if lacking:
            values = {"platform": self.target.platform, "python": self.target.python}
            raise InputError(Fault("workshop_kit.no_wheels", {"names": ", ".join(lacking), **values}))

    def command(self, wanted: Sequence[str], folder: Path) -> list[str]:
        """The command line; a bare 3.11 would be 3.11.0 to pip, which wheels for 3.11.5 refuse."""
        platforms = [word for tag in self.target.tags() for word in ("--platform", tag)]
        return [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
            *("--no-input", "--retries", "2", "--no-deps", "--only-binary=:all:"),
            *platforms,
            *("--implementation", "cp", "--python-version", self.target.release),
            *("--dest", str(folder), "--", *wanted),
        ]

    def _pip(self, wanted: Sequence[str], folder: Path) -> tuple[int, str]:
        if find_spec("pip") is None:
            raise InputError(Fault("workshop_kit.no_pip", {"python": sys.executable}))
        done = subprocess.run(
            self.command(wanted, folder), capture_output=True, text=True, errors="replace", check=False
        )
        return done.returncode, done.stderr + done.stdout
