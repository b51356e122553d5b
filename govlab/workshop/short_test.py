"""The short test before and after: two parallel forms, without and with the key, ready to print."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from govlab.data.definition import Model, Text, read_definition
from govlab.language import say
from govlab.workshop.printing import FOLDER, PRINTED, Paper, asked_formats

if TYPE_CHECKING:
    from govlab.blocks import Block

Form = Literal["a", "b"]
FORMS: tuple[Form, ...] = ("a", "b")
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
    """Write both forms into ``out``, for participants and with the key for the trainer; the files."""
    wanted = asked_formats(formats, PRINTED, lang)
    papers = [paper(short_test(), form, lang, key=key) for form in FORMS for key in (False, True)]
    return [path for one in papers for path in one.write(wanted, out)]


def paper(test: ShortTest, form: Form, lang: str, *, key: bool) -> Paper:
    """A form as a page; with ``key`` each question is followed by its answer and why."""
    from govlab.blocks import Page

    page = Page(lang)
    values = {
        "title": test.title.in_language(lang),
        "form": say(f"workshop_papers.test.form.{form}", lang=lang),
    }
    title = say(f"workshop_papers.test.{'key_title' if key else 'title'}", values, lang=lang)
    parts: list[Block] = [
        page.opening(say("workshop_papers.test.top", lang=lang), title, test.intro.in_language(lang)),
        page.note(say("workshop_papers.test.use", lang=lang))
        if key
        else page.text(say("workshop_papers.test.alias", lang=lang)),
    ]
    for question in test.questions:
        version = question.version(form)
        values = {"n": question.id, "ask": version.ask.in_language(lang)}
        parts.append(page.heading(say("workshop_papers.test.number", values, lang=lang)))
        options = [*(one.in_language(lang) for one in version.options), test.unsure.in_language(lang)]
        parts.append(page.text(_printed(options, lang)))
        if key:
            letter, lesson = version.answer.upper(), question.lesson
            values = {"letter": letter, "lesson": lesson, "why": question.why.in_language(lang)}
            parts.append(page.note(say("workshop_papers.test.key", values, lang=lang)))
    stem = f"short-test-{form}{'-key' if key else ''}-{lang}"
    return Paper(stem, lang, title, tuple(parts))


def _printed(options: Sequence[str], lang: str) -> str:
    """``□ A．投入　　□ B．结果``, each option kept whole as far as the line allows."""
    dot, gap = ("．", "　　") if lang == "zh" else (". ", "     ")
    marks = (f"□\u00a0{chr(ord('A') + place)}{dot}" for place in range(len(options)))
    return gap.join(mark + one for mark, one in zip(marks, options, strict=True))
