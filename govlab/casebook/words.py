"""Values, kinds and places of facts as a reader of one language sees them."""

from __future__ import annotations

from govlab.cases.expression import number
from govlab.cases.models import Entry, Fact, Place, Source
from govlab.language import listed, say
from govlab.tables import Shown


def shown_value(fact: Fact, lang: str) -> Shown:
    """The value as a table prints it: separators, 'about' where the source says so."""
    value = fact.value
    if value is None:
        return Shown(None, "—")
    if isinstance(value, tuple):
        text = ("、" if lang == "zh" else ", ").join(map(_one, value))
        return Shown(tuple(map(str, value)), text)
    text = _one(value)
    if fact.approximate:
        text = say("casebook.about", {"value": text}, lang=lang)
    return Shown(value, text)


def _one(value: float | int | str) -> str:
    return value if isinstance(value, str) else number(value)


def label_with_unit(fact: Fact, lang: str) -> str:
    """The label with unit and year: ``大党委（个，2016 年）``; a unit that the label has is left out."""
    label = fact.label.in_language(lang)
    said = []
    if fact.unit is not None:
        unit = fact.unit.in_language(lang)
        if lang == "zh" or unit.lower() not in label.lower():
            said.append(unit)
    if fact.year is not None:
        key = "casebook.year_from" if fact.year.endswith("-") else "casebook.year"
        said.append(say(key, {"year": fact.year.rstrip("-")}, lang=lang))
    if not said:
        return label
    return f"{label}（{'，'.join(said)}）" if lang == "zh" else f"{label} ({', '.join(said)})"


def is_number(fact: Fact) -> bool:
    """Whether the fact is a figure that a table of figures can hold."""
    return fact.kind in ("count", "share", "money") and isinstance(fact.value, (int, float, tuple))


def kind_mark(fact: Fact, lang: str) -> str:
    """Input, output, outcome, effect or context, in words."""
    return say(f"casebook.claim.{fact.claim.value}", lang=lang)


def source_mark(source: Source, lang: str) -> str:
    """Self-report, sector press ..., in words."""
    return say(f"casebook.source.{source.kind.value}", lang=lang)


def standing(fact: Fact, lang: str) -> str:
    """Status and flags of a fact in words; empty for a plainly stated one."""
    said = []
    if fact.status.value != "stated":
        said.append(say(f"casebook.status.{fact.status.value}", lang=lang))
    said.extend(say(f"casebook.flag.{flag.value}", lang=lang) for flag in fact.flags)
    return ("；" if lang == "zh" else "; ").join(said)


def level(entry: Entry, lang: str) -> str:
    """Administrative level in words."""
    if entry.level is None:
        return say("casebook.level.none", lang=lang)
    return say(f"casebook.level.{entry.level.replace(' ', '-')}", lang=lang)


def place_code(place: Place | None, lang: str) -> str:
    """GB/T 2260 code with its years and successors, as far as recorded."""
    if place is None:
        return "—"
    text = place.code
    if place.valid_to is not None:
        text = say("casebook.code_until", {"code": text, "year": place.valid_to}, lang=lang)
    if place.successors:
        text = say("casebook.code_then", {"code": text, "next": listed(place.successors, lang)}, lang=lang)
    return text
