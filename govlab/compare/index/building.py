"""An index built from its specification: scores with every step kept, and their errors where known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.compare.index.computing import Prepared, prepare, score, weigh
from govlab.compare.index.reading import read
from govlab.compare.index.specification import IndexSpec, order
from govlab.errors import Fault, InputError
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

    from govlab.ranks import Ranks

Floats = NDArray[np.float64]
_STEP = 1e-4  # of a standard error: the slope of the scores is taken over it
_STEPPED = ("rank", "percentile", "borda")


@dataclass(frozen=True, eq=False)
class Index(Result):
    """An index and how it came about.

    units: (n,) names. scores: (n, groups), the top first. normalised: (n, k) indicators on one scale.
    weights: a row an indicator or group: ``code``, ``parent``, ``weight`` (within its parent, sum 1),
    ``effective`` (in the index). treated: what was done to outliers. filled: cells without a value.
    covariance: (n, n) of the top scores where the indicators' errors were given, else None.
    """

    spec: IndexSpec
    unit: str
    units: NDArray[np.object_]
    scores: pd.DataFrame
    normalised: pd.DataFrame
    weights: pd.DataFrame
    treated: pd.DataFrame
    filled: int
    covariance: Floats | None = None
    notes: tuple[str, ...] = ()

    @property
    def values(self) -> Floats:
        """(n,) the scores of the top."""
        found: Floats = self.scores[self.spec.top].to_numpy(dtype=np.float64)
        return found

    def to_frame(self) -> pd.DataFrame:
        """Unit, score, standard error where known, and the scores of the groups; no rank."""
        frame = self.scores.copy()
        if self.covariance is not None:
            frame.insert(1, "std_error", np.sqrt(np.diag(self.covariance)))
        frame.insert(0, self.unit, self.units)
        return frame

    def summary(self) -> str:
        """Every choice in a few lines."""
        spec = self.spec
        lines = [
            f"index of {len(spec.indicators)} indicators for {len(self.units)} units",
            f"outliers: {spec.outliers}; missing: {spec.missing} ({self.filled} cells); "
            f"normalisation: {spec.normalisation}; weights: {spec.weights}; aggregation: {spec.aggregation}",
        ]
        if spec.preset:
            lines.append(f"convention: {spec.preset}")
        return "\n".join([*lines, *self.notes])

    def ranks(self, *, simultaneous: bool = True, level: float = 0.95) -> Ranks:
        """Confidence sets for the ranks, from the errors of the indicators (sampling error only).

        InputError where no errors were given: then ``uncertainty`` shows ranks over specifications, which
        are ranges over choices and not confidence sets.
        """
        import pandas as pd

        from govlab.ranks import confidence_sets

        if self.covariance is None:
            raise InputError(Fault("index.no_errors"))
        series = pd.Series(self.values, index=pd.Index(self.units, name=self.unit))
        found = confidence_sets(series, self.covariance, simultaneous=simultaneous, level=level)
        return replace(found, frame=found.frame.rename(columns={"unit": self.unit}))


def build(
    data: pd.DataFrame,
    spec: IndexSpec,
    *,
    unit: str,
    errors: Mapping[str, Floats] | None = None,
) -> Index:
    """An index for the units of a table.

    data: one row a unit, a column an indicator. unit: column of names. errors: by indicator, (n,) standard
    errors or an (n, n) covariance over units, rows as in data; indicators without are taken as known, and
    errors of different indicators as independent. The scores' covariance follows by the slopes of the
    putting together (delta method), with the ends of scales and the weights held as they came out: at the
    ends of a scale that moves with the data a slope would be none at all. InputError lists
    everything in the data that stands in the way. OECD/JRC (2008), Handbook on Constructing Composite
    Indicators.
    """
    import pandas as pd

    table = read(data, spec, unit)
    ready = prepare(table.values, spec)
    shares = weigh(ready, spec)
    found = score(ready, spec, shares)
    groups = [spec.top, *(one.code for one in spec.groups)]
    notes = []
    covariance = None
    if errors is not None:
        covariance = _covariance(table.values, ready, shares, spec, errors)
        notes.append("errors of different indicators taken as independent; scales and weights held fixed")
    treated = pd.DataFrame(
        [(code, *done) for code, done in zip(spec.codes, ready.done, strict=True) if done[0] != "none"],
        columns=["code", "treatment", "points"],
    )
    return Index(
        spec,
        unit,
        table.units,
        pd.DataFrame({name: found[name] for name in groups}),
        pd.DataFrame(ready.values, columns=spec.codes),
        _weights(spec, shares),
        treated,
        int(np.isnan(table.values).sum()),
        covariance,
        tuple(notes),
    )


def _weights(spec: IndexSpec, shares: Mapping[str, Floats]) -> pd.DataFrame:
    import pandas as pd

    effective = {spec.top: 1.0}
    rows = []
    for name in reversed(order(spec)):
        for member, share in zip(spec.members(name), shares[name], strict=True):
            effective[member.code] = effective[name] * float(share)
            rows.append((member.code, name, float(share), effective[member.code]))
    return pd.DataFrame(rows, columns=["code", "parent", "weight", "effective"])


def _covariance(
    values: Floats,
    ready: Prepared,
    shares: Mapping[str, Floats],
    spec: IndexSpec,
    errors: Mapping[str, Floats],
) -> Floats:
    """(n, n) of the top scores, the ends of the scales and all weights held as they came out."""
    faults = []
    if spec.normalisation in _STEPPED:
        faults.append(Fault("index.errors_of_ranks", {"normalisation": spec.normalisation}))
    if set(errors) - set(spec.codes):
        raise ValueError(f"errors: not indicators of this index: {sorted(set(errors) - set(spec.codes))}")
    n = len(values)
    total = np.zeros((n, n))
    for code, given in errors.items():
        matrix = np.asarray(given, dtype=np.float64)
        matrix = np.diag(matrix**2) if matrix.ndim == 1 else matrix
        if matrix.shape != (n, n):
            raise ValueError(f"errors: {code!r} needs ({n},) or ({n}, {n}) numbers, got {matrix.shape}")
        place = spec.codes.index(code)
        if not np.isfinite(matrix).all():
            faults.append(Fault("index.errors_missing", {"code": code}))
        elif ready.done[place][0] == "logged":
            faults.append(Fault("index.errors_logged", {"code": code}))
        if faults:
            continue
        rate = _rate(values[:, place], ready.values[:, place], spec.indicators[place].direction)
        roots, vectors = np.linalg.eigh(matrix)
        for step in (vectors * np.sqrt(np.maximum(roots, 0.0))).T:
            if not step.any():
                continue
            moved = []
            for sign in (1, -1):
                other = ready.values.copy()
                other[:, place] += sign * _STEP * rate * step
                moved.append(score(Prepared(other, ready.done), spec, shares)[spec.top])
            slope = (moved[0] - moved[1]) / (2 * _STEP)
            total += np.outer(slope, slope)
    if faults:
        raise InputError(faults)
    return total


def _rate(raw: Floats, scaled: Floats, direction: int) -> float:
    """How fast a scaled value moves with the raw one: every scale is a straight line, cut off at most.

    From the step between neighbours that moves the scaled value most, which no cut makes level.
    """
    order = np.argsort(raw, kind="stable")
    x, z = np.diff(raw[order]), np.diff(scaled[order])
    widest = int(np.nanargmax(np.where(x > 0, np.abs(z), -1.0)))
    return float(z[widest] / x[widest]) if x[widest] > 0 else float(direction)
