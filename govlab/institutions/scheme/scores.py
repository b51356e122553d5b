"""Scores with their uncertainty: the table, its parts, ranks, who cannot be told apart, the body above."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from govlab.errors import Fault, InputError
from govlab.institutions.scheme.arithmetic import Floats
from govlab.institutions.scheme.evidence import Evidence, Unit
from govlab.institutions.scheme.pieces import Pieces, pieces
from govlab.institutions.scheme.scheme import Scheme
from govlab.ranks import Ranks, Top, confidence_sets, possible_top
from govlab.results import Estimates, NotApplicable, Result

if TYPE_CHECKING:
    import pandas as pd

    from govlab.institutions.scheme.drivers import Drivers
    from govlab.institutions.scheme.sweep import Sweep

PARTS = ("unit", "indicator", "kind", "value", "points", "weight", "contribution", "std_error", "raters")
NO_RESPONDENTS, FEW, NO_EVIDENCE, NO_ERROR = "no-respondents", "few-respondents", "no-evidence", "no-error"


@dataclass(frozen=True, eq=False)
class Scores(Result):
    """Scores of units under one scheme.

    estimate: (units,), NaN where there is no score, for the ``reasons`` ("" where there is). covariance:
    (units, units) of sampling and raters together; sampling, rating: the two standard errors. unknown:
    (units,) parts whose uncertainty nobody knows. parts: points by unit and indicator.
    """

    scheme: Scheme
    evidence: Evidence
    units: tuple[Unit, ...]
    estimate: Floats
    covariance: Floats
    sampling: Floats
    rating: Floats
    unknown: tuple[int, ...]
    reasons: tuple[str, ...]
    n: Floats
    parts: pd.DataFrame = field(repr=False)
    level: float = 0.95
    notes: tuple[str, ...] = ()
    pieces: Pieces | None = field(default=None, repr=False)
    # rank sets by what was asked: tables, figures and sentences of one report ask for the same
    _held: dict[tuple[bool, int, int], Ranks] = field(default_factory=dict, repr=False)

    @property
    def std_error(self) -> Floats:
        """(units,) standard errors from sampling and raters; NaN where neither is known."""
        with np.errstate(invalid="ignore"):
            found = np.sqrt(np.diag(self.covariance))
        return np.where(found > 0, found, np.nan)

    @property
    def heading(self) -> str:
        """What the errors hold: everything (``all``), or ``survey-and-rater`` where parts are unknown."""
        return "survey-and-rater" if any(self.unknown) else "all"

    def to_frame(self) -> pd.DataFrame:
        """A row a unit: the common columns, ``sampling`` and ``rating`` (standard errors), ``unknown``."""
        import pandas as pd
        from scipy.stats import norm

        half = norm.ppf((1 + self.level) / 2) * self.std_error
        return pd.DataFrame(
            {
                "unit": [one.id for one in self.units],
                "parent": [one.parent for one in self.units],
                "estimate": self.estimate,
                "std_error": self.std_error,
                "conf_low": self.estimate - half,
                "conf_high": self.estimate + half,
                "n": self.n.astype(int),
                "sampling": self.sampling,
                "rating": self.rating,
                "unknown": list(self.unknown),
                "reason": list(self.reasons),
            }
        )

    def summary(self) -> str:
        """How many units have a score, what its error holds, and why others have none."""
        scored = sum(one == "" for one in self.reasons)
        lines = [f"{self.scheme.file.title.en} {self.evidence.period}: {scored} of {len(self.units)} scored"]
        if self.heading != "all":
            lines.append("survey and rater error only: the uncertainty of other parts is unknown")
        for reason in dict.fromkeys(one for one in self.reasons if one):
            names = [unit.id for unit, why in zip(self.units, self.reasons, strict=True) if why == reason]
            lines.append(f"{reason}: {', '.join(names)}")
        return "\n".join([*lines, *self.notes])

    @property
    def no_ranks(self) -> NotApplicable | None:
        """Why these scores are not ranked; None where they are."""
        if self.evidence.no_ranks is not None and self.scheme.asks_residents:
            return self.evidence.no_ranks
        if not int((self._rankable().frame["reason"] == "").sum()) > 1:
            why = "no two scores have an error that is known, and nothing is ranked without one"
            return NotApplicable("no-error", why)
        return None

    def ranks(
        self, *, simultaneous: bool = True, draws: int = 10_000, seed: int = 1
    ) -> Ranks | NotApplicable:
        """Rank of each unit with the lowest and highest that the data allow; or why nothing is ranked.

        Where residents may not answer safely, no scheme that rests on their answers has ranks. Units
        without a score, or without any known error, stay unranked.
        """
        if self.no_ranks is not None:
            return self.no_ranks
        asked = (simultaneous, draws, seed)
        if asked not in self._held:
            self._held[asked] = confidence_sets(
                self._rankable(),
                self.covariance,
                simultaneous=simultaneous,
                level=self.level,
                draws=draws,
                seed=seed,
            )
        return self._held[asked]

    def top(self, k: int | None = None, *, draws: int = 10_000, seed: int = 1) -> Top | NotApplicable:
        """Who may be among the k best; of a competition, k is what the scheme says."""
        if k is None:
            if self.scheme.file.choice is None:
                raise ValueError("k: this scheme does not choose, say how many")
            k = self.scheme.file.choice.k
        if self.no_ranks is not None:
            return self.no_ranks
        return possible_top(self._rankable(), self.covariance, k=k, level=self.level, draws=draws, seed=seed)

    def apart(self, *, draws: int = 10_000, seed: int = 1) -> pd.DataFrame:
        """For each ranked unit how many are settled above, settled below and cannot be told apart from it."""
        import pandas as pd

        found = self.ranks(draws=draws, seed=seed)
        if isinstance(found, NotApplicable):
            return pd.DataFrame({"unit": [], "above": [], "below": [], "open": []})
        frame = found.to_frame()
        ranked = (frame["reason"] == "").to_numpy()
        above = found.above.sum(axis=0)
        below = found.above.sum(axis=1)
        names = frame.loc[ranked, "unit"].tolist()
        return pd.DataFrame(
            {"unit": names, "above": above, "below": below, "open": len(names) - 1 - above - below}
        )

    def sweep(self, *, weightings: int = 20, keep: float = 0.5, seed: int = 1) -> Sweep | NotApplicable:
        """Ranks under many weightings of what the source leaves open; see ``sweep.sweep``."""
        from govlab.institutions.scheme.sweep import sweep

        return sweep(self, weightings=weightings, keep=keep, seed=seed)

    def drivers(self) -> Drivers:
        """Which indicator and which weight decide the order; see ``drivers.drivers``."""
        from govlab.institutions.scheme.drivers import drivers

        return drivers(self)

    def above(self) -> Scores:
        """The bodies above: their units' mean and their own result, as the scheme rolls them up."""
        from govlab.institutions.scheme.rolling import roll_up

        return roll_up(self)

    def _rankable(self) -> Estimates:
        """The estimates as ranks read them: who has no score, or no error, has an empty cell."""
        frame = self.to_frame()[["unit", "estimate", "std_error"]]
        lost = frame["estimate"].isna() | frame["std_error"].isna()
        frame["estimate"] = frame["estimate"].where(~lost)
        frame["reason"] = ["empty-cell" if one else "" for one in lost]
        return Estimates(frame, "scores", self.level)


