"""Weights made to agree with known totals, and trimmed: doors that take a design and give a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.errors import Fault, InputError
from govlab.survey import calibrate as _calibrate
from govlab.survey.calibrate import DistanceName, Floats, NoSolution

if TYPE_CHECKING:
    from govlab.survey.design import Design

Codes = NDArray[np.intp]
Margin = Mapping[object, float]


@dataclass(frozen=True, eq=False)
class Calibrated:
    """One calibration that a design has been through; ``variance`` and replication ask it.

    x: (m, p) auxiliary values of each cell; cells: (n,) the cell of each row; base: (n,) weights
    before; factors: (m,) by which they were multiplied; totals: (p,); names: (p,) for errors.
    """

    x: Floats = field(repr=False)
    cells: Codes = field(repr=False)
    base: Floats = field(repr=False)
    factors: Floats = field(repr=False)
    totals: Floats
    names: tuple[str, ...]
    distance: DistanceName
    bounds: tuple[float, float] | None = None
    equal_fit: bool = False

    def residuals(self, influence: Floats) -> Floats:
        """(n, k) influence values -> residuals of their fit on the auxiliary values.

        Fitted with the base weights (Deville & Särndal 1992, sec. 3); with equal weights after raking,
        which is what R's survey does there, so that published figures agree.
        """
        return self.projection.residuals(influence)

    def again(self, size: Floats) -> Floats:
        """(m,) factors for other base sums of the cells, such as a replicate's."""
        return _solve(self.x, size, self.totals, self.names, self.distance, self.bounds)

    @cached_property
    def projection(self) -> _calibrate.Projection:
        """The fit whose residuals carry the error."""
        weights = np.ones(len(self.cells)) if self.equal_fit else self.base
        return _calibrate.projection(self.x, self.cells, weights)


def poststratify(design: Design, by: str | Sequence[str], totals: Mapping[object, float]) -> Design:
    """Weights that add up to the known size of each post-stratum.

    by: a column, or several that are crossed; totals: size by level, keys tuples where several.
    InputError for levels without a size, sizes without rows, missing values.
    """
    names = (by,) if isinstance(by, str) else tuple(by)
    return _calibrated(design, {names: totals}, {}, "linear", None, None)


def rake(design: Design, margins: Mapping[str | tuple[str, ...], Margin]) -> Design:
    """Weights that add up to several margins at once (iterative proportional fitting; Deville et al. 1993).

    margins: column (or a tuple of columns, crossed) -> size by level. All margins must have one sum;
    differences of rounding, up to a millionth, are levelled to the first.
    """
    tables = {(name,) if isinstance(name, str) else name: sizes for name, sizes in margins.items()}
    if not tables:
        raise ValueError("margins is empty; give a column and the size of each level")
    return _calibrated(design, tables, {}, "raking", None, None, equal_fit=True)


def calibrate(
    design: Design,
    totals: Mapping[str | tuple[str, ...], float | Margin],
    *,
    distance: DistanceName = "linear",
    bounds: tuple[float, float] | None = None,
    size: float | None = None,
) -> Design:
    """Weights that reproduce known totals: sizes by level of categories, sums of numeric columns.

    totals: column -> total (numeric), or -> size by level. distance: ``linear`` (the generalised
    regression estimator), ``raking`` (exponential) or ``logit``; bounds: lowest and highest factor, for
    linear (cut there) and logit. size: the population, where no category gives it; without one the
    weights are free to add up to anything. InputError where the data do not fit the totals, where the
    bounds are too narrow, and where a factor would be negative.
    """
    tables: dict[tuple[str, ...], Margin] = {}
    sums: dict[str, float] = {}
    for name, value in totals.items():
        if isinstance(value, Mapping):
            tables[(name,) if isinstance(name, str) else name] = value
        elif isinstance(name, str):
            sums[name] = float(value)
        else:
            raise ValueError(f"totals: {name!r} crosses columns, so it needs a size for each pair of levels")
    if not totals:
        raise ValueError("totals is empty; give a column and its total, or the size of each level")
    return _calibrated(design, tables, sums, distance, bounds, size)


