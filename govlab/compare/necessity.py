"""Necessary condition analysis: how much of a condition must be there for a level of the outcome.

A condition is necessary "in degree" where cases with little of it and much of the outcome do not occur:
the corner of the scatter above the ceiling is empty. The effect size is the share of the possible area
that is empty. Sources: Dul (2016), Organ. Res. Methods 19, 10-52; Dul, van der Laan & Kuik (2020),
Organ. Res. Methods 23, 385-395 (permutation test); Phipson & Smyth (2010), Stat. Appl. Genet. Mol.
Biol. 9, art. 39 (p that is never 0).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from govlab.compare.ceilings import Ceiling, Scope, ceiling, effects, oriented
from govlab.errors import Fault, InputError
from govlab.results import NotApplicable, Result

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Corner = Literal["upper-left", "upper-right", "lower-left", "lower-right"]
Scale = Literal["percentage-range", "actual", "percentile", "percentage-max"]
_KINDS = ("ce-fdh", "cr-fdh")
_BLOCK = 1000  # permutations at a time, so that memory does not grow with their number


@dataclass(frozen=True, eq=False)
class Pair(Result):
    """One condition against the outcome.

    x, y: (n,) as given. scope: x from, to; y from, to. ceilings: by kind, in a frame turned so that the
    empty corner is the upper left. p: by kind, (p, its Monte-Carlo standard error); None where not asked.
    not_applicable: why there is nothing to compute.
    """

    condition: str
    outcome: str
    corner: Corner
    x: Floats = field(repr=False)
    y: Floats = field(repr=False)
    cases: tuple[str, ...] = field(repr=False)
    scope: Scope
    ceilings: dict[str, Ceiling] = field(repr=False)
    p: dict[str, tuple[float, float]] | None
    draws: int
    n_dropped: int = 0
    not_applicable: NotApplicable | None = None

    def to_frame(self) -> pd.DataFrame:
        """One row a ceiling."""
        import pandas as pd

        rows = []
        for kind in _KINDS:
            line = self.ceilings.get(kind)
            row: dict[str, object] = {"condition": self.condition, "outcome": self.outcome, "ceiling": kind}
            row |= _measures(line, self) if line is not None else {}
            p, error = self.p[kind] if self.p and kind in self.p else (np.nan, np.nan)
            row |= {"p_value": p, "p_error": error, "n": len(self.x)}
            row["reason"] = self.not_applicable.reason if self.not_applicable else line.reason if line else ""
            rows.append(row)
        return pd.DataFrame(rows).reindex(columns=_COLUMNS)

    def line(self, kind: str) -> tuple[Floats, Floats]:
        """Corners of a ceiling inside the scope, in the user's own units: x and y to draw it."""
        signs = oriented(self.corner)
        x, y = self.ceilings[kind].path(_turned(self.scope, signs))
        return signs[0] * x, signs[1] * y

    def summary(self) -> str:
        """Effect sizes and what they rest on."""
        lines = [f"{self.condition} for {self.outcome}: {len(self.x)} cases, {self.n_dropped} left out"]
        if self.not_applicable is not None:
            return "\n".join([*lines, f"not applicable: {self.not_applicable.detail}"])
        for kind, found in self.ceilings.items():
            text = f"{kind}: d = {found.effect:.3f}, accuracy {100 * found.accuracy:.1f} %"
            if self.p:
                text += f", permutation p = {self.p[kind][0]:.4f} (Monte-Carlo error {self.p[kind][1]:.4f})"
            lines.append(f"{text} {found.reason}".rstrip())
        return "\n".join(lines)


_COLUMNS = [
    *("condition", "outcome", "ceiling", "effect_size", "ceiling_zone", "scope", "accuracy", "fit"),
    *("complexity", "slope", "intercept", "condition_inefficiency", "outcome_inefficiency"),
    *("relative_inefficiency", "absolute_inefficiency", "p_value", "p_error", "n", "reason"),
]


@dataclass(frozen=True, eq=False)
class NecessaryConditions(Result):
    """Every condition with its ceilings; ``pairs`` by condition."""

    pairs: tuple[Pair, ...]

    def __getitem__(self, condition: str) -> Pair:
        for one in self.pairs:
            if one.condition == condition:
                return one
        raise KeyError(f"no condition {condition!r}; there are: {', '.join(p.condition for p in self.pairs)}")

    def to_frame(self) -> pd.DataFrame:
        """One row a condition and ceiling."""
        import pandas as pd

        return pd.concat([one.to_frame() for one in self.pairs], ignore_index=True)

    def summary(self) -> str:
        """Each condition in turn."""
        notes = []
        if len(self.pairs) > 1 and any(one.p for one in self.pairs):
            notes = [f"{len(self.pairs)} conditions were tested; each p is for its own condition alone"]
        return "\n".join([*(one.summary() for one in self.pairs), *notes])

    def bottleneck(
        self, *, kind: str = "cr-fdh", steps: int = 10, scale: Scale = "percentage-range"
    ) -> Bottleneck:
        """Which level of each condition is needed for a level of the outcome.

        Under a lower corner a level of the outcome reads "at most", under a right one so does the
        requirement. scale: of conditions and outcome alike; under ``percentile`` levels of the outcome
        stay percentages of its range and the requirement is the share of cases that fall short of it.
        """
        if kind not in _KINDS:
            raise ValueError(f"kind must be one of {', '.join(_KINDS)}, got {kind!r}")
        if scale not in get_args(Scale) or steps < 1:
            raise ValueError(f"scale must be one of {', '.join(get_args(Scale))} and steps at least 1")
        held = [one for one in self.pairs if one.not_applicable is None]
        return Bottleneck(kind, scale, tuple(_needs(one, kind, steps, scale) for one in held))


