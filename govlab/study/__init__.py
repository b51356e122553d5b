"""A user's folder as one handle: zones, questionnaire, responses, design per wave, mask, log."""

from govlab.study.handle import Study

__all__ = ["Study"]