def trim(
    design: Design, *, lower: float | None = None, upper: float | None = None, repeat: bool = True
) -> Design:
    """Weights cut to [lower, upper], what was cut being spread in equal parts over the others.

    repeat: until all are inside; otherwise once, and spreading may push some over the bound again. The
    sum stays. Variances take trimmed weights as fixed: an earlier calibration no longer holds.
    """
    low, high = -np.inf if lower is None else lower, np.inf if upper is None else upper
    if not low < high:
        raise ValueError(f"lower must be below upper, got lower={lower!r}, upper={upper!r}")
    _whole(design)
    weights = trimmed(design.weights, low, high, repeat=repeat)
    changed = int(((design.weights < low) | (design.weights > high)).sum())
    note = f"weights trimmed: {changed} rows were outside [{low:g}, {high:g}]"
    return design.altered(weights=weights, calibration=(), notes=(*design.notes, note))


def trimmed(weights: Floats, lower: float, upper: float, *, repeat: bool = True) -> Floats:
    """(n,) weights cut to [lower, upper] with the sum kept; InputError if no weight is left to take it."""
    total = weights.sum()
    held = (weights < lower) | (weights > upper)
    values = np.clip(weights, lower, upper)
    while held.any():
        free = int((~held).sum())
        rest = total - values.sum()
        if abs(rest) <= 1e-13 * abs(total):
            break
        if free == 0:
            raise InputError(Fault("survey.trim_nothing_left", {"lower": lower, "upper": upper}))
        values = np.where(held, values, values + rest / free)
        outside = (values < lower) | (values > upper)
        if not repeat or not outside.any():
            break
        held |= outside
        values = np.clip(values, lower, upper)
    return values


def effective_size(weights: Floats) -> float:
    """Rows of equal weight that would be as precise as these: (sum w)^2 / sum w^2 (Kish 1965, sec. 11.7)."""
    return float(weights.sum() ** 2 / (weights @ weights))


def _calibrated(
    design: Design,
    tables: Mapping[tuple[str, ...], Margin],
    sums: Mapping[str, float],
    distance: DistanceName,
    bounds: tuple[float, float] | None,
    size: float | None,
    *,
    equal_fit: bool = False,
) -> Design:
    from govlab.survey.auxiliary import read_auxiliary

    _calibrate.distance(distance, bounds)  # a wrong call is found before the data are read
    _whole(design)
    known = read_auxiliary(design.frame, tables, sums, size)
    base = design.weights
    sizes = np.asarray(np.bincount(known.cells, base, minlength=len(known.x)), dtype=np.float64)
    factors = _solve(known.x, sizes, known.totals, known.names, distance, bounds)
    if (factors[sizes > 0] < 0).any():
        rows = int((factors[known.cells] < 0).sum())
        raise InputError(Fault("survey.calibrate_negative", {"n": rows}))
    step = Calibrated(
        known.x, known.cells, base, factors, known.totals, known.names, distance, bounds, equal_fit
    )
    other = design.altered(weights=base * factors[known.cells], calibration=(*design.calibration, step))
    from govlab.survey.replicate import Replicates, recalibrated

    if not isinstance(design.replicates, Replicates):
        return other
    return other.altered(replicates=recalibrated(design.replicates, step))


def _whole(design: Design) -> None:
    if design.inside is not None:
        raise ValueError("weights are changed on the whole design; take the subset afterwards")


def _solve(
    x: Floats,
    size: Floats,
    totals: Floats,
    names: tuple[str, ...],
    distance: DistanceName,
    bounds: tuple[float, float] | None,
) -> Floats:
    try:
        return _calibrate.factors(x, size, totals, _calibrate.distance(distance, bounds))
    except NoSolution as error:
        worst = int(np.argmax(np.abs(error.gap)))
        values = {"total": names[worst], "gap": f"{100 * error.gap[worst]:.2g}"}
        raise InputError(Fault("survey.calibrate_no_solution", values)) from error
