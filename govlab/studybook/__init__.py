"""A study -> the parts of its reports: one zone, zones side by side, the quality of what came in."""

from __future__ import annotations

from typing import Any

_HANDED_ON = {
    "AssessmentOverview": "govlab.studybook.assessment_overview",
    "AssessmentReport": "govlab.studybook.assessment",
    "DevolutionReport": "govlab.studybook.devolution",
    "DidReport": "govlab.studybook.did",
    "DutiesReport": "govlab.studybook.duties",
    "IndexReport": "govlab.studybook.index",
    "QcaReport": "govlab.studybook.qca",
    "InventoryReport": "govlab.studybook.inventory",
    "QualityReport": "govlab.studybook.quality",
    "ZoneComparisonReport": "govlab.studybook.comparison",
    "ZoneReport": "govlab.studybook.zone",
    "appraised_names": "govlab.studybook.assessed",
    "coded_outcomes": "govlab.studybook.qca_source",
    "item_names": "govlab.studybook.source",
    "open_study": "govlab.studybook.source",
    "scheme_names": "govlab.studybook.assessed",
    "zone_names": "govlab.studybook.source",
}

__all__ = list(_HANDED_ON)


def __getattr__(name: str) -> Any:
    if name in _HANDED_ON:
        from importlib import import_module

        return getattr(import_module(_HANDED_ON[name]), name)
    raise AttributeError(f"module 'govlab.studybook' has no attribute {name!r}")
