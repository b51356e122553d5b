"""What a scheme is scored on: units, records of counts and raters, and estimates of a survey when asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from govlab.errors import Fault, InputError
from govlab.institutions.scheme.arithmetic import Floats
from govlab.institutions.scheme.models import Measure
from govlab.institutions.scheme.scheme import Scheme
from govlab.results import NotApplicable

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("scheme", "unit", "indicator", "rater", "value")
OWN = "own"  # the indicator under which a body above records its own result
_SHOWN = 12  # faults of one kind that are listed


@dataclass(frozen=True)
class Unit:
    """Something that is scored. parent: the body above it. size: residents, say, for weighted means."""

    id: str
    zh: str
    en: str
    parent: str = ""
    size: float | None = None

    def name(self, lang: str) -> str:
        """What it is called."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, eq=False)
class Survey:
    """Estimates of a survey for units. estimates, n: (items, units), NaN or 0 where nobody answered.

    covariance: (items * units, items * units), all units of the first item first; NaN where no error is
    known.
    """

    items: tuple[str, ...]
    units: tuple[str, ...]
    estimates: Floats
    covariance: Floats
    n: Floats


Ask = Callable[[tuple[str, ...]], Survey]


@dataclass(frozen=True, eq=False)
class Evidence:
    """Everything known of units in one year.

    records: a table of ``scheme unit indicator rater value`` (rater "" for a count) and, where known,
    ``where`` each row stands. ask: gives survey estimates of items for these units; None where nobody was
    asked. no_ranks: why nothing may be ranked on residents' answers. withheld: units whose answers must
    not be shown. period: what the year or wave is called.
    """

    units: tuple[Unit, ...]
    records: pd.DataFrame
    above: tuple[Unit, ...] = ()
    ask: Ask | None = field(default=None, repr=False)
    no_ranks: NotApplicable | None = None
    withheld: frozenset[str] = frozenset()
    period: str = ""
    synthetic: bool = False

    def __post_init__(self) -> None:
        lost = [name for name in COLUMNS if name not in self.records.columns]
        if lost:
            raise ValueError(f"records: columns {lost} are missing, got {list(self.records.columns)}")
        names = [one.id for one in (*self.units, *self.above)]
        if len(set(names)) < len(names):
            raise ValueError("units: an id stands twice")

    def keep_back(self, units: Sequence[str]) -> Evidence:
        """Other evidence in which the answers of residents of these units are not used at all."""
        return replace(self, withheld=self.withheld | frozenset(units))

    def survey(self, items: Sequence[str]) -> Survey:
        """Estimates of items for all units in their order; of units withheld or not asked there are none."""
        items = tuple(items)
        units = tuple(one.id for one in self.units)
        count = len(units)
        estimates, n = np.full((len(items), count), np.nan), np.zeros((len(items), count))
        covariance = np.full((len(items) * count,) * 2, np.nan)
        if self.ask is None or not items:
            return Survey(items, units, estimates, covariance, n)
        found = self.ask(items)
        place = {name: at for at, name in enumerate(found.units)}
        here = [at for at, name in enumerate(units) if name in place and name not in self.withheld]
        there = [place[units[at]] for at in here]
        estimates[:, here], n[:, here] = found.estimates[:, there], found.n[:, there]
        wide = len(found.units)
        to = [item * count + at for item in range(len(items)) for at in here]
        source = [item * wide + at for item in range(len(items)) for at in there]
        covariance[np.ix_(to, to)] = found.covariance[np.ix_(source, source)]
        return Survey(items, units, estimates, covariance, n)

    def of(self, scheme: Scheme) -> pd.DataFrame:
        """The records of one scheme; InputError for every row that does not fit it."""
        mine = self.records[self.records["scheme"] == scheme.id].reset_index(drop=True)
        faults = list(_faults(mine, scheme, self))
        if faults:
            raise InputError(faults)
        return mine


def _faults(records: pd.DataFrame, scheme: Scheme, evidence: Evidence) -> list[Fault]:
    units = {one.id for one in evidence.units}
    above = {one.id for one in evidence.above}
    measures: dict[str, Measure | None] = {one.id: one.measure for one in scheme.file.nodes}
    measures |= dict.fromkeys(one.id for one in scheme.file.points)
    steps = {float(one.value) for one in scheme.file.steps}
    faults, seen = [], set()
    for row in records.to_dict("records"):
        at = (str(row["where"]),) if row.get("where") else (str(row["unit"]), str(row["indicator"]))
        name, unit, rater = str(row["indicator"]), str(row["unit"]), str(row["rater"] or "")
        own = name == OWN and scheme.file.rollup is not None
        if unit not in (above if own else units):
            faults.append(Fault("scheme.no_unit", {"unit": unit}, at))
            continue
        if not own and name not in measures:
            faults.append(Fault("scheme.no_indicator", {"id": name, "scheme": scheme.id}, at))
            continue
        measure = scheme.file.rollup.own_measure if own and scheme.file.rollup else measures.get(name)
        if (unit, name, rater) in seen:
            faults.append(Fault("scheme.record_twice", {"unit": unit, "id": name}, at))
        seen.add((unit, name, rater))
        faults += _row_faults(row["value"], rater, name, measure, steps, at)
    return first(faults)


def first(faults: Sequence[Fault]) -> list[Fault]:
    """The first faults, and how many more there are."""
    more = len(faults) - _SHOWN
    return [*faults[:_SHOWN], Fault("scheme.more", {"n": more})] if more > 0 else list(faults)


def _row_faults(
    raw: object, rater: str, name: str, measure: Measure | None, steps: set[float], at: tuple[str, ...]
) -> list[Fault]:
    """What is wrong with one value. measure None: how often something with points happened."""
    try:
        value = float(str(raw))
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        return [Fault("scheme.not_a_number", {"got": str(raw)}, at)]
    if measure is None:
        bad = value < 0 or value != round(value)
        return [Fault("scheme.not_a_count", {"got": f"{value:g}"}, at)] if bad else []
    if measure.kind == "survey":
        return [Fault("scheme.survey_typed", {"id": name}, at)]
    faults = []
    if (measure.kind == "expert") != bool(rater):
        key = "scheme.no_rater" if measure.kind == "expert" else "scheme.rater"
        faults.append(Fault(key, {"id": name}, at))
    low, high = measure.range
    if measure.kind == "expert" and steps and value not in steps:
        allowed = ", ".join(f"{one:g}" for one in sorted(steps))
        faults.append(Fault("scheme.no_step", {"got": f"{value:g}", "allowed": allowed}, at))
    elif measure.normalisation == "range" and not low <= value <= high:
        values = {"got": f"{value:g}", "low": f"{low:g}", "high": f"{high:g}"}
        faults.append(Fault("scheme.outside", values, at))
    return faults
