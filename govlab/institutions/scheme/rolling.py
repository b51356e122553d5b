"""From units to the body above them: the mean of its units' scores, and its own result beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from govlab.errors import Fault, InputError
from govlab.institutions.scheme.arithmetic import Floats, rater_covariance, rater_means, rater_spread
from govlab.institutions.scheme.evidence import OWN, Evidence, Unit
from govlab.institutions.scheme.models import Measure
from govlab.institutions.scheme.pieces import to_points
from govlab.institutions.scheme.scheme import Scheme
from govlab.institutions.scheme.scores import NO_EVIDENCE, NO_RESPONDENTS, PARTS, Scores, need_pieces

if TYPE_CHECKING:
    import pandas as pd


def roll_up(scores: Scores) -> Scores:
    """Scores of the bodies above, with the errors of their units carried up.

    The mean is simple or weighted by size, as the scheme says, over the units that have a score; how many
    have none stands in the notes. InputError where the scheme has no roll-up, or sizes are missing.
    """
    rule = scores.scheme.file.rollup
    if rule is None:
        raise InputError(Fault("scheme.no_rollup", {"id": scores.scheme.id}))
    above = scores.evidence.above
    scored = np.isfinite(scores.estimate)
    shares = np.zeros((len(above), len(scores.units)))
    faults = []
    for row, body in enumerate(above):
        for place, unit in enumerate(scores.units):
            if unit.parent != body.id or not scored[place]:
                continue
            if rule.mean == "size" and not (unit.size and unit.size > 0):
                faults.append(Fault("scheme.no_size", {"unit": unit.id}))
            shares[row, place] = 1.0 if rule.mean == "simple" else (unit.size or 0.0)
    if faults:
        raise InputError(faults)
    total = shares.sum(axis=1, keepdims=True)
    shares = np.divide(shares, total, out=shares, where=total > 0)
    own, own_error, own_known = _own(scores.scheme, scores.evidence, rule.own_measure)
    below, beside = rule.units.value / 100, rule.own.value / 100
    values = np.where(scored, scores.estimate, 0.0)
    estimate = below * (shares @ values) + beside * own
    estimate[total[:, 0] == 0] = np.nan
    inner = np.where(np.isnan(scores.covariance) & ~np.outer(scored, scored), 0.0, scores.covariance)
    carried = below**2 * (shares @ inner @ shares.T)
    covariance = carried + beside**2 * own_error
    gone = np.isnan(estimate)
    covariance[gone] = covariance[:, gone] = np.nan
    unknown = [
        int(sum(scores.unknown[place] for place in np.flatnonzero(shares[row]))) + (not own_known[row])
        for row in range(len(above))
    ]
    survey = need_pieces(scores).survey_error(scores.scheme.shares)
    survey[~scored] = survey[:, ~scored] = 0.0
    sampling = below * np.sqrt(np.einsum("au,uv,av->a", shares, survey, shares))
    with np.errstate(invalid="ignore"):
        rating = np.sqrt(np.maximum(np.diag(covariance) - sampling**2, 0.0))
    lost = [
        sum(u.parent == body.id and not ok for u, ok in zip(scores.units, scored, strict=True))
        for body in above
    ]
    notes = tuple(f"{body.id}: {n} units without a score" for body, n in zip(above, lost, strict=True) if n)
    return Scores(
        scheme=scores.scheme,
        evidence=scores.evidence,
        units=above,
        estimate=estimate,
        covariance=covariance,
        sampling=sampling,
        rating=rating,
        unknown=tuple(unknown),
        reasons=tuple(
            "" if not gone[row] else (NO_RESPONDENTS if total[row, 0] == 0 else NO_EVIDENCE)
            for row in range(len(above))
        ),
        n=(shares > 0) @ scores.n,
        parts=_parts(above, shares @ values, own, below, beside, np.sqrt(np.diag(own_error)), own_known),
        level=scores.level,
        notes=notes,
    )


def _own(scheme: Scheme, evidence: Evidence, measure: Measure) -> tuple[Floats, Floats, list[bool]]:
    """(bodies,) own results in points, their (bodies, bodies) covariance, and whether an error is known."""
    records = evidence.of(scheme)
    mine = records[records["indicator"] == OWN]
    place = {one.id: at for at, one in enumerate(evidence.above)}
    raters = list(dict.fromkeys(map(str, mine["rater"])))
    given = np.full((1, len(place), max(1, len(raters))), np.nan)
    for unit, rater, value in zip(mine["unit"], mine["rater"], mine["value"], strict=True):
        given[0, place[unit], raters.index(str(rater))] = float(value)
    given[0] = to_points(given[0], measure)
    means = rater_means(given)[0]
    if measure.kind == "count":
        return means, np.zeros((len(place),) * 2), [False] * len(place)
    spread = rater_spread(given)
    several = (~np.isnan(given[0])).sum(axis=1) > 1
    return (
        means,
        rater_covariance(given, spread, np.ones(1)),
        [bool(one and spread.known[0]) for one in several],
    )


def _parts(
    above: Sequence[Unit],
    means: Floats,
    own: Floats,
    below: float,
    beside: float,
    error: Floats,
    known: list[bool],
) -> pd.DataFrame:
    """The mean of the units and the body's own result, in the columns of the parts of a score."""
    import pandas as pd

    rows = []
    for place, body in enumerate(above):
        rows.append(
            (body.id, "units", "mean", means[place], means[place], below, below * means[place], np.nan, 0)
        )
        wrong = error[place] if known[place] else np.nan
        rows.append((body.id, OWN, "own", own[place], own[place], beside, beside * own[place], wrong, 0))
    return pd.DataFrame(rows, columns=list(PARTS))
