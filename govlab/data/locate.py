"""One resolver: shipped files (the checkout before the installed copy), the workspace, the output folder."""

from __future__ import annotations

from pathlib import Path

import govlab

SHIPPED = ("datasets", "notebooks", "reports")


def shipped(name: str) -> Path:
    """The folder ``datasets``, ``notebooks`` or ``reports`` that came with this govlab."""
    if name not in SHIPPED:
        raise ValueError(f"name must be one of {', '.join(SHIPPED)}, got {name!r}")
    package = Path(govlab.__file__).resolve().parent
    checkout = package.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / name).is_dir():
        return checkout / name
    return package / "shipped" / name


def workspace(start: Path | None = None) -> Path | None:
    """The nearest folder, from ``start`` (default: the working folder) upward, with a ``study.toml``."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "study.toml").is_file():
            return folder
    return None
