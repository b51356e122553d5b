"""Ranks and how sure they are: confidence sets for the rank of each unit, and who may be among the top k.

An estimated order says little by itself: where estimates are close, chance made it. The sets here hold
the true ranks with the stated confidence, whatever the true values are, ties included. They follow from
which differences between units the data settle (Mogstad, Romano, Shaikh & Wilhelm 2024, "Inference for
Ranks with Applications to Mobility across Neighborhoods and Academic Achievement across Countries",
Review of Economic Studies 91(1), 476-518), with critical values drawn from the joint normal law of the
estimates and, in steps, only for the differences that are still open (Romano & Wolf 2005).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.errors import Fault, InputError
from govlab.results import COLUMNS, Estimates, Result

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Truth = NDArray[np.bool_]
_BLOCK = 512  # draws held as differences of all units at a time: stays in the cache
# Units without respondents have no estimate: they are left unranked. Any other reason is refused.
_UNRANKED = "empty-cell"


@dataclass(frozen=True, eq=False)
class Ranks(Result):
    """Estimates with their ranks (largest = 1) and, for each, the lowest and highest rank the data allow.

    frame: labels, ``estimate``, ``std_error``, ``rank``, ``rank_low``, ``rank_high``, ``reason``.
    above: (ranked units, same) where row is settled to be above column. simultaneous: whether the level
    holds for all sets at once or for each by itself.
    """

    frame: pd.DataFrame
    above: Truth
    simultaneous: bool
    level: float
    draws: int
    seed: int
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """A copy of the table."""
        return self.frame.copy()

    def summary(self) -> str:
        """What the sets mean, and how many units have a rank of their own."""
        ranked = self.frame[self.frame["reason"] == ""]
        alone = int((ranked["rank_low"] == ranked["rank_high"]).sum())
        kind = "all of them at once" if self.simultaneous else "each one by itself"
        lines = [
            f"ranks of {len(ranked)} units, largest estimate first",
            f"{100 * self.level:g} % confidence sets, {kind} ({self.draws:,} draws, seed {self.seed})",
            f"units whose rank is settled: {alone}",
            *self.notes,
        ]
        return "\n".join(lines)


@dataclass(frozen=True, eq=False)
class Top(Result):
    """Which units may be among the k with the largest true values.

    frame: labels, ``estimate``, ``std_error``, ``rank``, ``possible`` (in the confidence set), ``reason``.
    """

    frame: pd.DataFrame
    k: int
    level: float
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """A copy of the table."""
        return self.frame.copy()

    def summary(self) -> str:
        """How many units the data leave in question."""
        count = int(self.frame["possible"].sum())
        first = f"{count} units may be among the top {self.k} ({100 * self.level:g} % confidence set)"
        return "\n".join([first, *self.notes])


def confidence_sets(
    estimates: Estimates | Sequence[float] | Floats | pd.Series,
    covariance: Floats | pd.DataFrame | None = None,
    *,
    simultaneous: bool = True,
    level: float = 0.95,
    draws: int = 10_000,
    seed: int = 1,
    step_down: bool = True,
) -> Ranks:
    """Confidence sets for the ranks of all units, largest estimate = rank 1.

    estimates: (p,) numbers, a series (its index names the units), or estimates with one row a unit,
    which bring their ``covariance`` along. covariance: (p, p). simultaneous: one level for all sets
    together; otherwise for each unit's set alone. step_down: sharper sets at the same level; False
    for the single step. Equal estimates share the better rank. Units without respondents stay
    unranked. InputError where the errors of some units are not known, as when all of a unit's rows
    come from one sampled cluster: rank the units of ``Design.for_units``.
    """
    units = _read(estimates, covariance)
    _check(level, draws)
    values, spread = units.values, _spread(units.covariance)
    noise = _noise(units.covariance, draws, seed)
    settle = _settle_all if simultaneous else _settle_each
    settled = settle(values, spread, noise, level, step_down)
    if simultaneous:
        above, below = settled, settled.T
    else:
        larger = values[:, None] > values
        above, below = settled & larger, settled & larger.T
    columns = {
        "rank": _ranks(values),
        "rank_low": 1 + below.sum(axis=1),
        "rank_high": len(values) - above.sum(axis=1),
    }
    frame = _with(units.frame, units.ranked, columns)
    return Ranks(frame, above, simultaneous, level, draws, seed, units.notes)


def possible_top(
    estimates: Estimates | Sequence[float] | Floats | pd.Series,
    covariance: Floats | pd.DataFrame | None = None,
    *,
    k: int,
    level: float = 0.95,
    draws: int = 10_000,
    seed: int = 1,
) -> Top:
    """The units that may be among the k largest: the true top k are all in it at the stated level.

    Arguments and errors as for ``confidence_sets``. A unit is left out where at least k others are
    settled to be above it, all differences taken together.
    """
    found = confidence_sets(estimates, covariance, level=level, draws=draws, seed=seed)
    ranked = int((found.frame["reason"] == "").sum())
    if not 1 <= k <= ranked:
        raise ValueError(f"k must lie between 1 and the {ranked} ranked units, got {k!r}")
    frame = found.to_frame()
    frame["possible"] = (frame["rank_low"] <= k).fillna(False).astype(bool)
    frame = frame.drop(columns=["rank_low", "rank_high"])
    frame["reason"] = frame.pop("reason")
    return Top(frame, k, level, found.notes)


def drawn(covariance: Floats, *, draws: int = 10_000, seed: int = 1) -> Singles:
    """(p, draws) normal draws with this covariance, for ``settled``; ValueError where it is no covariance."""
    return _noise(covariance, draws, seed)


def settled(values: Floats, covariance: Floats, noise: Singles, *, level: float = 0.95) -> Truth:
    """(p, p) which rows are settled to be above which columns, all at once, with draws that are at hand.

    What ``confidence_sets`` works out, for those who ask again and again: estimates that are sums need no
    new draws when only the weights of the sums change. noise: (p, draws) with this covariance. A unit's
    rank lies between 1 + the units settled above it and p - the units settled below it.
    """
    return _settle_all(values, _spread(covariance), noise, level, True)


@dataclass(frozen=True, eq=False)
class _Units:
    """What is ranked: values (p,), covariance (p, p); frame: all units; ranked: which of its rows count."""

    values: Floats
    covariance: Floats
    frame: pd.DataFrame
    ranked: Truth
    notes: tuple[str, ...]


def _read(estimates: object, covariance: object) -> _Units:
    import pandas as pd

    if isinstance(estimates, Estimates):
        table = estimates.to_frame()
        if covariance is None:
            covariance = getattr(estimates, "covariance", None)
        kept = [name for name in table.columns if name not in COLUMNS and not name.startswith("rank")]
        frame = table[[*kept, "estimate"]]
        reason = table["reason"] if "reason" in table else pd.Series("", index=table.index)
        reason = reason.fillna("").astype(str)
    else:
        series = (
            estimates if isinstance(estimates, pd.Series) else pd.Series(np.asarray(estimates, dtype=float))
        )
        frame = pd.DataFrame({"unit": series.index, "estimate": series.to_numpy(dtype=float)})
        reason = pd.Series("", index=frame.index)
    if covariance is None:
        raise ValueError("covariance: these estimates carry none; give the (p, p) joint covariance")
    matrix = np.array(covariance, dtype=np.float64)
    count = len(frame)
    if matrix.shape != (count, count):
        raise ValueError(f"covariance: {count} estimates need shape ({count}, {count}), got {matrix.shape}")
    ranked = (reason != _UNRANKED).to_numpy()
    names = [", ".join(map(str, row)) for row in frame.drop(columns="estimate").itertuples(index=False)]
    _refuse(names, frame["estimate"].to_numpy(dtype=float), matrix, reason.to_numpy(), ranked)
    frame = frame.reset_index(drop=True)
    with np.errstate(invalid="ignore"):
        frame["std_error"] = np.where(ranked, np.sqrt(np.diag(matrix)), np.nan)
    frame["reason"] = reason.to_numpy()
    notes: tuple[str, ...] = ()
    if not ranked.all():
        notes = (f"{int((~ranked).sum())} units without respondents have no rank",)
    inside = np.flatnonzero(ranked)
    values = frame["estimate"].to_numpy(dtype=np.float64)[inside]
    return _Units(values, matrix[np.ix_(inside, inside)], frame, ranked, notes)


def _refuse(
    names: list[str], values: Floats, matrix: Floats, reason: NDArray[np.object_], ranked: Truth
) -> None:
    """Errors that are not known cannot be ranked with: say which units, all at once."""
    faults = []
    flagged = ranked & (reason != "")
    for one in dict.fromkeys(reason[flagged]):
        key = "ranks.one_psu" if one == "one-psu" else "ranks.no_error"
        faults.append(Fault(key, _shown(names, flagged & (reason == one)) | {"reason": one}))
    fit = ranked & ~flagged
    sub = matrix[np.ix_(fit, fit)]
    unknown = np.zeros(len(values), dtype=bool)
    unknown[fit] = ~np.isfinite(sub).all(axis=1) | ~np.isfinite(values[fit]) | ~(np.diag(sub) > 0)
    if unknown.any() and not faults:  # one flagged unit may spoil its whole row, so flags speak first
        faults.append(Fault("ranks.no_error", _shown(names, unknown) | {"reason": "no-variance"}))
    if not fit.any() and not faults:
        faults.append(Fault("ranks.nothing"))
    if faults:
        raise InputError(faults)
    scale = np.sqrt(np.outer(np.diag(sub), np.diag(sub)))
    if not (np.abs(sub - sub.T) <= 1e-9 * scale).all():
        raise ValueError("covariance is not symmetric")


def _shown(names: list[str], which: Truth) -> dict[str, object]:
    chosen = [names[place] for place in np.flatnonzero(which)]
    return {"n": len(chosen), "units": "; ".join(chosen[:5]) + ("; …" if len(chosen) > 5 else "")}


def _check(level: float, draws: int) -> None:
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, got {level!r}")
    if draws < 100:
        raise ValueError(f"draws must be at least 100, got {draws!r}")


def _with(frame: pd.DataFrame, ranked: Truth, columns: dict[str, NDArray[np.int_]]) -> pd.DataFrame:
    import pandas as pd

    for name, values in columns.items():
        column = pd.array([pd.NA] * len(frame), dtype="Int64")
        column[ranked] = values
        frame[name] = column
    frame["reason"] = frame.pop("reason")
    return frame


def _ranks(values: Floats) -> NDArray[np.int_]:
    """(p,) 1 + how many are larger."""
    ordered = np.sort(values)
    return 1 + len(values) - np.searchsorted(ordered, values, side="right")


def _spread(covariance: Floats) -> Floats:
    """(p, p) standard errors of differences; 0 where a difference is known exactly."""
    diagonal = np.diag(covariance)
    both = diagonal[:, None] + diagonal
    square = both - covariance - covariance.T
    # what is left of two numbers that cancel is rounding, not variance
    return np.sqrt(np.where(square > 1e-12 * both, square, 0.0))


def _noise(covariance: Floats, draws: int, seed: int) -> Singles:
    """(p, draws) normal draws with this covariance; ValueError where it is no covariance.

    Single precision: the quantile of some thousand draws has three digits at best.
    """
    roots, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    if roots[0] < -1e-8 * max(roots[-1], 0.0):
        raise ValueError(f"covariance has a negative eigenvalue, {roots[0]:.3g}")
    factor = vectors * np.sqrt(np.maximum(roots, 0.0))
    normal = np.random.default_rng(seed).standard_normal((len(roots), draws))
    return np.ascontiguousarray(factor @ normal, dtype=np.float32)


def _inverse(spread: Floats) -> Floats:
    return np.divide(1.0, spread, out=np.zeros_like(spread), where=spread > 0)


def _gaps(values: Floats, spread: Floats) -> Floats:
    """(p, p) how far row is above column, in standard errors; infinite where the order is known exactly."""
    off = values[:, None] - values
    exact = (spread == 0) & (off != 0)
    gaps = off * _inverse(spread)
    gaps[exact] = np.copysign(np.inf, off[exact])
    return gaps


def _settle_all(values: Floats, spread: Floats, noise: Singles, level: float, step_down: bool) -> Truth:
    """(p, p) which rows are settled to be above which columns, one critical value for all pairs."""
    gaps, inverse = _gaps(values, spread), _inverse(spread).astype(np.float32)
    above = np.zeros(gaps.shape, dtype=bool)
    while True:
        open_ = np.triu(~(above | above.T), 1)
        # where one direction is settled, the other stays open
        largest = np.zeros(noise.shape[1], dtype=np.float32)
        for row in range(len(values)):
            np.maximum(largest, _largest(noise, inverse, row, open_[row], above[:, row]), out=largest)
        new = gaps > np.quantile(largest, level)
        if not step_down or not (new & ~above).any():
            return new | above
        above |= new


def _settle_each(values: Floats, spread: Floats, noise: Singles, level: float, step_down: bool) -> Truth:
    """(p, p) in row i the units whose order with unit i is settled, with a critical value for i alone."""
    gaps, inverse = _gaps(values, spread), _inverse(spread).astype(np.float32)
    settled = np.zeros(gaps.shape, dtype=bool)
    for row in range(len(values)):
        done = np.zeros(len(values), dtype=bool)
        while True:
            lower, higher = done & (gaps[row] > 0), done & (gaps[row] < 0)
            largest = _largest(noise, inverse, row, ~done, higher, below=lower)
            new = np.abs(gaps[row]) > np.quantile(largest, level)
            if not step_down or not (new & ~done).any():
                break
            done |= new
        settled[row] = done | new
    return settled


def _largest(
    noise: Singles,
    inverse: Singles,
    row: int,
    both: Truth,
    above: Truth,
    *,
    below: Truth | None = None,
) -> Singles:
    """(draws,) largest standardised difference of one unit with the others, and at least 0.

    both: (p,) others compared in both directions; above: those of which only "row is above" is open;
    below: those of which only "row is below" is.
    """
    groups = [np.flatnonzero(both), np.flatnonzero(above)]
    groups.append(np.flatnonzero(below) if below is not None else groups[0][:0])
    columns = np.concatenate(groups)
    draws, ends = noise.shape[1], np.cumsum([len(one) for one in groups])
    found = np.zeros(draws, dtype=np.float32)
    if not len(columns):
        return found
    scale = inverse[row, columns][:, None].copy()
    scale[ends[1] :] *= -1
    neighbours = len(columns) == columns[-1] - columns[0] + 1 == ends[0]
    held = np.empty((len(columns), _BLOCK), dtype=np.float32)  # used again by every block of draws
    for start in range(0, draws, _BLOCK):
        block = noise[:, start : start + _BLOCK]
        gap = held[:, : block.shape[1]]
        if neighbours:
            np.subtract(block[row], block[columns[0] : columns[-1] + 1], out=gap)
        else:
            np.take(block, columns, axis=0, out=gap, mode="clip")
            np.subtract(block[row], gap, out=gap)
        gap *= scale
        np.abs(gap[: ends[0]], out=gap[: ends[0]])
        np.max(gap, axis=0, out=found[start : start + _BLOCK])
    return np.maximum(found, 0.0, out=found)
