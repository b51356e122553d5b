"""Memberships that come from a survey carry its errors: drawn again from their covariance, what stays?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.compare.qca.calibration import Anchors, memberships
from govlab.compare.qca.presets import preset as _preset
from govlab.compare.qca.solution import Expectation, Solution, SolutionKind, minimise
from govlab.compare.qca.table import TruthTable, tabulate
from govlab.errors import InputError
from govlab.language import say
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Drawn:
    """A set calibrated from survey estimates. estimates: (n,) in the order of the cases; covariance: (n, n).

    anchors: as in ``calibrate``.
    """

    estimates: Floats
    covariance: Floats
    anchors: Anchors
    preset: str = "as R QCA"


@dataclass(frozen=True, eq=False)
class Redrawn(Result):
    """How often what was found is found again.

    terms: ``term``, ``share`` of draws in which some model has it, ``initial``: whether a model of the
    estimates has it. models: ``expression``, ``share``, ``initial``. rows: ``row``, ``share`` of draws in
    which it is coded 1. without: draws without any solution.
    """

    terms: pd.DataFrame
    models: pd.DataFrame
    rows: pd.DataFrame
    draws: int
    seed: int
    without: int

    def to_frame(self) -> pd.DataFrame:
        """The terms."""
        return self.terms.copy()

    def labels(self, lang: str) -> dict[str, str]:
        """Printed names of the columns of ``to_frame``."""
        return {name: say(f"qca.column.{name}", lang=lang) for name in ("term", "share", "initial")}

    def summary(self) -> str:
        """Shares of the terms that the estimates gave."""
        lines = [f"{self.draws} draws (seed {self.seed}), {self.without} without a solution"]
        for row in self.terms[self.terms["initial"]].to_dict("records"):
            lines.append(f"{row['term']}: in {100 * float(row['share']):.0f} % of draws")
        return "\n".join(lines)


def redraw(
    table: TruthTable,
    drawn: Mapping[str, Drawn],
    *,
    solution: SolutionKind = "intermediate",
    expectations: Mapping[str, Expectation] | None = None,
    exclude: Sequence[int] = (),
    draws: int = 500,
    seed: int = 1,
) -> Redrawn:
    """Stability of every term when survey-based memberships are drawn again from their errors.

    table: of the estimates themselves. drawn: conditions or the outcome -> where their memberships come
    from; estimates are drawn from a normal distribution with the covariance of the survey and calibrated
    anew, everything else stays. exclude: as in ``minimise``. ValueError for a set that is not in the table
    or does not fit its cases.
    """
    data = table.data
    outcome = data.outcome.lstrip("~")
    for name, one in drawn.items():
        if name not in (*data.conditions, outcome):
            raise ValueError(f"drawn: {name!r} is neither condition nor outcome of the table")
        shapes = (len(one.estimates), *np.shape(one.covariance))
        if shapes != (len(data),) * 3:
            raise ValueError(f"drawn: {name!r} needs estimates and covariance for {len(data)} cases")
    rng = np.random.default_rng(seed)
    made = {name: _columns(one, rng, draws) for name, one in drawn.items()}
    known: dict[object, Solution | None] = {}
    terms: Counter[str] = Counter()
    models: Counter[str] = Counter()
    positive: Counter[int] = Counter()
    without = 0
    for draw in range(draws):
        values, y = data.values.copy(), data.memberships
        for name, columns in made.items():
            if name == outcome:
                y = 1 - columns[draw] if data.outcome.startswith("~") else columns[draw]
            else:
                values[:, data.conditions.index(name)] = columns[draw]
        fresh = tabulate(
            replace(data, values=values, memberships=y),
            table.inclusion_cut,
            table.pri_cut,
            table.frequency_cut,
        )
        positive.update(int(row) for row, code in zip(fresh.rows, fresh.outcome, strict=True) if code == "1")
        key = (tuple(fresh.rows.tolist()), fresh.outcome)
        if key not in known:
            known[key] = _solve(fresh, solution, expectations, exclude)
        found = known[key]
        if found is None:
            without += 1
            continue
        models.update(found.expressions)
        terms.update({term for one in found.models for term in one.expression.split(" + ")})
    first = _solve(table, solution, expectations, exclude)
    own = set() if first is None else set(first.expressions)
    own_terms = {term for one in own for term in one.split(" + ")}
    import pandas as pd

    rows = sorted(set(positive) | set(table.rows.tolist()))
    shares = pd.DataFrame({"row": rows, "share": [positive[row] / draws for row in rows]})
    return Redrawn(
        _shares(terms, own_terms, draws, "term"), _shares(models, own, draws, "expression"), shares, draws,
        seed, without,
    )  # fmt: skip


def _columns(one: Drawn, rng: np.random.Generator, draws: int) -> Floats:
    """(draws, n) memberships."""
    roots, vectors = np.linalg.eigh((one.covariance + one.covariance.T) / 2)
    if roots[0] < -1e-8 * max(float(roots[-1]), 0.0):
        raise ValueError(f"covariance has a negative eigenvalue, {roots[0]:.3g}")
    factor = vectors * np.sqrt(np.maximum(roots, 0.0))
    raw = one.estimates + rng.standard_normal((draws, len(one.estimates))) @ factor.T
    log_odds = _preset(one.preset).log_odds
    return np.stack([memberships(row, one.anchors, log_odds) for row in raw])


def _solve(
    table: TruthTable,
    kind: SolutionKind,
    expectations: Mapping[str, Expectation] | None,
    exclude: Sequence[int],
) -> Solution | None:
    rest = set(table.remainders().tolist()) if exclude else set()
    barred = [row for row in exclude if row in rest]
    try:
        return minimise(table, solution=kind, expectations=expectations, exclude=barred)
    except InputError:
        return None


def _shares(found: Counter[str], own: set[str], draws: int, name: str) -> pd.DataFrame:
    import pandas as pd

    names: Sequence[str] = sorted(set(found) | own, key=lambda one: (one not in own, -found[one], one))
    return pd.DataFrame(
        {
            name: names,
            "share": [found[one] / draws for one in names],
            "initial": [one in own for one in names],
        }
    )
