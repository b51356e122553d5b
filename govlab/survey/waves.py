"""Between waves: change with its error under overlap, and pilot x wave difference in differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from govlab.errors import Fault, InputError
from govlab.results import Estimates
from govlab.survey import domains, effective, estimate, table

if TYPE_CHECKING:
    import pandas as pd

    from govlab.survey.design import Design

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
ChangeDf = Literal["units", "design"]


@dataclass(frozen=True, eq=False)
class DifferenceInDifferences(Estimates):
    """One estimate, two errors, each for its own claim.

    Rows by ``basis``: ``design`` (these zones only: were residents asked again?) and ``zone`` (the model,
    which was assigned to zones: were it tried in other zones?). units: sampled units, or zones, behind the
    error. means: the four means of treated x wave.
    """

    means: pd.DataFrame | None = field(default=None, repr=False)


def change(
    design: Design,
    variable: str,
    *,
    wave: str,
    between: tuple[object, object],
    by: str | Sequence[str] | None = None,
    person: str | None = None,
    level: float = 0.95,
    df: ChangeDf = "units",
) -> Estimates:
    """Change of a weighted mean between two waves, overall or by group.

    The waves stand in one table with a column ``wave``; between: earlier, later. Units that were sampled
    in both carry the same cluster id, which is what makes the error right under overlap; where rows are
    the sampling units, a panel needs the person as cluster, and ``person`` (a study code) checks that. df:
    counted from the sampled units of the group, or of the whole design. Adds ``before`` and ``after``.
    Source: Särndal, Swensson & Wretman (1992), sec. 9.9; a difference of two domain means.
    """
    groups = domains.names(by)
    part, _ = _two_waves(design, wave, between, person, df)
    means = estimate.mean(part, variable, by=[*groups, wave], level=level)
    if df == "units" and part.replicates is None:
        means = effective.freed(means)
    cells = means.to_frame()
    # Rows come by group, then wave; a group may lack one of the two.
    at = _wave_place(cells[wave], between)
    keys = [tuple(row) for row in cells[groups].itertuples(index=False)] if groups else [()] * len(cells)
    order = list(dict.fromkeys(keys))
    place = {(key, which): row for row, (key, which) in enumerate(zip(keys, at, strict=True))}
    before = np.array([place.get((key, 0), -1) for key in order], dtype=np.intp)
    after = np.array([place.get((key, 1), -1) for key in order], dtype=np.intp)
    covariance = means.covariance
    reasons = cells["reason"].to_numpy(dtype=object)
    either = np.where(reasons[before] != "", reasons[before], reasons[after])
    reason = np.where((before < 0) | (after < 0), "empty-cell", either)
    value = cells["estimate"].to_numpy(dtype=np.float64)
    first = np.where(before < 0, np.nan, value[before])
    last = np.where(after < 0, np.nan, value[after])
    variance = covariance[before, before] + covariance[after, after] - 2 * covariance[before, after]
    if df == "design" or part.replicates is not None:
        own = np.full(len(order), float(design.degf))
    else:
        own = _group_df(part, variable, groups, order)
    n = cells["n"].to_numpy()
    counts = np.where(before < 0, 0, n[before]) + np.where(after < 0, 0, n[after])
    rows = _rows(last - first, variance, own, reason, level, counts)
    labels = {name: [key[position] for key in order] for position, name in enumerate(groups)}
    import pandas as pd

    frame = pd.DataFrame(labels | {"term": [variable] * len(order)} | rows | {"before": first, "after": last})
    rule = "of the whole design" if df == "design" else "counted from the sampled units of each group"
    return Estimates(
        frame, f"change of the weighted mean of {variable} from {wave} {between[0]} to {between[1]}", level,
        means.n_used, means.n_dropped, (f"degrees of freedom {rule}", *design.notes),
    )  # fmt: skip


def difference_in_differences(
    design: Design,
    variable: str,
    *,
    wave: str,
    between: tuple[object, object],
    treated: str,
    zone: str,
    person: str | None = None,
    level: float = 0.95,
    df: ChangeDf = "units",
) -> DifferenceInDifferences:
    """Change in the treated zones minus change in the others, with two errors.

    treated: a column of 0 / 1, the same for all rows of a zone. On the design: residents are sampled, the
    zones are given. At the zone: zones are the units to which the model was assigned, so their number
    limits what can be learnt: sums of influence values by zone, zones within arms, (zones - 2) degrees of
    freedom. InputError where a zone is in both arms or a cell is empty. Sources: Bertrand, Duflo &
    Mullainathan (2004), Q. J. Econ. 119, 249-275; Donald & Lang (2007), Rev. Econ. Stat. 89, 221-233.
    """
    import pandas as pd

    design.require_sample()
    part, later = _two_waves(design, wave, between, person, df)
    inside = part.inside
    assert inside is not None
    arm = _arms(part, treated, zone, inside)
    means = estimate.mean(part, variable, by=[treated, wave], level=level)
    if df == "units" and part.replicates is None:
        means = effective.freed(means)
    cells = means.to_frame()
    if len(cells) != 4 or cells["estimate"].isna().any():
        raise InputError(Fault("survey.did_empty", {"treated": treated, "wave": wave}))
    sign = np.array([1.0, -1.0])[_wave_place(cells[wave], between)]
    sign *= np.where(cells[treated].astype(float).to_numpy() == 1, -1.0, 1.0)
    value = cells["estimate"].to_numpy(dtype=np.float64)
    gap = float(sign @ value)
    reasons = [str(one) for one in cells["reason"] if one]
    on_design = float(sign @ means.covariance @ sign) if not reasons else float("nan")

    y = estimate.numeric(part, variable)
    used = inside & ~np.isnan(y)
    per_zone, zone_arm = _zone_sums(part, np.where(used, y, 0.0), used, arm, later, zone)
    zones = np.bincount(zone_arm, minlength=2)
    on_zone, zone_reason = float("nan"), "few-clusters"
    if zones.min() >= 2:
        spread = per_zone - (np.bincount(zone_arm, per_zone, minlength=2) / zones)[zone_arm]
        on_zone, zone_reason = float((zones / (zones - 1))[zone_arm] @ spread**2), ""
    design_df = float(design.degf)
    if df == "units" and not reasons:
        design_df = _two_arm_df(part, variable, treated, means.covariance, sign, cells)
    rows = _rows(
        np.array([gap, gap]),
        np.array([on_design, on_zone]),
        np.array([design_df, float(zones.sum() - 2)]),
        np.array([reasons[0] if reasons else "", zone_reason], dtype=object),
        level,
        np.full(2, int(used.sum())),
    )
    stage = part.stages[0]
    rows["units"] = np.array([len(np.unique(stage.clusters[used])), int(zones.sum())])
    frame = pd.DataFrame({"basis": ["design", "zone"], "term": [variable] * 2} | rows)
    notes = [
        "basis design: holds for these zones, with residents as the only sample",
        f"basis zone: holds for the model, assigned to {zones[1]} zones against {zones[0]}",
    ]
    if 2 <= zones.min() < 5:
        notes.append("fewer than five zones in an arm: read the p at the zone beside a permutation test")
    return DifferenceInDifferences(
        frame=frame,
        method=f"difference in differences of {variable}: {treated} x {wave} {between[0]} to {between[1]}",
        level=level,
        n_used=means.n_used,
        n_dropped=means.n_dropped,
        notes=(*notes, *design.notes),
        means=cells,
    )


def _rows(
    value: Floats, variance: Floats, df: Floats, reason: np.ndarray, level: float, n: np.ndarray
) -> dict[str, np.ndarray]:
    """The common columns from values, variances and degrees of freedom."""
    from scipy import stats

    error = np.sqrt(np.maximum(variance, 0.0))
    reason = np.where((reason == "") & ~(df > 0), "no-df", reason)
    fit = reason == ""
    free = np.where(fit, df, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.where(fit, value / error, np.nan)
    reach = np.where(fit, table.t_quantile(np.where(fit, df, 1.0), level) * error, np.nan)
    return {
        "estimate": value,
        "std_error": np.where(fit | (reason == "no-df"), error, np.nan),
        "statistic": statistic,
        "df": free,
        "p_value": 2 * stats.t.sf(np.abs(statistic), free),
        "conf_low": value - reach,
        "conf_high": value + reach,
        "n": n,
        "reason": reason,
    }


def _two_waves(
    design: Design, wave: str, between: tuple[object, object], person: str | None, df: str
) -> tuple[Design, NDArray[np.bool_]]:
    """The design seen through two waves, and which rows are of the later one."""
    if df not in get_args(ChangeDf):
        raise ValueError(f"df must be one of {', '.join(get_args(ChangeDf))}, got {df!r}")
    for name in (wave, *([person] if person else [])):
        if name not in design.frame.columns:
            raise KeyError(f"the frame has no column {name!r}")
    texts = design.frame[wave].astype(str).to_numpy()
    earlier, later = texts == str(between[0]), texts == str(between[1])
    absent = [str(one) for one, rows in zip(between, (earlier, later), strict=True) if not rows.any()]
    if absent or str(between[0]) == str(between[1]):
        known = ", ".join(dict.fromkeys(str(one) for one in design.frame[wave].dropna()))
        values = {"column": wave, "waves": ", ".join(map(str, between)), "known": known}
        raise InputError(Fault("survey.wave_unknown", values))
    part = design.subset(earlier | later)
    if person is not None:
        assert part.inside is not None
        _refuse_torn(part, person, part.inside)
    return part, later


def _refuse_torn(design: Design, person: str, inside: NDArray[np.bool_]) -> None:
    """A person whose rows lie in two sampling units would be counted as two people."""
    from govlab.survey import stages

    codes = stages.encode(design.frame[person])[0]
    known = inside & (codes >= 0)
    clusters = design.stages[0].clusters
    home = np.zeros(int(codes.max(initial=-1)) + 1, dtype=np.intp)
    home[codes[known]] = clusters[known]
    torn = known & (home[codes] != clusters)
    if torn.any():
        values = {"column": person, "n": len(np.unique(codes[torn]))}
        raise InputError(Fault("survey.person_in_two_units", values))


def _wave_place(waves: pd.Series, between: tuple[object, object]) -> Codes:
    """0 for the earlier wave, 1 for the later."""
    return np.asarray(waves.astype(str).to_numpy() == str(between[1]), dtype=np.intp)


def _group_df(part: Design, variable: str, groups: list[str], order: list[tuple[object, ...]]) -> Floats:
    """Degrees of freedom of each group from its own units, in the order of the result."""
    split = domains.split(part, groups or None)
    known = ~np.isnan(estimate.numeric(part, variable))
    own = effective.domain_df(part, split, known)
    if not groups:
        return own
    keys = [tuple(row) for row in split.labels.itertuples(index=False)]
    return np.array([own[keys.index(key)] for key in order])


def _arms(part: Design, treated: str, zone: str, inside: NDArray[np.bool_]) -> Codes:
    """(n,) 1 for treated rows; every zone in one arm."""
    import pandas as pd

    for name in (treated, zone):
        if name not in part.frame.columns:
            raise KeyError(f"the frame has no column {name!r}")
    values = pd.to_numeric(part.frame[treated], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    if not np.isin(values[inside], [0.0, 1.0]).all():
        raise InputError(Fault("survey.did_treated", {"column": treated}))
    arms = part.frame.loc[inside].groupby(zone, observed=True)[treated].nunique()
    torn = [str(one) for one in arms.index[arms > 1]]
    if torn:
        shown = {"zones": ", ".join(torn[:8]), "column": treated}
        raise InputError(Fault("survey.did_zone_in_both", shown))
    if part.frame.loc[inside, zone].isna().any():
        raise InputError(Fault("survey.did_zone_missing", {"column": zone}))
    return np.where(inside, np.nan_to_num(values), 0.0).astype(np.intp)


def _zone_sums(
    part: Design, y: Floats, used: NDArray[np.bool_], arm: Codes, later: NDArray[np.bool_], zone: str
) -> tuple[Floats, Codes]:
    """Weighted influence of each zone on the difference in differences, and the arm of each zone."""
    from govlab.survey import stages

    w = np.where(used, part.weights, 0.0)
    cell = 2 * arm + later
    weight = np.bincount(cell, w, minlength=4)
    mean = np.bincount(cell, w * y, minlength=4) / weight
    sign = np.array([1.0, -1.0, -1.0, 1.0])
    influence = np.where(used, sign[cell] * (y - mean[cell]) / weight[cell], 0.0)
    for calibration in reversed(part.calibration):
        influence = calibration.residuals(influence[:, None])[:, 0]
    codes = stages.encode(part.frame[zone])[0]
    known, home = np.unique(codes[used], return_inverse=True)
    # After calibration rows outside carry residuals too; they belong to no zone of the comparison.
    sums = np.bincount(home, (part.weights * influence)[used], minlength=len(known))
    zone_arm = np.zeros(len(known), dtype=np.intp)
    zone_arm[home] = arm[used]
    return np.asarray(sums, dtype=np.float64), zone_arm


def _two_arm_df(
    part: Design, variable: str, treated: str, covariance: Floats, sign: Floats, cells: pd.DataFrame
) -> float:
    """Satterthwaite over the two arms, each with the degrees of freedom of its own sampled units."""
    if part.replicates is not None:
        return float(part.degf)
    split = domains.split(part, treated)
    known = ~np.isnan(estimate.numeric(part, variable))
    own = effective.domain_df(part, split, known)
    level_of = split.labels[treated].astype(float).to_numpy()
    total = parts = 0.0
    for label, df in zip(level_of, own, strict=True):
        rows = (cells[treated].astype(float) == label).to_numpy()
        variance = float(sign[rows] @ covariance[np.ix_(rows, rows)] @ sign[rows])
        total += variance
        parts += variance**2 / df if df > 0 else np.inf
    return total**2 / parts if parts > 0 and np.isfinite(parts) else 0.0
