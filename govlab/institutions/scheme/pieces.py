"""Evidence turned into points, indicator by indicator, before any weight is put on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from govlab.errors import Fault, InputError
from govlab.institutions.scheme.arithmetic import (
    Floats,
    RaterSpread,
    points,
    rater_covariance,
    rater_means,
    rater_spread,
    slope,
    survey_covariance,
)
from govlab.institutions.scheme.evidence import Evidence, Survey
from govlab.institutions.scheme.models import Measure
from govlab.institutions.scheme.scheme import Scheme


@dataclass(frozen=True, eq=False)
class Pieces:
    """Points of every indicator and unit with what is known of their error.

    raw, points: (indicators, units); NaN where there is no evidence. kinds: of the indicators. survey:
    estimates; slopes: points for one unit of an item. ratings: (expert indicators, units, raters) in
    points; spread: how raters differ. added: (adjustments, units) points given or taken. raters:
    (indicators, units) how many scored, 0 where nobody does.
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    units: tuple[str, ...]
    raw: Floats
    points: Floats
    survey: Survey
    slopes: Floats
    ratings: Floats
    spread: RaterSpread
    raters: Floats
    adjustments: tuple[str, ...]
    added: Floats

    def of_kind(self, kind: str) -> list[int]:
        """Places of the indicators of one kind."""
        return [place for place, one in enumerate(self.kinds) if one == kind]

    def totals(self, shares: Mapping[str, float]) -> Floats:
        """(units,) weighted points and adjustments; NaN where an indicator with weight is missing."""
        weights = self.weights(shares)
        used = weights > 0
        return np.asarray(weights[used] @ self.points[used] + self.added.sum(axis=0))

    def weights(self, shares: Mapping[str, float]) -> Floats:
        """(indicators,) shares of the score; 0 for what the shares do not name."""
        return np.array([shares.get(name, 0.0) for name in self.names])

    def survey_error(self, shares: Mapping[str, float]) -> Floats:
        """(units, units) covariance that sampling gives the totals; NaN where it is not known."""
        weights = self.weights(shares)[self.of_kind("survey")] * self.slopes
        count = len(self.units)
        used = np.flatnonzero(weights)
        if not len(used):
            return np.zeros((count, count))
        rows = (used[:, None] * count + np.arange(count)).ravel()
        return survey_covariance(self.survey.covariance[np.ix_(rows, rows)], weights[used])

    def rater_error(self, shares: Mapping[str, float]) -> Floats:
        """(units, units) covariance that disagreement of raters gives the totals."""
        weights = self.weights(shares)[self.of_kind("expert")]
        return rater_covariance(self.ratings, self.spread, weights)

    def known(self) -> Floats:
        """(indicators, units) standard error of each indicator's points; NaN where uncertainty is unknown.

        A count has none, nor has a unit that only one rater scored: what others show of disagreement
        enters the total all the same.
        """
        found = np.full(self.points.shape, np.nan)
        diagonal = np.diag(self.survey.covariance).reshape(-1, len(self.units))
        for row, place in enumerate(self.of_kind("survey")):
            found[place] = np.abs(self.slopes[row]) * np.sqrt(diagonal[row])
        for row, place in enumerate(self.of_kind("expert")):
            if self.spread.known[row]:
                alone = np.eye(len(self.ratings))[row]
                error = np.sqrt(np.diag(rater_covariance(self.ratings, self.spread, alone)))
                found[place] = np.where(self.raters[place] > 1, error, np.nan)
        return found


