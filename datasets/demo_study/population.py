"""The invented population of the demo study: who lives there, what they would answer, and what is true.

Sixteen zones that do not exist, four under each of four models; three waves, two before the models began
and one after. Every resident has an answer for every wave, with the model and without it, so that the true
effects are known. Only ``Generator.random`` is used: a seed draws the same with any later numpy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

SEED = 20260301
WAVES = (1, 2, 3)
AFTER = 3  # the models began between waves 2 and 3
MODELS = ("innovation", "separation", "devolution", "comparison")
STRATA = ("old", "new")  # housing of work units and villages; estates of the last twenty years
AGES = ("18_29", "30_44", "45_59", "60_74", "75_up")

# Each statement measures something: what an item is about, and whether it is asked the other way round.
ITEMS: dict[str, tuple[str, bool]] = {
    "belong_member": ("belonging", False),
    "belong_miss": ("belonging", False),
    "belong_greet": ("belonging", False),
    "belong_stranger": ("belonging", True),
    "identity_name": ("identity", False),
    "identity_share": ("identity", False),
    "identity_view": ("identity", False),
    "identity_sleep": ("identity", True),
    "gain_easier": ("gain", False),
    "gain_answer": ("gain", False),
    "gain_fair": ("gain", False),
    "gain_nothing": ("gain", True),
    "willing_meeting": ("participation", False),
    "willing_help": ("participation", False),
    "willing_group": ("participation", False),
    "sat_basic_social": ("basic", False),
    "sat_basic_health": ("basic", False),
    "sat_shared_elderly": ("shared", False),
    "sat_shared_culture": ("shared", False),
    "sat_market_property": ("market", False),
    "sat_market_shops": ("market", False),
    "sat_overall": ("overall", False),
    "imp_basic_social": ("importance", False),
    "imp_basic_health": ("importance", False),
    "imp_shared_elderly": ("importance", False),
    "imp_shared_culture": ("importance", False),
    "imp_market_property": ("importance", False),
    "imp_market_shops": ("importance", False),
}
# Who is responsible: the right body, and how well it is known at first.
KNOWLEDGE: dict[str, tuple[str, float]] = {
    "who_insurance": ("station", 0.3),
    "who_dispute": ("committee", 0.4),
    "who_meeting": ("committee", 0.0),
    "who_lift": ("property", 0.7),
    "who_fund": ("owners", -0.5),
}
# What a model changes, in latent standard deviations. Belonging is touched by none; willingness to take
# part rises under devolution in every wave, before the model too, and the model adds nothing to it.
EFFECTS: dict[str, dict[str, float]] = {
    "belonging": {},
    "identity": {"innovation": 0.15},
    "gain": {"innovation": 0.45, "separation": 0.15, "devolution": 0.30},
    "participation": {},
    "basic": {"separation": 0.40, "devolution": 0.45},
    "shared": {"innovation": 0.50, "separation": 0.10, "devolution": 0.20},
    "market": {},
    "overall": {"innovation": 0.40, "separation": 0.20, "devolution": 0.30},
    "importance": {},
    "knowledge": {"innovation": 0.20, "separation": 0.50, "devolution": 0.15},
}
TRENDS = {"gain": 0.05, "overall": 0.05, "participation": 0.03}  # a wave, everywhere
OWN_TRENDS = {"participation": {"devolution": 0.38}}  # a wave, in the zones of one model only
START = {"basic": 0.45, "shared": -0.25, "market": 0.05, "importance": 0.9, "participation": -0.2}
CUTS = np.array([-1.75, -0.9, 0.0, 1.15])
ZONE_SD, COMMUNITY_SD, PERSON_SD, OWN_SD, ITEM_SD, SHOCK_SD = 0.18, 0.22, 0.55, 0.45, 0.7, 0.05


@dataclass(frozen=True, eq=False)
class Population:
    """N residents of 16 zones.

    zone, stratum, community, age, gender: (N,) codes; a stratum is a kind of housing in a zone, and
    communities are numbered through. answers: item -> (3, N) points 1..5 (knowledge: 1 right, 0 wrong).
    without: item -> (N,) the answers of the last wave had there been no model. mood: (3, N) what makes
    people willing to answer at all: how satisfied they are.
    """

    zone: Codes
    stratum: Codes
    community: Codes
    age: Codes
    gender: Codes
    answers: dict[str, NDArray[np.int8]]
    without: dict[str, NDArray[np.int8]]
    mood: Floats

    def __len__(self) -> int:
        return len(self.zone)


def model_of(zone: Codes) -> Codes:
    """Model of a zone: zones 0-3 the first, and so on."""
    return zone // 4


def normal(rng: np.random.Generator, *shape: int) -> Floats:
    """Normal draws from uniform ones."""
    return np.asarray(ndtri(rng.random(shape)))


def build(seed: int = SEED) -> Population:
    """The whole population."""
    rng = np.random.default_rng(seed)
    zones = 4 * len(MODELS)
    many = 8 + (rng.random((zones, 2)) * 5).astype(int)  # communities in each stratum
    stratum_of = np.repeat(np.arange(2 * zones), many.ravel())
    people = 120 + (rng.random(len(stratum_of)) * 141).astype(int)
    community = np.repeat(np.arange(len(stratum_of)), people)
    stratum = stratum_of[community]
    zone = stratum // 2
    size = len(community)
    new = stratum % 2 == 1
    share = np.where(
        new[:, None], [0.24, 0.55, 0.78, 0.95, 1.0], [0.12, 0.32, 0.60, 0.90, 1.0]
    )  # cumulated over ages
    age = (rng.random(size)[:, None] > share).sum(axis=1)
    gender = (rng.random(size) < 0.48).astype(np.intp)
    mood = _person(rng, zone, community, age, new)
    return Population(zone, stratum, community, age, gender, *_answers(rng, zone, community, age, mood))


def _person(
    rng: np.random.Generator, zone: Codes, community: Codes, age: Codes, new: NDArray[np.bool_]
) -> Floats:
    """(N,) how well disposed people are: their zone, community, age, housing, and themselves."""
    of_zone = ZONE_SD * normal(rng, int(zone.max()) + 1)
    of_community = COMMUNITY_SD * normal(rng, int(community.max()) + 1)
    own = PERSON_SD * normal(rng, len(zone))
    return of_zone[zone] + of_community[community] + 0.08 * (age - 2) - 0.1 * new + own


def _answers(
    rng: np.random.Generator, zone: Codes, community: Codes, age: Codes, person: Floats
) -> tuple[dict[str, NDArray[np.int8]], dict[str, NDArray[np.int8]], Floats]:
    model = model_of(zone)
    size = len(zone)
    latent = {name: _latent(rng, name, zone, model, person) for name in EFFECTS}
    answers: dict[str, NDArray[np.int8]] = {}
    without: dict[str, NDArray[np.int8]] = {}
    for item, (about, reverse) in ITEMS.items():
        own = 0.25 * normal(rng, 1)[0] + ITEM_SD * normal(rng, len(WAVES), size)
        sign = -1.0 if reverse else 1.0
        points = 1 + np.searchsorted(CUTS, sign * (latent[about][:3] + own))
        answers[item] = points.astype(np.int8)
        none = 1 + np.searchsorted(CUTS, sign * (latent[about][3] + own[2]))
        without[item] = none.astype(np.int8)
    for item, (_, known) in KNOWLEDGE.items():
        own = 0.9 * normal(rng, len(WAVES), size)
        answers[item] = (latent["knowledge"][:3] + own + known > 0.4).astype(np.int8)
        without[item] = (latent["knowledge"][3] + own[2] + known > 0.4).astype(np.int8)
    return answers, without, latent["overall"][:3]


def _latent(rng: np.random.Generator, name: str, zone: Codes, model: Codes, person: Floats) -> Floats:
    """(4, N) the three waves, and the last one without any model."""
    shock = SHOCK_SD * normal(rng, len(WAVES), int(zone.max()) + 1)
    own = OWN_SD * normal(rng, len(WAVES), len(zone))
    weight = 0.3 if name in ("importance", "knowledge") else 1.0
    drift = np.array([OWN_TRENDS.get(name, {}).get(one, 0.0) for one in MODELS])[model]
    waves = [
        START.get(name, 0.0)
        + (TRENDS.get(name, 0.0) + drift) * place
        + shock[place][zone]
        + weight * person
        + own[place]
        for place in range(len(WAVES))
    ]
    effect = np.array([EFFECTS[name].get(one, 0.0) for one in MODELS])[model]
    return np.array([waves[0], waves[1], waves[2] + effect, waves[2]])
