"""Replicate weights: one row of multipliers per replicate, one column per sampling unit, never per row.

Rows of a design that always share their multiplier are a group (as a rule a first-stage unit), so the
replicates of a total are ``multipliers @ group totals``: 500 replicates cost one small matrix product.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from govlab.errors import Fault, InputError
from govlab.survey import multipliers as _multipliers

if TYPE_CHECKING:
    from govlab.survey.design import Design
    from govlab.survey.weights import Calibrated

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
Method = Literal["jackknife", "bootstrap", "brr", "fay", "successive"]
GivenMethod = Literal["jackknife", "bootstrap", "brr", "fay", "successive", "other"]

LARGEST = 60_000_000  # multipliers that are held at once (480 MB)


@dataclass(frozen=True, eq=False)
class Replicates:
    """Replicate weights of a design and how deviations of the replicates become a covariance.

    multipliers: (R, G), by which the full-sample weight is multiplied; groups: (n,) the group of each
    row. The covariance is scale * sum over r of rscales[r] * d_r d_r', where d_r is the deviation of the
    replicate from the full-sample estimate (``mse``) or from the mean of the replicates with a positive
    rscale. counted: degrees of freedom of the design that was replicated, None for given weights.
    """

    method: GivenMethod
    multipliers: Floats = field(repr=False)
    groups: Codes = field(repr=False)
    scale: float
    rscales: Floats = field(repr=False)
    mse: bool
    counted: int | None

    def __len__(self) -> int:
        return len(self.multipliers)

    def totals(self, weights: Floats, columns: Floats) -> Floats:
        """(R, k) weighted totals of columns (n, k) in each replicate."""
        groups = self.multipliers.shape[1]
        sums = np.empty((groups, columns.shape[1]))
        for position, column in enumerate(columns.T):
            sums[:, position] = np.bincount(self.groups, weights * column, minlength=groups)
        return self.multipliers @ sums

    def weights(self, weights: Floats) -> Iterator[Floats]:
        """(n,) full-sample weights -> those of each replicate in turn; one vector alive at a time."""
        for row in self.multipliers:
            yield weights * row[self.groups]

    def covariance(self, estimates: Floats, full: Floats) -> Floats:
        """(k, k) from replicates of the estimates (R, k) and the full-sample estimates (k,)."""
        centre = full if self.mse else estimates[self.rscales > 0].mean(axis=0)
        deviations = estimates - centre
        covariance: Floats = self.scale * (deviations.T * self.rscales) @ deviations
        return covariance

    @cached_property
    def degf(self) -> int:
        """Degrees of freedom: those counted from the design, else the rank of the multipliers minus 1."""
        if self.counted is not None:
            return min(self.counted, len(self) - 1)
        return int(np.linalg.matrix_rank(self.multipliers)) - 1


def replicate(
    design: Design,
    method: Method = "jackknife",
    *,
    replicates: int = 500,
    seed: int | None = None,
    rho: float = 0.5,
    mse: bool | None = None,
) -> Design:
    """The design with replicate weights of its first-stage units; calibrations are redone in each replicate.

    method: ``jackknife`` (delete one; JK1, or JKn with strata), ``bootstrap`` (Rao-Wu, needs a seed and a
    number of replicates), ``brr`` and ``fay`` (two units in every stratum; rho is Fay's), ``successive``
    (differences of neighbours in row order, for systematic samples; strata are not used beyond the order).
    mse: deviations from the full-sample estimate; by default for bootstrap and successive differences.
    InputError where the design does not have the method's form; ValueError for a wrong call.
    """
    if method not in get_args(Method):
        raise ValueError(f"method must be one of {', '.join(get_args(Method))}, got {method!r}")
    if design.inside is not None:
        raise ValueError("replicate weights are made for the whole design; take the subset afterwards")
    first = design.stages[0]
    units = len(first.stratum_of)
    rscales: Floats | None = None
    if method in ("jackknife", "bootstrap"):
        replicated = _replicated(design)
        rows = units if method == "jackknife" else replicates
        _refuse_large(rows, units)
        if method == "jackknife":
            matrix, rscales = _multipliers.jackknife(first.stratum_of, first.fraction, replicated)
            scale = 1.0
        else:
            if seed is None:
                raise ValueError("the bootstrap needs seed=, a whole number that is kept with the results")
            if replicates < 2:
                raise ValueError(f"replicates must be at least 2, got {replicates}")
            rng = np.random.default_rng(seed)
            matrix = _multipliers.rao_wu(rng, first.stratum_of, first.fraction, replicated, replicates)
            scale = 1 / replicates
    elif method in ("brr", "fay"):
        share = _share(method, rho)
        odd = int((first.sampled != 2).sum())
        if odd:
            raise InputError(Fault("survey.brr_pairs", {"n": odd, "strata": len(first.sampled)}))
        order = np.argsort(first.stratum_of, kind="stable")
        second = np.zeros(units, dtype=bool)
        second[order[1::2]] = True
        matrix = _multipliers.balanced(first.stratum_of, second, share)
        scale = 1 / (len(matrix) * (1 - share) ** 2)
    else:
        _refuse_large(units + 1, units)
        _, place = np.unique(first.clusters, return_index=True)
        position = np.empty(units, dtype=np.intp)
        position[np.argsort(place)] = np.arange(units)
        matrix = _multipliers.successive(position)
        scale = 4 / len(matrix)
    around_full = method in ("bootstrap", "successive") if mse is None else mse
    made = Replicates(
        method,
        matrix,
        first.clusters,
        scale,
        np.ones(len(matrix)) if rscales is None else rscales,
        around_full,
        len(first.stratum_of) - len(first.sampled),
    )
    for step in design.calibration:
        made = recalibrated(made, step)  # type: ignore[arg-type]
    note = f"variances from {len(made)} {method} replicates"
    return design.altered(replicates=made, notes=(*design.notes, note))


def given_replicates(
    design: Design,
    columns: Sequence[str],
    method: GivenMethod,
    *,
    combined: bool = True,
    scale: float | None = None,
    rscales: Sequence[float] | None = None,
    rho: float | None = None,
    mse: bool = False,
) -> Design:
    """The design with replicate weights that came with the data.

    columns: one a replicate. combined: they are weights; otherwise multipliers of the full-sample weight.
    scale, rscales: of the sum of squares; known for brr (1/R), fay (1/(R (1-rho)^2)), bootstrap (1/R),
    successive (4/R); a jackknife needs the scale of its producer ((R-1)/R for JK1), ``other`` too.
    """
    import pandas as pd

    if method not in get_args(GivenMethod):
        raise ValueError(f"method must be one of {', '.join(get_args(GivenMethod))}, got {method!r}")
    count = len(columns)
    if count < 2:
        raise ValueError(f"columns must name at least two replicates, got {count}")
    for name in columns:
        if name not in design.frame.columns:
            raise KeyError(f"columns: the frame has no column {name!r}")
    _refuse_large(count, len(design))
    given = np.empty((len(design), count))
    faults = []
    for position, name in enumerate(columns):
        numbers = pd.to_numeric(design.frame[name], errors="coerce")
        given[:, position] = numbers.to_numpy(dtype=np.float64, na_value=np.nan)
        wrong = int((~(given[:, position] >= 0) | np.isinf(given[:, position])).sum())
        if wrong:
            faults.append(Fault("survey.replicate_weights", {"column": name, "n": wrong}))
    if faults:
        raise InputError(faults)
    if combined:
        given /= design.weights[:, None]
    if scale is None:
        if method in ("jackknife", "other"):
            raise ValueError(f"method={method!r} needs scale=, as the producer of the weights states it")
        share = _share(method, rho) if method in ("brr", "fay") else 0.0
        scale = {"successive": 4 / count}.get(method, 1 / (count * (1 - share) ** 2))
    weights_of = np.ones(count) if rscales is None else np.asarray(rscales, dtype=np.float64)
    if weights_of.shape != (count,):
        raise ValueError(f"rscales needs {count} values, got {weights_of.size}")
    rows, groups = np.unique(given, axis=0, return_inverse=True)
    made = Replicates(
        method, rows.T.copy(), groups.reshape(-1).astype(np.intp), scale, weights_of, mse, counted=None
    )
    note = f"variances from {count} replicate weights that came with the data"
    return design.altered(replicates=made, notes=(*design.notes, note))


def recalibrated(replicates: Replicates, step: Calibrated) -> Replicates:
    """Replicates in which one more calibration is done again in each; groups are split by its cells."""
    from govlab.survey.stages import cross

    groups = cross(replicates.groups, step.cells, len(step.x))
    count = int(groups.max(initial=-1)) + 1
    _refuse_large(len(replicates), count)
    old = np.zeros(count, dtype=np.intp)
    old[groups] = replicates.groups
    cell = np.zeros(count, dtype=np.intp)
    cell[groups] = step.cells
    sums = np.bincount(groups, step.base, minlength=count)
    fitted = np.empty((len(replicates), count))
    for row, multiplier in enumerate(replicates.multipliers):
        size = np.bincount(cell, multiplier[old] * sums, minlength=len(step.x))
        try:
            factors = step.again(np.asarray(size, dtype=np.float64))
        except InputError as error:
            values = {"replicate": row + 1, "why": error.text()}
            raise InputError(Fault("survey.calibrate_replicate", values)) from error
        fitted[row] = multiplier[old] * (factors / step.factors)[cell]
    return replace(replicates, multipliers=fitted, groups=groups)


def _replicated(design: Design) -> NDArray[np.bool_]:
    """(H,) strata that are replicated; those with one unit stand still if the policy allows it."""
    first = design.stages[0]
    lonely = (first.sampled == 1) & (first.fraction < 1)
    if lonely.any() and design.lonely_psu == "fail":
        raise InputError(design.lonely_fault(first, np.flatnonzero(lonely)))
    if lonely.any() and design.lonely_psu in ("adjust", "average"):
        raise ValueError(
            f"lonely_psu={design.lonely_psu!r} has no form in replicates; join strata, or use 'remove'"
        )
    return first.sampled > 1


def _share(method: str, rho: float | None) -> float:
    if method == "brr":
        return 0.0
    if rho is None or not 0 < rho < 1:
        raise ValueError(f"method='fay' needs rho between 0 and 1, got {rho!r}")
    return rho


def _refuse_large(replicates: int, groups: int) -> None:
    if replicates * groups > LARGEST:
        values = {"replicates": f"{replicates:,}", "units": f"{groups:,}"}
        raise InputError(Fault("survey.replicates_large", values))
