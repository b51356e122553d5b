"""The arithmetic of the calibration bench: memberships, truth table and solution under moved anchors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.errors import InputError

if TYPE_CHECKING:
    from govlab.compare.qca import Calibrated, Model, TruthTable
    from govlab.study.coded import CodedCases, CodedSet

Floats = NDArray[np.float64]
Anchors = tuple[float, ...]
PARTS = ("out", "cross", "full")
PRI = 0.5
STEPS = 60  # of a slider, about


@dataclass(frozen=True, eq=False)
class Moved:
    """What comes of some anchors and cuts.

    models: of the solution asked for, the first one first; none where ``why`` says why. halves: cases at
    exactly 0.5 by set. against: cases that disagree, by row number: with the outcome, without it.
    """

    calibrated: Mapping[str, Calibrated]
    table: TruthTable
    models: tuple[Model, ...]
    why: str
    halves: Mapping[str, tuple[str, ...]]
    against: Mapping[int, tuple[str, str]]


def movable(coded: CodedCases) -> list[CodedSet]:
    """Conditions and the outcome with three anchors of the direct method."""
    return [one for one in coded.sets if one.method == "direct" and len(one.anchors) == 3]


def span(coded: CodedCases, one: CodedSet) -> tuple[float, float, float]:
    """Lowest, highest and step of the sliders of a set: a tenth beyond what was measured or chosen."""
    seen = [*coded.measured[one.column].dropna().tolist(), *one.anchors]
    low, high = min(seen), max(seen)
    rough = (high - low) / STEPS
    scale = 10.0 ** floor(log10(rough))
    step = next(scale * size for size in (1, 2, 5, 10) if scale * size >= rough)
    room = 0.1 * (high - low)
    low = max(low - room, 0.0) if low >= 0 else low - room
    return (
        round(floor(low / step + 1e-9) * step, 10),
        round(ceil((high + room) / step - 1e-9) * step, 10),
        round(step, 10),
    )


def moved(
    coded: CodedCases,
    outcome: str,
    anchors: Mapping[str, Anchors],
    inclusion: float,
    frequency: int,
    kind: str,
) -> Moved:
    """Everything under these anchors (by set) and cuts; InputError for anchors out of order."""
    from govlab.compare import qca

    calibrated = {
        name: qca.calibrate(coded.measured[coded.set(name).column], qca.Anchors(values, "direct", ("-",)))
        for name, values in anchors.items()
    }
    frame = coded.frame.assign(**{name: one.memberships for name, one in calibrated.items()})
    table = qca.truth_table(
        frame, outcome, coded.conditions, inclusion=inclusion, pri=PRI, frequency=frequency,
        missing="leave out",
    )  # fmt: skip
    models: tuple[Model, ...] = ()
    why = ""
    try:
        models = qca.minimise(table, solution=kind, expectations=coded.expectations).models
    except InputError as error:
        why = error.faults[0].key.rpartition(".")[2]
    halves = {
        name: tuple(map(str, frame.index[frame[name] == 0.5]))
        for name in (*coded.conditions, outcome)
        if (frame[name] == 0.5).any()
    }
    against = {
        int(row.row): (str(row.inside), str(row.outside)) for row in table.contradictions().itertuples()
    }
    return Moved(calibrated, table, models, why, halves, against)


def recoded(now: Moved, before: Moved) -> set[int]:
    """Numbers of the rows that are new, or coded otherwise than before."""
    was = dict(zip(before.table.rows.tolist(), before.table.outcome, strict=True))
    return {
        int(row)
        for row, code in zip(now.table.rows.tolist(), now.table.outcome, strict=True)
        if was.get(row) != code
    }


def elsewhere(now: Moved, before: Moved) -> int:
    """How many cases lie in another row than before, or in none."""
    rows = [
        {case: int(row) for row, names in zip(one.table.rows, one.table.cases, strict=True) for case in names}
        for one in (now, before)
    ]
    return sum(rows[0].get(case) != rows[1].get(case) for case in now.table.data.cases)
