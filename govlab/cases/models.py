"""What a catalogue file may hold: frozen pydantic models, extra fields forbidden."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from govlab.data.definition import FactId, Model, Text
from govlab.provenance import ClaimKind, FactStatus, Flag, SourceKind

CheckId = Annotated[str, Field(pattern=r"^CHK-[a-z0-9-]+$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)?$")]
Scalar = int | float | str
Per = Literal["community", "household", "resident", "grid"]
Level = Literal[
    "province-level city",
    "prefecture",
    "prefecture-level city",
    "district",
    "county",
    "county-level city",
    "street",
    "township",
    "programme",
]


class Part(Text):
    """One member of a structure that the source names; ``facts`` if a fact of its own says more."""

    facts: tuple[FactId, ...] = ()


class Source(Model):
    """A document: who wrote it, where and when it appeared, what kind of source it is."""

    id: Slug
    author: Text
    affiliation: Text
    title: Text
    kind: SourceKind
    document: Text  # e.g. magazine essay, newspaper report
    published: Text  # date as far as known, in words
    data_until: Text | None = None  # latest date the text itself speaks of
    funding: str | None = None
    url: str | None = None
    citation: str  # GB/T 7714 style
    limits: Text  # what this source cannot carry
    note: Text | None = None


class Fact(Model):
    """One statement of one source, in our own words, with its place and its kind."""

    id: FactId
    source: Slug
    topic: Slug
    label: Text  # noun phrase for a table row
    value: Scalar | tuple[Scalar, ...] | None
    approximate: bool = False
    unit: Text | None = None
    year: str | None = None  # "2016", "2014-"; None: the source gives no date
    statement: Text
    term: str | None = None  # the Chinese term as the source has it
    kind: Literal["count", "share", "money", "rule", "structure", "claim"]
    claim: ClaimKind
    status: FactStatus = FactStatus.STATED
    claimant: Text | None = None  # if not the author of the source
    locator: Text  # place in the source: section, paragraph
    parts: tuple[Part, ...] = ()
    flags: tuple[Flag, ...] = ()
    print_note: str | None = None  # what is doubtful in the copy we read
    note: Text | None = None
    per: tuple[Per, ...] = ()


class Holding(Model):
    """Something one body holds; share is an expression over facts, in percent."""

    body: Text
    share: str | None = None
    text: Text | None = None


class Item(Model):
    """A thing that can be held: staff, money, a power, a duty; who holds it before and after."""

    label: Text
    facts: tuple[FactId, ...] = Field(min_length=1)
    before: tuple[Holding, ...] = ()  # empty: the source does not say
    after: tuple[Holding, ...] = Field(min_length=1)


class Column(Text):
    """A column of a structure table."""

    id: Slug


class Row(Model):
    """A row of a structure table; a cell that is missing reads 'not stated'."""

    label: Text
    cells: dict[str, Text] = Field(default_factory=dict)
    facts: tuple[FactId, ...] = ()


class Structure(Model):
    """A named arrangement of the source laid out as a table."""

    id: Slug
    title: Text
    facts: tuple[FactId, ...] = Field(min_length=1)
    head: Text  # heading of the row labels
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = Field(min_length=1)
    note: Text | None = None


class Cell(Text):
    """What a case shows on one dimension of the matrix, and the facts that say so."""

    facts: tuple[FactId, ...] = Field(min_length=1)


class Silence(Model):
    """What the source does not tell, and which data would settle it."""

    unknown: Text
    settle: Text
    facts: tuple[FactId, ...] = ()


class Question(Model):
    """A question for the teaching edition with the answer that is withheld there."""

    ask: Text
    answer: Text
    facts: tuple[FactId, ...] = ()


class Place(Model):
    """An administrative code with the years it was in force."""

    code: Annotated[str, Field(pattern=r"^\d{6}$")]
    name: Text
    valid_from: int | None = None
    valid_to: int | None = None
    successors: tuple[str, ...] = ()
    note: Text | None = None


class Figure(Model):
    """A number worked out from facts: an expression, how many digits to show, its unit."""

    label: Text
    expression: str
    digits: Annotated[int, Field(ge=0, le=6)] = 0
    unit: Text | None = None


class Reading(Model):
    """One way to understand the source, and the test that holds or fails under it."""

    when: Text
    test: str


class Check(Model):
    """A question put to the source's own numbers; its verdict is computed, never stored.

    Exactly one of the following decides the verdict:
    test: a comparison that must hold (consistent / does not add up unless terms differ)
    complete: a comparison of what is named with what is announced (consistent / incomplete)
    readings: tests under several readings (all hold: consistent; some: interpretation; none: does not add up)
    rules with probe: conditions on x that must cover each case once (else ambiguous)
    alternatives: expressions that ought to agree and, if they do not, leave an interpretation
    none of them: the figures are derived figures
    """

    id: CheckId
    title: Text
    facts: tuple[FactId, ...] = Field(min_length=1)
    test: str | None = None
    complete: str | None = None
    readings: tuple[Reading, ...] = ()
    rules: tuple[str, ...] = ()
    probe: str | None = None
    alternatives: tuple[Figure, ...] = ()
    given: dict[str, float] = Field(default_factory=dict)  # illustrative inputs of alternatives, not facts
    figures: tuple[Figure, ...] = ()
    tolerance: Annotated[float, Field(ge=0)] = 0.0  # absolute, for rounding in the source
    holds_if: Text | None = None  # the reading under which a failing check would hold
    note: Text | None = None


class Entry(Model):
    """One file: a case, a programme or a framework with its facts and what is made of them."""

    format: Literal[1]
    kind: Literal["case", "programme", "framework"]
    id: Slug
    name: Text
    short: Text | None = None  # for table heads and figures, where the name is long
    title: Text  # heading of its report
    programme: Slug | None = None
    level: Level | None = None
    place: Place | None = None
    members: tuple[Place, ...] = ()
    model: Text | None = None  # the model in a sentence
    shift: Slug | None = None  # Zhejiang: the shift under which the source tells it
    sources: tuple[Slug, ...] = Field(min_length=1)
    denominators: dict[Literal["community", "household", "resident", "grid"], FactId] = Field(
        default_factory=dict
    )
    gist: tuple[Text, ...] = Field(min_length=1, max_length=4)  # templates: {AKS_017}, {AKS_009/AKS_005:.1f}
    facts: tuple[Fact, ...]
    holdings: tuple[Item, ...] = ()
    structures: tuple[Structure, ...] = ()
    checks: tuple[Check, ...] = ()
    matrix: dict[Slug, Cell] = Field(default_factory=dict)
    silences: tuple[Silence, ...] = Field(min_length=1)
    questions: tuple[Question, ...] = ()

    @property
    def label(self) -> Text:
        """The short name where there is one, else the name."""
        return self.short or self.name


class Dimension(Model):
    """A row of the comparison matrix."""

    id: Slug
    title: Text
    question: Text


class SourceFile(Model):
    """A file of ``sources/``."""

    format: Literal[1]
    sources: tuple[Source, ...]


class DimensionFile(Model):
    """``dimensions.yaml``."""

    format: Literal[1]
    dimensions: tuple[Dimension, ...]
