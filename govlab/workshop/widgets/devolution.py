"""The devolution bench: how much of the street's posts and money goes down, and who stays below a floor.

It runs on invented streets and communities only: of what Aksu's 70 % is a share, its text does not say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from govlab.institutions.ledger import Ledger, curve, least_share, read_communities, what_if
from govlab.institutions.ledger.whatif import WAYS, Communities, Floats, Way, WhatIf
from govlab.language import say
from govlab.results import NotApplicable
from govlab.workshop.widgets.controls import Choice, Control, Slider
from govlab.workshop.widgets.frame import View

if TYPE_CHECKING:
    from govlab.institutions.ledger.model import Floor

THINGS = ("staff", "funds")
UNIT = {"staff": 1.0, "funds": 10_000.0}  # a step of the floor's slider, in posts and in yuan


@dataclass(frozen=True, eq=False)
class Remembered(Communities):
    """Communities that remember what came down: a floor is moved more often than shares are divided anew."""

    kept: dict[tuple[float, Way], Floats] = field(default_factory=dict, repr=False)

    def received(self, share: float, way: Way) -> Floats:
        """As ``Communities.received``, worked out once."""
        if (share, way) not in self.kept:
            self.kept[share, way] = super().received(share, way)
        return self.kept[share, way]


@dataclass(frozen=True, eq=False)
class Devolution:
    """The model: communities by what is given to them, the floors of the ledger, names of the streets."""

    places: Mapping[str, Communities]
    floors: Mapping[str, Floor]
    names: Mapping[str, Mapping[str, str]]  # language -> street -> name

    def controls(self, lang: str) -> tuple[Control, ...]:
        """What goes down, how much of it, divided how, and the two floors."""
        start = {one: self.floors[one].at_least / UNIT[one] for one in THINGS}
        return (
            Choice("thing", _said("thing", lang), _words(THINGS, "thing", lang), "staff"),
            Choice("way", _said("way", lang), _words(WAYS, "way", lang), "equal"),
            Slider("share", _said("share", lang), 0, 100, 1, 70),
            Slider("staff", _said("floor.staff", lang), 0, 20, 1, int(start["staff"]), ("thing", "staff")),
            Slider("funds", _said("floor.funds", lang), 0, 30, 1, int(start["funds"]), ("thing", "funds")),
        )

    def floor(self, thing: str, at_least: float) -> Floor:
        """The ledger's floor set to ``at_least``, in steps of its slider."""
        return self.floors[thing].model_copy(update={"at_least": at_least * UNIT[thing]})

    def found(self, thing: str, values: Mapping[str, Any]) -> WhatIf:
        """Communities at the share, the way and the floor that stand."""
        floor = self.floor(thing, values[thing])
        return what_if(self.places[thing], floor, share=values["share"], way=values["way"])

    def view(self, values: Mapping[str, Any], lang: str) -> View:
        """A bar for each community with the floor; below it, how many lack at every other share."""
        from govlab.plots.sheet import Drawing
        from govlab.workshop.widgets import devolution_drawn

        thing, way, share = values["thing"], values["way"], values["share"]
        found, least = self.found(thing, values), _least(thing, values[thing], way)
        frame = found.frame
        counts = {
            "n": len(frame), "below": found.below, "share": f"{share:g}", "way": _said(f"way.{way}", lang),
            "floor": amount(thing, found.floor.at_least, lang),
            "short": amount(thing, float(frame["short"].sum()), lang),
            "moved": amount(thing, float(frame["received"].sum()), lang),
            "pool": amount(thing, sum(self.places[thing].pools.values()), lang),
            "streets": len(self.places[thing].pools),
        }  # fmt: skip
        sheet = devolution_drawn.drawn(
            found, _below(thing, values[thing], way), least, self._top(thing), UNIT[thing], self.names[lang],
            devolution_drawn.Words(lang),
        )  # fmt: skip
        said = (
            _told("below" if found.below else "none_below", counts, lang),
            _told("moved", counts, lang) + _gap(lang) + self._told_least(thing, values, least, lang),
            self._told_both(values, lang),
        )
        drawing = Drawing(sheet, _told("caption", counts, lang), said[0], lang, _said("note", lang))
        return View(drawing, said)

    def _told_least(self, thing: str, values: Mapping[str, Any], least: float | None, lang: str) -> str:
        if least is not None:
            return _told("least", {"least": f"{least:.0f}"}, lang)
        last = _below(thing, values[thing], values["way"])[-1]
        return _told("never", {"below": last}, lang)

    def _told_both(self, values: Mapping[str, Any], lang: str) -> str:
        """The other thing at the same share, and who lacks both."""
        other = next(one for one in THINGS if one != values["thing"])
        lacks = {one: self.found(one, values).frame["below"].to_numpy(dtype=bool) for one in THINGS}
        counts = {
            "below": int(lacks[other].sum()), "both": int((lacks["staff"] & lacks["funds"]).sum()),
            "floor": amount(other, self.floor(other, values[other]).at_least, lang),
            "thing": _said(f"thing.{other}", lang), "share": f"{values['share']:g}",
        }  # fmt: skip
        return _told("both", counts, lang)

    def _top(self, thing: str) -> float:
        """The most that any community can come to: the height of the picture, the same for every share."""
        places = self.places[thing]
        most = max(float((places.own + places.received(100, way)).max()) for way in WAYS)
        slider = {"staff": 20, "funds": 30}[thing] * UNIT[thing]
        return max(most, slider)


