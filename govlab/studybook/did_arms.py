"""A model's zones against those that stayed as they were: effects by wave, the waves before, few zones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from govlab.errors import InputError
from govlab.studybook.numbers import known
from govlab.tables import Shown

if TYPE_CHECKING:
    import pandas as pd

    from govlab.compare.did import PreTrend, Randomisation, SyntheticControl, WildBootstrap
    from govlab.studybook.parts import Telling
    from govlab.survey import Design

Ends = tuple[float, float]
Assignment = Literal["random", "not-random"]


@dataclass(frozen=True)
class At:
    """A wave against the base: difference, interval for these zones, interval for the model.

    smallest: the difference that these data find in 80 cases of 100, for these zones.
    """

    wave: int
    estimate: float
    here: Ends | None
    beyond: Ends | None
    n: int
    smallest: float | None = None


@dataclass(frozen=True, eq=False)
class Arm:
    """One model on one item. waves: those before ``start`` and from it on; the base is the last before."""

    tell: Telling
    model: str
    item: str
    before: tuple[int, ...]
    after: tuple[int, ...]
    assignment: Assignment = "not-random"

    @property
    def name(self) -> str:
        """What the study calls the model."""
        return self.tell.names.model(self.model)

    @property
    def head(self) -> str:
        """The name as a sentence, a caption or a cell begins with it."""
        return opened(self.name, self.tell.lang)

    @property
    def base(self) -> int:
        """The wave all others are held against."""
        return self.before[-1]

    @cached_property
    def design(self) -> Design:
        """All waves, seen through this model's zones and those for comparison."""
        waves = (*self.before, *self.after)
        design = self.tell.design(*waves)
        models = design.frame["model"].astype(str)
        design = design.with_columns({"treated": (models == self.model).astype(float)})
        return design.subset(models.isin([self.model, *self.tell.names.compared]).to_numpy())

    @cached_property
    def shown(self) -> bool:
        """Whether every mean behind the differences may be shown."""
        models = (self.model, *self.tell.names.compared)
        cells = [{"model": one, "wave": wave} for one in models for wave in (*self.before, *self.after)]
        return self.tell.margin(("model", "wave"), self.item) and all(
            self.tell.mask.shows(cell, self.item) for cell in cells
        )

    @cached_property
    def zones(self) -> tuple[int, int]:
        """Zones under the model, and zones for comparison."""
        names = self.tell.names
        of = [names.model_of(zone) for zone in names.zones]
        return of.count(self.model), sum(one in names.compared for one in of)

    @cached_property
    def moments(self) -> dict[int, At]:
        """By wave but the base; empty where the means may not be shown or cannot be compared."""
        from govlab.survey import difference_in_differences

        if not self.shown:
            return {}
        found = {}
        for wave in (*self.before[:-1], *self.after):
            pair = (wave, self.base) if wave < self.base else (self.base, wave)
            try:
                both = difference_in_differences(
                    self.design, self.item, wave="wave", between=pair, treated="treated", zone=self.tell.zone
                )
            except InputError:
                return {}
            here, beyond = both.to_frame().to_dict("records")
            sign = -1.0 if wave < self.base else 1.0
            ends = [_ends(one, sign) for one in (here, beyond)]
            found[wave] = At(
                wave, sign * float(here["estimate"]), ends[0], ends[1], int(here["n"]), _smallest(here)
            )
        return found

    @property
    def gap(self) -> At:
        """The last wave against the base."""
        return self.moments[self.after[-1]]

    @property
    def stands(self) -> bool:
        """Whether the interval for these zones leaves out zero."""
        return off(self.gap.here)

    @property
    def stands_beyond(self) -> bool:
        """Whether the interval for the model leaves out zero."""
        return off(self.gap.beyond)

    # -- before ----------------------------------------------------------------------------------

    @cached_property
    def trends(self) -> dict[str, PreTrend]:
        """The waves before, for these zones (``design``) and for the model (``zone``)."""
        from govlab.compare import did

        if len(self.before) < 2:
            return {}
        # Waves after the last one shown would change the mean effect that a divergence is held against.
        kept = self.design.subset(self.design.frame["wave"].isin([*self.before, self.after[-1]]).to_numpy())
        found = did.on_survey(
            kept, self.item, wave="wave", zone=self.tell.zone, treated="treated", start=self.after[-1],
            by_wave=True,
        )  # fmt: skip
        return {basis: found.pre_trend(basis=basis) for basis in ("design", "zone")}

    @property
    def verdict(self) -> str:
        """``none`` before to look at, ``diverged``, ``hides`` (could not be seen) or ``clear``."""
        held = [one for one in self.trends.values() if one.not_applicable is None]
        if not held:
            return "none"
        if any(one.p_value < 1 - one.level for one in held):
            return "diverged"
        return "hides" if any(one.hides for one in held) else "clear"

    @property
    def wedge(self) -> float | None:
        """The smallest divergence a wave that would have been found on either basis.

        The larger of the two: with few zones their spread can by chance come out below the sampling
        error that is in it.
        """
        held = [one.detectable for one in self.trends.values() if one.not_applicable is None]
        return max(held, default=None)

    # -- zones as units --------------------------------------------------------------------------

    @cached_property
    def panel(self) -> pd.DataFrame | None:
        """Means by zone, base and last wave and those before; None where a zone's mean may not be shown."""
        from govlab.compare import did

        tell = self.tell
        named = [
            one for one in tell.names.zones if tell.names.model_of(one) in {self.model, *tell.names.compared}
        ]
        waves = (*self.before, self.after[-1])
        cells = [{tell.zone: zone, "wave": wave} for zone in named for wave in waves]
        if not tell.margin((tell.zone, "wave"), self.item):
            return None
        if not all(tell.mask.shows(cell, self.item) for cell in cells):
            return None
        kept = self.design.subset(self.design.frame["wave"].isin(waves).to_numpy())
        try:
            found: pd.DataFrame = did.zone_panel(
                kept, self.item, wave="wave", zone=tell.zone, treated="treated", start=self.after[-1]
            )
        except InputError:
            return None
        return found

    @cached_property
    def two_waves(self) -> pd.DataFrame | None:
        """The panel's base and last wave."""
        if self.panel is None:
            return None
        return self.panel[self.panel["wave"].isin([self.base, self.after[-1]])]

    @cached_property
    def assignments(self) -> Randomisation | None:
        """The difference of mean changes under every assignment of as many zones."""
        from govlab.compare import did

        if self.two_waves is None:
            return None
        try:
            return did.randomisation_test(
                self.two_waves, self.item, treated="in_place", cluster=self.tell.zone, time="wave",
                assignment=self.assignment,
            )  # fmt: skip
        except InputError:
            return None

    @cached_property
    def bootstrap(self) -> WildBootstrap | None:
        """The wild bootstrap beside it."""
        from govlab.compare import did

        if self.two_waves is None:
            return None
        try:
            return did.wild_bootstrap(
                did.two_way(self.two_waves, self.item, treated="in_place", unit=self.tell.zone, time="wave")
            )
        except InputError:
            return None

    def synthetic(self, zone: str) -> SyntheticControl | None:
        """One zone beside its synthetic control."""
        from govlab.compare import did

        if self.panel is None:
            return None
        try:
            return did.synthetic_control(
                self.panel, self.item, unit=self.tell.zone, time="wave", treated="in_place", of=zone
            )
        except InputError:
            return None


