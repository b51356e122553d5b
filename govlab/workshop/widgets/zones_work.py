"""What the zone explorer shows of an item and a wave, after the suppression mask: answers, means, pairs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from govlab.disclosure import apply
from govlab.errors import InputError
from govlab.studybook.numbers import counted, known, point
from govlab.studybook.parts import SUPPRESSED
from govlab.survey.merged import merge_answers, three

if TYPE_CHECKING:
    import pandas as pd

    from govlab.studybook.parts import Telling
    from govlab.survey.merged import Groups

EVERYONE = ""
Ends = tuple[float, float, float]


@dataclass(frozen=True)
class Bar:
    """Answers in one zone: shares of the groups (empty where withheld), of those without one, and n."""

    shares: tuple[float, ...] = ()
    outside: float = 0.0
    n: int | None = None


@dataclass(frozen=True)
class Mean:
    """A zone's mean with both ends of its interval (None where withheld), respondents, letters."""

    ends: Ends | None
    n: int | None
    letters: str = ""


@dataclass(frozen=True)
class Pairs:
    """All pairs of zones that may be shown: how many, how many can be told apart, what the sample shows."""

    count: int
    apart: int
    least: tuple[float, float] | None


class Explorer:
    """A study's items by zone; all that leaves it has gone through the mask, once."""

    def __init__(self, tell: Telling) -> None:
        self.tell = tell
        self.bars = lru_cache(maxsize=None)(self._bars)
        self.means = lru_cache(maxsize=None)(self._means)
        self._compared = lru_cache(maxsize=None)(self._all_pairs)

    def groups(self, item: str) -> Groups:
        """The groups that a question's answers are put together to; empty for a construct."""
        questionnaire = self.tell.study.questionnaire
        assert questionnaire is not None
        if not questionnaire.has(item):
            return ()
        scale = questionnaire.question(item).scale
        return three(scale) or tuple((str(float(one)), (one,)) for one in sorted(scale))

    def _bars(self, item: str, wave: int) -> dict[str, Bar]:
        """By zone, and of everybody under ``EVERYONE``, where the study publishes them."""
        from govlab.survey import proportion

        tell, groups = self.tell, self.groups(item)
        design = tell.design(wave)
        found: dict[str, Bar] = {}
        if tell.margin(("wave",), item, "answers"):
            frame = tell.masked(proportion(design, item), within={"wave": wave})
            found[EVERYONE] = self._bar(frame, item, wave, groups, split=True)
        if tell.margin((tell.zone, "wave"), item, "answers", merged=True):
            few = not three([one for _, some in groups for one in some])
            merged = design if few else merge_answers(design, {item: groups})
            frame = tell.masked(proportion(merged, item, by=tell.zone), within={"wave": wave})
            zones = frame[tell.zone].astype(str)
            for zone in tell.names.zones:
                found[zone] = self._bar(frame[zones == zone], item, wave, groups, zone=zone)
        return found

    def _bar(
        self,
        frame: pd.DataFrame,
        item: str,
        wave: int,
        groups: Groups,
        *,
        zone: str = "",
        split: bool = False,
    ) -> Bar:
        """One bar from masked shares; split: of every answer by itself, which are added up."""
        if not len(frame) or (frame["reason"] == SUPPRESSED).any() or not known(frame["n"].iloc[0]):
            return Bar()
        share = {str(row["term"]): known(row["estimate"]) or 0.0 for row in frame.to_dict("records")}
        shares = tuple(
            sum(share.get(str(float(one)), 0.0) for one in points) if split else share.get(name, 0.0)
            for name, points in groups
        )
        design = self.tell.design(wave)
        inside = slice(None) if not zone else (design.frame[self.tell.zone].astype(str) == zone).to_numpy()
        weights = design.weights[inside]
        none = design.frame[item].isna().to_numpy()[inside]
        return Bar(shares, float(weights[none].sum() / weights.sum()), counted(frame["n"].iloc[0]))

    def _means(self, item: str, wave: int) -> dict[str, Mean]:
        """By zone, and of everybody under ``EVERYONE``, where the study publishes them."""
        tell = self.tell
        found = {}
        if tell.margin(("wave",), item):
            found[EVERYONE] = _mean(tell.means([item], wave).iloc[0])
        if tell.margin((tell.zone, "wave"), item):
            frame = self._compared(item, wave)[0]
            found |= {str(row[tell.zone]): _mean(row) for row in frame.to_dict("records")}
        return found

    def pairs(self, item: str, wave: int) -> Pairs:
        """How many pairs of zones can be told apart, all taken together."""
        frame = self._compared(item, wave)[1]
        if frame is None or not len(frame):
            return Pairs(0, 0, None)
        least = (float(frame["detectable"].min()), float(frame["detectable"].max()))
        return Pairs(len(frame), int(frame["different"].astype(bool).sum()), least)

    def differences(self, item: str, wave: int, against: str) -> dict[str, Ends]:
        """Zone -> its mean less that of one zone, with intervals that hold for all pairs at once."""
        frame = self._compared(item, wave)[1]
        found: dict[str, Ends] = {}
        if frame is None:
            return found
        for row in frame.to_dict("records"):
            ends = (float(row["estimate"]), float(row["conf_low"]), float(row["conf_high"]))
            if str(row["against"]) == against:
                found[str(row["zone"])] = ends
            elif str(row["zone"]) == against:
                found[str(row["against"])] = (-ends[0], -ends[2], -ends[1])
        return found

    def _all_pairs(self, item: str, wave: int) -> tuple[pd.DataFrame, pd.DataFrame | None]:
        """Masked means with letters, and the masked pairs that may be shown; None where none are compared."""
        from govlab.survey import compare_zones

        tell = self.tell
        try:
            compared = compare_zones(tell.design(wave), item, zone=tell.zone)
        except InputError:
            return tell.means([item], wave, tell.zone), None
        columns = {"zone": tell.zone, "against": tell.zone}
        within = {"wave": wave}
        frame = apply(tell.mask, compared.to_frame(), item=item, within=within, columns=columns)
        assert compared.means is not None
        means = apply(tell.mask, compared.means, item=item, within=within)
        if (means["reason"] == SUPPRESSED).any():
            # letters of the others would tell where a withheld mean lies
            means = means.assign(letters="")
        return means, frame[frame["reason"] == ""]


def _mean(row: object) -> Mean:
    values = dict(row)  # type: ignore[call-overload]
    ends = None if values["reason"] == SUPPRESSED else point(values)
    return Mean(ends, counted(values["n"]), str(values.get("letters") or ""))
