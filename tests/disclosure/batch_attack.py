"""An attack on a whole folder of reports about one study: everything printed, against every hidden cell.

The foe is given more than reports print: of each cell of which any number stands anywhere (a mean, a
rounded share, a count) the exact number of respondents, and how many answered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array

from govlab.disclosure import Mask
from govlab.study import Study
from tests.disclosure.outputs import THREE, Cell, Told, shown, told

GROUPS = dict(THREE)


@dataclass(frozen=True)
class Hidden:
    """A hidden cell, and the fewest and most respondents it can have for all that is printed."""

    cell: Cell
    count: int
    low: float
    high: float


def leaks(folder: Path, study: Study, mask: Mask) -> list[Told]:
    """Numbers of cells that the mask hides, or that no margin has."""
    return [one for one in told(folder, study) if not any(shown(mask, cell) for cell in one.cells)]


def printed(folder: Path, study: Study, mask: Mask) -> set[Cell]:
    """Every cell of which a number is printed."""
    return {cell for one in told(folder, study) for cell in one.cells if shown(mask, cell)}


def attack(
    study: Study, mask: Mask, known: Iterable[Cell], items: Iterable[str] | None = None
) -> list[Hidden]:
    """Bounds of every hidden cell of the questions and waves that the printed cells are about.

    items: only these questions; by default all.
    """
    frame = study.frame()
    known = set(known)
    wanted = {cell.item for cell in known if cell.item} if items is None else set(items)
    found = []
    for item in sorted(wanted):
        for wave in sorted({int(str(dict(cell.by)["wave"])) for cell in known if cell.item == item}):
            world = World.of(frame[frame["wave"] == wave], mask, item)
            found += world.bounds(_enough(mask, known, item, wave), hidden_cells(mask, item, wave))
    return found


def _enough(mask: Mask, known: Iterable[Cell], item: str, wave: int) -> list[Cell]:
    """The printed cells of a question and wave, those who answered in each, and all respondents there."""
    own = [cell for cell in known if cell.item in ("", item) and dict(cell.by).get("wave") == wave]
    own += [Cell(cell.by, item) for cell in own if cell.item and cell.answer is not True]
    return own + [Cell(cell.by) for cell in own if shown(mask, Cell(cell.by))]


@dataclass(frozen=True, eq=False)
class World:
    """Respondents of one wave by place and answer to one question: the counts that the foe looks for.

    places: the combinations of columns there are. width: answers, and none, which comes last. truth:
    (places x width,) their counts.
    """

    places: tuple[dict[str, object], ...]
    answers: tuple[object, ...]
    truth: NDArray[np.float64]

    @classmethod
    def of(cls, frame: pd.DataFrame, mask: Mask, item: str) -> World:
        tables = [table for table in mask.hidden if table.item == item]
        columns = sorted({name for table in tables for name in table.by} - {"wave"})
        # A construct has no answers of its own: who answered and who did not is all there is.
        asked = any(table.shares for table in tables)
        answers = tuple(mask.levels[item]) if asked else (True,)
        texts = frame[columns].astype(str)
        places = [
            dict(zip(columns, one, strict=True))
            for one in sorted(set(texts.itertuples(index=False, name=None)))
        ]
        at = {tuple(place.values()): number for number, place in enumerate(places)}
        width = len(answers) + 1
        truth = np.zeros(len(places) * width)
        for place, value in zip(texts.itertuples(index=False, name=None), frame[item], strict=True):
            gave = width - 1 if pd.isna(value) else answers.index(_level(value)) if asked else 0
            truth[at[place] * width + gave] += 1
        return cls(tuple(places), answers, truth)

    def row(self, cell: Cell) -> NDArray[np.float64]:
        """(places x width,) 1 for each count that the cell adds up."""
        by = {name: str(value) for name, value in cell.by if name != "wave"}
        inside = [all(place.get(name) == value for name, value in by.items()) for place in self.places]
        width = len(self.answers) + 1
        if not cell.item:
            held = set(range(width))
        elif cell.answer is True:
            held = set(range(width - 1))
        else:
            some = GROUPS.get(str(cell.answer), (cell.answer,))
            held = {self.answers.index(one) for one in some if one in self.answers}
        return np.outer(inside, [at in held for at in range(width)]).ravel().astype(np.float64)

    def bounds(self, known: Iterable[Cell], hidden: Iterable[Cell]) -> list[Hidden]:
        """The fewest and most respondents that each hidden cell can have."""
        rows = csr_array(np.unique(np.array([self.row(cell) for cell in known]), axis=0))
        found = []
        for cell in hidden:
            asked = self.row(cell)
            ends = []
            for sign in (1.0, -1.0):
                solved = linprog(
                    sign * asked, A_eq=rows, b_eq=rows @ self.truth, bounds=(0, None), method="highs"
                )
                ends.append(sign * solved.fun if solved.status == 0 else np.inf)
            found.append(Hidden(cell, int(asked @ self.truth), ends[0], ends[1]))
        return found


def hidden_cells(mask: Mask, item: str, wave: int) -> list[Cell]:
    """Hidden shares of a question in one wave, and hidden rows of those who answered it."""
    found = []
    for table, keys in mask.hidden.items():
        if table.item != item or "wave" not in table.by:
            continue
        for key in keys:
            by = dict(zip(table.by, key, strict=False))
            if by["wave"] != wave or None in by.values():
                continue
            found.append(Cell(tuple(sorted(by.items())), item, key[-1] if table.shares else True))
    return found


def _level(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value
