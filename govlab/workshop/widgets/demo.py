"""The demo study, opened once for all benches that work on it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from govlab.study import Study
    from govlab.studybook.parts import Telling


@lru_cache(maxsize=1)
def study() -> Study:
    """The bundled demo study; what it read is kept."""
    from govlab.studybook.source import open_study

    return open_study("demo")


@lru_cache(maxsize=1)
def telling() -> Telling:
    """Its masked estimates; the language matters to nobody who takes numbers."""
    from govlab.studybook.parts import Telling

    return Telling.of(study(), "en")
