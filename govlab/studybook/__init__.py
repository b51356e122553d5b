"""A study -> the parts of its reports: one zone, zones side by side, the quality of what came in."""

from __future__ import annotations

from govlab.handing import handed_on

_HANDED_ON = {
    "AssessmentOverview": "assessment_overview",
    "AssessmentReport": "assessment",
    "DevolutionReport": "devolution",
    "DidReport": "did",
    "DutiesReport": "duties",
    "IndexReport": "index",
    "QcaReport": "qca",
    "InventoryReport": "inventory",
    "QualityReport": "quality",
    "ZoneComparisonReport": "comparison",
    "ZoneReport": "zone",
    "appraised_names": "assessed",
    "coded_outcomes": "qca_source",
    "item_names": "source",
    "open_study": "source",
    "scheme_names": "assessed",
    "zone_names": "source",
}

__all__ = list(_HANDED_ON)
__getattr__, __dir__ = handed_on(__name__, _HANDED_ON)
