"""The board on the screen: cards dragged into columns by mouse, by touch or by keyboard.

What it looks like and how it is moved stands in ``board.js`` and ``board.css`` beside this file.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from govlab.language import messages
from govlab.workshop.widgets.controls import Board

_HERE = Path(__file__).parent


class BoardWidget(anywidget.AnyWidget):
    """A board in the notebook; ``value`` is a list of [card, column] pairs, in the order they were laid.

    Pairs of a card or a column that there is not, pairs given twice and those above ``most`` are left out.
    """

    _esm = (_HERE / "board.js").read_text(encoding="utf-8")
    _css = (_HERE / "board.css").read_text(encoding="utf-8")
    value: traitlets.List[Any] = traitlets.List().tag(sync=True)
    cards: traitlets.List[Any] = traitlets.List().tag(sync=True)
    columns: traitlets.List[Any] = traitlets.List().tag(sync=True)
    tray = traitlets.Unicode().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)
    lang = traitlets.Unicode().tag(sync=True)
    most = traitlets.Int(0).tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)

    @traitlets.validate("value")
    def _known(self, proposal: dict[str, Any]) -> list[list[str]]:
        cards = {one["id"] for one in self.cards}
        return kept(proposal["value"], cards, {one["id"] for one in self.columns}, self.most)


def board(control: Board, value: Iterable[object]) -> BoardWidget:
    """The widget of a board, laid as ``value`` says."""
    shown = BoardWidget(
        cards=[{"id": one.id, "words": one.words, "mark": one.mark} for one in control.cards],
        columns=[{"id": key, "words": words} for key, words in control.columns],
        tray=control.tray,
        label=control.label,
        lang=control.lang,
        most=control.most,
        texts={key.partition(".")[2]: text for key, text in messages("board", control.lang).items()},
    )
    shown.value = list(value)
    return shown


def kept(pairs: Iterable[object], cards: set[str], columns: set[str], most: int = 0) -> list[list[str]]:
    """The pairs that can stand: known ones, each once, no more than ``most`` in a column (0: any number)."""
    found: list[list[str]] = []
    for pair in pairs:
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            continue
        card, column = pair
        known = isinstance(card, str) and isinstance(column, str) and card in cards and column in columns
        full = most and sum(one[1] == column for one in found) >= most
        if known and [card, column] not in found and not full:
            found.append([card, column])
    return found
