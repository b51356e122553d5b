"""How far an order depends on choices: specifications drawn at random, and indicators left out.

What comes out are ranges over specifications. They are no confidence sets: chance in the data is not in
them, and a choice not offered is not in them (Saisana, Saltelli & Tarantola 2005, J. R. Statist. Soc. A
168, 307-323; OECD/JRC 2008, step 7). Ranks under sampling error are ``Index.ranks``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.compare.index.computing import Prepared, prepare, score, weigh
from govlab.compare.index.reading import read
from govlab.compare.index.specification import IndexSpec, fits
from govlab.errors import Fault, InputError
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Choices:
    """What might have been chosen otherwise; every combination that can be computed is equally likely.

    weight_noise: each weight is multiplied by a number drawn evenly from 1 - noise to 1 + noise. leave_out:
    whether one indicator (or none) is left out, at random.
    """

    outliers: tuple[str, ...] = ("keep", "treat")
    normalisation: tuple[str, ...] = ("minmax", "zscore", "rank")
    weights: tuple[str, ...] = ("given", "equal")
    aggregation: tuple[str, ...] = ("arithmetic", "geometric")
    weight_noise: float = 0.25
    leave_out: bool = False


@dataclass(frozen=True, eq=False)
class RankRanges(Result):
    """Ranks (highest score = 1) over specifications.

    frame: unit, ``score`` and ``rank`` under the given specification, ``rank_best``, ``rank_5``,
    ``rank_median``, ``rank_95``, ``rank_worst`` over all, ``first`` (share of specifications in which it
    comes first). by_choice: for each choice and option ``n``, ``shift`` (mean absolute change of rank
    against the given specification), ``explained`` (share of the variance of that shift which the choice
    alone explains). drawn: a row a specification. draws: (specifications, units) ranks.
    """

    frame: pd.DataFrame
    by_choice: pd.DataFrame
    drawn: pd.DataFrame
    draws: Floats
    seed: int
    impossible: int

    def to_frame(self) -> pd.DataFrame:
        """A copy of the table."""
        return self.frame.copy()

    def summary(self) -> str:
        """How many specifications, what the ranges are not."""
        alone = int((self.frame["rank_best"] == self.frame["rank_worst"]).sum())
        return "\n".join(
            [
                f"ranks of {len(self.frame)} units, {len(self.draws):,} specifications (seed {self.seed})",
                f"combinations that cannot be computed, left out: {self.impossible}",
                f"units whose rank never changes: {alone}",
                "ranges over choices, not confidence sets: sampling error is not in them",
            ]
        )


@dataclass(frozen=True, eq=False)
class LeaveOneOut(Result):
    """The index without each indicator.

    frame: ``code``, ``correlation`` (Spearman's, with the full index), ``shift`` (mean absolute change of
    rank), ``largest`` change, and the ``unit`` that changes most. ranks: (indicators, units).
    """

    frame: pd.DataFrame
    ranks: Floats

    def to_frame(self) -> pd.DataFrame:
        """A copy of the table."""
        return self.frame.copy()

    def summary(self) -> str:
        """The indicator that moves the order most."""
        worst = self.frame.sort_values("shift", ascending=False, kind="stable").iloc[0]
        return f"without {worst['code']} ranks move by {worst['shift']:.2f} places on average, the most"


def uncertainty(
    data: pd.DataFrame,
    spec: IndexSpec,
    choices: Choices | None = None,
    *,
    unit: str,
    draws: int = 1000,
    seed: int = 1,
) -> RankRanges:
    """Ranks over specifications drawn at random from the choices.

    Arguments and errors as for ``build``. Weights taken from the data are computed anew for every
    combination. InputError where no combination can be computed.
    """
    choices = choices or Choices()
    if draws < 1 or not 0 <= choices.weight_noise < 1:
        raise ValueError("draws must be at least 1 and weight_noise within [0, 1)")
    table = read(data, spec, unit)
    rng = np.random.default_rng(seed)
    runner = _Runner(table.values)
    given = runner.ranks(spec, None)
    possible, impossible = _combinations(spec, choices, runner)
    if not possible:
        raise InputError(Fault("index.no_combination"))
    found = np.empty((draws, len(table.units)))
    which = rng.integers(len(possible), size=draws)
    out = rng.integers(-1, len(spec.codes), size=draws) if choices.leave_out else np.full(draws, -1)
    for draw in range(draws):
        one = possible[which[draw]]
        if out[draw] >= 0:
            one = runner.without(one, spec.codes[out[draw]])
        try:
            found[draw] = runner.ranks(one, rng if choices.weight_noise else None, choices.weight_noise)
        except InputError:
            # what can be computed with every indicator may not without one: then it stays in
            out[draw] = -1
            found[draw] = runner.ranks(possible[which[draw]], None)
    drawn = _drawn(possible, which, out, spec)
    scores = runner.scores(spec)
    ranges = _ranges(table.units, unit, scores, given, found)
    return RankRanges(ranges, _by_choice(choices, drawn, found, given), drawn, found, seed, impossible)


def leave_one_out(data: pd.DataFrame, spec: IndexSpec, *, unit: str) -> LeaveOneOut:
    """Ranks without each indicator in turn, the weights of the others spread over what is left."""
    import pandas as pd

    if len(spec.codes) < 2:
        raise ValueError("leave_one_out needs two or more indicators")
    table = read(data, spec, unit)
    runner = _Runner(table.values)
    full = runner.ranks(spec, None)
    rows, ranks = [], []
    for code in spec.codes:
        new = runner.ranks(runner.without(spec, code), None)
        moved = np.abs(new - full)
        rows.append(
            (
                code,
                correlation(new, full),
                float(np.nanmean(moved)),
                int(np.nanmax(moved)),
                str(table.units[int(np.nanargmax(moved))]),
            )
        )
        ranks.append(new)
    frame = pd.DataFrame(rows, columns=["code", "correlation", "shift", "largest", "unit"])
    return LeaveOneOut(frame, np.array(ranks))


def rank_of(scores: Floats) -> Floats:
    """(n,) 1 + how many are higher; missing scores have none."""
    here = ~np.isnan(scores)
    found = np.full(len(scores), np.nan)
    ordered = np.sort(scores[here])
    found[here] = 1 + here.sum() - np.searchsorted(ordered, scores[here], side="right")
    return found


class _Runner:
    """Keeps what several specifications share: indicators on a scale, weights from the data.

    Scales and treatments work column by column: without an indicator the others are as they were.
    """

    def __init__(self, values: Floats) -> None:
        self._values = values
        self._ready: dict[tuple[object, ...], Prepared] = {}
        self._shares: dict[tuple[object, ...], dict[str, Floats]] = {}
        self._left: dict[tuple[int, str], IndexSpec] = {}
        self._columns: dict[str, int] = {}

    def without(self, spec: IndexSpec, code: str) -> IndexSpec:
        """The specification without an indicator; the whole one is prepared first."""
        key = (id(spec), code)
        if key not in self._left:
            self._prepared(spec)
            self._left[key] = spec.without(code)
        return self._left[key]

    def _prepared(self, spec: IndexSpec) -> Prepared:
        codes = tuple(spec.codes)
        # the first specification seen has all columns, in their order
        self._columns = self._columns or {code: place for place, code in enumerate(codes)}
        choices = (spec.outliers, spec.missing, spec.normalisation)
        if (*choices, codes) not in self._ready:
            whole = self._ready.get((*choices, tuple(self._columns)))
            places = [self._columns[code] for code in codes]
            if whole is None:
                made = prepare(self._values[:, places], spec)
            else:
                made = Prepared(whole.values[:, places], tuple(whole.done[place] for place in places))
            self._ready[*choices, codes] = made
        return self._ready[*choices, codes]

    def _parts(self, spec: IndexSpec) -> tuple[Prepared, dict[str, Floats]]:
        ready = self._prepared(spec)
        key = (
            spec.outliers, spec.missing, spec.normalisation, tuple(spec.codes), spec.weights,
            spec.aggregation,
        )  # fmt: skip
        if key not in self._shares:
            self._shares[key] = weigh(ready, spec)
        return ready, self._shares[key]

    def scores(self, spec: IndexSpec) -> Floats:
        ready, shares = self._parts(spec)
        return score(ready, spec, shares)[spec.top]

    def ranks(self, spec: IndexSpec, rng: np.random.Generator | None, noise: float = 0.0) -> Floats:
        ready, shares = self._parts(spec)
        if rng is not None:
            shares = {
                name: _whole(share * rng.uniform(1 - noise, 1 + noise, len(share)))
                for name, share in shares.items()
            }
        return rank_of(score(ready, spec, shares)[spec.top])


def _whole(share: Floats) -> Floats:
    found: Floats = share / share.sum()
    return found


def _combinations(spec: IndexSpec, choices: Choices, runner: _Runner) -> tuple[list[IndexSpec], int]:
    """The specifications that can be computed on these data, and how many cannot."""
    possible, impossible = [], 0
    for outliers, normalisation, weights, aggregation in product(
        choices.outliers, choices.normalisation, choices.weights, choices.aggregation
    ):
        if not fits(spec, normalisation, weights, aggregation):
            impossible += 1
            continue
        made = replace(
            spec, outliers=outliers, normalisation=normalisation, weights=weights, aggregation=aggregation
        )
        try:
            runner.scores(made)
        except InputError:
            impossible += 1
            continue
        possible.append(made)
    return possible, impossible


def _drawn(possible: list[IndexSpec], which: Integers, out: Integers, spec: IndexSpec) -> pd.DataFrame:
    import pandas as pd

    names = ("outliers", "normalisation", "weights", "aggregation")
    frame = pd.DataFrame({name: [getattr(possible[place], name) for place in which] for name in names})
    frame["left_out"] = ["" if place < 0 else spec.codes[place] for place in out]
    return frame


def _ranges(
    units: NDArray[np.object_], unit: str, scores: Floats, given: Floats, found: Floats
) -> pd.DataFrame:
    import pandas as pd

    low, middle, high = np.nanquantile(found, [0.05, 0.5, 0.95], axis=0, method="inverted_cdf")
    return pd.DataFrame(
        {
            unit: units,
            "score": scores,
            "rank": given,
            "rank_best": np.nanmin(found, axis=0),
            "rank_5": low,
            "rank_median": middle,
            "rank_95": high,
            "rank_worst": np.nanmax(found, axis=0),
            "first": (found == 1).mean(axis=0),
        }
    )


def _by_choice(choices: Choices, drawn: pd.DataFrame, found: Floats, given: Floats) -> pd.DataFrame:
    import pandas as pd

    moved = np.nanmean(np.abs(found - given), axis=1)
    total = float(((moved - moved.mean()) ** 2).sum())
    rows = []
    for name in drawn.columns:
        options = drawn[name].to_numpy()
        stated = getattr(choices, name, tuple(dict.fromkeys(options)))
        kinds = [kind for kind in stated if (options == kind).any()]
        if len(kinds) < 2:
            continue
        between = sum(
            (options == kind).sum() * (moved[options == kind].mean() - moved.mean()) ** 2 for kind in kinds
        )
        for kind in kinds:
            mine = options == kind
            share = float(between) / total if total > 0 else 0.0
            rows.append((name, kind, int(mine.sum()), float(moved[mine].mean()), share))
    return pd.DataFrame(rows, columns=["choice", "option", "n", "shift", "explained"])


def correlation(first: Floats, second: Floats) -> float:
    """Spearman's correlation of two sets of ranks, nan where one of them does not vary."""
    both = ~np.isnan(first) & ~np.isnan(second)
    if first[both].std() == 0 or second[both].std() == 0:
        return float("nan")
    return float(np.corrcoef(_mid(first[both]), _mid(second[both]))[0, 1])


def _mid(values: Floats) -> Floats:
    """Mid ranks, as Spearman's correlation takes them."""
    ordered = np.sort(values)
    left, right = np.searchsorted(ordered, values, "left"), np.searchsorted(ordered, values, "right")
    found: Floats = (left + right + 1) / 2
    return found
