"""For which laptops a kit is made: the platform's tags for pip, and the values of its markers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from govlab.errors import Fault, InputError

System = Literal["windows", "linux", "mac"]
# Platform as it is asked for: system, machine as Python there names it.
PLATFORMS: Mapping[str, tuple[System, str]] = {
    "win_amd64": ("windows", "AMD64"),
    "manylinux2014_x86_64": ("linux", "x86_64"),
    "manylinux_2_17_x86_64": ("linux", "x86_64"),
    "manylinux_2_28_x86_64": ("linux", "x86_64"),
    "manylinux_2_28_aarch64": ("linux", "aarch64"),
    "macosx_11_0_arm64": ("mac", "arm64"),
    "macosx_12_0_arm64": ("mac", "arm64"),
    "macosx_14_0_arm64": ("mac", "arm64"),
}
# A minor version, and the release of it that markers are read for when none is given: one that python.org
# has an installer of for Windows. Earlier releases of the same minor version are not what people install.
PYTHONS: Mapping[str, str] = {"3.11": "3.11.9", "3.12": "3.12.10", "3.13": "3.13.7", "3.14": "3.14.0"}
_MARKERS: Mapping[System, tuple[str, str, str]] = {
    "windows": ("nt", "win32", "Windows"),
    "linux": ("posix", "linux", "Linux"),
    "mac": ("posix", "darwin", "Darwin"),
}


@dataclass(frozen=True)
class Target:
    """The laptops of a kit: platform, Python's minor version, and the release markers are read for."""

    platform: str
    python: str
    release: str

    @property
    def system(self) -> System:
        """What runs on them."""
        return PLATFORMS[self.platform][0]

    @property
    def machine(self) -> str:
        """Their processor, as ``platform.machine()`` there says."""
        return PLATFORMS[self.platform][1]

    def markers(self) -> dict[str, str]:
        """The values of PEP 508 markers there; the running interpreter's would be wrong ones."""
        os_name, sys_platform, platform_system = _MARKERS[self.system]
        return {
            "implementation_name": "cpython",
            "implementation_version": self.release,
            "os_name": os_name,
            "platform_machine": self.machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": platform_system,
            "platform_version": "",
            "python_full_version": self.release,
            "python_version": self.python,
            "sys_platform": sys_platform,
        }

    def tags(self) -> tuple[str, ...]:
        """Platforms whose wheels run there, best first, for pip's ``--platform``.

        pip itself takes older macOS for a newer one and manylinux1 for manylinux2014, but of PEP 600's
        numbered tags only the very one that it is given.
        """
        if self.system != "linux":
            return (self.platform,)
        newest = 17 if "2014" in self.platform else int(self.platform.split("_")[2])
        numbered = (f"manylinux_2_{minor}_{self.machine}" for minor in range(newest, 4, -1))
        return (*numbered, f"manylinux2014_{self.machine}")


def target(platform: str, python: str) -> Target:
    """The target of these names; InputError lists what is allowed.

    ``python`` is a minor version (3.12), or a release (3.12.4) for which markers are then read.
    """
    faults = []
    if platform not in PLATFORMS:
        faults.append(Fault("workshop_kit.platform", {"got": platform, "allowed": ", ".join(PLATFORMS)}))
    found = re.fullmatch(r"(3\.\d+)(\.\d+)?", python)
    if found is None or found[1] not in PYTHONS:
        faults.append(Fault("workshop_kit.python", {"got": python, "allowed": ", ".join(PYTHONS)}))
    if faults or found is None:
        raise InputError(faults)
    return Target(platform, found[1], python if found[2] else PYTHONS[found[1]])
