"""What a bench offers to move: sliders, choices, ticks, buttons and boards, said without a toolkit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Slider:
    """A number between ``low`` and ``high``; whole where ``low`` and ``step`` are.

    when: the name and value of a choice; the slider is on the screen only where the choice stands at it.
    """

    name: str
    label: str
    low: float
    high: float
    step: float
    start: float
    when: tuple[str, str] | None = None


@dataclass(frozen=True)
class Choice:
    """One of ``options``, pairs of a value and its words.

    sets: what other controls are set to when it is moved: the option, the other's name, its value. when: as
    for a slider.
    """

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    start: str
    sets: tuple[tuple[str, str, Any], ...] = ()
    when: tuple[str, str] | None = None

    def follows(self, option: str) -> dict[str, Any]:
        """Values of other controls that go with an option."""
        return {name: value for one, name, value in self.sets if one == option}


@dataclass(frozen=True)
class Several:
    """Any of ``options``, pairs of a value and its words; the value is a tuple in their order."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    start: tuple[str, ...]


@dataclass(frozen=True)
class Tick:
    """Yes or no."""

    name: str
    label: str
    start: bool = False


@dataclass(frozen=True)
class Press:
    """A button; the value is how often it was pressed."""

    name: str
    label: str
    start: int = 0


@dataclass(frozen=True)
class Card:
    """A card on a board: its id, its words, and a small mark of its kind."""

    id: str
    words: str
    mark: str = ""


@dataclass(frozen=True)
class Board:
    """Cards that are dragged into columns; the value is a tuple of (card, column) pairs.

    columns: pairs of an id and a heading. A card may stand in several columns, and in none: then it lies in
    the tray in front. start: the pairs it begins with. most: how many cards a column may hold, 0 for any.
    lang: of what the board itself says, such as where a card now lies.
    """

    name: str
    label: str
    cards: tuple[Card, ...]
    columns: tuple[tuple[str, str], ...]
    start: tuple[tuple[str, str], ...]
    tray: str = ""
    most: int = 0
    lang: str = "en"


Control = Slider | Choice | Several | Tick | Press | Board


def starting(controls: tuple[Control, ...]) -> dict[str, Any]:
    """The values that a bench begins with, by name."""
    return {one.name: one.start for one in controls}
