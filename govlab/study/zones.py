"""The list of zones that a study compares, read from a workbook or a CSV file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from govlab.errors import Fault, InputError

if TYPE_CHECKING:
    import pandas as pd

    from govlab.survey.unit_list import UnitList

# Column of the file -> column of the frame; what is not here goes along under its own name.
_NAMES = {"name::中文 (zh)": "name_zh", "name::English (en)": "name_en"}
_COUNTS = ("communities", "households", "residents")
_CHOICES = {"role": ("pilot", "comparison"), "fictional": ("yes", "no")}


def read_zones(path: Path) -> pd.DataFrame:
    """One row a zone: ``zone``, ``name_zh``, ``name_en``, and what else the file has.

    Counts are numbers, ``fictional`` is true or false. InputError lists every fault with its row.
    """
    from govlab.survey.unit_list import check_units, number, read_units

    units = read_units(path)
    check_units(units, unit="zone")
    faults = [*_unknown(units)]
    frame = units.texts.rename(columns=_NAMES)
    for name in _COUNTS:
        if name in frame:
            numbers = [number(text) for text in frame[name]]
            for row, text, value in zip(units.rows, frame[name], numbers, strict=True):
                if text and not value >= 0:
                    where = (*units.where, f"{row}", name)
                    faults.append(Fault("study.zones.count", {"got": text}, where))
            frame[name] = numbers
    if faults:
        raise InputError(faults)
    if "fictional" in frame:
        frame["fictional"] = frame["fictional"] == "yes"
    for name in ("name_zh", "name_en"):
        frame[name] = frame[name].where(frame[name] != "", frame["zone"]) if name in frame else frame["zone"]
    return frame


def _unknown(units: UnitList) -> list[Fault]:
    """Cells of columns with a fixed choice that hold something else."""
    found = []
    for name, allowed in _CHOICES.items():
        if not units.has(name):
            continue
        for row, text in zip(units.rows, units.column(name), strict=True):
            if text and text not in allowed:
                values = {"got": text, "allowed": ", ".join(allowed)}
                found.append(Fault("study.zones.choice", values, (*units.where, f"{row}", name)))
    return found
