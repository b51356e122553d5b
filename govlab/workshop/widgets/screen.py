"""A bench on the screen: ipywidgets made of its controls, and what happens when one is moved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from govlab.workshop.widgets.controls import Board, Choice, Control, Press, Several, Slider, Tick

if TYPE_CHECKING:
    from govlab.workshop.widgets.frame import Bench

_WIDE = {"description_width": "initial"}


class Screen:
    """The box that is displayed; ``show`` follows the values, ``build`` also the language."""

    def __init__(self, bench: Bench, tongues: Sequence[tuple[str, str]]) -> None:
        import ipywidgets

        self._quiet = False
        self._handles: dict[str, Any] = {}
        self._tied: dict[str, tuple[str, str]] = {}
        self._tongue = ipywidgets.ToggleButtons(options=list(tongues), value=bench.lang)
        self._tongue.style.button_width = "5.5em"
        self._tongue.observe(lambda change: bench.speak(change["new"]) if not self._quiet else None, "value")
        self._seen = ipywidgets.HTML()
        self._seen.add_class("govlab-bench-seen")
        self.box = ipywidgets.VBox(layout=ipywidgets.Layout(max_width="760px"))
        self.box.add_class("govlab-bench")
        self.build(bench)

    def build(self, bench: Bench) -> None:
        """Make the controls anew, in the bench's language."""
        import ipywidgets

        title = ipywidgets.HTML(f"<strong>{bench.title}</strong>")
        row = ipywidgets.Layout(justify_content="space-between", width="100%")
        self._handles, self._tied = {}, {}
        for one in bench.controls():
            self._handles[one.name] = _made(one, bench.values[one.name], self._moved(bench, one))
            if isinstance(one, Slider | Choice) and one.when is not None:
                self._tied[one.name] = one.when
        offered = ipywidgets.Layout(display="flex", flex_flow="row wrap", width="100%")
        self.box.children = (
            ipywidgets.HBox([title, self._tongue], layout=row),
            ipywidgets.Box([handle.box for handle in self._handles.values()], layout=offered),
            self._seen,
        )
        self.show(bench)

    def show(self, bench: Bench) -> None:
        """Set every control to its value and draw."""
        self._quiet = True
        try:
            self._tongue.value = bench.lang
            for name, value in bench.values.items():
                self._handles[name].put(value)
        finally:
            self._quiet = False
        self._draw(bench)

    def _draw(self, bench: Bench) -> None:
        """What belongs to another choice goes; the picture follows."""
        for name, (choice, value) in self._tied.items():
            display = None if bench.values[choice] == value else "none"
            self._handles[name].box.layout.display = display
        self._seen.value = bench.live_html()

    def _moved(self, bench: Bench, control: Control) -> Callable[[Any], None]:
        def moved(value: Any) -> None:
            if self._quiet:
                return
            if isinstance(control, Choice) and control.follows(value):
                bench.move(**{control.name: value})
                return
            bench._values[control.name] = value
            self._draw(bench)

        return moved


class _Handle:
    """A control on the screen: its box, and how a value is put into it."""

    def __init__(self, box: Any, put: Callable[[Any], None]) -> None:
        self.box = box
        self.put = put


def _made(control: Control, value: Any, moved: Callable[[Any], None]) -> _Handle:
    import ipywidgets

    wide = ipywidgets.Layout(width="355px")
    match control:
        case Slider():
            whole = all(float(one).is_integer() for one in (control.low, control.step))
            kind = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
            slider = kind(
                value=value, min=control.low, max=control.high, step=control.step,
                description=control.label, layout=wide, style=_WIDE,
            )  # fmt: skip
            return _followed(slider, moved)
        case Choice():
            words = [(text, key) for key, text in control.options]
            return _followed(
                ipywidgets.Dropdown(
                    options=words, value=value, description=control.label, layout=wide, style=_WIDE
                ),
                moved,
            )
        case Tick():
            return _followed(
                ipywidgets.Checkbox(value=value, description=control.label, indent=False, layout=wide), moved
            )
        case Several():
            return _several(control, value, moved)
        case Press():
            return _press(control, value, moved)
        case Board():
            from govlab.workshop.widgets.board import board

            shown = board(control, value)
            return _followed(shown, lambda pairs: moved(tuple((card, column) for card, column in pairs)))


def _followed(widget: Any, moved: Callable[[Any], None]) -> _Handle:
    widget.observe(lambda change: moved(change["new"]), "value")
    return _Handle(widget, lambda value: setattr(widget, "value", value))


def _several(control: Several, value: Sequence[str], moved: Callable[[Any], None]) -> _Handle:
    import ipywidgets

    short = ipywidgets.Layout(width="auto", margin="0 12px 0 0")
    ticks = {
        key: ipywidgets.Checkbox(value=key in value, description=words, indent=False, layout=short)
        for key, words in control.options
    }

    def told(_: object) -> None:
        moved(tuple(key for key, tick in ticks.items() if tick.value))

    for tick in ticks.values():
        tick.observe(told, "value")

    def put(chosen: Sequence[str]) -> None:
        for key, tick in ticks.items():
            tick.value = key in chosen

    flow = ipywidgets.Layout(display="flex", flex_flow="row wrap", width="100%")
    label = ipywidgets.Label(control.label)
    return _Handle(ipywidgets.Box([label, *ticks.values()], layout=flow), put)


def _press(control: Press, value: int, moved: Callable[[Any], None]) -> _Handle:
    import ipywidgets

    button = ipywidgets.Button(description=control.label, layout=ipywidgets.Layout(width="auto"))
    count = [value]

    def pressed(_: object) -> None:
        count[0] += 1
        moved(count[0])

    button.on_click(pressed)
    return _Handle(button, lambda held: count.__setitem__(0, held))
