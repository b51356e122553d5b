"""Columns of a table into the stages of a sample: integer codes, counts and populations, checked once.

Everything here is arithmetic on arrays; ``Design`` is the door.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from govlab.errors import Fault

if TYPE_CHECKING:
    import pandas as pd

Codes = NDArray[np.intp]
Floats = NDArray[np.float64]

_SHOWN = 5  # how many labels or row numbers an error lists


@dataclass(frozen=True, eq=False)
class Stage:
    """One stage of sampling, over all rows of the design.

    strata: (n,) code of the stratum of each row, 0 .. H-1; a stratum of a later stage lies in one
    cluster of the stage before. clusters: (n,) code of the sampling unit of each row, 0 .. C-1, no
    code in two strata. population: (H,) units in the population of each stratum, or None where this
    stage counts as drawn with replacement.
    """

    strata: Codes
    clusters: Codes
    population: Floats | None = None

    @cached_property
    def stratum_of(self) -> Codes:
        """(C,) the stratum of each cluster."""
        found = np.zeros(int(self.clusters.max(initial=-1)) + 1, dtype=np.intp)
        found[self.clusters] = self.strata
        return found

    @cached_property
    def sampled(self) -> Codes:
        """(H,) clusters in the sample of each stratum: the whole design's, whatever domain is looked at."""
        return np.bincount(self.stratum_of, minlength=int(self.strata.max(initial=-1)) + 1)

    @cached_property
    def fraction(self) -> Floats:
        """(H,) share of the population's clusters that is in the sample; 0 for drawn with replacement."""
        if self.population is None:
            return np.zeros(len(self.sampled))
        return self.sampled / self.population

    def inside(self, parent: Codes) -> Stage:
        """The same stage within the groups of ``parent``, (n,) codes, each of which becomes a stratum.

        A cluster that lies in several groups is cut into one for each, and populations are then unknown.
        """
        strata = cross(parent, self.strata, len(self.sampled))
        clusters = cross(strata, self.clusters, len(self.stratum_of))
        moved = Stage(strata, clusters)
        if self.population is None or len(moved.stratum_of) != len(self.stratum_of):
            return moved
        population = np.ones(len(moved.sampled))
        population[strata] = self.population[self.strata]
        return Stage(strata, clusters, population)


def dense(values: NDArray[np.integer[Any]]) -> tuple[Codes, NDArray[np.integer[Any]]]:
    """Integers -> codes 0 .. k-1 in rising order, and the k values. A short range is counted, not sorted."""
    if len(values) == 0:
        return np.zeros(0, dtype=np.intp), values
    low, high = int(values.min()), int(values.max())
    if high - low < 2 * len(values) + 1024:
        shifted = np.subtract(values, low, dtype=np.intp, casting="unsafe")
        codes, labels = _counted(shifted, high - low + 1)
        return codes, labels + low
    return _hashed(values)


def _counted(values: Codes, top: int) -> tuple[Codes, Codes]:
    """Values 0 .. top-1 -> codes and labels by marking which occur; may reuse the array given."""
    present = np.zeros(top, dtype=np.bool_)
    present[values] = True
    labels = np.flatnonzero(present)
    if len(labels) == top:
        return values, labels
    rank = np.zeros(top, dtype=np.intp)
    rank[labels] = np.arange(len(labels))
    return np.take(rank, values, out=values, mode="clip"), labels  # "raise" would buffer a copy


def _hashed(values: NDArray[np.integer[Any]]) -> tuple[Codes, NDArray[np.integer[Any]]]:
    import pandas as pd

    codes, labels = pd.factorize(values, sort=True)
    return codes.astype(np.intp, copy=False), labels


def pairs(outer: Codes, inner: Codes, inner_count: int) -> tuple[Codes, Codes]:
    """Codes of the pairs that occur, and outer * inner_count + inner of each, rising."""
    joint = outer * inner_count
    joint += inner
    top = int(joint.max(initial=-1)) + 1
    if top <= 2 * len(joint) + 1024:
        return _counted(joint, top)
    codes, labels = _hashed(joint)
    return codes, labels.astype(np.intp, copy=False)


def encode(column: pd.Series) -> tuple[Codes, pd.Series]:
    """Labels -> codes 0 .. k-1, -1 where missing, and the k labels, both in the order of the labels.

    Integers and categories are not hashed; labels that do not compare keep the order they came in.
    """
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        codes, raw = dense(column.cat.codes.to_numpy())
        if len(raw) and raw[0] < 0:
            codes -= 1
            raw = raw[1:]
        return codes, pd.Series(pd.Categorical.from_codes(raw, dtype=column.dtype))
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iu":
        codes, values = dense(column.to_numpy())
        return codes, pd.Series(values.astype(column.dtype))
    try:
        found, labels = pd.factorize(column, use_na_sentinel=True, sort=True)
    except TypeError:
        found, labels = pd.factorize(column, use_na_sentinel=True)
    return found.astype(np.intp, copy=False), pd.Series(labels)


