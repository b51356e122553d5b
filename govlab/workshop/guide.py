"""The trainer's guide: put together from programmes, lessons' notes, exercises and a few fixed texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from govlab.data.definition import Model, Slug, Text, read_definition
from govlab.language import listed, say
from govlab.workshop.exercises import Exercise, exercises, right_answer
from govlab.workshop.lessons import Lesson, lessons
from govlab.workshop.printing import FOLDER, PRINTED, Paper, Part, Prose, asked_formats
from govlab.workshop.programmes import materials, plans, programmes

if TYPE_CHECKING:
    from govlab.blocks import Page
    from govlab.tables import Table


class Section(Model):
    """A fixed text: title and Markdown."""

    id: Slug
    title: Text
    text: Text


class Guide(Model):
    """The fixed texts, as ``papers/guide.yaml`` holds them: before the lessons, and after."""

    kind: Literal["trainers-guide"]
    before: tuple[Section, ...]
    after: tuple[Section, ...]


@lru_cache(maxsize=1)
def guide() -> Guide:
    """The shipped texts."""
    return read_definition(FOLDER / "guide.yaml", Guide, "trainers-guide")


def write_guide(lang: str, formats: Sequence[str], out: Path) -> list[Path]:
    """Write the guide into ``out``; the files."""
    return paper(lang).write(asked_formats(formats, PRINTED, lang), out)


def paper(lang: str) -> Paper:
    """The whole guide as a page."""
    from govlab.blocks import Page

    page = Page(lang)
    known = lessons()
    title = _say("title", lang)
    parts: list[Part] = [page.opening(_say("top", lang), title, _say("basis", lang, n=len(known)))]
    for section in guide().before:
        parts += _section(page, section)
    parts.append(page.section(_say("programmes", lang)))
    for programme in programmes().values():
        parts.append(page.heading(programme.title.in_language(lang)))
        parts.append(page.text(programme.for_whom.in_language(lang)))
        parts += plans(programme, lang)
        parts.append(page.note(programme.choice.in_language(lang)))
    parts += [page.section(_say("materials", lang)), _materials(lang)]
    parts.append(page.section(_say("lessons", lang)))
    for lesson in known:
        parts += _lesson(page, lesson)
    for section in guide().after:
        parts += _section(page, section)
        if section.id == "gathering":
            parts += _example(page)
    return Paper(f"trainers-guide-{lang}", lang, title, tuple(parts))


def _say(key: str, lang: str, **values: object) -> str:
    return say(f"workshop_papers.guide.{key}", values, lang=lang)


def _section(page: Page, section: Section) -> list[Part]:
    lang = page.lang
    return [page.section(section.title.in_language(lang)), Prose(section.text.in_language(lang))]


def _example(page: Page) -> list[Part]:
    """The picture of an invented class, said to be invented."""
    from govlab.workshop.class_picture import example

    drawn = example(page.lang)
    said = page.text(say("workshop_papers.class.example", lang=page.lang))
    return [said, page.figure(drawn)] if drawn is not None else []


def _materials(lang: str) -> Table:
    from govlab.tables import Column, Table

    columns = tuple(Column(key, _say(f"col.{key}", lang)) for key in ("material", "copies", "printed"))
    rows = tuple(
        (
            one.name.in_language(lang),
            _say(f"copies.{one.copies}", lang),
            _say("yes", lang) if one.printed else None,
        )
        for one in materials().values()
    )
    return Table(columns, rows, _say("materials_caption", lang), lang)


def _lesson(page: Page, lesson: Lesson) -> Iterator[Part]:
    """Where it is used, the notes of its notebook, its exercises with what goes wrong."""
    lang = page.lang
    values = {"number": lesson.number, "title": lesson.title[lang], "minutes": lesson.minutes}
    yield page.heading(_say("lesson_optional" if lesson.optional else "lesson", lang, **values))
    places = [
        _say(
            "in_block",
            lang,
            title=one.title.in_language(lang),
            day=day,
            start=block.start,
            minutes=block.minutes,
        )
        for one in programmes().values()
        for day, block in one.blocks()
        if block.lesson == lesson.number
    ]
    where = ("；" if lang == "zh" else "; ").join(places) or _say("nowhere", lang)
    yield page.note(_say("where", lang, where=where))
    for text in notes(lesson, lang):
        yield Prose(text)
    own = [one for one in exercises().values() if one.id.partition(".")[0] == lesson.number]
    for one in own:
        yield page.question(_asked(one, lang), _answered(one, lang))
    if own:
        yield _mistakes(own, lang)


def notes(lesson: Lesson, lang: str) -> tuple[str, ...]:
    """The notes for the trainer in a lesson's notebook, in one language, as Markdown."""
    return tuple(
        "".join(cell["source"])
        for cell in lesson.edition(lang, "trainer")["cells"]
        if "trainer" in cell["metadata"].get("tags", []) and cell["cell_type"] == "markdown"
    )


def _asked(one: Exercise, lang: str) -> str:
    dot, stop = ("．", "；") if lang == "zh" else (". ", "; ")
    options = stop.join(f"{option.id}{dot}{option.text.in_language(lang)}" for option in one.options)
    asked = _say("exercise", lang, number=one.id, ask=one.ask.in_language(lang))
    if not options:
        return asked
    return f"{asked}（{options}）" if lang == "zh" else f"{asked} ({options})"


def _answered(one: Exercise, lang: str) -> str:
    """The answer and how one comes by it; a number that takes long to work out stands in the latter."""
    solution = one.solution.in_language(lang)
    if isinstance(one.answer, str) and one.answer.startswith("worked: "):
        return solution
    return _say("answer", lang, answer=_printed(right_answer(one), lang), solution=solution)


def _mistakes(own: Sequence[Exercise], lang: str) -> Table:
    """What the desk says to typical wrong answers and, first, to a right one: a row an answer."""
    from govlab.tables import Column, Table

    columns = tuple(Column(key, _say(f"col.{key}", lang)) for key in ("exercise", "given", "said"))
    rows = []
    for one in own:
        rows.append((one.id, _say("right", lang), one.right.in_language(lang)))
        for mistake in one.mistakes:
            rows.append((one.id, _printed(mistake.answer, lang), mistake.says.in_language(lang)))
    return Table(columns, tuple(rows), _say("mistakes", lang), lang)


def _printed(answer: object, lang: str) -> str:
    if isinstance(answer, tuple):
        return listed(map(str, answer), lang)
    return (f"{answer:.4g}" if isinstance(answer, float) else str(answer)).replace("-", "−")
