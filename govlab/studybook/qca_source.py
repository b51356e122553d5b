"""Which coded cases a report is about, and the names that the planner of a batch may give it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from govlab.data.locate import shipped, workspace
from govlab.studybook.source import UNSAID, demo_folder, open_study

if TYPE_CHECKING:
    from govlab.study import Study

INTERWAR = "interwar"  # published data that ship with their published result

REFERENCES = (
    "Ragin, C. (2008). Redesigning Social Inquiry: Fuzzy Sets and Beyond. University of Chicago Press.",
    "Schneider, C. & Wagemann, C. (2012). Set-Theoretic Methods for the Social Sciences. Cambridge "
    "University Press.",
    "Fiss, P. (2011). Building Better Causal Theories: A Fuzzy Set Approach to Typologies in Organization "
    "Research. Academy of Management Journal 54, 393–420.",
    "Schneider, C. & Rohlfing, I. (2013). Combining QCA and Process Tracing in Set-Theoretic Multi-Method "
    "Research. Sociological Methods & Research 42, 559–597.",
    "Oana, I.-E. & Schneider, C. (2024). A Robustness Test Protocol for Applied QCA. Sociological Methods & "
    "Research 53, 57–88.",
    "Dusa, A. (2019). QCA with R: A Comprehensive Resource. Springer.",
)


def open_coded(study: str) -> Study:
    """``here`` and ``demo`` as for every report; ``interwar``: published data that ship."""
    from govlab.study import Study

    return Study.open(shipped("datasets") / INTERWAR) if study == INTERWAR else open_study(study)


def coded_outcomes(root: Path | None = None) -> tuple[str, ...]:
    """Outcomes of the coded cases around ``root`` and of those that ship, and "" for the first of a study."""
    from govlab.data.workspace import read_workspace
    from govlab.study.coded import read_coded

    around = workspace(root)
    found = [UNSAID]
    ours = [demo_folder(), shipped("datasets") / INTERWAR]
    for folder in ours if around is None else [around, *ours]:
        place = read_workspace(folder)
        if place.study is not None and place.study.coded is not None:
            found += read_coded(place).outcomes
    return tuple(dict.fromkeys(found))