@lru_cache(maxsize=1)
def opened() -> Devolution:
    """The model, with the invented communities of the demo study."""
    import pandas as pd

    from govlab.data.locate import shipped

    folder = shipped("datasets") / "demo_study"
    places, streets, zones = (
        pd.read_csv(folder / f"{one}.csv", encoding="utf-8-sig")
        for one in ("devolved_communities", "devolved_streets", "zones")
    )
    ledger = Ledger.load(folder / "ledger.yaml")
    held = {}
    for one in THINGS:
        read = read_communities(places, streets, one, whole=one == "staff")
        held[one] = Remembered(read.names, read.streets, read.residents, read.own, read.pools, read.whole)
        for way in WAYS:  # every share once, so that no later touch waits for it
            curve(held[one], ledger.floor(one), shares=range(101), way=way)
    labels = {"zh": "name::中文 (zh)", "en": "name::English (en)"}
    names = {lang: dict(zip(zones["zone"], zones[column], strict=True)) for lang, column in labels.items()}
    return Devolution(held, {one: ledger.floor(one) for one in THINGS}, names)


@lru_cache(maxsize=256)
def _below(thing: str, at_least: float, way: Way) -> tuple[int, ...]:
    """Communities below the floor at 0, 1, ... 100 percent."""
    model = opened()
    table = curve(model.places[thing], model.floor(thing, at_least), shares=range(101), way=way)
    return tuple(int(one) for one in table["below"])


@lru_cache(maxsize=256)
def _least(thing: str, at_least: float, way: Way) -> float | None:
    """The share from which on nobody is below the floor, None where even all of it is too little."""
    model = opened()
    found = least_share(model.places[thing], model.floor(thing, at_least), way=way)
    return None if isinstance(found, NotApplicable) else found


def amount(thing: str, value: float, lang: str) -> str:
    """Posts or money in words."""
    whole = f"{value:,.0f}"
    if thing == "funds":
        whole = f"{value / UNIT['funds']:,.1f}".removesuffix(".0") if lang == "zh" else whole
    return say(f"bench_devolution.amount.{thing}", {"n": 1 if whole == "1" else 2, "value": whole}, lang=lang)


def _said(key: str, lang: str) -> str:
    return say(f"bench_devolution.{key}", lang=lang)


def _told(key: str, values: Mapping[str, object], lang: str) -> str:
    return say(f"bench_devolution.{key}", values, lang=lang)


def _words(keys: tuple[str, ...], room: str, lang: str) -> tuple[tuple[str, str], ...]:
    return tuple((one, _said(f"{room}.{one}", lang)) for one in keys)


def _gap(lang: str) -> str:
    return "" if lang == "zh" else " "
