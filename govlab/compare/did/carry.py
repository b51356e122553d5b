"""What a number of treated and untreated clusters can carry, before any outcome is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING

from govlab.compare.did.rows import FEW
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Carries(Result):
    """Ways of inference with the smallest p each can give, and whether these clusters carry it.

    frame: ``method``, ``smallest_p``, ``df``, ``carries`` (``yes``, ``beside``: only beside another, ``no``),
    ``reason``.
    """

    frame: pd.DataFrame
    clusters: int
    treated: int
    level: float

    def to_frame(self) -> pd.DataFrame:
        """A copy of the table."""
        return self.frame.copy()

    def summary(self) -> str:
        """One line a method."""
        lines = [f"{self.treated} of {self.clusters} clusters treated, level {100 * self.level:g} %"]
        for row in self.frame.to_dict("records"):
            lines.append(f"{row['method']}: {row['carries']} {row['reason']}".rstrip())
        return "\n".join(lines)


def what_can_be_said(clusters: int, treated: int, *, random: bool = False, level: float = 0.95) -> Carries:
    """Which inference this many clusters can carry, and what can be said instead.

    ``survey``: about these clusters only, from the people asked; always there. ``t``: the spread of
    changes between clusters, clusters - 2 degrees of freedom (Donald & Lang 2007). ``cluster-robust``: the
    sandwich, which wants many clusters in both arms. ``wild-bootstrap``: all 2^G sign vectors.
    ``randomisation``: all assignments of as many clusters. ``synthetic-control``: one treated among donors.
    Reasons: ``few-clusters``, ``few-treated``, ``p-too-coarse``, ``not-random``, ``one-treated-unit``.
    """
    import pandas as pd

    if not 0 < treated < clusters:
        raise ValueError(f"treated must lie between 0 and clusters, got {treated} of {clusters}")
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, got {level!r}")
    alpha = 1 - level + 1e-12
    small = min(treated, clusters - treated)
    ways = comb(clusters, treated)
    shuffled = (2 if 2 * treated == clusters else 1) / ways
    turned = 2.0 ** (1 - clusters)
    placebo = 1 / (clusters - treated + 1)
    nan = float("nan")

    def wild() -> tuple[str, str]:
        if turned > alpha:
            return "no", "p-too-coarse"
        return ("beside", "few-treated") if small < FEW else ("beside", "")

    def spread() -> tuple[str, str]:
        if small < 2:
            return "no", "few-clusters"
        return ("beside", "few-treated") if small < FEW else ("yes", "")

    def sandwich() -> tuple[str, str]:
        if small < 2 or clusters < 3:
            return "no", "few-clusters"
        return ("no", "few-treated") if small < FEW else ("beside", "") if clusters < 30 else ("yes", "")

    def shuffle() -> tuple[str, str]:
        if shuffled > alpha:
            return "no", "p-too-coarse"
        return ("yes", "") if random else ("beside", "not-random")

    rows = [
        ("survey", nan, nan, "yes", ""),
        ("t", nan, float(clusters - 2), *spread()),
        ("cluster-robust", nan, float(clusters - 1), *sandwich()),
        ("randomisation", shuffled, nan, *shuffle()),
        ("wild-bootstrap", turned, nan, *wild()),
        ("synthetic-control", placebo, nan,
         *(("no", "p-too-coarse") if placebo > alpha else ("beside", ""))),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["method", "smallest_p", "df", "carries", "reason"])
    return Carries(frame, clusters, treated, level)
