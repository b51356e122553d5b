"""One who knows every published count and linear programming, and respondents to try it on."""

from __future__ import annotations

import dataclasses
from itertools import product

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from govlab.disclosure import Margin

POOL = (("a",), ("b",), ("c",), ("a", "b"), ("b", "c"), ("a", "c"), ("a", "b", "c"))


def people(seed, size, item=True):
    """Respondents with uneven groups, so that there are small cells."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            name: rng.choice(many, size, p=rng.dirichlet(np.full(many, 2.0)))
            for name, many in zip("abc", (3, 3, 2), strict=True)
        }
    )
    if item:
        frame["q"] = rng.choice([1.0, 2.0, 3.0], size, p=rng.dirichlet(np.full(3, 2.0)))
        frame.loc[rng.random(size) < 0.06, "q"] = np.nan
    return frame


def some_margins(seed, shows):
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(POOL), rng.integers(1, 5), replace=False)
    return [Margin(POOL[one], ("q",) if rng.random() < 0.7 else (), shows) for one in chosen]


def cells(frame, by):
    """Every combination of values, with the rows that have it."""
    for key in product(*(sorted(frame[name].unique()) for name in by)):
        rows = np.ones(len(frame), dtype=bool)
        for name, value in zip(by, key, strict=True):
            rows &= (frame[name] == value).to_numpy()
        yield dict(zip(by, key, strict=True)), rows


@dataclasses.dataclass
class Attacker:
    """Knows every published count, and that counts are not negative. Sets up the whole joint table.

    Shares no code with the package: rows are (conditions, count); a condition is a set of values.
    """

    levels: dict
    known: list = dataclasses.field(default_factory=list)

    def __post_init__(self):
        self.atoms = list(product(*self.levels.values()))
        self.names = list(self.levels)

    def row(self, conditions):
        return np.array(
            [
                all(atom[self.names.index(name)] in held for name, held in conditions.items())
                for atom in self.atoms
            ],
            dtype=float,
        )

    def interval(self, conditions):
        equations = np.array([self.row(one) for one, _ in self.known])
        totals = np.array([count for _, count in self.known], dtype=float)
        ends = []
        for sign in (1, -1):
            found = linprog(
                sign * self.row(conditions), A_eq=equations, b_eq=totals, bounds=(0, None), method="highs"
            )
            ends.append(sign * found.fun if found.status == 0 else np.inf)
        return tuple(ends)


def everything(frame, mask):
    """All cells of all tables as (conditions, count, shown, kind), as a batch of reports would print them."""
    answered = frame["q"].notna().to_numpy() if "q" in frame else None
    levels = sorted(frame["q"].dropna().unique()) if "q" in frame else []
    asked = any(margin.items for margin in mask.margins)
    for by in sorted({(), *(margin.by for margin in mask.margins)}):
        for cell, rows in cells(frame, by):
            conditions = {name: {value} for name, value in cell.items()}
            yield conditions, rows.sum(), mask.shows(cell), "people"
            if not asked or (by and not any(one.by == by and one.items for one in mask.margins)):
                continue
            yield conditions | {"q": set(levels)}, (rows & answered).sum(), mask.shows(cell, "q"), "answered"
            if by and any(one.shows != "mean" for one in mask.margins if one.by == by and one.items):
                for level in levels:
                    count = (rows & (frame["q"] == level).to_numpy()).sum()
                    yield conditions | {"q": {level}}, count, mask.shows(cell, "q", level), "share"


def attacker(frame):
    levels = {name: sorted(frame[name].unique()) for name in "abc"}
    if "q" in frame:
        levels["q"] = [*sorted(frame["q"].dropna().unique()), "missing"]
    return Attacker(levels)
