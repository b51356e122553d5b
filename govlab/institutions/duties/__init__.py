"""Duties: who decides, does, supervises which task, before and after."""

from govlab.institutions.duties.door import Duties, names
from govlab.institutions.duties.knowledge import knowledge
from govlab.institutions.duties.model import DutiesFile, Mode, Nature, Role

__all__ = ["Duties", "DutiesFile", "Mode", "Nature", "Role", "knowledge", "names"]
