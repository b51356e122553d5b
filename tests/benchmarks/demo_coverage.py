"""How often 95 % intervals hold the truth in 500 samples of the demo study's population.

Three things are looked at: means of zones when everybody who is asked answers (intervals should hold the
truth in 95 % of samples); the same with the non-response of the demo study, which hangs on the mood people
are in and which weights cannot mend; and change beside the comparison zones (difference in differences),
where what non-response adds mostly cancels. Run: ``python tests/benchmarks/demo_coverage.py [samples]``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "datasets" / "demo_study")]
sys.dont_write_bytecode = True

from draw import Drawn, sample  # noqa: E402
from population import MODELS, Population, build, model_of  # noqa: E402

from govlab import survey  # noqa: E402

ITEMS = ("sat_overall", "belong_member", "willing_meeting", "gain_easier")


def design(people: Population, drawn: Drawn) -> survey.Design:
    """The design of the demo study: two stages, strata of housing, residents anew in every wave."""
    frame = pd.DataFrame(
        {
            "zone": people.zone[drawn.row],
            "model": model_of(people.zone[drawn.row]),
            "wave": drawn.wave,
            "stratum": people.stratum[drawn.row],
            "community": people.community[drawn.row],
            "person": np.arange(len(drawn.row)),
            "communities": drawn.communities,
            "residents": drawn.residents,
            "weight": drawn.weight,
        }
    )
    for item in ITEMS:
        frame[item] = people.answers[item][drawn.wave, drawn.row].astype(float)
    return survey.Design(
        frame,
        weights="weight",
        strata=["stratum", "wave"],
        clusters=["community", "person"],
        fpc=["communities", "residents"],
    )


def truths(people: Population) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """item -> (zones,) means of the last wave; item -> (models but one,) differences in differences."""
    model = model_of(people.zone)
    zones, changes = {}, {}
    for item in ITEMS:
        values = people.answers[item].astype(float)
        zones[item] = np.array([values[2, people.zone == one].mean() for one in range(16)])
        means = np.array([[values[wave, model == one].mean() for wave in range(3)] for one in range(4)])
        rise = means[:, 2] - means[:, 1]
        changes[item] = rise[:3] - rise[3]
    return zones, changes


def held(found: pd.DataFrame, truth: np.ndarray) -> np.ndarray:
    """Whether each interval holds the truth."""
    return ((found["conf_low"] <= truth) & (truth <= found["conf_high"])).to_numpy()


def main(samples: int = 500) -> dict[str, dict[str, float]]:
    """Print and return the share of intervals that hold the truth: kind -> item -> share."""
    people = build()
    zones, changes = truths(people)
    wave_three = {MODELS[one]: {(one, 2): 1.0, (one, 1): -1.0, (3, 2): -1.0, (3, 1): 1.0} for one in range(3)}
    counted: dict[str, dict[str, list[float]]] = {}
    off: dict[str, list[float]] = {item: [] for item in ITEMS}
    for seed in range(samples):
        for kind, everyone in (("all answer", True), ("some do not", False)):
            drawn = sample(people, np.random.default_rng([seed, 11]), everyone_answers=everyone)
            made = design(people, drawn)
            last = made.subset(made.frame["wave"] == 2)
            by_zone = survey.mean(last, list(ITEMS), by="zone", df="domain").to_frame()
            by_model = survey.mean(made, list(ITEMS), by=["model", "wave"])
            for item in ITEMS:
                rows = by_zone[by_zone["term"] == item]
                shares = counted.setdefault(f"zone means, {kind}", {}).setdefault(item, [])
                shares.append(held(rows, zones[item]).mean())
                if not everyone:
                    off[item].append(float((rows["estimate"] - zones[item]).mean()))
                asked = {
                    name: {(*key, item): value for key, value in row.items()}
                    for name, row in wave_three.items()
                }
                gaps = survey.contrast(by_model, asked).to_frame()
                shares = counted.setdefault(f"change beside comparison, {kind}", {}).setdefault(item, [])
                shares.append(held(gaps, changes[item]).mean())
    found = {
        kind: {item: float(np.mean(one)) for item, one in rows.items()} for kind, rows in counted.items()
    }
    for kind, rows in found.items():
        print(f"{kind:40}", "  ".join(f"{item} {100 * share:5.1f} %" for item, share in rows.items()))
    print(
        f"{'mean error of zone means, some do not':40}",
        "  ".join(f"{item} {np.mean(one):+.3f}" for item, one in off.items()),
    )
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
