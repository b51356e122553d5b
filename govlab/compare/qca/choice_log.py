"""Every choice that an analysis rests on, ready for an appendix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from govlab.compare.qca.analysis import Analysis
from govlab.compare.qca.calibration import Calibrated
from govlab.errors import Fault
from govlab.language import say
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Choice:
    """One choice: what it is about, what was chosen, and the written reason, empty where there is none."""

    step: str
    chosen: Fault
    reason: str = ""


@dataclass(frozen=True, eq=False)
class ChoiceLog(Result):
    """The choices in the order in which they were made."""

    choices: tuple[Choice, ...]

    def to_frame(self, lang: str = "en") -> pd.DataFrame:
        """``step``, ``choice``, ``reason`` in one language."""
        import pandas as pd

        comma = "、" if lang == "zh" else ", "
        rows = [
            (say(f"qca.step.{one.step}", lang=lang), one.chosen.text(lang).replace(", ", comma), one.reason)
            for one in self.choices
        ]
        return pd.DataFrame(rows, columns=["step", "choice", "reason"])

    def labels(self, lang: str) -> dict[str, str]:
        """Printed names of the columns of ``to_frame``."""
        return {name: say(f"qca.column.{name}", lang=lang) for name in ("step", "choice", "reason")}

    def summary(self) -> str:
        """One line a choice."""
        return "\n".join(f"{one.step}: {one.chosen.text('en')}" for one in self.choices)


def choices(analysis: Analysis, reasons: Mapping[str, str] | None = None) -> ChoiceLog:
    """The choices of an analysis. reasons: step -> why, for cuts and expectations, as the researcher wrote.

    Steps: cases, outcome, conditions, calibration, missing, inclusion, pri, frequency, expectations,
    models, enhanced, necessity, preset.
    """
    reasons = reasons or {}
    found = [Choice(step, chosen, reasons.get(step, "")) for step, chosen in _steps(analysis)]
    made = [_of_calibration(name, one) for name, one in analysis.calibrated.items()]
    return ChoiceLog((*found[:3], *made, *found[3:]))


def _steps(analysis: Analysis) -> Iterator[tuple[str, Fault]]:
    table, data = analysis.positive.table, analysis.positive.table.data
    yield "cases", Fault("qca.log.cases", {"n": len(data) + len(data.left_out), "used": len(data)})
    yield "outcome", Fault("qca.log.outcome", {"outcome": data.outcome})
    yield "conditions", Fault("qca.log.conditions", {"names": ", ".join(data.conditions)})
    if data.left_out:
        yield "missing", Fault("qca.log.missing", {"cases": ", ".join(data.left_out)})
    if analysis.preset is not None:
        yield "preset", Fault(f"qca.preset.{analysis.preset.key}.differs")
    yield "inclusion", Fault("qca.log.inclusion", {"cut": f"{table.inclusion_cut:g}"})
    key = "qca.log.pri" if table.pri_cut > 0 else "qca.log.no_pri"
    yield "pri", Fault(key, {"cut": f"{table.pri_cut:g}"})
    yield "frequency", Fault("qca.log.frequency", {"cut": table.frequency_cut})
    need = analysis.positive.necessity
    yield (
        "necessity",
        Fault("qca.log.necessity", {"cut": f"{need.inclusion_cut:g}", "ron": f"{need.ron_cut:g}"}),
    )
    held = {name: value for name, value in analysis.positive.expectations.items() if value is not None}
    if held:
        shown = ", ".join(f"{name} = {_values(value)}" for name, value in held.items())
        yield "expectations", Fault("qca.log.expectations", {"values": shown})
    else:
        yield "expectations", Fault("qca.log.no_expectations")
    values = {"cap": analysis.max_models}
    yield "models", Fault(f"qca.log.models.{analysis.models}", values)
    if analysis.enhanced:
        rows = sum(len(side.ruled_out.rows) for side in analysis.sides.values())
        yield "enhanced", Fault("qca.log.enhanced", {"n": rows})
    else:
        yield "enhanced", Fault("qca.log.not_enhanced")


def _values(value: object) -> str:
    return "/".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _of_calibration(name: str, made: Calibrated) -> Choice:
    values = ", ".join(f"{one:g}" for one in made.anchors.values)
    key = f"qca.log.calibration.{made.anchors.method.replace('-', '_')}"
    return Choice(
        "calibration", Fault(key, {"name": name, "values": values}), "; ".join(made.anchors.reasons)
    )
