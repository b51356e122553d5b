"""What residents think who does what: masked shares of a study's answers against a matrix of duties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govlab.plots import duties as figures
from govlab.studybook.numbers import known
from govlab.studybook.parts import SUPPRESSED, Telling
from govlab.tables import Column, Shown

if TYPE_CHECKING:
    import pandas as pd

    from govlab.institutions.duties import Duties
    from govlab.study import Study
    from govlab.studybook.holding import Cells, Part, Writer

ARRANGEMENT = "separated"
_ENDS = ("estimate", "conf_low", "conf_high")


def parts(tell: Writer, study: Study, duties: Duties) -> list[Part]:
    """Figure of all residents, table by model; a sentence where the study did not ask."""
    lead = tell.section("knowledge")
    asked = _asked(study, duties)
    if not asked:
        return [*lead, tell.page.note(tell.say("knowledge.none"))]
    survey = Telling.of(study, tell.lang)
    wave = study.waves[-1]
    if survey.synthetic:
        lead.insert(1, tell.page.banner(survey.say("synthetic")))
    frame = duties.knowledge(ARRANGEMENT, _shares(survey, asked, wave)).frame
    tasks = {one.id: tell.head(one.label) for one in duties.file.tasks}
    bodies = {one.id: tell.text(one.label) for one in duties.file.bodies}
    rows = []
    for row in frame.to_dict("records"):
        right = tell.listed([bodies[one] for one in row["right"]])
        share, low, high = (_percent(row[one]) for one in _ENDS)
        verdict = tell.say(f"known.{row['verdict'] or 'none'}")
        words = tell.say("knowledge.words", right=right, verdict=verdict)
        rows.append(figures.Known(tasks[row["task"]], share, low, high, words))
    drawn = figures.known(
        rows,
        lang=tell.lang,
        caption=tell.say("knowledge.figure", wave=survey.names.wave(wave)),
        note=tell.say("knowledge.note"),
    )
    most = int((frame["verdict"] == "most-know").sum())
    few = int((frame["verdict"] == "few-know").sum())
    found = [*lead, tell.page.text(tell.say("knowledge.found", n=len(frame), most=most, few=few))]
    found.append(tell.figure(drawn))
    if survey.has_models and any(survey.margin(("model", "wave"), one, "answers") for one in asked):
        found.append(_by_model(tell, survey, duties, asked, wave))
    limits = survey.limits([wave], compared=False)[1:]
    return [*found, tell.page.text(tell.say("knowledge.limit")), *limits]


def _asked(study: Study, duties: Duties) -> list[str]:
    """Questions of the matrix that the study asked in its last wave."""
    assert study.workspace.study is not None
    if study.workspace.study.survey is None or study.questionnaire is None or not study.waves:
        return []
    there = {one.name for one in study.questionnaire}
    return [one.question for one in duties.file.tasks if one.question in there]


def _shares(
    survey: Telling, items: list[str], wave: int, by: str | None = None, level: str = ""
) -> pd.DataFrame:
    """Masked shares of every answer to the questions: item, answer, estimate, conf_low, conf_high."""
    import pandas as pd

    from govlab.studybook.answers import shares

    margin = ("wave",) if by is None else (by, "wave")
    rows: list[dict[str, Any]] = []
    for item in items:
        if not survey.margin(margin, item, "answers"):
            continue
        for one in shares(survey, item, wave, by, level) or []:
            hidden = one["reason"] == SUPPRESSED
            ends = {name: float("nan") if hidden else _number(one[name]) for name in _ENDS}
            rows.append({"item": item, "answer": str(one["term"]), **ends})
    return pd.DataFrame(rows, columns=["item", "answer", *_ENDS])


def _number(value: object) -> float:
    found = known(value)
    return float("nan") if found is None else found


def _percent(value: object) -> float | None:
    found = known(value)
    return None if found is None else 100 * found


def _by_model(tell: Writer, survey: Telling, duties: Duties, items: list[str], wave: int) -> Part:
    """Share that names the right body, model by model, with its interval."""
    tasks = {one.id: tell.head(one.label) for one in duties.file.tasks}
    models = list(survey.names.models)
    found = {
        model: duties.knowledge(ARRANGEMENT, _shares(survey, items, wave, "model", model)).frame.set_index(
            "task"
        )
        for model in models
    }
    rows: list[Cells] = []
    for task, label in tasks.items():
        cells: list[Any] = [label]
        for model in models:
            row = found[model].loc[task]
            share, low, high = (_percent(row[one]) for one in _ENDS)
            if share is None:
                cells.append(Shown(None, "*"))
                continue
            comma = "，" if tell.lang == "zh" else ", "
            ends = "" if low is None or high is None else f" [{low:.0f}{comma}{high:.0f}]"
            cells.append(Shown(share, f"{share:.0f}{ends}"))
        rows.append(tuple(cells))
    columns = (
        Column("task", tell.say("column.task")),
        *(Column(model, survey.names.model(model), "number", 0) for model in models),
    )
    caption = tell.say("knowledge.models", wave=survey.names.wave(wave))
    return tell.table(
        columns, rows, caption, (tell.say("knowledge.models_note"),), fictional=survey.synthetic
    )
