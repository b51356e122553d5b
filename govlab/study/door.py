"""The door of a study: what its study file names, handed to intake and export."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govlab.data.survey_file import MAPPING, DesignColumns

if TYPE_CHECKING:
    import pandas as pd

    from govlab.study.handle import Study
    from govlab.survey.export import Exported
    from govlab.survey.intake.door import DoorResult
    from govlab.survey.intake.mapping import Settled
    from govlab.survey.responses import Responses

CLEAN = "clean"


def mapping_path(study: Study, wave: int) -> Path:
    """The mapping workbook of a wave; it may not exist yet."""
    named = study.survey.wave(wave)
    return study.workspace.root / ((named.mapping if named is not None else None) or MAPPING)


def carried(study: Study, wave: int) -> tuple[str, ...]:
    """Columns that go along from the export: those of the design that neither form nor sample plan has."""
    spec = study.spec(wave)
    plan = study.plan(spec)
    planned = set() if plan is None else set(plan.frame.columns)
    own = {"wave", "respondent", *(study.questionnaire.owners if study.questionnaire is not None else ())}
    return tuple(name for name in design_columns(spec, key=True) if name not in own | planned)


def design_columns(spec: DesignColumns, *, key: bool = False) -> list[str]:
    """The columns that a design names, each once."""
    named = (spec.weights, *spec.strata, *spec.clusters, *spec.fpc, spec.key if key else None)
    return [name for name in dict.fromkeys(named) if name]


def read_wave(study: Study, wave: int) -> Responses:
    """Clean responses of one wave, without the rows that the study file excludes."""
    from govlab.survey.intake.door import leave_out, read_files

    arguments = _arguments(study, wave)
    responses = read_files(arguments.pop("files"), study.questionnaire, **arguments)  # type: ignore[arg-type]
    return leave_out(responses, study.survey.exclude)


def run_intake(study: Study, wave: int) -> DoorResult:
    """Read a wave, write its clean data, the quality workbook and the page; the export stays as it is."""
    from govlab.survey.intake.door import run_door

    arguments = _arguments(study, wave)
    del arguments["settled"]
    spec = study.spec(wave)
    plan, zone = study.plan(spec), study.survey.zone
    assert study.workspace.responses is not None and study.questionnaire is not None
    return run_door(
        study.questionnaire,
        arguments.pop("files"),
        study.workspace.responses / CLEAN / f"wave{wave}",
        mapping=mapping_path(study, wave),
        plan=plan.planned(zone) if plan is not None and zone in plan.frame else None,
        zone=zone,
        groups=(zone,),
        exclude=study.survey.exclude,
        **arguments,
    )


def _arguments(study: Study, wave: int) -> dict[str, Any]:
    named = study.wave_file(wave)
    return {
        "files": [study.workspace.root / name for name in named.responses],
        "settled": _settled(study, wave),
        "keep": study.survey.keep,
        "carry": carried(study, wave),
    }


def _settled(study: Study, wave: int) -> Settled:
    from govlab.survey.intake.mapping import Settled, read_mapping

    path = mapping_path(study, wave)
    assert study.questionnaire is not None
    return read_mapping(path, study.questionnaire) if path.is_file() else Settled()


def run_export(
    study: Study, wave: int, path: Path, *, leave_out: Sequence[str] = (), **options: Any
) -> Exported:
    """Write the clean data of a wave with its design, checked on the quasi-identifiers of the study file."""
    from govlab.survey.export import export

    design = export_frame(study, wave)
    return export(
        study.responses(wave),
        path,
        design=design[[name for name in design.columns if name not in leave_out]],
        quasi_identifiers=study.survey.quasi_identifiers,
        leave_out=leave_out,
        **options,
    )


def export_frame(study: Study, wave: int) -> pd.DataFrame:
    """The design columns of a wave, row by row as its responses."""
    from govlab.study import frames

    spec = frames.spoken(study.spec(wave), study.plan(study.spec(wave)))
    frame = study.frame(wave)
    return frame[[name for name in design_columns(spec) if name in frame]]
