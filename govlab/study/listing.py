"""A study's inventories and life circle: where its workbooks lie."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from govlab.errors import Fault, InputError

if TYPE_CHECKING:
    from govlab.institutions.inventory import Inventory
    from govlab.institutions.reach import Places

INVENTORY, CIRCLE = "inventory.xlsx", "circle.xlsx"


def inventory(root: Path) -> Inventory:
    """The inventory of the study in ``root``; InputError for faults, or where there is none."""
    from govlab.institutions.inventory import Inventory

    return Inventory.read(_there(root, INVENTORY))


def places(root: Path) -> Places:
    """Facilities and points of the study in ``root``; InputError for faults, or where there are none."""
    from govlab.institutions.reach import read_places

    return read_places(_there(root, CIRCLE))


def _there(root: Path, name: str) -> Path:
    path = root / name
    if not path.is_file():
        raise InputError(Fault("inventory.no_file", {"name": name}))
    return path
