"""Wheels of a kit: what each one requires on the target, and whether a set of them is closed.

pip reads environment markers for the interpreter it runs on, so what only Windows needs (colorama,
pywinpty) never comes with a download made on Linux, and the lock would pin what belongs to another Python.
Here markers are read for the target, from the METADATA of every wheel; pip only fetches.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import TYPE_CHECKING

from govlab.errors import Fault, InputError

if TYPE_CHECKING:
    from packaging.requirements import Requirement

    from govlab.workshop.kit_target import Target

# Fetches wheels of these requirements (``name==version``) into the folder, nothing that they require.
Fetch = Callable[[Sequence[str], Path], None]


@dataclass(frozen=True)
class Wheel:
    """A wheel: its distribution's canonical name, version, what it requires, the bytes of the file."""

    name: str
    version: str
    requires: tuple[str, ...]
    size: int
    path: Path


def read_wheel(path: Path) -> Wheel:
    """A wheel's METADATA; InputError if the file is none or is damaged."""
    from packaging.utils import canonicalize_name

    try:
        with zipfile.ZipFile(path) as archive:
            (name,) = [
                one
                for one in archive.namelist()
                if one.count("/") == 1 and one.endswith(".dist-info/METADATA")
            ]
            said = BytesHeaderParser().parsebytes(archive.read(name))
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise InputError(Fault("workshop_kit.no_wheel", {"why": str(error)}, (path.name,))) from error
    requires = tuple(str(one) for one in said.get_all("Requires-Dist") or ())
    return Wheel(canonicalize_name(said["Name"]), said["Version"], requires, path.stat().st_size, path)


def read_wheels(folder: Path) -> dict[str, Wheel]:
    """Every wheel of a folder by name; InputError where there are two of one distribution."""
    found: dict[str, Wheel] = {}
    for path in sorted(folder.glob("*.whl")):
        wheel = read_wheel(path)
        if wheel.name in found:
            values = {"name": wheel.name, "one": found[wheel.name].path.name, "two": path.name}
            raise InputError(Fault("workshop_kit.two_wheels", values))
        found[wheel.name] = wheel
    return found


def read_lock(text: str, markers: Mapping[str, str]) -> dict[str, str]:
    """Version by name of the lines of a lock file that hold where markers have these values."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    found: dict[str, str] = {}
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        pinned = Requirement(line)
        if pinned.marker is None or pinned.marker.evaluate(dict(markers)):
            (version,) = pinned.specifier
            found[canonicalize_name(pinned.name)] = version.version
    return found


@dataclass(frozen=True)
class Closure:
    """What follows from the roots: wheels needed, requirements without a wheel, wheels of a wrong version."""

    needed: frozenset[str]
    missing: Mapping[str, tuple[str, ...]]
    wrong: tuple[tuple[str, str, str], ...]

    @property
    def closed(self) -> bool:
        """Whether every requirement is met."""
        return not self.missing and not self.wrong


def closure(roots: Iterable[str], wheels: Mapping[str, Wheel], markers: Mapping[str, str]) -> Closure:
    """Follow requirements from ``roots`` through the wheels' metadata, markers read with these values.

    Extras that a requirement names are followed too. ``missing``: canonical name -> the requirements that
    ask for it; ``wrong``: (who asks, requirement, version that is there).
    """
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    needed, missing, wrong = set(), dict[str, list[str]](), []
    waiting: list[tuple[str, Requirement]] = [("", Requirement(root)) for root in roots]
    seen: set[tuple[str, str]] = set()
    while waiting:
        asking, asked = waiting.pop()
        name = canonicalize_name(asked.name)
        bare = f"{name}{asked.specifier}"
        if name not in wheels:
            missing.setdefault(name, []).append(bare)
            continue
        wheel = wheels[name]
        needed.add(name)
        if not asked.specifier.contains(wheel.version, prereleases=True):
            wrong.append((asking, bare, wheel.version))
        for extra in ("", *sorted(asked.extras)):
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            waiting += [
                (name, one) for one in map(Requirement, wheel.requires) if _holds(one, extra, markers)
            ]
    told = {name: tuple(sorted(set(bare))) for name, bare in sorted(missing.items())}
    return Closure(frozenset(needed), told, tuple(sorted(set(wrong))))


def markers_here() -> dict[str, str]:
    """The values of markers for the running interpreter: those that a plain ``pip download`` reads."""
    from packaging.markers import default_environment

    return {name: str(value) for name, value in default_environment().items()}


def _holds(requirement: Requirement, extra: str, markers: Mapping[str, str]) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({**markers, "extra": extra})


def gather(
    roots: Sequence[str],
    folder: Path,
    target: Target,
    pins: Mapping[str, str],
    fetch: Fetch,
    told: Callable[[tuple[str, ...]], None] = lambda wanted: None,
) -> dict[str, Wheel]:
    """Fetch until the folder is closed under ``roots``; its wheels by name.

    A distribution is fetched in the version that ``pins`` names, else as it is required. InputError names
    what has no wheel for the target (from ``fetch``), or what contradicts a requirement.
    """
    while True:
        wheels = read_wheels(folder)
        found = closure(roots, wheels, target.markers())
        if found.wrong:
            raise InputError(
                [
                    Fault(
                        "workshop_kit.wrong_version", {"who": who or "govlab", "asked": asked, "there": there}
                    )
                    for who, asked, there in found.wrong
                ]
            )
        if not found.missing:
            return wheels
        wanted = tuple(
            f"{name}=={pins[name]}" if name in pins else _merged(name, asked)
            for name, asked in found.missing.items()
        )
        told(wanted)
        fetch(wanted, folder)
        if not read_wheels(folder).keys() - wheels.keys():
            raise InputError(Fault("workshop_kit.no_wheels", _lacking(wanted, target)))


def _merged(name: str, asked: Iterable[str]) -> str:
    """One requirement of several on the same distribution."""
    return name + ",".join(sorted(one.removeprefix(name) for one in asked if one != name))


def _lacking(wanted: Iterable[str], target: Target) -> dict[str, object]:
    return {"names": ", ".join(wanted), "platform": target.platform, "python": target.python}
