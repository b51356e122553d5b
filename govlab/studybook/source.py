"""Which study a report is about, and the names that the planner of a batch may give it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from govlab.data.locate import shipped, workspace

if TYPE_CHECKING:
    from govlab.study import Study
    from govlab.survey.questionnaire import Questionnaire

# A notebook opened by hand names no zone and no question: the first zone, the study's own main question.
UNSAID = ""


def demo_folder() -> Path:
    """The folder of the bundled demo study."""
    return shipped("datasets") / "demo_study"


def open_study(study: str = "here") -> Study:
    """The study that a report is about.

    ``here``: the one whose ``study.toml`` lies around the working folder; where there is none, and for
    ``demo``, the bundled demo study. InputError for a study file with faults.
    """
    from govlab.study import Study

    if study not in ("here", "demo"):
        raise ValueError(f"study must be 'here' or 'demo', got {study!r}")
    around = workspace() if study == "here" else None
    return Study.open(around or demo_folder())


def zone_names(root: Path | None = None) -> tuple[str, ...]:
    """Zones of the study around ``root`` and of the demo study, and "" for the first of a study."""
    from govlab.data.workspace import read_workspace
    from govlab.study.zones import read_zones

    found = [UNSAID]
    for folder in _folders(root):
        path = read_workspace(folder).zones
        if path is not None and path.is_file():
            found += read_zones(path)["zone"].tolist()
    return tuple(dict.fromkeys(found))


def item_names(root: Path | None = None) -> tuple[str, ...]:
    """Questions and constructs with a mean, of the same studies, and "" for a study's main one."""
    from govlab.data.workspace import read_workspace
    from govlab.survey.xlsform import read_questionnaire

    found = [UNSAID]
    for folder in _folders(root):
        place = read_workspace(folder)
        assert place.study is not None
        if place.study.survey is None:
            continue
        path = folder / place.study.survey.questionnaire
        if path.is_file():
            found += with_means(read_questionnaire(path))
    return tuple(dict.fromkeys(found))


def with_means(questionnaire: Questionnaire) -> list[str]:
    """Questions answered on a scale, and constructs."""
    scales = [one.name for one in questionnaire if one.kind == "one" and one.measure == "scale"]
    return [*questionnaire.constructs, *scales]


def main_item(questionnaire: Questionnaire) -> str:
    """The question a report leads with: overall satisfaction where it was asked, else the first construct."""
    known = with_means(questionnaire)
    return "sat_overall" if "sat_overall" in known else known[0] if known else UNSAID


def _folders(root: Path | None) -> list[Path]:
    around = workspace(root)
    return [demo_folder()] if around is None else [around, demo_folder()]
