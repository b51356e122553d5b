"""Clustered or panel data: does a sufficient relation hold in every cluster and unit, or only on average?

Garcia-Castro & Arino (2016), Journal of Advances in Management Sciences & Information Systems 2, 63-76.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.compare.qca import fit
from govlab.compare.qca.expression import membership
from govlab.compare.qca.model import Model
from govlab.language import say
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Clusters(Result):
    """Fit of the terms of a model, pooled, between clusters and within units.

    frame: ``term``, ``level`` (pooled, between, within), ``group``, ``n``, ``inclusion``, ``coverage``.
    distances: by term, how unequal inclusion is between clusters and within units; 0: all the same.
    """

    frame: pd.DataFrame
    distances: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """A copy of the table."""
        return self.frame.copy()

    def labels(self, lang: str) -> dict[str, str]:
        """Printed names of the columns of ``to_frame``."""
        names = ("term", "level", "group", "n", "inclusion", "coverage")
        return {name: say(f"qca.column.{name}", lang=lang) for name in names}

    def summary(self) -> str:
        """The distances of every term."""
        lines = ["distance of inclusion from equality, between clusters and within units"]
        for row in self.distances.itertuples():
            lines.append(f"{row.term}: {row.between:.3f}, {row.within:.3f}")
        return "\n".join(lines)


def clusters(model: Model, *, cluster: Sequence[object], unit: Sequence[object] | None = None) -> Clusters:
    """Inclusion and coverage of a model's terms in every cluster, and in every unit if given.

    cluster, unit: (n,) labels in the order of the model's cases. A set without members in a group has no
    inclusion there (nan) and does not count in the distance sqrt(sum_g (c_g / sum c - 1 / G)^2).
    """
    import pandas as pd

    data = model.data
    levels = [("between", np.array(list(map(str, cluster))))]
    if unit is not None:
        levels.append(("within", np.array(list(map(str, unit)))))
    if any(len(labels) != len(data) for _, labels in levels):
        raise ValueError(f"cluster and unit need a label for each of the {len(data)} cases")
    x = membership(data.values, model.literals, data.levels)
    names = [term.expression for term in model.terms]
    if len(names) > 1:
        x, names = np.column_stack([x, x.max(axis=1)]), [*names, model.expression]
    y = data.memberships
    rows: list[tuple[object, ...]] = []
    apart = []
    for place, name in enumerate(names):
        own = x[:, place : place + 1]
        rows.append((name, "pooled", "", len(y), *_both(own, y)))
        distance = {"between": np.nan, "within": np.nan}
        for level, labels in levels:
            found = []
            for group in dict.fromkeys(labels.tolist()):
                inside = labels == group
                pair = _both(own[inside], y[inside])
                rows.append((name, level, group, int(inside.sum()), *pair))
                found.append(pair[0])
            distance[level] = unevenness(np.array(found))
        apart.append((name, distance["between"], distance["within"]))
    frame = pd.DataFrame(rows, columns=["term", "level", "group", "n", "inclusion", "coverage"])
    return Clusters(frame, pd.DataFrame(apart, columns=["term", "between", "within"]))


def _both(x: Floats, y: Floats) -> tuple[float, float]:
    return float(fit.inclusion(x, y)[0]), float(fit.coverage(x, y)[0])


def unevenness(values: Floats) -> float:
    """Euclidean distance of shares from equality; nan where there is nothing to share."""
    held = values[~np.isnan(values)]
    if not len(held) or held.sum() == 0:
        return float("nan")
    return float(np.sqrt(((held / held.sum() - 1 / len(held)) ** 2).sum()))
