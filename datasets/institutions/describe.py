"""Write ``datapackage.json`` beside the definitions: run it after a definition was added or changed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
VERSION = "2026-11-22"
DESCRIPTION = (
    "Definitions that compute: ledgers of devolution, duties, scored schemes, inventories. Each entry says "
    "whether it comes from a document (with the ids of its facts in the catalogue), from govlab, or is left "
    "to the user. The documents give names, seldom contents; what they do not state is not in here."
)


def resource(path: Path) -> dict[str, Any]:
    """The entry of one definition: title from the file, size, checksum."""
    data = path.read_bytes()
    title = (yaml.safe_load(data) or {}).get("title", {})
    said = (
        f"{title['zh']} / {title['en']}"
        if isinstance(title, dict) and {"zh", "en"} <= set(title)
        else path.stem
    )
    return {
        "name": path.stem,
        "path": path.name,
        "title": said,
        "format": "yaml",
        "mediatype": "application/yaml",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
    }


def descriptor() -> dict[str, Any]:
    """The Frictionless description of every definition in this folder."""
    catalogue = json.loads((FOLDER.parent / "catalogue" / "datapackage.json").read_text(encoding="utf-8"))
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "institutions",
        "title": "制度定义：台账、职责、考评、清单 / Ledgers, duties, schemes, inventories",
        "description": DESCRIPTION,
        "version": VERSION,
        "created": f"{VERSION}T00:00:00Z",
        "licenses": [{"name": "MIT", "title": "MIT License", "path": "https://spdx.org/licenses/MIT.html"}],
        "sources": catalogue["sources"],
        "contributors": [{"title": "the govlab team", "roles": ["creator"]}],
        "synthetic": False,
        "resources": [resource(path) for path in sorted(FOLDER.glob("*.yaml"))],
    }


def main() -> None:
    """Write the descriptor."""
    text = json.dumps(descriptor(), ensure_ascii=False, indent=2) + "\n"
    (FOLDER / "datapackage.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
