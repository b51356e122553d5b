"""The hub's library of projects: what was offered, chosen, bought, carried out and looked at afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from govlab.institutions.inventory.lists import PROJECT_STATES
from govlab.institutions.measured import Measured

if TYPE_CHECKING:
    from govlab.institutions.inventory.book import Inventory

_BOUGHT = ("bought", "running", "finished", "evaluated")


def library(inventory: Inventory) -> Measured:
    """From offer to evaluation: ``measure``, ``value``, ``of``, ``reason``.

    offered ... dropped: projects by state. bought_share: of all projects, those that were bought. spent:
    sum of prices of those bought (and how many have none). evaluated_share: of those finished, how many
    were evaluated; independent_share: of the evaluated, those whose evaluator is neither proposer nor
    purchaser. kept: sum of what was met over what was promised, where both are stated.
    """
    import pandas as pd

    frame = inventory.sheet("library")
    n = len(frame)
    rows: list[tuple[str, float, int, str]] = [
        (state, float((frame["status"] == state).sum()), n, "") for state in PROJECT_STATES
    ]
    bought = frame[frame["status"].isin(_BOUGHT)]
    priced = bought["price"].notna()
    finished = frame[frame["status"].isin(["finished", "evaluated"])]
    evaluated = frame[frame["status"] == "evaluated"]
    known = evaluated[evaluated["evaluator"].ne("")]
    apart = known["evaluator"].ne(known["proposer"]) & known["evaluator"].ne(known["purchaser"])
    both = evaluated[evaluated["met"].notna() & (evaluated["promised"] > 0)]
    rows += [
        _row("bought_share", len(bought), n, "none-offered"),
        ("spent", float(bought["price"].sum()), int(priced.sum()), "" if priced.any() else "no-price"),
        _row("evaluated_share", len(evaluated), len(finished), "none-finished"),
        _row("independent_share", int(apart.sum()), len(known), "none-evaluated"),
        ("kept", *_ratio(float(both["met"].sum()), float(both["promised"].sum()), len(both))),
    ]
    table = pd.DataFrame(rows, columns=["measure", "value", "of", "reason"])
    return Measured(table, f"library of {n} projects")


def _row(measure: str, count: int, of: int, reason: str) -> tuple[str, float, int, str]:
    return (measure, count / of if of else np.nan, of, "" if of else reason)


def _ratio(met: float, promised: float, of: int) -> tuple[float, int, str]:
    return (met / promised if promised else np.nan, of, "" if promised else "none-evaluated")