def cross(outer: Codes, inner: Codes, inner_count: int) -> Codes:
    """Codes of the pairs that occur, dense."""
    return pairs(outer, inner, inner_count)[0]


def _rows(mask: NDArray[np.bool_], frame: pd.DataFrame) -> str:
    """The first few row labels where mask holds, for an error text."""
    labels = [str(label) for label in frame.index[mask][:_SHOWN]]
    return ", ".join(labels) + (", …" if int(mask.sum()) > _SHOWN else "")


def _numbers(column: pd.Series) -> Floats:
    """A column as floats, NaN for what is missing or no number; floats are not copied."""
    import pandas as pd

    if column.dtype == np.float64:
        return column.to_numpy()
    return pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)


def read_weights(frame: pd.DataFrame, name: str, faults: list[Fault]) -> Floats:
    """The weights column as floats; faults for what is not a positive finite number."""
    values = _numbers(frame[name])
    low = values.min(initial=1.0)  # NaN if any is
    if low > 0 and np.isfinite(values.max(initial=1.0)):
        return values
    for key, mask in (
        ("survey.weights_missing", ~np.isfinite(values)),
        ("survey.weights_negative", values < 0),
        ("survey.weights_zero", values == 0),
    ):
        if mask.any():
            faults.append(Fault(key, {"column": name, "n": int(mask.sum()), "rows": _rows(mask, frame)}))
    return values


def _column(frame: pd.DataFrame, name: str, role: str, faults: list[Fault]) -> tuple[Codes, int]:
    codes, labels = encode(frame[name])
    if len(codes) and codes.min() < 0:
        mask = codes < 0
        values = {"column": name, "n": int(mask.sum()), "rows": _rows(mask, frame)}
        faults.append(Fault(f"survey.{role}_missing", values))
    return codes, len(labels)


def population(
    frame: pd.DataFrame, name: str, strata: Codes, sampled: Codes, faults: list[Fault]
) -> Floats | None:
    """Population size of each stratum from a column of sizes, or of sampling fractions (all <= 1)."""
    values = _numbers(frame[name])
    bad = ~(np.isfinite(values) & (values > 0))
    if bad.any():
        rows = _rows(bad, frame)
        faults.append(Fault("survey.fpc_missing", {"column": name, "n": int(bad.sum()), "rows": rows}))
        return None
    population = np.ones(len(sampled))
    population[strata] = values
    varies = population[strata] != values
    if varies.any():
        faults.append(Fault("survey.fpc_varies", {"column": name, "rows": _rows(varies, frame)}))
        return None
    if values.max() <= 1:
        return sampled / population
    short = population < sampled * (1 - 1e-12)
    if short.any():
        first = int(np.argmax(short))
        row = int(np.argmax(strata == first))
        faults.append(
            Fault(
                "survey.fpc_small",
                {
                    "column": name,
                    "n": int(short.sum()),
                    "population": f"{population[first]:g}",
                    "sampled": int(sampled[first]),
                    "rows": str(frame.index[row]),
                },
            )
        )
        return None
    return population


def _recurring(frame: pd.DataFrame, name: str, stage: Stage, faults: list[Fault]) -> None:
    """A fault if a first-stage id occurs in several strata."""
    away = stage.stratum_of[stage.clusters] != stage.strata
    if away.any():
        labels = list(dict.fromkeys(str(value) for value in frame[name][away]))
        shown = ", ".join(labels[:_SHOWN]) + (", …" if len(labels) > _SHOWN else "")
        faults.append(Fault("survey.cluster_in_two_strata", {"column": name, "n": len(labels), "ids": shown}))


def build(
    frame: pd.DataFrame,
    strata: Sequence[str | None],
    clusters: Sequence[str],
    fpc: Sequence[str],
    *,
    nest: bool,
    faults: list[Fault],
) -> tuple[Stage, ...]:
    """Stages from column names, one entry a stage; every fault found goes onto ``faults``.

    First-stage ids that recur in several strata are a fault unless ``nest``; later stages always nest.
    No clusters: every row is a unit of the first stage.
    """
    rows = len(frame)
    parent = np.zeros(rows, dtype=np.intp)
    stages: list[Stage] = []
    for position in range(max(1, len(clusters))):
        stratum_name = strata[position] if position < len(strata) else None
        inside = parent
        if stratum_name is not None:
            codes, count = _column(frame, stratum_name, "strata", faults)
            inside = codes if position == 0 else cross(parent, codes, count)
        if clusters:
            codes, count = _column(frame, clusters[position], "clusters", faults)
            if not faults and (position > 0 or nest):
                codes = cross(inside, codes, count)
        else:
            codes = np.arange(rows, dtype=np.intp)
        if faults:
            return ()
        stage = Stage(inside, codes)
        if clusters and position == 0 and stratum_name is not None and not nest:
            _recurring(frame, clusters[position], stage, faults)
            if faults:
                return ()
        if position < len(fpc):
            size = population(frame, fpc[position], inside, stage.sampled, faults)
            stage = Stage(inside, codes, size)
        stages.append(stage)
        parent = codes
    return tuple(stages)