@dataclass(frozen=True, eq=False)
class Needs:
    """What one condition must reach: levels (s,) of the outcome, required (s,), NaN with a reason.

    reasons: ``""``, ``not-necessary`` (any level will do) or ``not-attained`` (the ceiling reaches this
    outcome only beyond the scope). short: (s,) number of cases that lie below what is required.
    """

    condition: str
    levels: Floats
    required: Floats
    reasons: tuple[str, ...]
    short: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Bottleneck(Result):
    """The bottleneck table: levels of the outcome down, conditions across."""

    kind: str
    scale: str
    needs: tuple[Needs, ...]

    def to_frame(self) -> pd.DataFrame:
        """Long: ``condition``, ``level`` of the outcome, ``required``, ``short`` (cases), ``reason``."""
        import pandas as pd

        parts = [
            pd.DataFrame(
                {"condition": one.condition, "level": one.levels, "required": one.required,
                 "short": one.short, "reason": list(one.reasons)}
            )
            for one in self.needs
        ]  # fmt: skip
        return pd.concat(parts, ignore_index=True)

    def summary(self) -> str:
        """What the numbers are."""
        return f"bottleneck table, {self.kind} ceiling, {self.scale}: required level of each condition"


def nca(
    frame: pd.DataFrame,
    condition: str | Sequence[str],
    outcome: str,
    *,
    corner: Corner = "upper-left",
    scope: Scope | None = None,
    draws: int = 10_000,
    seed: int = 1,
) -> NecessaryConditions:
    """Ceilings CE-FDH and CR-FDH, effect sizes, accuracy and a permutation p, condition by condition.

    corner: the one that is expected to be empty; ``upper-left``: much of the condition is needed for much
    of the outcome. scope: what x and y could be (x from, to, y from, to), else what was observed. draws:
    permutations of the condition against the outcome, 0 for none; p = (1 + those at least as large) /
    (draws + 1), for the null that the two are unrelated. Rows with a missing value are left out, pair by
    pair. InputError for values that are not numbers or lie outside the scope; a condition that does not
    vary gives a result that says so. The index of the frame names the cases.
    """
    names = [condition] if isinstance(condition, str) else list(condition)
    if corner not in get_args(Corner):
        raise ValueError(f"corner must be one of {', '.join(get_args(Corner))}, got {corner!r}")
    if draws < 0:
        raise ValueError(f"draws must be 0 or more, got {draws}")
    if not names or outcome in names:
        raise ValueError(f"condition: at least one column, and not the outcome {outcome!r}; got {names}")
    for name in (*names, outcome):
        if name not in frame.columns:
            raise KeyError(f"the frame has no column {name!r}")
    faults: list[Fault] = []
    columns = {name: _numbers(frame, name, faults) for name in dict.fromkeys((*names, outcome))}
    if scope is not None:
        faults.extend(_outside(columns, names, outcome, scope))
    if faults:
        raise InputError(faults)
    labels = [str(one) for one in frame.index]
    return NecessaryConditions(
        tuple(
            _pair(name, outcome, columns[name], columns[outcome], labels, corner, scope, draws, seed)
            for name in names
        )
    )


def _pair(
    condition: str, outcome: str, x: Floats, y: Floats, labels: list[str], corner: Corner,
    scope: Scope | None, draws: int, seed: int,
) -> Pair:  # fmt: skip
    known = ~(np.isnan(x) | np.isnan(y))
    dropped = int((~known).sum())
    x, y = x[known], y[known]
    cases = tuple(label for label, one in zip(labels, known, strict=True) if one)
    varies = len(x) > 1 and np.ptp(x) > 0 and np.ptp(y) > 0
    if not varies:
        which = condition if len(x) < 2 or np.ptp(x) == 0 else outcome
        detail = f"{which} does not vary over the {len(x)} cases with both values: no corner can be empty"
        why = NotApplicable("constant", detail)
        empty = (np.nan,) * 4
        return Pair(condition, outcome, corner, x, y, cases, scope or empty, {}, None, 0, dropped, why)
    held = scope or (float(x.min()), float(x.max()), float(y.min()), float(y.max()))
    signs = oriented(corner)
    turned = _turned(held, signs)
    found = {kind: ceiling(signs[0] * x, signs[1] * y, turned, kind) for kind in _KINDS}
    p = _permuted(signs[0] * x, signs[1] * y, turned, found, draws, seed) if draws else None
    return Pair(condition, outcome, corner, x, y, cases, held, found, p, draws, dropped)


