"""From a matrix of indicators to scores, without a question asked: what every specification runs through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govlab.compare.index import aggregating, normalising, treating, weighting
from govlab.compare.index.specification import Group, IndexSpec, Indicator, order
from govlab.errors import Fault, InputError

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Prepared:
    """values: (n, k) indicators treated, turned and on one scale; done: what was done to outliers."""

    values: Floats
    done: tuple[tuple[str, int], ...]


def prepare(raw: Floats, spec: IndexSpec) -> Prepared:
    """Outliers, gaps, direction and scale, in this order."""
    done: list[tuple[str, int]] = [("none", 0)] * raw.shape[1]
    x = raw
    if spec.outliers == "treat":
        x, done = treating.treat(x, spec.most_treated)
    if spec.missing in ("mean", "median"):
        x = treating.fill(x, spec.missing)
    directions = np.array([one.direction for one in spec.indicators], dtype=np.float64)
    return Prepared(normalise(x, directions, spec), tuple(done))


def normalise(x: Floats, directions: Floats, spec: IndexSpec) -> Floats:
    """(n, k) on the scale of the specification."""
    method = spec.normalisation
    if method == "goalposts":
        ends = np.array([one.goalposts or (np.nan, np.nan) for one in spec.indicators], dtype=np.float64)
        return normalising.goalposts(x, ends[:, 0], ends[:, 1])
    turned = x * directions
    if method == "target":
        aims = [np.nan if one.target is None else one.target for one in spec.indicators]
        return normalising.target(turned, np.array(aims) * directions)
    if method == "minmax":
        return normalising.minmax(turned, *spec.scale)
    simple = {
        "zscore": normalising.zscore,
        "rank": normalising.rank,
        "percentile": normalising.percentile,
        "borda": normalising.borda,
        "distance_to_best": normalising.distance_to_best,
        "share_of_best": normalising.share_of_best,
        "vector": normalising.vector,
    }
    return simple[method](turned) if method in simple else turned


def weigh(ready: Prepared, spec: IndexSpec) -> dict[str, Floats]:
    """For each group the weights of its members, sum 1, in the order of ``spec.members``.

    Weights from the data are of the values of the members: indicators on one scale, or scores of groups.
    """
    shares: dict[str, Floats] = {}
    columns = _columns(ready, spec)
    for name in order(spec):
        members = spec.members(name)
        given = np.array([one.weight for one in members], dtype=np.float64)
        if spec.weights == "given":
            shares[name] = given / given.sum()
        elif spec.weights == "equal" or len(members) == 1:
            shares[name] = np.full(len(members), 1 / len(members))
        else:
            x = np.stack([_from_zero(columns[one.code], one, spec) for one in members], axis=1)
            shares[name] = _from_data(x, spec, name)
        if spec.weights not in ("given", "equal"):
            columns[name] = _scored(columns, members, shares[name], spec.aggregation)
    return shares


def _from_zero(values: Floats, member: Indicator | Group, spec: IndexSpec) -> Floats:
    """Min-max values from 0 to 1, as weights from the data are usually taken, whatever scale is shown."""
    if spec.normalisation != "minmax" or (isinstance(member, Group) and spec.aggregation == "topsis"):
        return values
    x = (values - spec.scale[0]) / (spec.scale[1] - spec.scale[0])
    return np.where(np.abs(x) < 1e-12, 0.0, x)


def _from_data(x: Floats, spec: IndexSpec, name: str) -> Floats:
    x = x[~np.isnan(x).any(axis=1)]
    if len(x) < 3:
        raise InputError(Fault("index.weights_few", {"group": name, "n": len(x)}))
    if spec.weights == "entropy":
        if (x < 0).any():
            raise InputError(Fault("index.entropy_values", {"group": name}))
        return weighting.entropy(x, shift=spec.shift)
    if spec.weights == "critic":
        return weighting.critic(x)
    found = weighting.pca(x, rule="handbook" if spec.weights == "pca" else "combination")
    if (found < 0).any():
        negative = [one.code for one, w in zip(spec.members(name), found, strict=True) if w < 0]
        raise InputError(Fault("index.pca_negative", {"group": name, "codes": ", ".join(negative)}))
    return found


def score(ready: Prepared, spec: IndexSpec, shares: Mapping[str, Floats]) -> dict[str, Floats]:
    """(n,) scores of every group and of the top."""
    columns = _columns(ready, spec)
    if spec.aggregation == "topsis":
        return _closeness(ready, spec, shares)
    for name in order(spec):
        members = spec.members(name)
        columns[name] = _scored(columns, members, shares[name], spec.aggregation)
        if spec.missing == "rescale":
            there = np.stack([~np.isnan(columns[one.code]) for one in members], axis=1)
            columns[name][there @ shares[name] < spec.least_present] = np.nan
    return {name: columns[name] for name in order(spec)}


def _columns(ready: Prepared, spec: IndexSpec) -> dict[str, Floats]:
    return {code: ready.values[:, place] for place, code in enumerate(spec.codes)}


def _scored(
    columns: Mapping[str, Floats], members: list[Indicator | Group], share: Floats, method: str
) -> Floats:
    x = np.stack([columns[one.code] for one in members], axis=1)
    if method == "topsis":
        return aggregating.topsis(x, share)
    if method != "arithmetic" and (x <= 0).any():
        bad = [one.code for one, low in zip(members, np.nanmin(x, axis=0), strict=True) if low <= 0]
        raise InputError(Fault("index.scale_not_positive", {"codes": ", ".join(bad), "aggregation": method}))
    return aggregating.mean(x, share, method)


def _closeness(ready: Prepared, spec: IndexSpec, shares: Mapping[str, Floats]) -> dict[str, Floats]:
    """TOPSIS of each group over all indicators below it, weighted by the product of the weights."""
    place = {code: column for column, code in enumerate(spec.codes)}
    below: dict[str, dict[int, float]] = {}
    for name in order(spec):
        found: dict[int, float] = {}
        for member, share in zip(spec.members(name), shares[name], strict=True):
            inside = below.get(member.code) or {place[member.code]: 1.0}
            found |= {column: float(share) * weight for column, weight in inside.items()}
        below[name] = found
    return {
        name: aggregating.topsis(ready.values[:, list(columns)], np.array(list(columns.values())))
        for name, columns in below.items()
    }
