"""Everything that can be wrong with a study before anything is computed, found at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from govlab.data.survey_file import DesignColumns, Survey
from govlab.data.toml import Toml, read_toml
from govlab.data.workspace import Workspace
from govlab.errors import Fault, InputError
from govlab.study.margins import ALL
from govlab.study.zones import read_zones

if TYPE_CHECKING:
    import pandas as pd

    from govlab.survey.questionnaire import Questionnaire


@dataclass(frozen=True, eq=False)
class Parts:
    """What a study is made of. notes: what somebody should know, though nothing is wrong."""

    zones: pd.DataFrame
    questionnaire: Questionnaire | None
    notes: tuple[Fault, ...]


def read_parts(workspace: Workspace, today: dt.date) -> Parts:
    """Zones and questionnaire, held against the study file; InputError lists the faults of all of them."""
    import pandas as pd

    toml = read_toml(workspace.root / "study.toml")
    faults: list[Fault] = []
    zones = pd.DataFrame({"zone": pd.Series([], dtype=object)})
    questionnaire: Questionnaire | None = None
    notes: list[Fault] = []
    assert workspace.study is not None and workspace.zones is not None
    survey = workspace.study.survey
    if workspace.zones.is_file():
        try:
            zones = read_zones(workspace.zones)
        except InputError as error:
            faults.extend(error.faults)
    elif survey is not None:
        place = _place(toml, ("paths", "zones"))
        faults.append(Fault("study.no_file", {"path": workspace.study.paths.zones}, place))
    if survey is not None:
        questionnaire = _questionnaire(workspace.root, survey, toml, faults)
        if questionnaire is not None:
            faults.extend(_against_questionnaire(survey, questionnaire, zones, toml))
        faults.extend(_of_survey(workspace.root, survey, toml))
        notes.extend(_notes(workspace.root, survey, today, toml))
    faults.extend(_log(workspace, zones, toml))
    if faults:
        raise InputError(faults)
    return Parts(zones, questionnaire, tuple(notes))


def _place(toml: Toml, loc: tuple[int | str, ...]) -> tuple[str, ...]:
    from govlab.data.fields import dotted

    return (*toml.where(loc), dotted(loc))


def _questionnaire(root: Path, survey: Survey, toml: Toml, faults: list[Fault]) -> Questionnaire | None:
    from govlab.survey.xlsform import read_questionnaire

    path = root / survey.questionnaire
    if not path.is_file():
        place = _place(toml, ("survey", "questionnaire"))
        faults.append(Fault("study.no_file", {"path": survey.questionnaire}, place))
        return None
    try:
        return read_questionnaire(path)
    except InputError as error:
        faults.extend(error.faults)
    return None


def _of_survey(root: Path, survey: Survey, toml: Toml) -> Iterator[Fault]:
    """What the survey part can be asked without looking at anything else."""
    if not (root / survey.consent).is_file():
        yield Fault("study.no_file", {"path": survey.consent}, _place(toml, ("survey", "consent")))
    seen: set[int] = set()
    for place, wave in enumerate(survey.waves):
        at = ("survey", "waves", place)
        if wave.wave in seen:
            yield Fault("study.wave_twice", {"wave": wave.wave}, _place(toml, (*at, "wave")))
        seen.add(wave.wave)
        if wave.mapping is not None and not (root / wave.mapping).is_file():
            yield Fault("study.no_file", {"path": wave.mapping}, _place(toml, (*at, "mapping")))
        if wave.design is not None:
            yield from _of_design(root, survey, wave.design, toml, (*at, "design"))
    yield from _of_design(root, survey, survey.design, toml, ("survey", "design"))
    for name, reason in survey.keep.items():
        if not reason.strip():
            yield Fault("study.keep_reason", {"column": name}, _place(toml, ("survey", "keep", name)))


def _of_design(
    root: Path, survey: Survey, spec: DesignColumns, toml: Toml, at: tuple[int | str, ...]
) -> Iterator[Fault]:
    if spec.plan is not None and not (root / spec.plan).is_file():
        yield Fault("study.no_file", {"path": spec.plan}, _place(toml, (*at, "plan")))
    said = spec.plan or spec.weights or spec.strata or spec.clusters
    own = at == ("survey", "design") and all(one.design is not None for one in survey.waves)
    if survey.sampling == "probability" and not said and not own:
        yield Fault("study.no_design", {}, _place(toml, at))
    if len(spec.strata) > max(1, len(spec.clusters)) or len(spec.fpc) > max(1, len(spec.clusters)):
        yield Fault("study.stages", {"n": max(1, len(spec.clusters))}, _place(toml, at))


def _against_questionnaire(
    survey: Survey, questionnaire: Questionnaire, zones: pd.DataFrame, toml: Toml
) -> Iterator[Fault]:
    """Names in the study file that no column will have, and zones that the list does not know."""
    designs = [survey.design, *(wave.design for wave in survey.waves if wave.design is not None)]
    carried = {name for spec in designs for name in _columns(spec)}
    known = {*questionnaire.owners, *questionnaire.constructs, *carried, *survey.keep, *zones.columns, "wave"}
    for place, table in enumerate(survey.margins):
        for field, names in (("by", table.by), ("items", table.items)):
            for name in names:
                if name not in known and not (field == "items" and name == ALL):
                    at = _place(toml, ("survey", "margins", place, field))
                    yield Fault("study.no_column", {"column": name}, at)
        if table.merge is not None and table.shows == "mean":
            at = _place(toml, ("survey", "margins", place, "merge"))
            yield Fault("study.merge_mean", {}, at)
    for name in survey.quasi_identifiers:
        if name not in known:
            at = _place(toml, ("survey", "quasi_identifiers"))
            yield Fault("study.no_column", {"column": name}, at)
    if questionnaire.has(survey.zone) and len(zones):
        offered = [option.name for option in questionnaire.question(survey.zone).inside]
        listed = set(zones["zone"])
        missing = [name for name in offered if name not in listed]
        if missing:
            values = {"n": len(missing), "zones": ", ".join(missing[:5])}
            yield Fault("study.zones.not_listed", values, (survey.questionnaire, survey.zone))


def _columns(spec: DesignColumns) -> tuple[str, ...]:
    named = (*spec.strata, *spec.clusters, *spec.fpc)
    return (*named, spec.weights) if spec.weights else named


def _notes(root: Path, survey: Survey, today: dt.date, toml: Toml) -> Iterator[Fault]:
    if survey.retention < today:
        at = _place(toml, ("survey", "retention"))
        yield Fault("study.note.retention", {"date": survey.retention.isoformat()}, at)
    for wave in survey.waves:
        missing = [name for name in wave.responses if not (root / name).is_file()]
        if missing:
            yield Fault("study.note.no_responses", {"wave": wave.wave, "path": ", ".join(missing)})
    if not survey.answers_safe:
        yield Fault("study.note.not_safe")
    if survey.sampling in ("quota", "open-link"):
        yield Fault(f"study.note.{survey.sampling.replace('-', '_')}")


def _log(workspace: Workspace, zones: pd.DataFrame, toml: Toml) -> Iterator[Fault]:
    assert workspace.study is not None
    for place, entry in enumerate(workspace.study.log):
        for name in entry.zones:
            if name not in set(zones["zone"]):
                yield Fault("study.log_zone", {"zone": name}, _place(toml, ("log", place, "zones")))
