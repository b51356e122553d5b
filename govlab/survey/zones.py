"""Which zones differ, by how much, how sure: all pairs or against a reference, for many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from govlab.errors import Fault, InputError
from govlab.results import Estimates
from govlab.survey import domains, effective, estimate, letters, simultaneous, table
from govlab.survey.replicate import Replicates
from govlab.survey.simultaneous import Adjust

if TYPE_CHECKING:
    import pandas as pd

    from govlab.survey.design import Design

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
ZoneDf = Literal["units", "design"]

_HOW = {
    "max-t": "p and intervals adjusted together by the largest |t|",
    "holm": "p adjusted by Holm; no intervals, as none agree with it",
    "none": "not adjusted for the number of comparisons",
}
_DF_NOTE = "degrees of freedom from the sampled units of each zone (Satterthwaite for differences)"


@dataclass(frozen=True, eq=False)
class ZoneComparison(Estimates):
    """Differences of zone means, one row a comparison (``zone`` minus ``against``).

    Besides the common columns: effect_size (in standard deviations within zones), detectable (the
    smallest difference that a study like this one finds with the stated power), different (p at most
    1 - level), equivalent (the whole interval inside the margin, where one was declared).
    means: one row a zone, with ``letters`` where all pairs were compared: zones share a letter if they
    cannot be told apart. sets: those zones, highest mean first; sets overlap. margin, power: as asked.
    """

    means: pd.DataFrame | None = field(default=None, repr=False)
    sets: tuple[tuple[object, ...], ...] = ()
    adjust: Adjust = "max-t"
    margin: float | None = None
    power: float = 0.8

    def summary(self) -> str:
        """What differs, what cannot be told apart, and what this sample could have shown."""
        known = self.frame[self.frame["reason"] == ""]
        lines = [self.method, f"{_HOW[self.adjust]}; comparisons: {len(known)}"]
        lines.append(f"differences that stand out: {int(known['different'].sum())} of {len(known)}")
        for group in self.sets:
            if len(group) > 1:
                lines.append(f"cannot be told apart: {', '.join(str(one) for one in group)}")
        low, high = known["detectable"].min(), known["detectable"].max()
        span = f"{low:.3g}" if np.isclose(low, high, rtol=5e-3) else f"{low:.3g} to {high:.3g}"
        lines.append(f"smallest difference found with {100 * self.power:g} % power: {span}")
        if self.margin is None:
            lines.append("no margin was declared, so no two zones are called equivalent")
        else:
            count = int(known["equivalent"].sum())
            lines.append(f"equivalent within {self.margin:g} either way: {count} of {len(known)}")
        lines.append(f"rows used: {self.n_used:,}; left out: {self.n_dropped:,}")
        return "\n".join([*lines, *self.notes])


def compare_zones(
    design: Design,
    variable: str,
    *,
    zone: str,
    reference: object | None = None,
    adjust: Adjust = "max-t",
    margin: float | None = None,
    level: float = 0.95,
    power: float = 0.8,
    df: ZoneDf = "units",
    seed: int = 20260101,
) -> ZoneComparison:
    """Differences of weighted zone means: every pair, or each zone minus ``reference``.

    adjust: ``max-t`` (simultaneous intervals that agree with the adjusted p), ``holm``, or ``none`` for a
    comparison that was planned alone. margin: the largest difference that does not matter, declared
    beforehand; without it nothing is called equivalent. df: ``units`` counts them from the sampled units
    of each zone (Satterthwaite for a difference), as few units make a zone's own variance uncertain;
    ``design`` takes those of the whole design, with which many zones of few units each are called
    different too often. seed: of the max-t directions. Zones with one sampled unit or no rows
    are listed with the reason and compared with nothing. InputError if no two zones can be compared,
    the reference is no level, or the rows are no probability sample. Sources: Hothorn, Bretz & Westfall
    (2008), Biometrical J. 50, 346-363; Bloom (1995), Evaluation Review 19, 547-556 (detectable).
    """
    import pandas as pd
    from scipy import stats

    design.require_sample()
    if adjust not in get_args(Adjust):
        raise ValueError(f"adjust must be one of {', '.join(get_args(Adjust))}, got {adjust!r}")
    if not 0 < power < 1:
        raise ValueError(f"power must lie between 0 and 1, got {power!r}")
    if margin is not None and not margin > 0:
        raise ValueError(f"margin must be above zero, got {margin!r}")
    if df not in get_args(ZoneDf):
        raise ValueError(f"df must be one of {', '.join(get_args(ZoneDf))}, got {df!r}")
    means = estimate.mean(design, variable, by=zone, level=level)
    own_df = None if df == "design" else _own_df(design, variable, zone)
    zones = means.to_frame()
    if own_df is not None:
        means = effective.freed(means)
        zones = _with_df(means.to_frame(), own_df, level)
    labels = zones[zone].tolist()
    reasons = zones["reason"].to_numpy(dtype=object)
    first, second = _pairs(labels, reference, zone)
    fit = (reasons[first] == "") & (reasons[second] == "")
    if not fit.any():
        raise InputError(Fault("survey.zones_too_few", {"column": zone, "n": int((reasons == "").sum())}))
    value = zones["estimate"].to_numpy(dtype=np.float64)
    error, each = np.full((2, len(first)), np.nan)
    one, two = first[fit], second[fit]
    covariance = means.covariance
    error[fit] = np.sqrt(covariance[one, one] + covariance[two, two] - 2 * covariance[one, two])
    each[fit] = float(design.degf) if own_df is None else _satterthwaite(zones, own_df, one, two)
    difference = value[first] - value[second]
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = difference / error
    # Two zones that were counted whole have no error; nothing is uncertain about their difference.
    tested = fit & (error > 0)
    p, critical = np.full((2, len(first)), np.nan)
    p[fit & ~tested], critical[fit & ~tested] = 0.0, 0.0
    if tested.any():
        places = np.unique(np.concatenate([first[tested], second[tested]]))
        p[tested], critical[tested] = simultaneous.adjusted(
            adjust, covariance[np.ix_(places, places)],
            np.searchsorted(places, first[tested]), np.searchsorted(places, second[tested]),
            statistic[tested], each[tested], level=level, seed=seed,
            own_df=None if own_df is None else own_df[places],
        )  # fmt: skip
    reach = critical * error
    # Power is that of the decision taken here, so Holm's first step, Bonferroni, stands for Holm.
    decisive = critical if adjust != "holm" else stats.t.isf((1 - level) / 2 / max(1, int(fit.sum())), each)
    frame = pd.DataFrame(
        {
            "zone": [labels[place] for place in first],
            "against": [labels[place] for place in second],
            "term": variable,
            "estimate": difference,
            "std_error": error,
            "statistic": statistic,
            "df": each,
            "p_value": p,
            "conf_low": difference - reach,
            "conf_high": difference + reach,
            "n": zones["n"].to_numpy()[first] + zones["n"].to_numpy()[second],
            "reason": np.where(reasons[first] != "", reasons[first], reasons[second]),
            "effect_size": difference / _within_sd(design, variable, zone),
            "detectable": (decisive + stats.t.isf(1 - power, each)) * error,
            "different": p <= 1 - level,
        }
    )
    if margin is not None:
        frame["equivalent"] = (frame["conf_low"] > -margin) & (frame["conf_high"] < margin)
    sets: tuple[tuple[object, ...], ...] = ()
    if reference is None:
        sets, shown = _sets(labels, first, second, frame["different"].to_numpy(), reasons == "", value)
        zones = zones.assign(letters=shown)
    return ZoneComparison(
        frame=frame,
        method=f"differences of weighted means of {variable} between levels of {zone}",
        level=level,
        n_used=means.n_used,
        n_dropped=means.n_dropped,
        notes=means.notes if own_df is None else (_DF_NOTE, *design.notes),
        means=zones,
        sets=sets,
        adjust=adjust,
        margin=margin,
        power=power,
    )


def _pairs(labels: Sequence[object], reference: object | None, zone: str) -> tuple[Codes, Codes]:
    """Places of what is subtracted from what; later minus earlier for all pairs."""
    if reference is None:
        second, first = np.triu_indices(len(labels), 1)
        return first.astype(np.intp), second.astype(np.intp)
    texts = [str(label) for label in labels]
    if str(reference) not in texts:
        values = {"column": zone, "reference": reference, "known": ", ".join(texts[:20])}
        raise InputError(Fault("survey.zones_reference", values))
    base = texts.index(str(reference))
    first = np.array([place for place in range(len(labels)) if place != base], dtype=np.intp)
    return first, np.full(len(first), base, dtype=np.intp)


def _own_df(design: Design, variable: str, zone: str) -> Floats | None:
    """Degrees of freedom of each zone from its units; None where given replicates hide the units."""
    if isinstance(design.replicates, Replicates) and design.replicates.counted is None:
        return None
    known = ~np.isnan(estimate.numeric(design, variable))
    return effective.domain_df(design, domains.split(design, zone), known)


def _with_df(zones: pd.DataFrame, own_df: Floats, level: float) -> pd.DataFrame:
    """The means with intervals on each zone's own degrees of freedom."""
    reason = zones["reason"].to_numpy(dtype=object)
    reason = np.where((reason == "") & (own_df <= 0), "no-df", reason)
    reach = table.t_quantile(own_df, level) * zones["std_error"].to_numpy(dtype=np.float64)
    reach = np.where(reason == "", reach, np.nan)
    return zones.assign(
        df=own_df,
        conf_low=zones["estimate"] - reach,
        conf_high=zones["estimate"] + reach,
        reason=reason,
    )


