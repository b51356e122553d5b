"""The index of a study: its file, the table of indicators, and what the survey adds with its errors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from govlab import disclosure
from govlab.compare.index import Choices, IndexPlan, IndexSpec, read_plan
from govlab.errors import Fault, InputError
from govlab.studybook.parts import SUPPRESSED, Telling

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
FILE = "index.toml"
TRUTH = "indicators_truth.json"


@dataclass(frozen=True, eq=False)
class Source:
    """What the report is computed from.

    table: a row a zone. errors: covariances (zones, zones) of indicators taken from the survey. no_sets: why
    there are no confidence sets of ranks, or "". truth: what is true of invented data, else empty.
    """

    plan: IndexPlan
    spec: IndexSpec
    table: pd.DataFrame
    errors: Mapping[str, Floats]
    no_sets: str
    truth: Mapping[str, Any]
    lang: str

    @property
    def unit(self) -> str:
        """The column of zones."""
        return str(self.plan.file.unit)

    @property
    def choices(self) -> Choices:
        """What might have been chosen otherwise."""
        return self.plan.choices

    def words(self, name: str) -> str:
        """``title`` or ``source`` of the file in the report's language."""
        found = {"title": self.plan.file.title, "source": self.plan.file.source}[name]
        return str(found.in_language(self.lang))

    def label(self, code: str) -> str:
        """What an indicator or group is called."""
        for one in (*self.plan.file.indicator, *self.plan.file.group):
            if one.code == code:
                return str(one.label.in_language(self.lang))
        return ""

    def unit_of(self, code: str) -> str:
        """What an indicator is measured in."""
        for one in self.plan.file.indicator:
            if one.code == code and one.unit is not None:
                return str(one.unit.in_language(self.lang))
        return ""


def open_source(tell: Telling) -> Source | None:
    """The index stated in ``index.toml``; None where there is none. InputError for faults in it or its table.

    Indicators from the survey leave the index where a mean may not be shown, which the index would tell of,
    or where the study allows no ranks on answers.
    """
    path = tell.study.workspace.root / FILE
    if not path.is_file():
        return None
    plan = read_plan(path)
    table = _table(plan, tell)
    spec, errors = plan.spec, {}
    for code, item in plan.from_survey.items():
        allowed = tell.study.no_ranks is None
        found = _from_survey(tell, item, table[plan.file.unit].tolist()) if allowed else None
        if found is None:
            spec = spec.without(code)
            continue
        table[code], covariance = found
        if covariance is not None:
            errors[code] = covariance
    no_sets = ""
    if tell.study.no_ranks is not None and plan.from_survey:
        no_sets = "not_allowed"
    elif not errors:
        no_sets = "no_errors"
    beside = path.parent / TRUTH
    truth = json.loads(beside.read_text(encoding="utf-8")) if beside.is_file() and tell.synthetic else {}
    return Source(plan, spec, table, errors, no_sets, truth, tell.lang)


def _table(plan: IndexPlan, tell: Telling) -> pd.DataFrame:
    import pandas as pd

    if not plan.data.is_file():
        raise InputError(Fault("index.no_table", {"path": plan.file.data}, (FILE,)))
    name = plan.data.name
    read = pd.read_excel if plan.data.suffix.lower() == ".xlsx" else pd.read_csv
    table = read(plan.data)
    if plan.file.unit not in table.columns:
        raise InputError(Fault("index.no_column", {"code": plan.file.unit}, (name,)))
    strange = [str(one) for one in table[plan.file.unit] if str(one) not in tell.names.zones]
    if strange:
        shown = ", ".join(strange[:5])
        raise InputError(Fault("index.unknown_zone", {"zones": shown}, (name,)))
    own = [one.code for one in plan.file.indicator if one.survey is None]
    lacking = [Fault("index.no_column", {"code": code}, (name,)) for code in own if code not in table.columns]
    if lacking:
        raise InputError(lacking)
    table[plan.file.unit] = table[plan.file.unit].astype(str)
    return table


def _from_survey(tell: Telling, item: str, zones: list[str]) -> tuple[list[float], Floats | None] | None:
    """Means of the last wave by zone, in the order of the table, and their covariance where there is one."""
    from govlab.survey import mean

    if not tell.study.waves:
        return None
    wave = max(tell.study.waves)
    found = mean(tell.design(wave), item, by=tell.zone)
    masked = disclosure.apply(tell.mask, found, item=item, within={"wave": wave}).to_frame()
    if (masked["reason"] == SUPPRESSED).any():
        return None
    frame = found.to_frame().reset_index(drop=True)
    place = {str(zone): row for row, zone in enumerate(frame[tell.zone])}
    if any(zone not in place for zone in zones):
        return None
    rows = [place[zone] for zone in zones]
    values = frame["estimate"].to_numpy(dtype=float)[rows].tolist()
    covariance = getattr(found, "covariance", None)
    if covariance is None or not tell.study.inference_allowed:
        return values, None
    matrix = np.asarray(covariance, dtype=np.float64)[np.ix_(rows, rows)]
    return values, matrix if np.isfinite(matrix).all() else None
