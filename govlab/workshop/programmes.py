"""Programmes made of lessons: blocks with times and forms, checked, and printed as a plan.

Checked when read: blocks follow each other, minutes add up to the day, nobody sits longer than 100
minutes, what is needed is on the list of materials. That every lesson exists is a check of its own
(``lesson_faults``), because lessons are files that come and go apart from programmes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from govlab.data.definition import Model, Slug, Text, read_definition
from govlab.errors import Fault, InputError
from govlab.language import listed, say
from govlab.tables import Column, Kind, Table
from govlab.workshop.lessons import lessons
from govlab.workshop.printing import FOLDER, PRINTED, Paper, Part, asked_formats

LONGEST = 100  # minutes without a break
_COLUMNS: Mapping[str, Kind] = {
    "start": "text", "minutes": "integer", "what": "text", "form": "text", "needs": "text",
}  # fmt: skip
_TIME = r"^([01]\d|2[0-3]):[0-5]\d$"


class Material(Model):
    """Something to bring: for everyone, for each group, or once; printed or not."""

    id: Slug
    name: Text
    copies: Literal["person", "group", "room"]
    printed: bool = False


class Materials(Model):
    """The list of materials, as ``papers/materials.yaml`` holds it."""

    kind: Literal["workshop-materials"]
    materials: tuple[Material, ...]


class Block(Model):
    """A stretch of a day. lesson: what is taught; shortened or optional; needs: ids of materials."""

    start: Annotated[str, Field(pattern=_TIME)]
    minutes: Annotated[int, Field(ge=5, le=180)]
    form: Literal["plenum", "groups", "exercise", "break"]
    what: Text
    lesson: Annotated[str, Field(pattern=r"^\d{1,2}[a-z]?$")] | None = None
    shortened: bool = False
    optional: bool = False
    needs: tuple[Slug, ...] = ()

    @property
    def begin(self) -> int:
        """Minutes after midnight."""
        hours, minutes = self.start.split(":")
        return 60 * int(hours) + int(minutes)


class Day(Model):
    """The blocks of a day, without gaps; minutes: of the whole, breaks included."""

    minutes: int
    blocks: Annotated[tuple[Block, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _adds_up(self) -> Day:
        """Blocks follow each other, their minutes are those of the day, breaks come in time."""
        at, sitting = self.blocks[0].begin, 0
        for block in self.blocks:
            if block.begin != at:
                raise ValueError(f"a block starts at {block.start}, the one before ends at {_clock(at)}")
            at += block.minutes
            sitting = 0 if block.form == "break" else sitting + block.minutes
            if sitting > LONGEST:
                raise ValueError(f"{sitting} minutes without a break at {_clock(at)}; {LONGEST} are allowed")
            if block.form == "break" and block.lesson:
                raise ValueError(f"the break at {block.start} has a lesson")
        total = sum(block.minutes for block in self.blocks)
        if total != self.minutes:
            raise ValueError(f"the blocks have {total} minutes, the day {self.minutes}")
        return self


class Programme(Model):
    """A programme, as a file in ``papers/`` holds it. choice: what the trainer may change."""

    kind: Literal["programme"]
    id: Slug
    title: Text
    for_whom: Text
    choice: Text
    days: Annotated[tuple[Day, ...], Field(min_length=1)]

    def blocks(self) -> Iterator[tuple[int, Block]]:
        """Every block with the number of its day."""
        for number, day in enumerate(self.days, 1):
            for block in day.blocks:
                yield number, block

    @property
    def lessons(self) -> tuple[str, ...]:
        """The lessons it is made of, in order."""
        return tuple(dict.fromkeys(block.lesson for _, block in self.blocks() if block.lesson))

    @property
    def needs(self) -> frozenset[str]:
        """Ids of everything that is needed."""
        return frozenset(one for _, block in self.blocks() for one in block.needs)


@lru_cache(maxsize=1)
def materials() -> Mapping[str, Material]:
    """What a workshop needs, by id."""
    read = read_definition(FOLDER / "materials.yaml", Materials, "workshop-materials")
    return {one.id: one for one in read.materials}


@lru_cache(maxsize=1)
def programmes() -> Mapping[str, Programme]:
    """The shipped programmes by id; InputError lists faults, materials that are not listed among them."""
    read = [read_programme(path) for path in sorted(FOLDER.glob("two-*.yaml"), reverse=True)]
    return {one.id: one for one in read}


def read_programme(path: Path) -> Programme:
    """A programme of one's own or a shipped one; InputError names line and fault."""
    read = read_definition(path, Programme, "programme")
    unknown = sorted(read.needs - set(materials()))
    if unknown:
        values = {"got": ", ".join(unknown), "known": ", ".join(materials())}
        raise InputError(Fault("workshop_papers.programme.material", values, (path.name,)))
    return read