def _satterthwaite(zones: pd.DataFrame, df: Floats, first: Codes, second: Codes) -> Floats:
    """Degrees of freedom of a difference of two means with their own (Satterthwaite 1946)."""
    variance = zones["std_error"].to_numpy(dtype=np.float64) ** 2
    one, two = variance[first], variance[second]
    with np.errstate(invalid="ignore"):
        found: Floats = (one + two) ** 2 / (one**2 / df[first] + two**2 / df[second])
    return np.where(np.isfinite(found), found, np.minimum(df[first], df[second]))


def _within_sd(design: Design, variable: str, zone: str) -> float:
    """Weighted standard deviation of rows around the mean of their zone."""
    values = estimate.numeric(design, variable)
    split = domains.split(design, zone)
    codes = split.codes if split.codes is not None else np.zeros(len(design), dtype=np.intp)
    inside = (codes < split.count) & ~np.isnan(values)
    y, w, home = values[inside], design.weights[inside], codes[inside]
    weight = np.bincount(home, w, minlength=split.count)
    with np.errstate(invalid="ignore"):
        centre = np.bincount(home, w * y, minlength=split.count) / weight
    squares = w @ (y - centre[home]) ** 2
    free = len(y) - int((weight > 0).sum())
    return float(np.sqrt(squares / w.sum() * len(y) / free)) if free > 0 else float("nan")


def _sets(
    labels: Sequence[object],
    first: Codes,
    second: Codes,
    different: NDArray[np.bool_],
    fit: NDArray[np.bool_],
    value: Floats,
) -> tuple[tuple[tuple[object, ...], ...], list[str]]:
    """Sets that cannot be told apart, highest mean first, and the letters of each zone ('' if unfit)."""
    alike = np.ones((len(labels), len(labels)), dtype=bool)
    alike[first, second] = alike[second, first] = ~different
    places = np.flatnonzero(fit)
    known = alike[np.ix_(places, places)]
    shown = [""] * len(labels)
    try:
        groups = letters.maximal_sets(known)
    except letters.TooManySets:
        return (), shown
    for place, letter in zip(places, letters.compact_letters(groups, value[places]), strict=True):
        shown[place] = letter
    ordered = letters.by_mean(groups, value[places])
    return tuple(tuple(labels[places[one]] for one in group) for group in ordered), shown
