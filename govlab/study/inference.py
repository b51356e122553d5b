"""What the way respondents were found allows to be said of anybody else."""

from __future__ import annotations

from govlab.data.survey_file import Survey
from govlab.results import NotApplicable

_FOUND = {
    "quota": "respondents were chosen by quota, so nobody knows how likely anyone was to be asked",
    "open-link": "respondents came by an open link, so nobody knows who could have answered and did not",
}


def no_inference(survey: Survey) -> NotApplicable | None:
    """Why no interval, test or rank can be given for these respondents; None where it can."""
    if survey.sampling not in _FOUND:
        return None
    why = f"{_FOUND[survey.sampling]}: results speak of these respondents only"
    return NotApplicable(survey.sampling, why)


def no_ranks(survey: Survey) -> NotApplicable | None:
    """Why nothing may be ranked on residents' answers; None where it may."""
    if not survey.answers_safe:
        return NotApplicable("answers-not-safe", "residents may not be able to answer without fear")
    return no_inference(survey)
