"""An inventory workbook read whole: nine lists and the sheets beside them, checked against each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from govlab.institutions import sheets as _sheets
from govlab.institutions.inventory.lists import NINE, RESIDENTS, SHEETS
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

# A member of the time bank is a code: one to four letters and a number, nothing that could be a name.
_MEMBER = r"[a-z]{1,4}-?\d{1,5}"
# column -> the list its codes stand in; ``*`` and residents may stand where everybody is meant
_ACTORS = ("actor", "giver", "receiver", "proposer", "purchaser", "evaluator", "convener", "present")
_REFERS = {"need": "needs", "resource": "resources"}
_PAIRS = (("since", "until"), ("since", "closed"), ("since", "bought"), ("bought", "evaluated"))


@dataclass(frozen=True, eq=False)
class Inventory(Result):
    """Sheets of one workbook, checked.

    frames: sheet -> table with the columns of ``lists.SHEETS`` and ``row``. file: its name, for faults.
    """

    frames: dict[str, pd.DataFrame]
    file: str = "inventory.xlsx"

    @classmethod
    def read(cls, path: Path | str) -> Inventory:
        """The workbook at ``path``; InputError lists every fault with file, sheet, row and column."""
        return cls._checked(*_sheets.read(Path(path), SHEETS))

    @classmethod
    def of(cls, rows: Mapping[str, Iterable[Mapping[str, object]]], name: str = "inventory") -> Inventory:
        """An inventory from rows in memory, checked in the same way: sheet -> rows of column -> value."""
        return cls._checked(*_sheets.from_rows(rows, SHEETS, name))

    @classmethod
    def _checked(cls, frames: dict[str, pd.DataFrame], reader: _sheets.Reader) -> Inventory:
        _check(frames, reader)
        reader.finish()
        for name, blank in (("amount", 1.0), ("weight", 1.0)):
            frames["needs"][name] = frames["needs"][name].fillna(blank)
        frames["needs"]["whole"] = frames["needs"]["whole"].replace("", "yes")
        return cls(frames, reader.file)

    def sheet(self, name: str) -> pd.DataFrame:
        """A copy of one sheet; ValueError for one that is not there."""
        if name not in self.frames:
            raise ValueError(f"name must be one of {', '.join(self.frames)}, got {name!r}")
        return self.frames[name].copy()

    def label(self, sheet: str, code: str, lang: str) -> str:
        """What an entry of a list, or a word of the sheet ``codes``, is called; its code where unnamed."""
        frame = self.frames["codes"] if sheet in ("capability", "place") else self.frames[sheet]
        if sheet in ("capability", "place"):
            frame = frame[frame["list"] == sheet].rename(columns={"code": "id"})
        own = frame[frame["id"] == code]
        if own.empty:
            return code
        first, other = ("name::中文 (zh)", "name::English (en)")
        row = own.iloc[0]
        return str((row[first] or row[other]) if lang == "zh" else (row[other] or row[first])) or code

    def only(self, places: frozenset[str]) -> Inventory:
        """The inventory of some places: what is there, and what is offered there or everywhere."""
        found = {}
        for name, frame in self.frames.items():
            if "place" not in frame or name == "codes":
                found[name] = frame.copy()
                continue
            held = [
                bool(places & {one}) if isinstance(one, str) else bool(places & set(one)) or "*" in one
                for one in frame["place"]
            ]
            found[name] = frame[held].reset_index(drop=True)
        rules = found["rules"]
        known = {"need": {"", *found["needs"]["id"]}, "resource": {"", *found["resources"]["id"]}}
        kept = rules["need"].isin(known["need"]) & rules["resource"].isin(known["resource"])
        return Inventory({**found, "rules": rules[kept].reset_index(drop=True)}, self.file)

    def to_frame(self) -> pd.DataFrame:
        """One row a list: entries, and how many of them are open, under way, done, dropped."""
        import pandas as pd

        rows = []
        for name in NINE:
            frame = self.frames[name]
            row: dict[str, object] = {"list": name, "entries": len(frame)}
            for state in ("open", "under-way", "done", "dropped"):
                row[state] = int((frame["status"] == state).sum()) if "status" in frame else None
            rows.append(row)
        return pd.DataFrame(rows)

    def summary(self) -> str:
        """How much stands in each list."""
        counts = ", ".join(f"{name} {len(self.frames[name])}" for name in NINE)
        return f"{self.file}: {counts}"


def template(rows: dict[str, list[dict[str, object]]] | None = None) -> bytes:
    """The workbook to fill in, empty or with ``rows``: a sheet a list, drop-downs, every column explained."""
    return _sheets.template(SHEETS, rows)


def _check(frames: dict[str, pd.DataFrame], reader: _sheets.Reader) -> None:
    """What one sheet says must agree with the others."""
    ids = {name: set(frame["id"]) for name, frame in frames.items() if "id" in frame}
    words = {
        kind: set(frames["codes"].loc[frames["codes"]["list"] == kind, "code"]) | {"*"}
        for kind in ("capability", "place")
    }
    every = set().union(*(ids[name] for name in NINE))
    for name, frame in frames.items():
        if name == "time_bank" or frame.empty:
            continue
        for column in frame:
            if column in _ACTORS:
                allowed = ids["actors"] | {RESIDENTS}
                _refer(frame, name, column, allowed, "actors", reader)
            elif column in _REFERS:
                _refer(frame, name, column, ids[_REFERS[column]], _REFERS[column], reader)
            elif column in words and len(words[column]) > 1:
                # Where the sheet of codes names some, all must be named.
                _refer(frame, name, column, words[column], "codes", reader)
            elif column == "about":
                _refer(frame, name, column, every, ", ".join(NINE), reader)
        _dates(frame, name, reader)
    _named(frames, reader)
    _done(frames, reader)
    _agreements(frames["agreements"], reader)
    _rules(frames["rules"], reader)
    _members(frames["time_bank"], reader)


def _refer(
    frame: pd.DataFrame, sheet: str, column: str, allowed: set[str], other: str, reader: _sheets.Reader
) -> None:
    for row, value in zip(frame["row"], frame[column], strict=True):
        for code in (value,) if isinstance(value, str) else value:
            if code and code not in allowed:
                reader.fault("unknown_code", reader.at(sheet, row, column), code=code, sheet=other)


def _dates(frame: pd.DataFrame, sheet: str, reader: _sheets.Reader) -> None:
    for first, last in _PAIRS:
        if first in frame and last in frame:
            for row, start, end in zip(frame["row"], frame[first], frame[last], strict=True):
                if end < start:
                    values = {"first": first, "last": last, "start": _day(start), "end": _day(end)}
                    reader.fault("dates", reader.at(sheet, row, last), **values)


def _day(value: dt.datetime) -> str:
    return value.date().isoformat()


def _named(frames: dict[str, pd.DataFrame], reader: _sheets.Reader) -> None:
    for name, frame in frames.items():
        if "name::中文 (zh)" in frame:
            bare = frame["name::中文 (zh)"].eq("") & frame["name::English (en)"].eq("")
            for row in frame.loc[bare, "row"]:
                reader.fault("no_name", reader.at(name, row))


def _done(frames: dict[str, pd.DataFrame], reader: _sheets.Reader) -> None:
    for name, frame in frames.items():
        if "closed" not in frame:
            continue
        ended = frame["status"].isin(["done", "dropped"])
        for row in frame.loc[frame["closed"].isna() & ended, "row"]:
            reader.fault("not_dated", reader.at(name, row, "closed"))
        for row in frame.loc[frame["closed"].notna() & frame["status"].isin(["open", "under-way"]), "row"]:
            reader.fault("still_open", reader.at(name, row, "status"))


def _agreements(frame: pd.DataFrame, reader: _sheets.Reader) -> None:
    known = set(frame["agreement"])
    columns = (frame[one] for one in ("row", "agreement", "renews", "giver", "receiver"))
    for row, agreement, renews, giver, receiver in zip(*columns, strict=True):
        if renews and (renews not in known or renews == agreement):
            where = reader.at("agreements", row, "renews")
            reader.fault("unknown_code", where, code=renews, sheet="agreements")
        if giver and giver == receiver:
            reader.fault("self", reader.at("agreements", row, "receiver"), code=giver)


def _rules(frame: pd.DataFrame, reader: _sheets.Reader) -> None:
    columns = (frame[one] for one in ("row", "rule", "need", "resource"))
    for row, rule, need, resource in zip(*columns, strict=True):
        where = reader.at("rules", row)
        if rule == "may" and not (need and resource):
            reader.fault("may_pair", where)
        elif rule == "must" and not need:
            reader.fault("must_need", where)
        elif not (need or resource):
            reader.fault("empty_rule", where)


def _members(frame: pd.DataFrame, reader: _sheets.Reader) -> None:
    groups: dict[str, str] = {}
    for side in ("giver", "receiver"):
        bad = frame[side].ne("") & ~frame[side].str.fullmatch(_MEMBER) & frame[side].ne("bank")
        for row in frame.loc[bad, "row"]:
            reader.fault("member", reader.at("time_bank", row, side))
        for row, code, group in zip(frame["row"], frame[side], frame[f"{side}_group"], strict=True):
            if groups.setdefault(code, group) != group:
                where = reader.at("time_bank", row, f"{side}_group")
                reader.fault("group", where, code=code, first=groups[code], got=group)
    for row, giver, receiver in zip(frame["row"], frame["giver"], frame["receiver"], strict=True):
        if giver and giver == receiver:
            reader.fault("self", reader.at("time_bank", row, "receiver"), code=giver)
    for row, start, end in zip(frame["row"], frame["date"], frame["expires"], strict=True):
        if end < start:
            values = {"first": "date", "last": "expires", "start": _day(start), "end": _day(end)}
            reader.fault("dates", reader.at("time_bank", row, "expires"), **values)
