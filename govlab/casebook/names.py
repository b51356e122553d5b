"""Names that a report may be made for; asked by the planner before anything runs."""

from __future__ import annotations

from pathlib import Path

from govlab.cases import Catalogue, load_catalogue


def open_catalogue(start: Path | None = None) -> Catalogue:
    """The shipped catalogue, extended by the folder ``catalogue`` of the workspace where there is one."""
    from govlab.data.locate import workspace

    root = workspace(start)
    own = root / "catalogue" if root is not None else None
    if own is not None and any(own.rglob("*.yaml")):
        return load_catalogue(own)
    return load_catalogue()


def case_names() -> tuple[str, ...]:
    """Ids of all cases, shipped and the workspace's own."""
    return tuple(open_catalogue().cases)
