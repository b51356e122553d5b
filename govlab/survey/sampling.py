"""Drawing samples from a list, with a seed: who is in, how likely that was, and the base weight.

A list of communities or of people goes in; the same rows that were drawn come out, with columns that a
``Design`` reads: ``probability``, ``weight``, and ``stratum_units``, the units of the stratum, where the
finite population can be corrected for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from govlab.errors import Fault, InputError
from govlab.results import Result
from govlab.survey import selection

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
Method = Literal["simple", "systematic", "pps", "sampford"]
Allocation = Literal["proportional", "equal"]

_WORDS = {
    "simple": "simple random sampling",
    "systematic": "systematic sampling in the order of the list",
    "pps": "systematic sampling with probability proportional to size",
    "sampford": "Sampford sampling with probability proportional to size",
}


@dataclass(frozen=True, eq=False)
class DrawnSample(Result):
    """Rows that were drawn, in the order of the list, with ``probability`` and ``weight``.

    method, seed: with them and the same list the sample comes out again. strata: drawn and available by
    stratum. people: for two stages, the number of each person to be visited within each unit, else None.
    """

    frame: pd.DataFrame
    method: str
    seed: int
    strata: pd.DataFrame
    people: pd.DataFrame | None = None
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """The drawn rows."""
        return self.frame.copy()

    def summary(self) -> str:
        """How the sample was drawn, and from how many."""
        drawn, there = int(self.strata["drawn"].sum()), int(self.strata["population"].sum())
        lines = [self.method, f"drawn: {drawn:,} of {there:,}; seed {self.seed}"]
        weight = self.frame["weight"]
        lines.append(f"base weights from {weight.min():.4g} to {weight.max():.4g}")
        return "\n".join([*lines, *self.notes])


def draw(
    units: pd.DataFrame,
    n: int | Mapping[object, int],
    *,
    method: Method = "simple",
    strata: str | None = None,
    size: str | None = None,
    allocation: Allocation = "proportional",
    seed: int,
) -> DrawnSample:
    """A sample of rows of a list, within strata where they are named.

    n: how many in all, spread over strata by ``allocation`` with two at least in each (so that a variance
    exists), or by stratum. size: column of sizes, for ``pps`` and ``sampford``; units that are larger than
    the sampling step are taken for certain. systematic and pps go along the list, whose order then counts.
    InputError lists what is wrong with the list. Madow (1949), Sampford (1967); Särndal, Swensson & Wretman
    (1992), ch. 3.
    """
    if method not in get_args(Method):
        raise ValueError(f"method must be one of {', '.join(get_args(Method))}, got {method!r}")
    if allocation not in get_args(Allocation):
        raise ValueError(f"allocation must be 'proportional' or 'equal', got {allocation!r}")
    by_size = method in ("pps", "sampford")
    if by_size != (size is not None):
        raise ValueError(f"method={method!r} " + ("needs size=" if by_size else "takes no size="))
    sizes, codes, labels = _read(units, strata, size)
    counts = _counts(n, codes, labels, sizes if by_size else None, allocation)
    rng = np.random.default_rng(seed)
    chosen: list[Codes] = []
    probability = np.zeros(len(units))
    for stratum, take in enumerate(counts):
        rows = np.flatnonzero(codes == stratum)
        if by_size:
            p = selection.inclusion(sizes[rows], int(take))
            pick = selection.pps_systematic if method == "pps" else selection.sampford
            places = pick(rng, p)
        else:
            p = np.full(len(rows), take / len(rows))
            pick_equal = selection.simple if method == "simple" else selection.systematic
            places = pick_equal(rng, len(rows), int(take))
        probability[rows] = p
        chosen.append(rows[places])
    rows = np.sort(np.concatenate(chosen))
    frame = units.iloc[rows].assign(probability=probability[rows], weight=1 / probability[rows])
    there = np.bincount(codes, minlength=len(labels))
    if not by_size:
        frame["stratum_units"] = there[codes[rows]]
    notes = []
    certain = int((probability[rows] >= 1 - 1e-12).sum())
    if by_size and certain:
        notes.append(f"taken for certain because of their size: {certain}")
    words = _WORDS[method] + (f" within {strata}" if strata else "")
    return DrawnSample(frame, words, seed, _table(labels, counts, there), notes=tuple(notes))


def draw_two_stage(
    units: pd.DataFrame,
    n: int | Mapping[object, int],
    take: int,
    *,
    population: str,
    method: Method = "pps",
    strata: str | None = None,
    allocation: Allocation = "proportional",
    seed: int,
) -> DrawnSample:
    """Units of a list, then ``take`` people (or households) in each by simple random sampling.

    population: column with the people of each unit, which is the size for pps too; units with fewer than
    ``take`` are asked whole. ``people`` of the result lists whom to visit by their number in the unit's
    register, 1 .. population. Columns: ``probability_unit``, ``probability_person``, ``probability``,
    ``weight`` of a person, ``take``. With pps and equal take all weights in a stratum are equal.
    """
    if take < 1:
        raise ValueError(f"take must be at least 1, got {take}")
    clash = [name for name in ("probability_unit", "probability_person", "take") if name in units.columns]
    if clash:
        raise InputError(Fault("survey.draw_columns", {"columns": ", ".join(clash)}))
    by_size = method in ("pps", "sampford")
    people_there = _sizes(units, population)
    broken = int((people_there % 1 > 0).sum())
    if broken:
        raise InputError(Fault("survey.draw_size", {"column": population, "n": broken}))
    first = draw(
        units, n, method=method, strata=strata, size=population if by_size else None, allocation=allocation,
        seed=seed,
    )  # fmt: skip
    frame = first.frame
    there = _sizes(frame, population).astype(np.intp)
    asked = np.minimum(take, there)
    rng = np.random.default_rng([seed, 2])
    pairs = zip(there.tolist(), asked.tolist(), strict=True)
    numbers = [selection.simple(rng, whole, some) + 1 for whole, some in pairs]
    frame = frame.rename(columns={"probability": "probability_unit"})
    frame["probability_person"] = asked / there
    frame["probability"] = frame["probability_unit"] * frame["probability_person"]
    frame["weight"] = 1 / frame["probability"]
    frame["take"] = asked
    repeated = np.repeat(np.arange(len(frame)), asked)
    people = frame.iloc[repeated][list(units.columns.drop(population))].reset_index(drop=True)
    people["number"] = np.concatenate(numbers)
    people["weight"] = frame["weight"].to_numpy()[repeated]
    short = int((there < take).sum())
    notes = (*first.notes, *([f"units with fewer than {take} people, asked whole: {short}"] if short else []))
    words = f"{first.method}; then {take} people in each by simple random sampling"
    return DrawnSample(frame, words, seed, first.strata, people, notes)


def _read(units: pd.DataFrame, strata: str | None, size: str | None) -> tuple[Floats, Codes, list[object]]:
    """Sizes, stratum codes and stratum labels of a list."""
    import pandas as pd

    for name in (strata, size):
        if name is not None and name not in units.columns:
            raise KeyError(f"the list has no column {name!r}")
    clash = [name for name in ("probability", "weight", "stratum_units") if name in units.columns]
    if clash:
        raise InputError(Fault("survey.draw_columns", {"columns": ", ".join(clash)}))
    sizes = np.ones(len(units)) if size is None else _sizes(units, size)
    if strata is None:
        return sizes, np.zeros(len(units), dtype=np.intp), ["all"]
    codes, labels = pd.factorize(units[strata])
    missing = int((codes < 0).sum())
    if missing:
        raise InputError(Fault("survey.draw_strata", {"column": strata, "n": missing}))
    return sizes, codes.astype(np.intp), list(labels)


def _sizes(units: pd.DataFrame, name: str) -> Floats:
    import pandas as pd

    if name not in units.columns:
        raise KeyError(f"the list has no column {name!r}")
    sizes = pd.to_numeric(units[name], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    bad = ~(np.isfinite(sizes) & (sizes > 0))
    if bad.any():
        raise InputError(Fault("survey.draw_size", {"column": name, "n": int(bad.sum())}))
    return sizes


def _counts(
    n: int | Mapping[object, int], codes: Codes, labels: list[object], sizes: Floats | None, allocation: str
) -> Codes:
    """How many to draw in each stratum; faults for numbers that the list cannot give."""
    there = np.bincount(codes, minlength=len(labels))
    faults: list[Fault] = []
    if isinstance(n, Mapping):
        known = {str(label): int(count) for label, count in n.items()}
        texts = [str(label) for label in labels]
        for key, names in (
            ("survey.draw_no_number", [text for text in texts if text not in known]),
            ("survey.draw_unknown", [text for text in known if text not in texts]),
        ):
            if names:
                faults.append(Fault(key, {"strata": ", ".join(names[:8])}))
        counts = np.array([known.get(text, 0) for text in texts], dtype=np.intp)
    else:
        minimum = 2 if len(labels) > 1 else 1
        measure = np.asarray(there if sizes is None else np.bincount(codes, sizes), dtype=np.float64)
        if n < minimum * len(labels):
            spread = {"total": n, "strata": len(labels), "minimum": minimum}
            raise InputError(Fault("survey.draw_total_small", spread))
        wanted = measure if allocation == "proportional" else np.ones(len(labels))
        counts = selection.allocate(wanted, int(n), minimum=minimum)
    for stratum in np.flatnonzero((counts > there) | (counts < 1)):
        if isinstance(n, Mapping) and str(labels[stratum]) not in {str(one) for one in n}:
            continue
        values = {"stratum": labels[stratum], "n": int(counts[stratum])}
        values["population"] = int(there[stratum])
        faults.append(Fault("survey.draw_too_many", values))
    if faults:
        raise InputError(faults)
    return counts


def _table(labels: list[object], counts: Codes, there: Codes) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({"stratum": labels, "drawn": counts, "population": there})
