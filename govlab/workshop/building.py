"""Lessons written out: a notebook to work in, a page, slides, a handout; run once for all of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from govlab.data.atomic import write_whole
from govlab.workshop.lessons import Edition, Lesson
from govlab.workshop.running import LessonError, run

__all__ = ["EDITIONS", "FORMATS", "Format", "LessonError", "build", "file_name", "run", "stem"]

Format = Literal["ipynb", "html", "slides", "docx"]
FORMATS: tuple[Format, ...] = ("ipynb", "html", "slides", "docx")
EDITIONS: tuple[Edition, ...] = ("participant", "trainer")


def stem(lesson: Lesson, lang: str, edition: Edition) -> str:
    """``lesson-01-zh``; of a trainers' edition ``lesson-01-zh-trainer``."""
    name = f"{lesson.path.stem}-{lang}"
    return f"{name}-trainer" if edition == "trainer" else name


def file_name(lesson: Lesson, lang: str, edition: Edition, form: Format) -> str:
    """``lesson-01-zh.ipynb``; slides are ``lesson-01-zh.slides.html``."""
    return f"{stem(lesson, lang, edition)}.{'slides.html' if form == 'slides' else form}"


def build(lesson: Lesson, lang: str, edition: Edition, formats: Sequence[Format], out: Path) -> list[Path]:
    """Write a lesson's edition into ``out``; the files written.

    ``ipynb`` without outputs, to work in; ``html`` as it looks when run from top to bottom; ``slides``
    for a projector; ``docx`` to print. Pages and slides are one file each that loads nothing. The lesson
    runs once, whatever is asked for. LessonError names the cell that fails.
    """
    notebook = lesson.edition(lang, edition)
    ran = lru_cache(maxsize=1)(lambda: run(notebook))
    written = []
    for form in dict.fromkeys(formats):
        path = out / file_name(lesson, lang, edition, form)
        if form == "ipynb":
            text = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
            write_whole(path, text.encode("utf-8"))
        else:
            write_whole(path, _typeset(form, ran, lesson, lang, edition))
        written.append(path)
    return written


def _typeset(form: Format, ran: Callable[[], Any], lesson: Lesson, lang: str, edition: Edition) -> bytes:
    if form == "html":
        from govlab.workshop.running import page

        return page(ran(), lang).encode("utf-8")
    from govlab.workshop.pieces import pieces

    read = pieces(ran(), lang)
    if form == "slides":
        from govlab.workshop.slides import slides

        return slides(read, lesson, lang, edition).encode("utf-8")
    from govlab.workshop.handout import handout

    return handout(read, lesson, lang, edition)
