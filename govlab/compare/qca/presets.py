"""Conventions of the programs people used before, under names that say so."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

from govlab.compare.qca.cover import Kind
from govlab.language import say


@dataclass(frozen=True)
class Preset:
    """How a program goes about it.

    key: names it; log_odds: of the outer anchors in the direct method; inclusion, pri, frequency: cuts it
    starts from; models: which it reports; differs: message that says where another program differs.
    """

    key: str
    log_odds: float
    inclusion: float
    pri: float
    frequency: int
    models: Kind

    def name(self, lang: str = "en") -> str:
        """``as R QCA`` or ``as fsQCA`` in one language."""
        return say(f"qca.preset.{self.key}", lang=lang)

    def differs(self, lang: str = "en") -> str:
        """What it does differently from the other, and why that matters."""
        return say(f"qca.preset.{self.key}.differs", lang=lang)


_PRESETS = {
    # Dusa (2019), QCA with R, sec. 4.2: membership 0.95 at the anchor of full membership, log odds ln 19
    "as R QCA": Preset("r", log(19), 1.0, 0.0, 1, "fewest"),
    # Ragin (2008), ch. 5: log odds of 3 at the outer anchors, membership 0.9526
    "as fsQCA": Preset("fsqca", 3.0, 0.8, 0.0, 1, "irredundant"),
}


def preset(name: str) -> Preset:
    """The conventions ``as R QCA`` or ``as fsQCA``; ValueError for another name."""
    if name not in _PRESETS:
        raise ValueError(f"preset must be one of {', '.join(_PRESETS)}, got {name!r}")
    return _PRESETS[name]
