"""What a scheme, a rubric or a checklist may say: frozen models, nothing unknown accepted."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from govlab.data.definition import Slug, Sourced, Text

Kind = Literal["survey", "count", "expert"]
Column = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]


class Weight(Sourced):
    """Share of the group above, in percent. origin user: to be set; the value is where it starts."""

    value: Annotated[float, Field(ge=0, le=100)]


class Measure(Sourced):
    """Where the value of an indicator comes from and how it becomes 0 to 100 points.

    kind: ``survey`` (a mean of ``item`` with its error), ``count`` (one number, error unknown), ``expert``
    (scores of several raters). range: worst value possible, or agreed beforehand, and best. direction:
    whether more is better. normalisation: ``range`` (a straight line from one end to the other, values
    outside refused) or ``target`` (a straight line from the lower end up to the target, no more beyond).
    """

    kind: Kind
    item: Column | None = None
    range: tuple[float, float]
    direction: Literal["more", "less"] = "more"
    normalisation: Literal["range", "target"] = "range"
    unit: Text | None = None


class Node(Sourced):
    """An indicator (with a measure) or a group of them. parent: None directly under the score."""

    id: Slug
    parent: Slug | None = None
    label: Text
    about: Text | None = None
    weight: Weight
    measure: Measure | None = None


class Points(Sourced):
    """Points added or taken off for each time something happened; ``most``: what it can come to in all.

    amount: who says how many points that is.
    """

    id: Slug
    label: Text
    about: Text | None = None
    amount: Sourced
    each: float
    most: Annotated[float, Field(gt=0)]


class RollUp(Sourced):
    """How units make up the body above them: the mean of their scores and the body's own result.

    mean: ``simple``, or ``size`` (weighted by the units' sizes). units, own: the two weights in percent.
    """

    to: Slug = "street"  # kind of the body above
    label: Text  # what it is called
    many: Text | None = None  # several of them
    mean: Literal["simple", "size"]
    mean_origin: Sourced
    units: Weight
    own: Weight
    own_label: Text
    own_measure: Measure


class Choice(Sourced):
    """Choosing some of the units, as in a competition. k: how many."""

    k: Annotated[int, Field(ge=1)]


class Step(Sourced):
    """A level that raters choose; its anchor says when."""

    value: int
    label: Text
    anchor: Text


class SchemeFile(Sourced):
    """A scored assessment."""

    kind: Literal["scheme"]
    format: Literal[1]
    id: Slug
    title: Text
    of: Slug = "community"  # kind of the units, as the list of units names it
    unit: Text  # what is scored
    many: Text | None = None  # several of them
    about: Text
    nodes: Annotated[tuple[Node, ...], Field(min_length=1)]
    points: tuple[Points, ...] = ()
    steps: tuple[Step, ...] = ()  # levels of the expert scores, where these are not free numbers
    rollup: RollUp | None = None
    choice: Choice | None = None
    silences: Annotated[tuple[Text, ...], Field(min_length=1)]


class Anchor(Sourced):
    """What one level looks like in one item."""

    value: int
    text: Text


class Ask(Sourced):
    """What is asked about an item."""

    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    def in_language(self, lang: str) -> str:
        """The Chinese text for ``zh``, the English one for anything else."""
        return self.zh if lang == "zh" else self.en


class Item(Sourced):
    """A question of a rubric or checklist. asked false: named by the source and left out here, and why."""

    id: Slug
    label: Text
    ask: Ask
    asked: bool = True
    why_not: Text | None = None
    anchors: tuple[Anchor, ...] = ()


class Level(Sourced):
    """A level of a rubric."""

    value: int
    label: Text


class RubricFile(Sourced):
    """Items coded on levels with anchors; or a checklist, whose items are there or not and make no score."""

    kind: Literal["rubric"]
    format: Literal[1]
    id: Slug
    title: Text
    of: Slug = "community"
    unit: Text
    about: Text
    checklist: bool = False
    levels: Annotated[tuple[Level, ...], Field(min_length=2)]
    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    silences: Annotated[tuple[Text, ...], Field(min_length=1)]