def opened(text: str, lang: str) -> str:
    """The text as it stands at the beginning of an English sentence; Chinese has nothing to change."""
    return text[:1].upper() + text[1:] if lang == "en" else text


def off(ends: Ends | None) -> bool:
    """Whether an interval leaves out zero."""
    return ends is not None and (ends[0] > 0 or ends[1] < 0)


def minus(value: float | None) -> Shown | None:
    """A number for a cell, with a real minus sign."""
    return None if value is None else Shown(value, f"{value:.2f}".replace("-", "−"))


def probability(p: float | None) -> Shown | None:
    """A p for a cell; never printed as zero."""
    return None if p is None else Shown(p, f"{p:.3f}" if p >= 0.0005 else "<0.001")


def _smallest(row: dict[Any, Any]) -> float | None:
    from govlab.compare import did

    error, df = known(row["std_error"]), known(row["df"])
    return did.detectable(error, df) if error and df else None


def _ends(row: dict[Any, Any], sign: float) -> Ends | None:
    low, high = known(row["conf_low"]), known(row["conf_high"])
    if low is None or high is None:
        return None
    return (low, high) if sign > 0 else (-high, -low)


def arms(
    tell: Telling, item: str, before: Sequence[int], after: Sequence[int], assignment: Assignment
) -> list[Arm]:
    """Every model that has zones to be compared, in the order of the study; those not shown left out."""
    found = [
        Arm(tell, model, item, tuple(before), tuple(after), assignment)
        for model in tell.names.models
        if model not in tell.names.compared
    ]
    return [one for one in found if one.moments]