def programme(name: str) -> Programme:
    """The shipped programme of that id; InputError lists those there are."""
    known = programmes()
    if name not in known:
        values = {"got": name, "known": ", ".join(known)}
        raise InputError(Fault("workshop_papers.programme.unknown", values))
    return known[name]


def lesson_faults(one: Programme) -> list[Fault]:
    """The lessons of a programme that there are no notebooks of."""
    known = {each.number for each in lessons()}
    return [
        Fault("workshop_papers.programme.no_lesson", {"lesson": number}, (one.id,))
        for number in one.lessons
        if number not in known
    ]


def write_programme(lang: str, formats: Sequence[str], out: Path, names: Sequence[str] = ()) -> list[Path]:
    """Write the plans into ``out``, all of them or those named; the files."""
    wanted = asked_formats(formats, PRINTED, lang)
    chosen = [programme(name) for name in names] or list(programmes().values())
    return [path for one in chosen for path in paper(one, lang).write(wanted, out)]


def paper(one: Programme, lang: str) -> Paper:
    """The plan of a programme as a page."""
    from govlab.blocks import Page

    page = Page(lang)
    title = say("workshop_papers.programme.file", {"title": one.title.in_language(lang)}, lang=lang)
    top = say("workshop_papers.programme.top", lang=lang)
    parts: tuple[Part, ...] = (
        page.opening(top, title, one.for_whom.in_language(lang)),
        *plans(one, lang),
        page.note(one.choice.in_language(lang)),
    )
    return Paper(f"programme-{one.id}-{lang}", lang, title, parts)


def plans(one: Programme, lang: str) -> tuple[Table, ...]:
    """A table a day: time, minutes, what, in which form, with what."""
    columns = tuple(
        Column(key, say(f"workshop_papers.programme.col.{key}", lang=lang), kind)
        for key, kind in _COLUMNS.items()
    )
    titles = {each.number: each.title[lang] for each in lessons()}
    found = []
    for number, day in enumerate(one.days, 1):
        rows = tuple(_row(block, titles, lang) for block in day.blocks)
        values = {"title": one.title.in_language(lang), "day": number}
        key = "caption" if len(one.days) > 1 else "caption_one"
        caption = say(f"workshop_papers.programme.{key}", values, lang=lang)
        found.append(Table(columns, rows, caption, lang))
    return tuple(found)


def _row(block: Block, titles: Mapping[str, str], lang: str) -> tuple[str | int | None, ...]:
    what = block.what.in_language(lang)
    if block.lesson:
        values = {"number": block.lesson, "title": titles.get(block.lesson, ""), "what": what}
        key = "lesson" if values["title"] else "lesson_bare"
        what = say(f"workshop_papers.programme.{key}", values, lang=lang)
    for key, marked in (("shortened", block.shortened), ("optional", block.optional)):
        what += say(f"workshop_papers.programme.{key}", lang=lang) if marked else ""
    form = None if block.form == "break" else say(f"workshop_papers.programme.form.{block.form}", lang=lang)
    needed = listed([_short(materials()[one].name.in_language(lang)) for one in block.needs], lang)
    return block.start, block.minutes, what, form, needed or None


def _short(name: str) -> str:
    """A name without what stands in brackets behind it."""
    return name.partition("（")[0].partition(" (")[0]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
