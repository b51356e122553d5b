"""Which files of a workspace were copied from govlab and what they were: ``.govlab/manifest.json``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import govlab
from govlab.data.atomic import write_whole
from govlab.data.formats import CURRENT, format_fault
from govlab.errors import Fault, WorkspaceError

PLACE = ".govlab/manifest.json"


@dataclass(frozen=True)
class Manifest:
    """The content each copied file had when govlab wrote it."""

    digests: Mapping[str, str]


def content_digest(name: str, data: bytes) -> str:
    """What a person could have edited: of a notebook its cells, of a text its lines.

    Running and saving a notebook leaves its digest alone, and so do the line endings of Windows.
    """
    if name.endswith(".ipynb"):
        try:
            cells = [
                [cell["cell_type"], "".join(cell["source"]), sorted(cell["metadata"].get("tags", []))]
                for cell in json.loads(data)["cells"]
            ]
            data = json.dumps(cells).encode()
        except (ValueError, KeyError, TypeError, AttributeError):
            pass  # no longer a notebook: edited, whatever it is
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()


def read_manifest(root: Path) -> Manifest:
    """The manifest of a workspace, an empty one if it has none; WorkspaceError if it cannot be read."""
    path = root / PLACE
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        fault = format_fault("manifest", raw["format"], (PLACE,))
        digests = {str(name): str(digest) for name, digest in raw["files"].items()}
    except FileNotFoundError:
        return Manifest({})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WorkspaceError(Fault("data.manifest.broken", {}, (PLACE,))) from error
    if fault is not None:
        raise WorkspaceError(fault)
    return Manifest(digests)


def write_manifest(root: Path, manifest: Manifest) -> None:
    """Write the manifest whole."""
    content = {
        "format": CURRENT["manifest"],
        "govlab": govlab.__version__,
        "files": dict(sorted(manifest.digests.items())),
    }
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    write_whole(root / PLACE, text.encode("utf-8"))
