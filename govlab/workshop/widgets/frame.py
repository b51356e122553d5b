"""A bench: things to move, a picture that follows, and sentences that say what is seen.

What a bench shows is a pure function of what was moved (``Model.view``); this module keeps what stands.
In a notebook it is live; a page made of the notebook holds the picture as it stood.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Protocol

from govlab.errors import InputError
from govlab.language import say
from govlab.workshop.widgets.controls import Choice, Control, starting

if TYPE_CHECKING:
    from govlab.plots.sheet import Drawing
    from govlab.tables import Table

_TONGUES = (("中文", "zh"), ("English", "en"))


@dataclass(frozen=True, eq=False)
class View:
    """What a bench shows: a drawing, sentences on it, and at most one table below."""

    drawing: Drawing
    said: tuple[str, ...] = ()
    table: Table | None = None

    def to_html(self, drawn: str) -> str:
        """Drawing (as given, live or on paper), sentences, table."""
        said = "".join(f'<p style="margin:.25em 0">{escape(one)}</p>' for one in self.said)
        below = self.table.notebook_html() if self.table is not None else ""
        # ipywidgets sets every line as high as a button; sentences need less.
        status = f'<div role="status" aria-live="polite">{said}</div>'
        return f'<div style="line-height:1.45">{drawn}{status}{below}</div>'


class Model(Protocol):
    """What a bench is made of: its controls in a language, and what is seen at some values of them."""

    def controls(self, lang: str) -> tuple[Control, ...]:
        """The controls, in the order they stand in."""

    def view(self, values: Mapping[str, Any], lang: str) -> View:
        """The picture and the sentences; InputError where the values cannot be worked with."""


class Bench:
    """A model with its controls on the screen.

    name: as in ``widgets.names()``. lang: ``zh`` or ``en``; a switch in its corner changes it. ``values``
    holds what stands, ``move(name=value)`` moves a control from a cell.
    """

    def __init__(self, name: str, model: Model, lang: str, values: Mapping[str, Any] | None = None) -> None:
        self.name = name
        self.lang = lang
        self._model = model
        self._values = starting(model.controls(lang))
        self._screen: Any = None
        if values:
            self.move(**values)

    @property
    def values(self) -> dict[str, Any]:
        """What the controls stand at, by name (a copy)."""
        return dict(self._values)

    @property
    def title(self) -> str:
        """The bench's name in its language."""
        return say(f"widgets.{self.name}", lang=self.lang)

    def move(self, **values: Any) -> None:
        """Set controls by name, and what follows a choice; ValueError names a control that there is not."""
        for name in values:
            if name not in self._values:
                raise ValueError(f"{self.name} has no control {name!r}; there are: {', '.join(self._values)}")
        for control in self.controls():
            if isinstance(control, Choice) and control.name in values:
                self._values |= control.follows(values[control.name])
        self._values |= values
        if self._screen is not None:
            self._screen.show(self)

    def view(self) -> View:
        """What is seen now."""
        return self._model.view(self._values, self.lang)

    def speak(self, lang: str) -> None:
        """Change the language; what was moved stays."""
        if lang not in ("zh", "en"):
            raise ValueError(f"lang must be zh or en, got {lang!r}")
        self.lang = lang
        if self._screen is not None:
            self._screen.build(self)

    def controls(self) -> tuple[Control, ...]:
        """The controls in the bench's language."""
        return self._model.controls(self.lang)

    def to_html(self) -> str:
        """The static form: title and the view as it stands, the picture inside."""
        return self._on_paper(self.view())

    def _on_paper(self, seen: View) -> str:
        title = f"<p><strong>{escape(self.title)}</strong></p>"
        return f"<div>{title}{seen.to_html(seen.drawing.figure().to_html())}</div>"

    def live_html(self) -> str:
        """What stands under the controls; in words, where the values cannot be worked with."""
        try:
            seen = self.view()
        except InputError as error:
            return f"<p role='alert'>{escape(error.text(self.lang))}</p>"
        return seen.to_html(seen.drawing.to_html())

    def screen(self) -> Any:
        """The ipywidgets box (made once); ImportError where ipywidgets is not installed."""
        if self._screen is None:
            from govlab.workshop.widgets.screen import Screen

            self._screen = Screen(self, _TONGUES)
        return self._screen.box

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        """The live bench, and beside it the static form for pages and for readers without a kernel."""
        seen = self.view()
        bundle: dict[str, Any] = dict(self.screen()._repr_mimebundle_())
        bundle["text/html"] = self._on_paper(seen)
        bundle["text/plain"] = "\n".join([self.title, seen.drawing.alt, *seen.said])
        return bundle
