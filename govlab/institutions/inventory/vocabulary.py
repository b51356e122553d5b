"""What the sources say of inventories and of the life circle, and what is ours: the shipped definition."""

from __future__ import annotations

from typing import Literal

from govlab.data.definition import FactId, Model, Slug, Sourced, Text, origin_counts, read_definition

KIND = "inventory"


class Word(Sourced):
    """A list, a test, a kind, a question, a measure or a rule of computing: who says so."""

    id: Slug
    name: Text
    value: float | None = None
    note: Text | None = None


class Definition(Model):
    """The vocabulary of inventories.

    lists: the nine and the sheets beside them. tests, sharing, forms, questions, deficits: words of the
    sources. actors: kinds of participants. circle: what reach is computed with.
    """

    format: Literal[1]
    kind: Literal["inventory"]
    title: Text
    lists: tuple[Word, ...]
    tests: tuple[Word, ...]
    sharing: tuple[Word, ...]
    forms: tuple[Word, ...]
    questions: tuple[Word, ...]
    deficits: tuple[Word, ...]
    actors: tuple[Word, ...]
    circle: tuple[Word, ...]

    def word(self, group: str, code: str) -> Word:
        """One word of a group; KeyError if it is not there."""
        for one in getattr(self, group):
            if one.id == code.replace("_", "-"):
                return Word.model_validate(one)
        raise KeyError(f"{group} has no {code!r}")

    def origins(self) -> dict[str, int]:
        """How many words come from a source, from govlab, from the user."""
        return origin_counts(self)

    def facts(self) -> tuple[FactId, ...]:
        """Every fact that is named, in order."""
        groups = (getattr(self, name) for name in type(self).model_fields)
        words = [one for group in groups if isinstance(group, tuple) for one in group]
        return tuple(dict.fromkeys(fact for one in words for fact in one.facts))


def definition() -> Definition:
    """The definition that is shipped."""
    from govlab.data.locate import shipped

    return read_definition(shipped("datasets") / "institutions" / "inventory.yaml", Definition, KIND)
