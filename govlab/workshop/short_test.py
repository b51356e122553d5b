"""The short test before and after: two parallel forms, without and with the key, ready to print."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from govlab.data.definition import Model, Text, read_definition
from govlab.language import say
from govlab.workshop.printing import BOX, FOLDER, PRINTED, Paper, asked_formats

if TYPE_CHECKING:
    from govlab.blocks import Block
    from govlab.tables import Table

Form = Literal["a", "b"]
FORMS: tuple[Form, ...] = ("a", "b")
FORMATS = (*PRINTED, "xlsx")
_MOST_OPTIONS = 5


class Version(Model):
    """A question as one form has it: what is asked, the options in order, the letter of the right one."""

    ask: Text
    options: Annotated[tuple[Text, ...], Field(min_length=2, max_length=_MOST_OPTIONS)]
    answer: Annotated[str, Field(pattern=r"^[a-e]$")]

    @model_validator(mode="after")
    def _there(self) -> Version:
        """The right answer is one of the options."""
        if ord(self.answer) - ord("a") >= len(self.options):
            raise ValueError(f"answer {self.answer} is none of {len(self.options)} options")
        return self


class Question(Model):
    """A question in both forms, the lesson it is about, and why the answer is right."""

    id: Annotated[str, Field(pattern=r"^\d{1,2}$")]
    lesson: Annotated[str, Field(pattern=r"^\d{1,2}[a-z]?$")]
    a: Version
    b: Version
    why: Text

    def version(self, form: Form) -> Version:
        """The question as a form has it."""
        return self.a if form == "a" else self.b


class ShortTest(Model):
    """Both forms, as ``papers/test.yaml`` holds them."""

    kind: Literal["short-test"]
    title: Text
    intro: Text
    unsure: Text
    questions: Annotated[tuple[Question, ...], Field(min_length=8, max_length=10)]

    @model_validator(mode="after")
    def _numbered(self) -> ShortTest:
        """Questions are numbered 1, 2, 3 ..."""
        if [one.id for one in self.questions] != [str(n) for n in range(1, len(self.questions) + 1)]:
            raise ValueError("questions are numbered 1, 2, 3 ...")
        return self


@lru_cache(maxsize=1)
def short_test() -> ShortTest:
    """The shipped test."""
    return read_definition(FOLDER / "test.yaml", ShortTest, "short-test")


def write_test(lang: str, formats: Sequence[str], out: Path) -> list[Path]:
    """Write both forms into ``out``, for participants and with the key for the trainer; the files.

    xlsx: an empty sheet in which a trainer enters what people ticked.
    """
    wanted = asked_formats(formats, FORMATS, lang)
    printed = [one for one in wanted if one in PRINTED]
    papers = [paper(short_test(), form, lang, key=key) for form in FORMS for key in (False, True)]
    written = [path for one in papers if printed for path in one.write(printed, out)]
    if "xlsx" in wanted:
        from govlab.data.atomic import write_whole

        path = out / "short-test-answers.xlsx"
        write_whole(path, answer_sheet(short_test()))
        written.append(path)
    return written


def paper(test: ShortTest, form: Form, lang: str, *, key: bool) -> Paper:
    """A form as a page, a row a question; with ``key`` a second table holds the answers and why."""
    from govlab.blocks import Page
    from govlab.tables import Column, Table

    page = Page(lang)

    def words(name: str, **values: object) -> str:
        return say(f"workshop_papers.test.{name}", values, lang=lang)

    given = {"title": test.title.in_language(lang), "form": words(f"form.{form}")}
    title = words("key_title" if key else "title", **given)
    versions = [question.version(form) for question in test.questions]
    most = max(len(one.options) for one in versions)
    letters = [chr(ord("A") + place) for place in range(most + 1)]
    columns = [Column("n", words("col.question")), Column("ask", words("col.ask"))]
    columns += [Column(letter, letter) for letter in letters]
    rows = []
    for question, version in zip(test.questions, versions, strict=True):
        options = [one.in_language(lang) for one in version.options]
        options += [""] * (most - len(options)) + [test.unsure.in_language(lang)]
        boxes = (f"{BOX}\u00a0{one}" if one else "" for one in options)
        rows.append((question.id, version.ask.in_language(lang), *boxes))
    parts: list[Block | Table] = [
        page.opening(words("top"), title, test.intro.in_language(lang)),
        page.note(words("use")) if key else page.text(words("alias")),
        Table(tuple(columns), tuple(rows), words("tick"), lang),
    ]
    if key:
        heads = tuple(Column(name, words(f"col.{name}")) for name in ("question", "answer", "lesson", "why"))
        answers = tuple(
            (question.id, version.answer.upper(), question.lesson, question.why.in_language(lang))
            for question, version in zip(test.questions, versions, strict=True)
        )
        parts.append(Table(heads, answers, words("answers"), lang))
    stem = f"short-test-{form}{'-key' if key else ''}-{lang}"
    return Paper(stem, lang, title, tuple(parts))


def answer_sheet(test: ShortTest) -> bytes:
    """An empty workbook to enter answers, a row a person; copy it for before and for after."""
    from openpyxl import Workbook

    from govlab.data.workbook import book_bytes

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "answers"
    sheet.append(["alias", "form", *(one.id for one in test.questions)])
    sheet.freeze_panes = "C2"
    return book_bytes(book)
