"""Where data were invented: what was put into them, beside what a report found."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from govlab.studybook.numbers import plus
from govlab.studybook.parts import Part, Row, Telling
from govlab.tables import Column, Shown

if TYPE_CHECKING:
    from govlab.studybook.did_arms import Arm

TRUTH = "truth.json"


def truth_of(tell: Telling, arms: Sequence[Arm], words: Callable[..., str]) -> list[Part]:
    """The true differences of the leading question beside the estimates; nothing for real data.

    words: the sentences of the report.
    """
    path = tell.study.workspace.root / TRUTH
    if not tell.synthetic or not path.is_file():
        return []
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    first = arms[0]
    # What is true is written down for the wave the reform began with against the one before.
    if told.get("models_begin_before_wave") != first.after[-1] or told["waves"][-2] != first.base:
        return []
    values = told["values"].get(first.item, {}).get("difference_in_differences", {})
    columns = [
        Column("model", tell.say("column.model")),
        Column("truth", words("truth.truth"), "number", 2),
        Column("found", words("truth.found"), "number", 2),
        Column("inside", words("truth.inside")),
    ]
    rows = []
    for arm in arms:
        if arm.model not in values or arm.gap.here is None:
            continue
        true, (low, high) = float(values[arm.model]), arm.gap.here
        inside = words("truth.yes" if low <= true <= high else "truth.no")
        found = Shown(arm.gap.estimate, plus(arm.gap.estimate))
        rows.append(Row((arm.head, Shown(true, plus(true)), found, inside)))
    if not rows:
        return []
    said = [words("truth.text")]
    known = set(tell.study.questionnaire.constructs) if tell.study.questionnaire else set()
    quoted = "“{}”" if tell.lang == "zh" else '"{}"'
    none = [
        quoted.format(tell.names.item(one))
        for one in told.get("no_effect", ())
        if one in known and one not in told["unequal_trend"]
    ]
    if none:
        said.append(words("truth.no_effect", items=tell.listed(none)))
    for item, model in told.get("unequal_trend", {}).items():
        said.append(words("truth.unequal", item=tell.names.item(item), model=tell.names.model(model)))
    return [
        tell.page.section(words("truth.title")),
        tell.page.text(tell.joined(said)),
        tell.table(columns, rows, words("truth.caption"), (words("truth.note"),)),
    ]
