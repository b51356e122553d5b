"""Benches: an institution or a method as something to play with, live in a notebook, a picture on paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from govlab.workshop.widgets.frame import Bench

# Where each bench's ``opened()`` is, which gives its model.
_BENCHES = {
    "cases": "govlab.workshop.widgets.cases",
    "devolution": "govlab.workshop.widgets.devolution",
    "duties": "govlab.workshop.widgets.duties",
    "sampling": "govlab.workshop.widgets.sampling",
    "zones": "govlab.workshop.widgets.zones",
    "calibration": "govlab.workshop.widgets.calibration",
    "scoring": "govlab.workshop.widgets.scoring",
    "matcher": "govlab.workshop.widgets.matcher",
}


def names() -> tuple[str, ...]:
    """The benches there are."""
    return tuple(_BENCHES)


def bench(name: str, lang: str = "", values: Mapping[str, Any] | None = None) -> Bench:
    """A bench by name, to be displayed in a notebook.

    lang: ``zh`` or ``en``; without it the language of the lesson that was begun, or the machine's.
    values: where its controls begin, by name. InputError lists the benches for a name that there is not.
    """
    from importlib import import_module
    from pathlib import Path

    from govlab.errors import Fault, InputError
    from govlab.language import default_language
    from govlab.workshop.progress import FILE, read_progress
    from govlab.workshop.widgets.frame import Bench

    if name not in _BENCHES:
        raise InputError(Fault("widgets.no_bench", {"name": name, "known": ", ".join(_BENCHES)}))
    if lang not in ("", "zh", "en"):
        raise InputError(Fault("workshop.lang", {"got": lang}))
    spoken = lang or read_progress(Path(FILE)).lang or default_language()
    return Bench(name, import_module(_BENCHES[name]).opened(), spoken, values)
