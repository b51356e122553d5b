"""What pages load in a browser, from npm: reveal.js for slides, the html-manager for widgets in a page.

The tarballs come from the registry that npm is set up to use, by npm itself where it is there. Their
sha512 must be what the registry says and what was recorded here when these versions were chosen.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import subprocess
import tarfile
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from shutil import which
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from govlab.errors import Fault, InputError

_TIMEOUT = 60  # seconds without a byte


@dataclass(frozen=True)
class Package:
    """A package of npm: its version, sha512 of the tarball as npm writes it, folder, what to unpack of it."""

    name: str
    version: str
    integrity: str
    folder: str
    parts: tuple[str, ...]


PACKAGES = (
    Package(
        "reveal.js",
        "5.2.1",  # laid out as nbconvert's slides expect it
        "sha512-r7//6mIM5p34hFiDMvYfXgyjXqGRta+/psd9YtytsgRlrpRzFv4RbH76TXd2qD+7ZPZEbpBDhdRhJaFgfQ7zNQ==",
        "reveal.js",
        ("dist/", "plugin/", "LICENSE", "package.json"),
    ),
    Package(
        "@jupyter-widgets/html-manager",
        "1.0.15",
        "sha512-5thBIV6ymNgmPVOHvzx+gGy8ZSKmSazhtGw4/c4xJDVzRhG9PTeQsRjF3FUTopvFi//SABeNz1yp47bCrJ3CQA==",
        "html-manager",
        ("dist/", "package.json"),
    ),
)
# Returns (integrity as the registry says, tarball).
Registry = Callable[[Package], tuple[str, bytes]]


def fetch_web(folder: Path, registry: Registry | None = None) -> list[Package]:
    """Unpack every package into a folder of its own below ``folder``; InputError if one is not whole."""
    ask = registry or (by_npm if which("npm") else by_url)
    for package in PACKAGES:
        said, tarball = ask(package)
        got = f"sha512-{base64.b64encode(hashlib.sha512(tarball).digest()).decode()}"
        if not got == said == package.integrity:
            values = {"name": f"{package.name} {package.version}"}
            raise InputError(Fault("workshop_kit.integrity", values))
        unpack(tarball, package, folder / package.folder)
    return list(PACKAGES)


def unpack(tarball: bytes, package: Package, folder: Path) -> None:
    """Write the wanted plain files of a tarball; links and paths that lead outside are not written."""
    with tarfile.open(fileobj=io.BytesIO(tarball), mode="r:gz") as archive:
        for member in archive:
            inside = PurePosixPath(*PurePosixPath(member.name).parts[1:])
            name = inside.as_posix()
            wanted = any(
                name == part or (part.endswith("/") and name.startswith(part)) for part in package.parts
            )
            content = archive.extractfile(member) if member.isfile() else None
            # Source maps are a third of the bytes, and are for whoever mends the library.
            if content is None or not wanted or ".." in inside.parts or name.endswith(".map"):
                continue
            path = folder / inside
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.read())


def by_npm(package: Package) -> tuple[str, bytes]:
    """By ``npm view`` and ``npm pack``, with whatever registry and proxy npm is set up to use."""
    named = f"{package.name}@{package.version}"
    with TemporaryDirectory(prefix="govlab-npm-") as folder:
        said = _npm(("view", named, "dist.integrity", "--json"), folder)
        _npm(("pack", named, "--ignore-scripts", "--json"), folder)
        # npm has called a scoped package's tarball by different names: there is only this one.
        (path,) = Path(folder).glob("*.tgz")
        return str(said), path.read_bytes()


def _npm(words: tuple[str, ...], folder: str) -> Any:
    command = [which("npm") or "npm", *words, "--fetch-retries=1"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False
    )
    if done.returncode:
        raise InputError(Fault("workshop_kit.network", {"what": "npm"}))
    return json.loads(done.stdout)


def by_url(package: Package) -> tuple[str, bytes]:
    """By HTTPS from the registry of ``npm_config_registry`` or ``~/.npmrc``; InputError if neither says."""
    base = registry_address(os.environ, Path.home() / ".npmrc").rstrip("/")
    said = json.loads(_load(f"{base}/{quote(package.name, safe='@')}/{package.version}"))["dist"]
    return str(said["integrity"]), _load(str(said["tarball"]))


def registry_address(environ: Mapping[str, str], npmrc: Path) -> str:
    """Where npm would look, as far as its environment variable and its user file say."""
    for name in ("npm_config_registry", "NPM_CONFIG_REGISTRY"):
        if environ.get(name):
            return environ[name]
    if npmrc.is_file():
        for line in npmrc.read_text(encoding="utf-8", errors="replace").splitlines():
            name, equals, value = line.partition("=")
            if equals and name.strip() == "registry":
                return value.strip().strip("\"'")
    raise InputError(Fault("workshop_kit.no_npm"))


def _load(address: str) -> bytes:
    if not address.startswith("https://"):
        raise InputError(Fault("workshop_kit.not_https", {"address": address}))
    try:
        with urllib.request.urlopen(address, timeout=_TIMEOUT) as answer:
            return bytes(answer.read())
    except (urllib.error.URLError, TimeoutError, OSError) as error:
        raise InputError(Fault("workshop_kit.network", {"what": "npm"})) from error
