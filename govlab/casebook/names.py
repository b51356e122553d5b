"""Names that a report may be made for; asked by the planner before anything runs."""

from __future__ import annotations

from pathlib import Path

from govlab.cases import Catalogue, load_catalogue


def open_catalogue(start: Path | None = None) -> Catalogue:
    """The shipped catalogue, extended by the one that the study file around ``start`` names."""
    from govlab.data.workspace import open_workspace

    return load_catalogue(open_workspace(start).catalogue)


def case_names(root: Path | None = None) -> tuple[str, ...]:
    """Ids of all cases, shipped and those of the workspace ``root`` (default: the one around)."""
    return tuple(open_catalogue(root).cases)