def score(scheme: Scheme, evidence: Evidence) -> Scores:
    """Score every unit of the evidence under a scheme.

    A score is the weighted mean of points, 0 to 100, and the points added or taken off. Its error holds
    the sampling of the survey (joint over items and units) and the disagreement of raters (those shared
    by two units bind their scores); what a count, a single rater or added points may be wrong by is
    unknown and said so. A unit without one of its indicators has no score. InputError lists all faults of
    the evidence.
    """
    held = pieces(scheme, evidence)
    shares = scheme.shares
    estimate = held.totals(shares)
    survey, raters = held.survey_error(shares), held.rater_error(shares)
    weights = held.weights(shares)
    gone = np.isnan(estimate)
    for one in (survey, raters):
        one[gone] = one[:, gone] = np.nan
    with np.errstate(invalid="ignore"):
        sampling, rating = np.sqrt(np.diag(survey)), np.sqrt(np.diag(raters))
    asked = held.of_kind("survey")
    n = (
        np.where(held.survey.n.min(axis=0) > 0, held.survey.n.min(axis=0), 0)
        if asked
        else np.zeros(len(gone))
    )
    nothing_known = np.isnan(held.known())
    unknown = (nothing_known & (weights > 0)[:, None]).sum(axis=0) + (held.added != 0).sum(axis=0)
    return Scores(
        scheme=scheme,
        evidence=evidence,
        units=evidence.units,
        estimate=estimate,
        covariance=survey + raters,
        sampling=sampling,
        rating=rating,
        unknown=tuple(int(one) for one in unknown),
        reasons=tuple(_reason(held, evidence, weights, place) for place in range(len(gone))),
        n=n,
        parts=_parts(held, weights),
        pieces=held,
    )


def _reason(held: Pieces, evidence: Evidence, weights: Floats, place: int) -> str:
    missing = np.flatnonzero(np.isnan(held.points[:, place]) & (weights > 0))
    if not len(missing):
        return ""
    if any(held.kinds[one] == "survey" for one in missing):
        return FEW if held.units[place] in evidence.withheld else NO_RESPONDENTS
    return NO_EVIDENCE


def _parts(held: Pieces, weights: Floats) -> pd.DataFrame:
    """Long: unit, indicator, kind, value, points, weight, contribution, std_error (of the points), raters."""
    import pandas as pd

    error = held.known()
    rows = []
    for place, unit in enumerate(held.units):
        for row, name in enumerate(held.names):
            rows.append(
                (
                    unit, name, held.kinds[row], held.raw[row, place], held.points[row, place], weights[row],
                    weights[row] * held.points[row, place], error[row, place], int(held.raters[row, place]),
                )
            )  # fmt: skip
        for row, name in enumerate(held.adjustments):
            added = held.added[row, place]
            rows.append((unit, name, "points", np.nan, np.nan, np.nan, added, np.nan, 0))
    return pd.DataFrame(rows, columns=list(PARTS))


def need_pieces(scores: Scores) -> Pieces:
    """The points behind scores of units; InputError for a body above, which has none of its own."""
    if scores.pieces is None:
        raise InputError(Fault("scheme.rolled", {"id": scores.scheme.id}))
    return scores.pieces
