"""The suppression mask of a study: which cells of which margins are not shown, fixed before any report."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from govlab.disclosure import margins, pattern
from govlab.disclosure.margins import Level, Margin, Respondents, Table
from govlab.errors import Fault, InputError

if TYPE_CHECKING:
    import pandas as pd

LEAST = 10
FORMAT = 1
MISSING = None  # a cell of respondents who gave no answer, or have no value in a column
Key = tuple[Level | None, ...]


@dataclass(frozen=True, eq=False)
class Mask:
    """Which cells are hidden, in every margin that will be published.

    threshold: fewest respondents of a cell that is shown. width: how far apart the counts lie that a
    hidden cell could have for all that is published; at least the threshold by default, so that no sum of
    hidden cells that can be worked out holds fewer respondents than that. levels: the values of every
    column. hidden: table -> keys of hidden cells (values of ``by``; the answer last, True for "answered").
    inputs: hash of the respondents it was computed from.
    """

    margins: tuple[Margin, ...]
    threshold: int
    width: int
    places: tuple[str, ...]
    levels: Mapping[str, tuple[Level, ...]]
    hidden: Mapping[Table, frozenset[Key]]
    inputs: str = field(repr=False)

    @classmethod
    def compute(
        cls,
        frame: pd.DataFrame,
        margins_: Iterable[Margin],
        *,
        threshold: int = LEAST,
        width: int | None = None,
        places: Sequence[str] = (),
    ) -> Mask:
        """The mask for respondents ``frame`` (one row each, all waves) and every margin to be published.

        Hidden are cells with fewer respondents than ``threshold``, none among them: a share of 0 or
        100 % tells what everyone said. So are rows in which all gave one answer; and as many more
        cells as it takes that none of them can be worked out, exactly or within ``width`` (default:
        the threshold), from everything that is shown. places: columns that say where and when people
        were asked (zone, community, wave); that nobody was asked there and then is no secret.
        InputError for a threshold below 10; KeyError for a column that is not there.
        """
        if threshold < LEAST:
            raise InputError(Fault("disclosure.threshold", {"least": LEAST, "got": threshold}))
        declared = tuple(dict.fromkeys(margins_))
        width = threshold if width is None else width
        if width < threshold:
            raise ValueError(f"width must be at least the threshold, {threshold}, got {width!r}")
        people = margins.code(frame, declared, places)
        hidden = {
            table: frozenset(_key(people, table, codes) for codes in cells)
            for table, cells in pattern.find(people, threshold, width).items()
        }
        return cls(
            margins=declared,
            threshold=threshold,
            width=width,
            places=tuple(sorted(people.places)),
            levels=people.levels,
            hidden=hidden,
            inputs=people.digest(),
        )

    def fits(self, frame: pd.DataFrame) -> bool:
        """Whether the mask was computed from these respondents."""
        try:
            return margins.code(frame, self.margins, self.places).digest() == self.inputs
        except KeyError:
            return False

    @cached_property
    def digest(self) -> str:
        """Hash of everything that changes what is shown: a report made under another one is stale."""
        content = json.loads(self.to_json())
        content.pop("inputs")
        return hashlib.sha256(_canonical(content).encode("utf-8")).hexdigest()

    def shows(self, by: Mapping[str, object], item: str = "", answer: object = True) -> bool:
        """Whether a cell may be shown.

        by: column -> value, {} for all respondents. item: the question the cell is about. answer: one
        of its answers for a share, or a group of them by its name, True for its mean (of the respondents
        who answered), None for those who did not. InputError where no margin of the mask holds such a cell.
        """
        names = tuple(sorted(by))
        key = tuple(None if _absent(by[name]) else margins.plain(by[name]) for name in names)
        rows, shares = Table(names, item), Table(names, item, shares=True)
        if isinstance(answer, str) and answer in self._groups(item):
            shares = Table(names, item, shares=True, merged=True)
        if rows not in self.hidden or (shares not in self.hidden and answer not in (True, None)):
            values = {"by": " × ".join(names) or "-", "item": item or "-"}
            raise InputError(Fault("disclosure.undeclared", values))
        self._check(names, key)
        if key in self.hidden[rows]:
            return False
        if not item:
            return True
        if answer is None:  # those who did not answer: all less those who did
            return key not in self.hidden[Table(names)]
        hidden = self.hidden.get(shares, frozenset())
        if answer is True:
            # the mean of an item with two values is the share of one of them
            two = len(self.levels[item]) <= 2
            return not (two and any(one[:-1] == key for one in hidden))
        value = margins.plain(answer)
        if not shares.merged and value not in self.levels[item]:
            raise InputError(Fault("disclosure.unknown", {"column": item, "value": value}))
        return (*key, value) not in hidden

    def _groups(self, item: str) -> tuple[str, ...]:
        """Names of the groups in which answers of an item are shown."""
        return tuple(
            dict.fromkeys(name for one in self.margins if item in one.items for name, _ in one.merge)
        )

    def _check(self, names: Sequence[str], key: Key) -> None:
        for name, value in zip(names, key, strict=True):
            if value is not None and value not in self.levels[name]:
                raise InputError(Fault("disclosure.unknown", {"column": name, "value": value}))

    def count(self) -> int:
        """How many cells are hidden."""
        return sum(len(one) for one in self.hidden.values())

    def to_json(self) -> str:
        """The mask as text. No count of any cell is in it."""
        content = {
            "format": FORMAT,
            "threshold": self.threshold,
            "width": self.width,
            "places": list(self.places),
            "margins": [_plain_margin(one) for one in self.margins],
            "levels": self.levels,
            "hidden": [
                {"by": table.by, "item": table.item, "shares": table.shares, "cells": _sorted(cells)}
                | ({"merged": True} if table.merged else {})
                for table, cells in sorted(self.hidden.items())
            ],
            "inputs": self.inputs,
        }
        return _canonical(content)

    @classmethod
    def from_json(cls, text: str) -> Mask:
        """The mask that ``to_json`` wrote; InputError for anything else."""
        try:
            raw = json.loads(text)
            if raw["format"] != FORMAT:
                raise ValueError(raw["format"])
            mask = cls(
                margins=tuple(_margin(one) for one in raw["margins"]),
                threshold=int(raw["threshold"]),
                width=int(raw["width"]),
                places=tuple(raw["places"]),
                levels={str(name): tuple(levels) for name, levels in raw["levels"].items()},
                hidden={
                    Table(tuple(one["by"]), one["item"], one["shares"], one.get("merged", False)): frozenset(
                        map(tuple, one["cells"])
                    )
                    for one in raw["hidden"]
                },
                inputs=str(raw["inputs"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(Fault("disclosure.broken")) from error
        if mask.threshold < LEAST:
            raise InputError(Fault("disclosure.threshold", {"least": LEAST, "got": mask.threshold}))
        return mask


def _margin(raw: Mapping[str, Any]) -> Margin:
    merge = tuple((name, tuple(levels)) for name, levels in raw.get("merge", ()))
    return Margin(tuple(raw["by"]), tuple(raw["items"]), raw["shows"], merge)


def _plain_margin(margin: Margin) -> dict[str, object]:
    found: dict[str, object] = {"by": margin.by, "items": margin.items, "shows": margin.shows}
    return found | ({"merge": margin.merge} if margin.merge else {})


def _canonical(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _sorted(cells: Iterable[Key]) -> list[list[Level | None]]:
    return sorted((list(one) for one in cells), key=lambda one: [(str(type(x)), str(x)) for x in one])


def _absent(value: Any) -> bool:
    import pandas as pd

    return value is None or bool(pd.isna(value))


def _key(people: Respondents, table: Table, codes: tuple[int, ...]) -> Key:
    """The values of a cell."""
    levels = [(*people.levels[name], MISSING) for name in table.variables]
    if table.merged:
        levels[-1] = tuple(name for name, _ in people.merged[table.item])
    return tuple(values[code] for values, code in zip(levels, codes, strict=True))
