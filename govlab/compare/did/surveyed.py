"""Differences in differences on survey microdata: strata, PSUs and weights, then the zones as units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.compare.did import panel as _panel
from govlab.compare.did.rows import FEW, rows
from govlab.errors import Fault, InputError
from govlab.results import Estimates

if TYPE_CHECKING:
    import pandas as pd

    from govlab.compare.did.trends import PreTrend
    from govlab.survey import Design

Floats = NDArray[np.float64]
Truth = NDArray[np.bool_]
BASES = ("design", "zone")


@dataclass(frozen=True, eq=False)
class SurveyEffect(Estimates):
    """Effects from microdata, each row twice: ``basis`` design and zone.

    design: these zones and no others, residents being the sample. zone: the model, which was assigned to
    zones; errors from the spread between zones, zones - 2 degrees of freedom. With ``event_time`` where
    effects were asked for by wave. covariance: by basis, of its rows in order.
    """

    outcome: str = ""
    covariance: dict[str, Floats] = field(default_factory=dict, repr=False)
    zones: tuple[int, int] = (0, 0)

    def pre_trend(self, *, basis: str = "zone", power: float = 0.8) -> PreTrend:
        """What the waves before say on one basis, and what they could have missed."""
        from govlab.compare.did.trends import trend

        if basis not in BASES:
            raise ValueError(f"basis must be one of {', '.join(BASES)}, got {basis!r}")
        if "event_time" not in self.frame:
            raise ValueError("effects by wave are needed: on_survey(..., by_wave=True)")
        mine = self.frame[self.frame["basis"] == basis].reset_index(drop=True)
        event = mine["event_time"].to_numpy()
        fit = (mine["reason"] == "").to_numpy()
        lead, lag = np.flatnonzero((event < -1) & fit), np.flatnonzero(event >= 0)
        value = mine["estimate"].to_numpy(dtype=np.float64)
        return trend(
            self.outcome, event[lead], value[lead], self.covariance[basis][np.ix_(lead, lead)],
            float(mine["df"].iloc[lead].min()) if len(lead) else 0.0, after=event[lag],
            effect=float(value[lag].mean()), power=power, level=self.level or 0.95,
        )  # fmt: skip


def on_survey(
    design: Design,
    outcome: str,
    *,
    wave: str,
    zone: str,
    treated: str,
    start: object,
    covariates: Sequence[str] = (),
    by_wave: bool = False,
    level: float = 0.95,
) -> SurveyEffect:
    """Effect of a model that began in some zones with wave ``start``, from people's answers.

    Regression (``survey.regress``) on treated, the waves, their product from ``start`` on, and
    covariates (terms of a formula). treated: 0 / 1, one value a zone. by_wave: an effect for every wave
    against the last one before. InputError where respondents are no probability sample, a zone is in
    both arms, or a wave before or after is missing. On the zone basis weights are taken as they are.
    """
    import pandas as pd

    from govlab.survey import Design, regress

    design.require_sample()
    inside, waves, first = _read(design, outcome, wave, zone, treated, start)
    codes = pd.factorize(design.frame[wave], sort=True)[0]
    arm = pd.to_numeric(design.frame[treated], errors="coerce").fillna(0.0).to_numpy(dtype=np.float64)
    if by_wave:
        event = [place - first for place in range(len(waves)) if place != first - 1]
        columns = {f"gl_at_{place}": arm * (codes - first == one) for place, one in enumerate(event)}
    else:
        event = [0]
        columns = {"gl_in_place": arm * (codes >= first)}
    columns |= {"gl_arm": arm, "gl_wave": codes.astype(np.float64)}
    formula = (
        f"{outcome} ~ {' + '.join([*[n for n in columns if n != 'gl_wave'], 'C(gl_wave)', *covariates])}"
    )
    told = design.with_columns({name: np.asarray(values) for name, values in columns.items()})
    asked = regress(told.subset(inside), formula, level=level)
    frame = told.frame.loc[inside].assign(gl_weight=design.weights[inside])
    arms = frame.groupby(zone, observed=True)["gl_arm"].first()
    zones = (int(arms.sum()), int(len(arms) - arms.sum()))
    places = [list(asked.frame["term"]).index(name) for name in columns if name not in ("gl_arm", "gl_wave")]
    parts, covariance = [], {}
    picked = np.ix_(places, places)
    covariance["design"] = asked.covariance[picked]
    reason = np.full(len(places), "" if asked.df > 0 else "few-clusters", dtype=object)
    parts.append(
        _part("design", event, asked.coefficients[places], covariance["design"], asked.df, reason, level)
    )
    few = min(zones) < 2
    if few:
        covariance["zone"] = np.full_like(covariance["design"], np.nan)
    else:
        by_zone = Design(frame, weights="gl_weight", strata="gl_arm", clusters=zone)
        covariance["zone"] = regress(by_zone, formula, level=level).covariance[picked]
    reason = np.full(len(places), "few-clusters" if few else "", dtype=object)
    parts.append(
        _part("zone", event, asked.coefficients[places], covariance["zone"], sum(zones) - 2, reason, level)
    )
    table = pd.concat(parts, ignore_index=True).assign(n=asked.n_used)
    if by_wave:
        table.insert(1, "wave", [waves[one + first] for one in event] * 2)
    else:
        table = table.drop(columns="event_time")
    notes = [
        "basis design: holds for these zones, with residents as the only sample",
        f"basis zone: holds for the model, assigned to {zones[0]} zones against {zones[1]}",
    ]
    if not few and min(zones) < FEW:
        notes.append(f"fewer than {FEW} zones in an arm: read the p at the zone beside a permutation test")
    return SurveyEffect(
        table, f"difference in differences on microdata: {outcome}, since wave {start}", level, asked.n_used,
        asked.n_dropped, (*notes, *design.notes), outcome, covariance, zones,
    )  # fmt: skip


def zone_panel(
    design: Design, outcome: str, *, wave: str, zone: str, treated: str, start: object
) -> pd.DataFrame:
    """Weighted means by zone and wave: the panel that the methods for whole zones take.

    Columns zone, wave, the outcome, ``std_error``, ``n``, ``arm`` (0 / 1 a zone) and ``in_place`` (0 / 1 a
    row: the model had begun). A zone without answers in a wave has no row, which those methods refuse.
    """
    from govlab.survey import mean

    inside, waves, first = _read(design, outcome, wave, zone, treated, start)
    found = mean(design.subset(inside), outcome, by=[zone, wave]).to_frame()
    found = found[found["estimate"].notna()].reset_index(drop=True)
    arms = design.frame.loc[inside].groupby(zone, observed=True)[treated].first()
    after = {str(one) for one in waves[first:]}
    arm = np.array([int(float(arms[one])) for one in found[zone]])
    began = found[wave].astype(str).isin(after).to_numpy().astype(np.intp)
    kept: pd.DataFrame = found[[zone, wave, "std_error", "n"]].copy()
    kept.insert(2, outcome, found["estimate"])
    kept["arm"], kept["in_place"] = arm, arm * began
    return kept


def _part(
    basis: str, event: Sequence[int], value: Floats, covariance: Floats, df: float,
    reason: NDArray[np.object_], level: float,
) -> pd.DataFrame:  # fmt: skip
    import pandas as pd

    columns = rows(value, np.diag(covariance).copy(), np.full(len(value), float(df)), reason, level)
    return pd.DataFrame({"basis": basis, "event_time": list(event)} | columns)


def _read(
    design: Design, outcome: str, wave: str, zone: str, treated: str, start: object
) -> tuple[Truth, list[object], int]:
    """Rows that take part, the waves in order, the place of the first treated one."""
    import pandas as pd

    frame = design.frame
    _panel.require(frame, [outcome, wave, zone, treated])
    inside = np.ones(len(frame), dtype=np.bool_) if design.inside is None else design.inside.copy()
    inside &= frame[wave].notna().to_numpy() & frame[zone].notna().to_numpy()
    faults: list[Fault] = []
    part = frame.loc[inside]
    arm = _panel.zero_one(part, treated, faults)
    homes, names = pd.factorize(part[zone])
    low, high = np.ones(len(names)), np.zeros(len(names))
    np.minimum.at(low, homes, arm)
    np.maximum.at(high, homes, arm)
    if (low != high).any():
        shown = ", ".join(str(names[one]) for one in np.flatnonzero(low != high)[:5])
        faults.append(Fault("did.torn_treatment", {"units": shown}))
    waves = list(_panel.ordered(part, wave, faults)[1])
    texts = [str(one) for one in waves]
    if str(start) not in texts:
        faults.append(Fault("did.unknown_start", {"column": wave, "values": str(start)}))
    elif texts.index(str(start)) == 0:
        faults.append(Fault("did.no_before"))
    if not faults and (arm.min() == 1 or arm.max() == 0):
        faults.append(Fault("did.one_arm", {"column": treated}))
    if faults:
        raise InputError(faults)
    return inside, waves, texts.index(str(start))
