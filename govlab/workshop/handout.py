"""A lesson as a handout: an A4 Word file to print, with lines to write on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import copy
from html import escape

from govlab.language import say
from govlab.reports.formats.clean import cleaned
from govlab.reports.formats.page import PageInfo
from govlab.reports.formats.shape import shaped
from govlab.reports.formats.widths import LINES
from govlab.reports.formats.word import docx
from govlab.workshop.exercises import Exercise
from govlab.workshop.fitting import fitted
from govlab.workshop.lessons import Edition, Lesson
from govlab.workshop.pieces import Piece, synthetic

_BLANK = "\u00a0"
_WRITE = {"number": 2, "choice": 1, "choices": 2}  # lines to write on


def handout(pieces: Sequence[Piece], lesson: Lesson, lang: str, edition: Edition) -> bytes:
    """The Word file: text, figures, tables cut to the width of the page, exercises.

    Solutions and the trainer's notes stand in it where the pieces have them. OutputError where pandoc is
    missing or fails.
    """
    words = say(f"lesson_pages.sub_{edition}", {"minutes": lesson.minutes}, lang=lang)
    parts = [
        f'<h1 class="gl-title">{escape(_title(pieces) or lesson.title[lang])}</h1>',
        f'<p class="gl-sub">{escape(words)}</p>',
    ]
    if synthetic(lesson.source()):
        said = escape(say("lesson_pages.synthetic_long", lang=lang))
        parts.append(f'<div class="gl-banner"><p>{said}</p></div>')
    for piece in pieces:
        parts += _laid(piece, lang)
    body = cleaned("\n".join(parts))
    return docx(shaped(body, lang), PageInfo(lang, lesson.title[lang]))


def _title(pieces: Sequence[Piece]) -> str:
    return next((piece.text for piece in pieces if piece.kind == "title"), "")


def _laid(piece: Piece, lang: str) -> Iterator[str]:
    """A piece as clean HTML, in the classes that our Word template knows."""
    block = copy(piece.block) if piece.block is not None else None
    if piece.exercise is not None:
        yield from (_exercise if piece.kind == "exercise" else _solution)(piece.exercise, lang)
    elif block is None or piece.kind == "title":
        return
    elif piece.kind == "table":
        made = fitted(block, lang, LINES[lang] * 1.1)
        yield str(made.table)
        if made.note:
            yield f'<p class="gl-note">{escape(made.note)}</p>'
    elif piece.kind == "note":
        for inner in block.find_all(["p", "li"]):
            yield f'<p class="gl-trainer">{inner.decode_contents()}</p>'
    elif piece.kind == "lines":
        for line in block.find_all("li"):
            yield f'<p class="gl-line">•{_BLANK}{line.decode_contents()}</p>'
    elif piece.kind == "number":
        yield f"<p><strong>{block.decode_contents()}</strong></p>"
    else:
        yield _joined(str(block)) if lang == "zh" else str(block)
    yield from map(str, piece.after)


def _exercise(one: Exercise, lang: str) -> Iterator[str]:
    head = say("lesson_pages.exercise", {"number": one.id}, lang=lang)
    gap = "\u3000" if lang == "zh" else ". "
    ask = escape(one.ask.in_language(lang))
    yield f'<p class="gl-exercise"><strong>{escape(head)}</strong>{gap}{ask}</p>'
    dot = "．" if lang == "zh" else ". "
    for option in one.options:
        text = escape(option.text.in_language(lang))
        yield f'<p class="gl-option">□{_BLANK}{escape(option.id)}{dot}{text}</p>'
    first = say(f"lesson_pages.{'why' if one.options else 'answer'}", lang=lang)
    lines = [escape(first), *[_BLANK] * (_WRITE[one.kind] - 1)]
    for line in lines[:-1]:
        yield f'<p class="gl-writeon">{line}</p>'
    yield f'<p class="gl-write">{lines[-1]}</p>'


def _solution(one: Exercise, lang: str) -> Iterator[str]:
    head = escape(say("lesson_pages.solution", lang=lang))
    gap = "" if lang == "zh" else " "
    text = escape(one.solution.in_language(lang))
    yield f'<p class="gl-trainer"><strong>{head}</strong>{gap}{text}</p>'


def _joined(html: str) -> str:
    """A line break in the source between two Chinese characters is no blank on paper."""
    return re.sub(r"(?<=[\u3000-\u9fff\uff00-\uffef])\n(?=[\u3000-\u9fff\uff00-\uffef])", "", html)
