"""Finding facts by words, entry and topic."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from govlab.errors import Fault, InputError

if TYPE_CHECKING:
    from govlab.cases.catalogue import Catalogue
    from govlab.cases.models import Fact

_SEPARATOR = re.compile(r"(?<=\d),(?=\d{3})")


def search(
    catalogue: Catalogue, words: Iterable[str] = (), *, entry: str | None = None, topic: str | None = None
) -> list[Fact]:
    """The facts that hold every word (in either language, id and source's term included).

    entry, topic: only facts of this entry, of this topic. InputError for one that does not exist.
    """
    chosen = catalogue.entries.values() if entry is None else [catalogue.entry(entry)]
    topics = sorted({fact.topic for fact in catalogue.facts.values()})
    if topic is not None and topic not in topics:
        known = ", ".join(get_close_matches(topic, topics, n=5) or topics)
        raise InputError(Fault("cases.unknown_topic", {"topic": topic, "known": known}))
    wanted = [_plain(word) for word in words]
    return [
        fact
        for one in chosen
        for fact in one.facts
        if topic in (None, fact.topic) and all(any(word in text for text in _texts(fact)) for word in wanted)
    ]


def _texts(fact: Fact) -> Iterator[str]:
    yield _plain(fact.id)
    for text in (fact.label, fact.statement, *fact.parts):
        yield _plain(text.zh)
        yield _plain(text.en)
    yield _plain(fact.term or "")


def _plain(text: str) -> str:
    """As it is compared: 1,224 is found by 1224, and capitals do not count."""
    return _SEPARATOR.sub("", text).casefold()
