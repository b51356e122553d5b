"""Which pieces of a lesson go on which slide: a cut, not the whole notebook squeezed onto screens."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from math import ceil
from typing import TYPE_CHECKING

from govlab.language import say
from govlab.reports.formats.widths import width
from govlab.workshop.fitting import fitted, whole
from govlab.workshop.measuring import (
    MOST,
    TALL,
    TEXT,
    WIDE,
    as_list,
    is_tall,
    note_height,
    row_gap,
    shortened,
    table_width,
    text_lines,
)
from govlab.workshop.pieces import Piece

if TYPE_CHECKING:
    from bs4 import Tag

    from govlab.workshop.exercises import Exercise

_ABOVE = 4  # lines of text above a figure, a table or an exercise
_BESIDE_TALL = 5  # and beside a tall figure
_SIZES = (28, 26, 24, 22, 20, 18)  # sizes of tables and lines, the largest that fits
_DIGIT = 0.54  # width of a character in a table by its size; figures are wider than letters
_FEW = 3.5  # a result of no more lines stands with what comes after it
_SPARED = 80  # pixels of text above a table that is cut
_CAPTION = 40  # what the caption of a table takes
_OVER = 1.12  # what runs over a little the page sets a little smaller: better than without its last row


@dataclass(eq=False)
class Slide:
    """A slide being laid: its kind is the class on the page; notes are for whoever speaks."""

    kind: str
    title: str
    body: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def cut(pieces: Iterable[Piece], lang: str) -> list[Slide]:
    """The slides of a lesson.

    A heading begins a slide. A figure, a table, a result stands alone below a few lines of text;
    longer text is a slide of its own, what does not fit goes to the notes. An exercise shows question
    and options; its solution and what the trainer is told become notes. The last heading closes.
    """
    maker = _Maker(lang)
    for piece in pieces:
        maker.take(piece)
    maker.flush()
    if len(maker.slides) > 1 and maker.slides[-1].kind == "prose":
        maker.slides[-1].kind = "close"
    return maker.slides


class _Maker:
    """Goes through the pieces and keeps what waits for its slide."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.slides: list[Slide] = []
        self.title = ""
        self.waiting: list[Tag] = []

    def take(self, piece: Piece) -> None:
        """Lay a piece on a slide, or let it wait for the next."""
        kind, block = piece.kind, piece.block
        if kind == "solution" and piece.exercise is not None:
            self._note(f"<p><b>{self._say('solution')}</b> {self._told(piece.exercise)}</p>")
        elif kind == "exercise" and piece.exercise is not None:
            self._ask(piece.exercise)
        elif block is None:
            raise ValueError(f"a piece of kind {kind!r} needs a block")
        elif kind in ("title", "heading"):
            self.flush()
            self.title = piece.text
            if kind == "title":
                self.slides.append(Slide("title", self.title))
        elif kind == "note":
            self.flush()
            self._note(block.decode_contents())
        elif kind == "prose":
            self._read(piece, block)
        else:
            self._show(piece, block)

    def flush(self) -> None:
        """What waits becomes slides of text; on the title slide it stays there."""
        waiting, self.waiting = self.waiting, []
        last = self.slides[-1] if self.slides else None
        if waiting and last is not None and last.kind == "title" and last.title == self.title:
            last.body += [as_list(block) for block in waiting]
            return
        room = 0.0
        for block in waiting:
            need = text_lines(block)
            if need > MOST:
                short = shortened(block, self.lang)
                self.slides.append(Slide("prose", self.title, [short], [str(block)]))
                room = 0.0
            elif need > room:
                self.slides.append(Slide("prose", self.title, [str(block)]))
                room = MOST - need
            else:
                self.slides[-1].body.append(str(block))
                room -= need

    def _read(self, piece: Piece, block: Tag) -> None:
        last = self.slides[-1] if self.slides else None
        if piece.output and not self.waiting and last and last.kind in ("table", "figure", "figure tall"):
            # What a report says below its figure belongs to the figure.
            last.notes.append(str(block))
        else:
            self.waiting.append(block)

    def _show(self, piece: Piece, block: Tag) -> None:
        if piece.kind == "lines" and piece.output and text_lines(block) <= _FEW:
            self.waiting.append(block)
            return
        room = TALL - sum(note_height(one) for one in piece.after)
        waiting = min(sum(map(text_lines, self.waiting)), _ABOVE) * 1.5 * TEXT
        tall = piece.kind == "figure" and is_tall(block, room - waiting)
        above = self._above(_BESIDE_TALL if tall or self._small(piece, block, room) else _ABOVE)
        used = sum(map(text_lines, above)) * 1.5 * TEXT
        if piece.kind == "table" and used > _SPARED and not _fits(block, room - used):
            # Every row counts more than what stands above them.
            self.waiting, above, used = above, [], 0
            self.flush()
        notes: list[str] = []
        if piece.kind == "table":
            body = self._table(block, room - used)
        elif piece.kind in ("lines", "code"):
            body, notes = self._listing(block, room - used)
        else:
            body = str(block)
        kind = "figure tall" if tall else piece.kind
        after = [f'<div class="after">{one}</div>' for one in piece.after]
        self.slides.append(Slide(kind, self.title, [*map(str, above), body, *after], notes))

    def _small(self, piece: Piece, block: Tag, room: float) -> bool:
        """Whether a table, set large, leaves room for more text above it."""
        used = sum(map(text_lines, self.waiting)) * 1.5 * TEXT
        return piece.kind == "number" or (piece.kind == "table" and _fits(block, room - used, _SIZES[2]))

    def _above(self, most: float) -> list[Tag]:
        """The text that waits, if it has at most so many lines; else it becomes slides."""
        if sum(map(text_lines, self.waiting)) > most:
            self.flush()
        above, self.waiting = self.waiting, []
        return above

    def _table(self, table: Tag, room: float) -> str:
        room -= _CAPTION if table.find("caption") is not None else 0
        for size in _SIZES:
            need, wide = _need(table, size)
            if wide and need <= room:
                break
        else:
            room = need if wide and need <= _OVER * room else room - 34
        made = fitted(table, self.lang, WIDE / _DIGIT / size, room / (1.35 * size), row_gap(size))
        columns = "".join(f'<col style="width:{100 * share:.1f}%">' for share in made.shares)
        note = f'<p class="gl-note">{escape(made.note)}</p>' if made.note else ""
        head = made.table.find("caption")
        caption_html = str(head.extract()) if head is not None else ""
        inner = made.table.decode_contents()
        share = min(1.0, table_width(made.table) * _DIGIT * size / WIDE)
        style = f"font-size:{size / TEXT:.3f}em;width:{100 * max(share, 0.4):.0f}%"
        table_html = f'<table style="{style}">{caption_html}<colgroup>{columns}</colgroup>{inner}</table>'
        return table_html + note

    def _listing(self, block: Tag, room: float) -> tuple[str, list[str]]:
        """Lines of text or of code, those that fit; all of them in the notes if some do not."""
        rows = block.get_text().splitlines() if block.name == "pre" else [str(one) for one in block("li")]
        plain = [re.sub("<.*?>", "", row) for row in rows]
        for size in _SIZES[1:]:
            heights = [max(1, ceil(width(row) / (2 * WIDE / size - 4))) * 1.5 * size + 6 for row in plain]
            if sum(heights) <= room:
                break
        kept, used = 0, 0.0
        room = room * _OVER if sum(heights) <= room * _OVER else room - 34
        for height in heights:
            used += height
            if used > room:
                break
            kept += 1
        name, shown = block.name, "\n".join(rows[:kept])
        inner = f"<code>{escape(shown)}</code>" if name == "pre" else shown
        html = f'<{name} class="lines" style="font-size:{size / TEXT:.3f}em">{inner}</{name}>'
        if kept == len(rows):
            return html, []
        note = self._say("lines_cut", shown=kept, all=len(rows))
        return f'{html}<p class="gl-note">{escape(note)}</p>', [str(block)]

    def _ask(self, one: Exercise) -> None:
        above = self._above(_ABOVE)
        label = self._say("exercise", number=one.id)
        body = [*map(str, above), f'<p class="ask">{escape(one.ask.in_language(self.lang))}</p>']
        if one.options:
            options = "".join(
                f"<li><b>{escape(option.id)}</b>{escape(option.text.in_language(self.lang))}</li>"
                for option in one.options
            )
            body.append(f'<ul class="options">{options}</ul>')
        elif one.kind == "number":
            body.append(f'<p class="blank">{self._say("answer")}</p>')
        body.append(f'<p class="do"><code>check("{one.id}", ...)</code></p>')
        self.slides.append(Slide("exercise", label, body))

    def _note(self, html: str) -> None:
        if self.slides:
            self.slides[-1].notes.append(html)

    def _told(self, one: Exercise) -> str:
        return escape(one.solution.in_language(self.lang))

    def _say(self, key: str, **values: object) -> str:
        return say(f"lesson_pages.{key}", values, lang=self.lang)


def _need(table: Tag, size: float) -> tuple[float, bool]:
    """Pixels that a table takes down, and whether its columns stand side by side."""
    lines, wide = whole(table, WIDE / _DIGIT / size, row_gap(size))
    return lines * 1.35 * size, wide


def _fits(table: Tag, room: float, size: float = _SIZES[-1]) -> bool:
    need, wide = _need(table, size)
    return (wide or size == _SIZES[-1]) and need + (
        _CAPTION if table.find("caption") is not None else 0
    ) <= _OVER * room
