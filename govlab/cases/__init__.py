"""Sources, facts, cases, consistency checks and the comparison matrix."""

from __future__ import annotations

from govlab.cases.catalogue import Catalogue, load_catalogue

__all__ = ["Catalogue", "load_catalogue"]