def _permuted(
    x: Floats, y: Floats, scope: Scope, found: dict[str, Ceiling], draws: int, seed: int
) -> dict[str, tuple[float, float]]:
    rng = np.random.default_rng(seed)
    larger = dict.fromkeys(_KINDS, 0)
    done = 0
    while done < draws:
        count = min(_BLOCK, draws - done)
        shuffled = rng.permuted(np.broadcast_to(y, (count, len(y))), axis=1)
        for kind, sizes in effects(x, shuffled, scope).items():
            # Permutations that put the same cases on the ceiling tie but for rounding.
            larger[kind] += int((sizes >= found[kind].effect - 1e-12).sum())
        done += count
    shares = {kind: (1 + count) / (draws + 1) for kind, count in larger.items()}
    return {kind: (p, float(np.sqrt(p * (1 - p) / draws))) for kind, p in shares.items()}


def _needs(pair: Pair, kind: str, steps: int, scale: Scale) -> Needs:
    signs = oriented(pair.corner)
    x0, x1, y0, y1 = pair.scope
    share = np.arange(steps + 1) / steps
    if scale == "percentage-max":
        levels, at = 100 * share, share * y1
    else:
        at = y0 + share * (y1 - y0)
        levels = at if scale == "actual" else 100 * share
    turned, reasons = pair.ceilings[kind].required(signs[1] * at, _turned(pair.scope, signs))
    value = signs[0] * turned
    known = ~np.isnan(value)
    below = np.where(known[:, None], signs[0] * pair.x < np.where(known, turned, 0.0)[:, None], False)
    short = below.sum(axis=1)
    if scale == "percentage-range":
        edge = x0 if signs[0] > 0 else x1
        value = 100 * signs[0] * (value - edge) / (x1 - x0)
    elif scale == "percentage-max":
        value = 100 * value / x1
    elif scale == "percentile":
        value = np.where(known, 100 * short / len(pair.x), np.nan)
    return Needs(pair.condition, levels, value, reasons, short)


def _measures(line: Ceiling, pair: Pair) -> dict[str, float]:
    signs = oriented(pair.corner)
    turn = signs[0] * signs[1]
    width = (pair.scope[1] - pair.scope[0]) * (pair.scope[3] - pair.scope[2])
    exact = pair.ceilings["ce-fdh"]
    condition, outcome = line.inefficiency
    relative = 1 - (1 - condition) * (1 - outcome)
    return {
        "effect_size": line.effect,
        "ceiling_zone": line.effect * width,
        "scope": width,
        "accuracy": line.accuracy,
        "fit": line.effect / exact.effect if exact.effect > 0 else np.nan,
        "complexity": line.complexity,
        "slope": turn * line.slope,
        "intercept": signs[1] * line.intercept,
        "condition_inefficiency": condition,
        "outcome_inefficiency": outcome,
        "relative_inefficiency": relative,
        "absolute_inefficiency": relative * width,
    }


def _turned(scope: Scope, signs: tuple[int, int]) -> Scope:
    x0, x1, y0, y1 = scope
    left, right = (x0, x1) if signs[0] > 0 else (-x1, -x0)
    low, high = (y0, y1) if signs[1] > 0 else (-y1, -y0)
    return left, right, low, high


def _numbers(frame: pd.DataFrame, name: str, faults: list[Fault]) -> Floats:
    import pandas as pd

    numbers = pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    odd = (np.isnan(numbers) & frame[name].notna().to_numpy()) | np.isinf(numbers)
    if odd.any():
        shown = ", ".join(str(one) for one in pd.unique(frame[name][odd])[:5])
        faults.append(Fault("necessity.not_a_number", {"column": name, "values": shown}))
    return np.asarray(numbers, dtype=np.float64)


def _outside(columns: dict[str, Floats], names: list[str], outcome: str, scope: Scope) -> list[Fault]:
    x0, x1, y0, y1 = scope
    if not (x0 < x1 and y0 < y1):
        raise ValueError(f"scope must be x from < to, y from < to; got {scope}")
    found = []
    for name in (*names, outcome):
        low, high = (y0, y1) if name == outcome else (x0, x1)
        values = columns[name][~np.isnan(columns[name])]
        if len(values) and (values.min() < low or values.max() > high):
            told = {"column": name, "low": f"{values.min():g}", "high": f"{values.max():g}"}
            found.append(Fault("necessity.outside_scope", told | {"from": f"{low:g}", "to": f"{high:g}"}))
    return found