def pieces(scheme: Scheme, evidence: Evidence) -> Pieces:
    """Points of a scheme's indicators; InputError where an indicator has no evidence for any unit."""
    records = evidence.of(scheme)
    units = tuple(one.id for one in evidence.units)
    place = {name: at for at, name in enumerate(units)}
    nodes = scheme.indicators
    measures = [one.measure for one in nodes if one.measure is not None]
    kinds = tuple(one.kind for one in measures)
    items = [one.item or "" for one in measures if one.kind == "survey"]
    survey = evidence.survey(items)
    raw = np.full((len(nodes), len(units)), np.nan)
    raters = np.zeros(raw.shape)
    asked = iter(range(len(items)))
    rated = []
    for row, (node, measure) in enumerate(zip(nodes, measures, strict=True)):
        mine = records[records["indicator"] == node.id]
        if measure.kind == "survey":
            raw[row] = survey.estimates[next(asked)]
        elif measure.kind == "count":
            for unit, value in zip(mine["unit"], mine["value"], strict=True):
                raw[row, place[unit]] = float(value)
        else:
            rated.append(
                _ratings(mine["unit"].tolist(), mine["rater"].tolist(), mine["value"].tolist(), place)
            )
            raw[row] = rater_means(rated[-1][1][None])[0]
            raters[row] = (~np.isnan(rated[-1][1])).sum(axis=1)
    shares = scheme.shares
    empty = [
        node.id
        for row, node in enumerate(nodes)
        if shares[node.id] > 0 and np.isnan(raw[row]).all() and measures[row].kind != "survey"
    ]
    if empty:
        raise InputError([Fault("scheme.nothing_for", {"id": name, "scheme": scheme.id}) for name in empty])
    experts = [one for one in measures if one.kind == "expert"]
    ratings = _stacked(rated, experts, len(units))
    return Pieces(
        names=tuple(one.id for one in nodes),
        kinds=kinds,
        units=units,
        raw=raw,
        points=np.array([to_points(raw[row], one) for row, one in enumerate(measures)]).reshape(raw.shape),
        survey=survey,
        slopes=np.array([_slope(one) for one in measures if one.kind == "survey"]),
        ratings=ratings,
        spread=rater_spread(ratings),
        raters=raters,
        adjustments=tuple(one.id for one in scheme.file.points),
        added=_added(
            scheme, records["indicator"].tolist(), records["unit"].tolist(), records["value"].tolist(), place
        ),
    )


def to_points(values: Floats, measure: Measure) -> Floats:
    """Values of one measure as 0 to 100."""
    capped = measure.normalisation == "target"
    return points(values, *measure.range, more=measure.direction == "more", capped=capped)


def _slope(measure: Measure) -> float:
    return slope(*measure.range, more=measure.direction == "more")


def _ratings(
    units: Sequence[str], raters: Sequence[str], values: Sequence[float], place: Mapping[str, int]
) -> tuple[list[str], Floats]:
    """Raters in order, and (units, raters) what they gave."""
    names = list(dict.fromkeys(map(str, raters)))
    found = np.full((len(place), len(names)), np.nan)
    for unit, rater, value in zip(units, raters, values, strict=True):
        found[place[unit], names.index(str(rater))] = float(value)
    return names, found


def _stacked(rated: list[tuple[list[str], Floats]], measures: Sequence[Measure], units: int) -> Floats:
    """(indicators, units, raters) in points: a rater of several indicators is one and the same."""
    everyone = list(dict.fromkeys(name for names, _ in rated for name in names))
    found = np.full((len(rated), units, len(everyone)), np.nan)
    for row, ((names, values), measure) in enumerate(zip(rated, measures, strict=True)):
        found[row][:, [everyone.index(name) for name in names]] = to_points(values, measure)
    return found


def _added(
    scheme: Scheme,
    names: Sequence[str],
    units: Sequence[str],
    values: Sequence[float],
    place: Mapping[str, int],
) -> Floats:
    """(adjustments, units) points for what happened, up to the most; nothing recorded is nothing happened."""
    found = np.zeros((len(scheme.file.points), len(place)))
    for row, one in enumerate(scheme.file.points):
        for name, unit, value in zip(names, units, values, strict=True):
            if name == one.id:
                found[row, place[unit]] = np.sign(one.each) * min(abs(one.each) * float(value), one.most)
    return found
