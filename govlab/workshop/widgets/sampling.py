"""The sampling lab: draw samples of communities and people, and see how often intervals miss.

People of one community are alike. An interval worked out as if every person had been drawn by himself is
then too narrow, and holds the truth less often than it says; one with communities as units keeps its word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govlab.language import say
from govlab.workshop.widgets.controls import Choice, Control, Press, Slider
from govlab.workshop.widgets.frame import View

Floats = NDArray[np.float64]

TRUTH = 3.5  # points on a scale from 1 to 5
_SHOWN = 40
_DRAWS = 2000
_SEED = 20260


@dataclass(frozen=True, eq=False)
class Draws:
    """Samples: the mean of each community drawn (draws, communities), and the squares within (draws,)."""

    means: Floats
    within: Floats
    people: int

    @property
    def estimate(self) -> Floats:
        """The mean of each sample."""
        return np.asarray(self.means.mean(axis=1), dtype=float)

    def half(self, units: str) -> Floats:
        """Half the width of each 95 % interval; units: ``people`` or ``communities``.

        people: as if drawn one by one, s / sqrt(n) with n - 1 degrees of freedom. communities: from the
        spread of their means, with one less than their number (Cochran 1977, section 9.3, equal sizes).
        """
        from scipy.special import stdtrit

        drawn = self.means.shape[1]
        between = ((self.means - self.estimate[:, None]) ** 2).sum(axis=1)
        if units == "communities":
            return np.asarray(stdtrit(drawn - 1, 0.975) * np.sqrt(between / (drawn - 1) / drawn))
        n = drawn * self.people
        variance = (self.people * between + self.within) / (n - 1)
        return np.asarray(stdtrit(n - 1, 0.975) * np.sqrt(variance / n))


def drawn(communities: int, people: int, spread: float, seed: int, draws: int = _DRAWS) -> Draws:
    """``draws`` samples: communities differ with standard deviation ``spread``, people of one with 1.

    Answers are normal, so that a community's mean and the squares around it can be drawn by themselves.
    """
    rng = np.random.default_rng([_SEED, seed])
    level = TRUTH + spread * rng.standard_normal((draws, communities))
    means = level + rng.standard_normal((draws, communities)) / np.sqrt(people)
    return Draws(means, rng.chisquare(communities * (people - 1), draws), people)


class Sampling:
    """The model of the bench."""

    def controls(self, lang: str) -> tuple[Control, ...]:
        """How many communities and people, how much communities differ, which interval, another draw."""
        units = tuple((one, _said(f"units.{one}", lang)) for one in ("people", "communities"))
        return (
            Slider("communities", _said("communities", lang), 3, 30, 1, 8),
            Slider("people", _said("people", lang), 5, 40, 1, 15),
            Slider("spread", _said("spread", lang), 0, 0.8, 0.05, 0.4),
            Choice("units", _said("units", lang), units, "people"),
            Press("again", _said("again", lang)),
        )

    def view(self, values: Mapping[str, Any], lang: str) -> View:
        """Forty intervals with the truth, and how many of two thousand hold it."""
        from govlab.plots.sheet import Drawing, Sheet
        from govlab.plots.style import BLUE, INK, ORANGE, SOFT

        found = drawn(values["communities"], values["people"], values["spread"], values["again"])
        half, middle = found.half(values["units"]), found.estimate
        held = np.abs(middle - TRUTH) <= half
        share, shown = 100 * float(held.mean()), int(held[:_SHOWN].sum())
        sheet = Sheet(270)
        left, right, top, step = 40.0, 660.0, 20.0, 5.7

        def across(value: float) -> float:
            return left + (min(max(value, 2.3), 4.7) - 2.3) / 2.4 * (right - left)

        for tick in (2.5, 3.0, 3.5, 4.0, 4.5):
            sheet.line(across(tick), top - 6, across(tick), top + _SHOWN * step)
            sheet.text(
                across(tick), top + _SHOWN * step + 12, f"{tick:.1f}", size=11, colour=SOFT, anchor="middle"
            )
        sheet.line(across(TRUTH), top - 6, across(TRUTH), top + _SHOWN * step, INK, width=1.4)
        sheet.text(across(TRUTH), top - 13, _said("truth", lang), size=11, anchor="middle")
        for place in range(_SHOWN):
            y = top + place * step
            colour = BLUE if held[place] else ORANGE
            low, high = across(middle[place] - half[place]), across(middle[place] + half[place])
            sheet.line(low, y, high, y, colour, width=1.6 if held[place] else 3)
            sheet.dot(across(middle[place]), y, 2, colour)
        counts = {"n": _SHOWN, "held": shown, "missed": _SHOWN - shown, "share": f"{share:.0f}"}
        n = values["communities"] * values["people"]
        alike = values["spread"] ** 2 / (1 + values["spread"] ** 2)
        deff = 1 + (values["people"] - 1) * alike
        effect = {"n": f"{n:,}", "icc": f"{alike:.2f}", "deff": f"{deff:.1f}", "alone": f"{n / deff:,.0f}"}
        drawing = Drawing(
            sheet,
            _said("caption", lang),
            say("widgets.sampling.alt", counts, lang=lang),
            lang,
            _said("note", lang),
        )
        said = (
            say("widgets.sampling.held", counts, lang=lang),
            say("widgets.sampling.effect", effect, lang=lang),
        )
        return View(drawing, said)


@lru_cache(maxsize=1)
def opened() -> Sampling:
    """The model; it needs no data."""
    return Sampling()


def _said(key: str, lang: str) -> str:
    return say(f"widgets.sampling.{key}", lang=lang)
