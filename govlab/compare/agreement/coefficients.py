"""Coefficients of agreement between coders: Cohen, Fleiss, Krippendorff; intervals by resampling units."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from govlab.compare.agreement.codes import Codes, Integers, pairs, read
from govlab.errors import Fault, InputError
from govlab.results import NotApplicable, Result

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Metric = Literal["nominal", "ordinal", "interval", "ratio"]
_METRICS = ("nominal", "ordinal", "interval", "ratio")


@dataclass(frozen=True, eq=False)
class Agreement(Result):
    """A coefficient of agreement.

    value: 1 all agree, 0 as by chance, below 0 worse than chance; or why there is none. std_error: in large
    samples, under the data's own agreement (Cohen) or under chance (Fleiss); None where not derived.
    conf_low, conf_high: percentile interval over units drawn again. agreement: share of pairs of codes that
    are the same. n_units: units with two or more codes; n_dropped: others. n_codes: codes counted.
    """

    coefficient: str
    value: float | NotApplicable
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    agreement: float
    coders: tuple[str, ...]
    n_units: int
    n_dropped: int
    n_codes: int
    level: float
    draws: int
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """One row in the common columns."""
        import pandas as pd

        missing = isinstance(self.value, NotApplicable)
        row = {
            "term": self.coefficient,
            "estimate": float("nan") if isinstance(self.value, NotApplicable) else self.value,
            "std_error": self.std_error,
            "conf_low": self.conf_low,
            "conf_high": self.conf_high,
            "agreement": self.agreement,
            "n": self.n_units,
            "reason": self.value.reason if isinstance(self.value, NotApplicable) else "",
        }
        frame = pd.DataFrame([row])
        return frame if missing else frame.astype({"estimate": float})

    def summary(self) -> str:
        """The coefficient, its interval, what it rests on."""
        if isinstance(self.value, NotApplicable):
            first = f"{self.coefficient}: not applicable, {self.value.detail}"
        else:
            first = f"{self.coefficient} {self.value:.3f}"
            if self.conf_low is not None:
                first += (
                    f" ({100 * self.level:g} % interval {self.conf_low:.3f} to {self.conf_high:.3f}, "
                    f"{self.draws:,} draws of units)"
                )
        lines = [
            first,
            f"same code in {100 * self.agreement:.1f} % of pairs",
            f"coders: {', '.join(self.coders)}; units: {self.n_units}; left out: {self.n_dropped}",
        ]
        return "\n".join([*lines, *self.notes])


def cohen(
    data: pd.DataFrame,
    first: str,
    second: str,
    *,
    weights: Literal["unweighted", "linear", "quadratic"] = "unweighted",
    missing: Sequence[object] = (),
    values: Sequence[object] | None = None,
    level: float = 0.95,
    draws: int = 2000,
    seed: int = 1,
) -> Agreement:
    """Cohen's kappa of two coders, weighted by the distance of the codes where they have an order.

    data: a row a unit; first, second: the coders' columns. missing: codes that mean none. values: all codes
    in order; give them for weighted kappa, whose weights are of places in that order, else a code that
    nobody used closes a gap. Cohen (1960), Educ. Psychol. Meas. 20, 37-46; (1968), Psychol. Bull. 70,
    213-220; error: Fleiss, Cohen & Everitt (1969), Psychol. Bull. 72, 323-327.
    """
    if weights not in ("unweighted", "linear", "quadratic"):
        raise ValueError(f"weights must be 'unweighted', 'linear' or 'quadratic', got {weights!r}")
    codes = read(data, [first, second], missing, values, ordered=weights != "unweighted")
    both = (codes.places >= 0).all(axis=1)
    places, k = codes.places[both], len(codes.values)
    if not len(places):
        raise InputError(Fault("agreement.no_pairs", {"coders": f"{first}, {second}"}))
    off = np.abs(np.subtract.outer(np.arange(k), np.arange(k))).astype(float)
    distance = {"unweighted": (off > 0).astype(float), "linear": off, "quadratic": off**2}[weights]
    cells = places[:, 0] * k + places[:, 1]

    def of(counts: Floats) -> float:
        table = np.bincount(cells, weights=counts, minlength=k * k).reshape(k, k) / counts.sum()
        return kappa(table, distance)

    table = np.bincount(cells, minlength=k * k).reshape(k, k) / len(places)
    error = _kappa_error(table, distance, len(places))
    name = "Cohen's kappa" if weights == "unweighted" else f"Cohen's kappa, {weights} weights"
    same = float(np.trace(table))
    return _result(name, of, error, same, codes, len(places), 2 * len(places), level, draws, seed)


def kappa(table: Floats, distance: Floats) -> float:
    """1 less observed over expected distance, from (k, k) shares; nan where no distance is expected."""
    expected = float((distance * np.outer(table.sum(axis=1), table.sum(axis=0))).sum())
    return 1 - float((distance * table).sum()) / expected if expected > 0 else float("nan")


def _kappa_error(table: Floats, distance: Floats, n: int) -> float | None:
    """Large-sample error not under the null (Fleiss, Cohen & Everitt 1969, eq. 13)."""
    most = distance.max()
    if not most > 0:
        return None
    closeness = 1 - distance / most
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    expected = float((closeness * np.outer(rows, columns)).sum())
    observed = float((closeness * table).sum())
    if expected >= 1:
        return None
    by_row, by_column = closeness @ columns, closeness.T @ rows
    inner = closeness * (1 - expected) - (by_row[:, None] + by_column) * (1 - observed)
    spread = (table * inner**2).sum() - (observed * expected - 2 * expected + observed) ** 2
    return float(np.sqrt(max(spread, 0.0) / n) / (1 - expected) ** 2)


def fleiss(
    data: pd.DataFrame,
    coders: Sequence[str],
    *,
    missing: Sequence[object] = (),
    values: Sequence[object] | None = None,
    level: float = 0.95,
    draws: int = 2000,
    seed: int = 1,
) -> Agreement:
    """Fleiss' kappa of several coders, on units that all of them coded.

    Units with a missing code are left out and counted: where there are many, Krippendorff's alpha uses
    them. Fleiss (1971), Psychol. Bull. 76, 378-382; error under chance: Fleiss, Nee & Landis (1979),
    Psychol. Bull. 86, 974-977.
    """
    codes = read(data, coders, missing, values)
    full = (codes.places >= 0).all(axis=1)
    if not full.any():
        raise InputError(Fault("agreement.no_pairs", {"coders": ", ".join(coders)}))
    counts = tallies(codes.places[full], len(codes.values))
    n, m = len(counts), len(coders)
    alike = ((counts**2).sum(axis=1) - m) / (m * (m - 1))

    def of(weights: Floats) -> float:
        shares = weights @ counts / (weights.sum() * m)
        expected = float((shares**2).sum())
        observed = float(weights @ alike / weights.sum())
        return (observed - expected) / (1 - expected) if expected < 1 else float("nan")

    shares = counts.sum(axis=0) / (n * m)
    rest = 1 - shares
    chance = float(shares @ rest)
    error = None
    if chance > 0:
        inner = max(chance**2 - float((shares * rest * (rest - shares)).sum()), 0.0)
        error = float(np.sqrt(2 / (n * m * (m - 1)) * inner) / chance)
    return _result(
        "Fleiss' kappa", of, error, float(alike.mean()), codes, n, n * m, level, draws, seed,
        ("the standard error is under chance agreement: for a test, not for an interval",),
    )  # fmt: skip


def tallies(places: Integers, k: int) -> Floats:
    """(units, k) how many coders gave each code; missing codes count nowhere."""
    found = np.zeros((len(places), k))
    rows, columns = np.nonzero(places >= 0)
    np.add.at(found, (rows, places[rows, columns]), 1.0)
    return found


def krippendorff(
    data: pd.DataFrame,
    coders: Sequence[str],
    *,
    metric: Metric = "nominal",
    missing: Sequence[object] = (),
    values: Sequence[object] | None = None,
    level: float = 0.95,
    draws: int = 2000,
    seed: int = 1,
) -> Agreement:
    """Krippendorff's alpha: any number of coders, missing codes, four levels of measurement.

    Units with a single code have no pair and are left out. values: all codes in order, needed for
    ``ordinal`` where they are not numbers. Krippendorff (2019), Content Analysis, 4th ed., ch. 12. The
    interval draws whole units again; Krippendorff's own way draws pairs as if they were independent.
    """
    if metric not in _METRICS:
        raise ValueError(f"metric must be one of {', '.join(_METRICS)}, got {metric!r}")
    numeric = metric in ("interval", "ratio")
    codes = read(data, coders, missing, values, numeric=numeric, ordered=metric == "ordinal")
    if metric == "ratio" and (codes.numbers < 0).any():
        raise InputError(Fault("agreement.negative", {"n": int((codes.numbers < 0).sum())}))
    paired = (codes.places >= 0).sum(axis=1) >= 2
    places, k = codes.places[paired], len(codes.values)
    if not len(places):
        raise InputError(Fault("agreement.no_pairs", {"coders": ", ".join(coders)}))
    unit, first, second, weight = pairs(places)
    cells = first * k + second
    fixed = None if metric == "ordinal" else distances(codes.numbers, np.zeros(k), metric)

    def of(counts: Floats) -> float:
        sums: Floats = np.bincount(cells, weights=weight * counts[unit], minlength=k * k).astype(np.float64)
        coincidences = sums.reshape(k, k)
        return alpha(coincidences, codes.numbers, metric, fixed)

    same = float(weight[first == second].sum() / weight.sum())
    n_codes = int((places >= 0).sum())
    name = f"Krippendorff's alpha, {metric}"
    return _result(name, of, None, same, codes, len(places), n_codes, level, draws, seed)


def alpha(coincidences: Floats, numbers: Floats, metric: str, fixed: Floats | None = None) -> float:
    """From (k, k) coincidences of pairable codes; nan where all of them are the same."""
    totals = coincidences.sum(axis=0)
    far = distances(numbers, totals, metric) if fixed is None else fixed
    expected = float(totals @ far @ totals)
    observed = float((coincidences * far).sum())
    return 1 - (totals.sum() - 1) * observed / expected if expected > 0 else float("nan")


def distances(numbers: Floats, totals: Floats, metric: str) -> Floats:
    """(k, k) squared differences of the k codes by the level of measurement."""
    k = len(totals)
    if metric == "nominal":
        return 1.0 - np.eye(k)
    if metric == "ordinal":
        upto = np.cumsum(totals)
        between = np.abs(np.subtract.outer(upto - totals / 2, upto - totals / 2))
        found: Floats = between**2
        return found
    off = np.subtract.outer(numbers, numbers)
    if metric == "interval":
        found = off**2
        return found
    total = np.add.outer(numbers, numbers)
    return np.asarray(np.divide(off, total, out=np.zeros((k, k)), where=total > 0) ** 2)


def _result(
    name: str,
    of: Callable[[Floats], float],
    error: float | None,
    same: float,
    codes: Codes,
    n_units: int,
    n_codes: int,
    level: float,
    draws: int,
    seed: int,
    notes: tuple[str, ...] = (),
) -> Agreement:
    if not 0 < level < 1 or draws < 0:
        raise ValueError("level must lie between 0 and 1, draws be 0 or more")
    found = of(np.ones(n_units))
    value: float | NotApplicable = found
    low = high = None
    if np.isnan(found):
        value = NotApplicable("one-code", "every code given is the same; chance would agree as well")
        error = None
    elif n_units > 1 and draws:
        rng = np.random.default_rng(seed)
        weights = rng.multinomial(n_units, np.full(n_units, 1 / n_units), size=draws).astype(np.float64)
        again = np.array([of(one) for one in weights])
        lost = int(np.isnan(again).sum())
        if lost:
            # a draw in which all codes are one: no disagreement was possible there
            notes = (*notes, f"{lost} draws held one code only and are left out of the interval")
        if lost < draws:
            low, high = (float(one) for one in np.nanquantile(again, [(1 - level) / 2, (1 + level) / 2]))
    return Agreement(
        name, value, error, low, high, same, codes.coders, n_units, len(codes.places) - n_units, n_codes,
        level, draws, notes,
    )  # fmt: skip
