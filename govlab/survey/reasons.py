"""Why a number is not there, in words: every reason id of results has its sentence in both languages."""

from __future__ import annotations

from govlab.language import say
from govlab.results import NotApplicable


def reason(why: NotApplicable | str, lang: str = "en") -> str:
    """The sentence for a reason: of a result that is not applicable, or an id out of a column ``reason``.

    LookupError for an id that has no sentence, ValueError for none at all.
    """
    name = why.reason if isinstance(why, NotApplicable) else why
    if not name:
        raise ValueError("why: the reason is empty, which says that the number is there")
    return say(f"survey.reason.{name}", lang=lang)
