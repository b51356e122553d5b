"""Drawing the sample of the demo study and letting people answer or not; the same way every time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from population import WAVES, Codes, Floats, Population

COMMUNITIES, PEOPLE = 4, 20  # drawn in each stratum, and asked in each community and wave


@dataclass(frozen=True, eq=False)
class Drawn:
    """Respondents of all waves: row of the population, wave (0-2), and what a design needs.

    inclusion: probability to be asked. weight: its inverse, raised for those who did not answer.
    communities: in the stratum of the population; residents: in the community. asked: (3, 32) by wave
    and stratum.
    """

    row: Codes
    wave: Codes
    inclusion: Floats
    weight: Floats
    communities: Codes
    residents: Codes
    asked: Codes


def sample(people: Population, rng: np.random.Generator, *, everyone_answers: bool = False) -> Drawn:
    """Communities drawn once by strata, residents afresh in every wave, fewer answers where mood is low.

    Weights are adjusted by stratum and age group, which cannot mend what hangs on the mood itself.
    """
    per_stratum = np.bincount(_first(people.community, people.stratum))
    residents = np.bincount(people.community)
    stratum_of = people.stratum[np.searchsorted(people.community, np.arange(len(residents)))]
    drawn = np.concatenate([
        np.sort(_pick(rng, np.flatnonzero(stratum_of == one), COMMUNITIES)) for one in range(len(per_stratum))
    ])  # fmt: skip
    starts = np.searchsorted(people.community, drawn)
    rows, waves = [], []
    for wave in range(len(WAVES)):
        for community, start in zip(drawn, starts, strict=True):
            rows.append(start + np.sort(_pick(rng, np.arange(residents[community]), PEOPLE)))
            waves.append(np.full(PEOPLE, wave))
    row, wave = np.concatenate(rows), np.concatenate(waves)
    stratum, community = people.stratum[row], people.community[row]
    inclusion = COMMUNITIES / per_stratum[stratum] * PEOPLE / residents[community]
    answered = np.ones(len(row), dtype=bool)
    if not everyone_answers:
        answered = rng.random(len(row)) < willingness(people, row, wave)
    cell = (wave * len(per_stratum) + stratum) * 3 + _age_group(people.age[row])
    asked, came = np.bincount(cell), np.bincount(cell, weights=answered, minlength=int(cell.max()) + 1)
    adjust = asked / np.maximum(came, 1)
    asked_in = np.bincount(wave * len(per_stratum) + stratum).reshape(len(WAVES), -1)
    keep = np.flatnonzero(answered)
    return Drawn(
        row=row[keep],
        wave=wave[keep],
        inclusion=inclusion[keep],
        weight=(adjust[cell] / inclusion)[keep],
        communities=per_stratum[stratum[keep]],
        residents=residents[community[keep]],
        asked=asked_in,
    )


def willingness(people: Population, row: Codes, wave: Codes) -> Floats:
    """Probability to answer: higher for the satisfied and the old."""
    mood = people.mood[wave, row]
    return 1 / (1 + np.exp(-(0.9 + 0.45 * mood + 0.2 * (people.age[row] - 2))))


def _age_group(age: Codes) -> Codes:
    """Three groups: under 45, 45 to 59, 60 and over."""
    return np.array([0, 0, 1, 2, 2])[age]


def _first(community: Codes, stratum: Codes) -> Codes:
    """Stratum of each community."""
    return stratum[np.searchsorted(community, np.arange(int(community.max()) + 1))]


def _pick(rng: np.random.Generator, units: NDArray[np.intp], n: int) -> NDArray[np.intp]:
    """n units without replacement, all sets equally likely."""
    return units[np.argsort(rng.random(len(units)), kind="stable")[:n]]
