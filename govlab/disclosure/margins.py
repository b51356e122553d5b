"""What will be published: margins, the tables they stand for, and the respondents coded for them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Codes = NDArray[np.intp]
Level = str | int | float | bool
Shows = Literal["mean", "answers", "both"]
Groups = tuple[tuple[str, tuple[Level, ...]], ...]  # name of a group of answers, the answers in it


@dataclass(frozen=True)
class Margin:
    """A kind of table that will be published: one row for each combination of ``by``.

    items: questions whose results stand in the rows; none for respondents alone. shows: their means,
    the shares of their answers, or both. Where both are shown, a row shows all of its shares or none.
    merge: answers that are shown together, as ``(("low", (1, 2)), ("middle", (3,)), ("high", (4, 5)))``;
    none for each by itself. An item has the same groups in all margins that merge its answers.
    """

    by: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    shows: Shows = "mean"
    merge: Groups = ()

    def __post_init__(self) -> None:
        """Names in one order, so that equal margins are equal."""
        if self.shows not in get_args(Shows):
            raise ValueError(f"shows must be one of {', '.join(get_args(Shows))}, got {self.shows!r}")
        for field in ("by", "items"):
            given = getattr(self, field)
            names = (given,) if isinstance(given, str) else given
            object.__setattr__(self, field, tuple(sorted(set(names))))
        object.__setattr__(self, "merge", tuple((name, tuple(levels)) for name, levels in self.merge))
        if self.merge and self.shows == "mean":
            raise ValueError("merge is about answers; shows must be 'answers' or 'both'")
        named = [level for _, levels in self.merge for level in levels]
        if len(set(named)) < len(named) or any(not levels for _, levels in self.merge):
            raise ValueError(f"merge: an answer is in one group, and no group is empty, got {self.merge!r}")
        both = set(self.by) & set(self.items)
        if both:
            raise ValueError(f"{', '.join(sorted(both))}: a column is either in by or in items")


@dataclass(frozen=True, eq=False)
class Variable:
    """A column as codes (n,): 0 .. len(levels) - 1, and len(levels) where it is missing."""

    name: str
    levels: tuple[Level, ...]
    codes: Codes

    @property
    def size(self) -> int:
        """How many codes there are."""
        return len(self.levels) + bool((self.codes == len(self.levels)).any())

    def among(self, rows: NDArray[np.bool_]) -> Variable:
        """The column for some of the rows."""
        return Variable(self.name, self.levels, self.codes[rows])


@dataclass(frozen=True, order=True)
class Table:
    """Counts by ``by``: of all respondents, of those who answered an item, or (shares) of its answers.

    merged: of groups of answers.
    """

    by: tuple[str, ...]
    item: str = ""
    shares: bool = False
    merged: bool = False

    @property
    def variables(self) -> tuple[str, ...]:
        """Everything the table is classified by."""
        return (*self.by, self.item) if self.shares else self.by


@dataclass(frozen=True, eq=False)
class View:
    """Some respondents, their columns and the tables about them.

    item: the question whose tables these are, if any. size: how many respondents. among: whether there
    are others beside those who answered it, so that its tables count some of them only. places: columns
    that say where and when people were asked. values: (n,) answers as numbers, of a view of those who
    answered. bundled: tables of shares whose rows show all or none.
    """

    item: str
    variables: Mapping[str, Variable]
    tables: tuple[Table, ...]
    size: int
    places: frozenset[str]
    among: bool = False
    values: NDArray[np.float64] | None = None
    bundled: frozenset[Table] = frozenset()
    merge: Groups = ()

    @property
    def group(self) -> Codes:
        """(levels + 1,) the group of each answer of the item; as many as there are for no answer."""
        places = {level: place for place, (_, levels) in enumerate(self.merge) for level in levels}
        own = [places[level] for level in self.variables[self.item].levels]
        return np.array([*own, len(self.merge)], dtype=np.intp)

    def needs(self, table: Table) -> tuple[str, ...]:
        """The columns that tell which respondents a table counts."""
        return (*table.by, table.item) if self.among and table.item else table.variables


@dataclass(frozen=True, eq=False)
class Respondents:
    """Rows coded for the margins.

    everyone: tables of all respondents. rows: item -> tables of those who answered it. shares: item ->
    all of these and the tables of its answers, where answers will be shown.
    """

    everyone: View
    rows: Mapping[str, View]
    shares: Mapping[str, View]
    levels: Mapping[str, tuple[Level, ...]]
    places: frozenset[str]
    merged: Mapping[str, Groups]

    def digest(self) -> str:
        """Hash of what the mask depends on besides margins and threshold."""
        found = hashlib.sha256()
        for view in (self.everyone, *self.rows.values(), *self.shares.values()):
            found.update(repr((view.item, view.size, sorted(view.places))).encode())
            for name in sorted(view.variables):
                one = view.variables[name]
                found.update(repr((name, one.levels)).encode() + one.codes.astype("<i8").tobytes())
            if view.merge:
                found.update(repr(view.merge).encode())
            elif view.values is not None:
                found.update(view.values.astype("<f8").tobytes())
        return found.hexdigest()


def code(frame: pd.DataFrame, margins: Iterable[Margin], places: Sequence[str]) -> Respondents:
    """Respondents coded for these margins; KeyError names columns that are not there.

    The number of all respondents, and of those who answered each item, count as published always.
    An item with two values counts as answers even where its mean is asked for: the mean is a share.
    """
    margins = tuple(margins)
    by = sorted({name for margin in margins for name in margin.by})
    items = sorted({name for margin in margins for name in margin.items})
    missing = [name for name in (*by, *items) if name not in frame.columns]
    if missing:
        raise KeyError(f"margins: the frame has no column {', '.join(missing)}")
    both = set(by) & set(items)
    if both:
        raise ValueError(f"{', '.join(sorted(both))}: a column is either in by or in items")
    known = {name: _levels(frame[name], name) for name in (*by, *items)}
    merged = _merged(margins)
    known |= {item: _with_levels(known[item], groups) for item, groups in merged.items()}
    places_ = frozenset(places) & frozenset(by)
    tables = tuple(sorted({Table(()), *(Table(margin.by) for margin in margins)}))
    everyone = View("", {name: known[name] for name in by}, tables, len(frame), places_)
    rows: dict[str, View] = {}
    shares: dict[str, View] = {}
    for item in items:
        own = [margin for margin in margins if item in margin.items]
        answered = known[item].codes < len(known[item].levels)
        whole = {Table((), item), *(Table(margin.by, item) for margin in own)}
        names = sorted({name for margin in own for name in margin.by})
        rows[item] = View(
            item=item,
            variables={name: known[name].among(answered) for name in names},
            tables=tuple(sorted(whole)),
            size=int(answered.sum()),
            places=places_ & set(names),
            values=_numbers(frame[item])[answered],
        )
        answers, bundled = _answers(item, own, two=len(known[item].levels) <= 2)
        if answers:
            shares[item] = View(
                item=item,
                variables={**everyone.variables, item: known[item]},
                tables=tuple(sorted({*tables, *whole, *answers})),
                size=len(frame),
                places=places_,
                among=True,
                values=_numbers(frame[item]) if item in merged else None,
                bundled=bundled,
                merge=merged.get(item, ()),
            )
    levels = {name: one.levels for name, one in sorted(known.items())}
    return Respondents(everyone, rows, shares, levels, places_, merged)


def _answers(item: str, margins: Sequence[Margin], *, two: bool) -> tuple[frozenset[Table], frozenset[Table]]:
    """Tables of an item's answers, and those of them whose rows have the mean too: these show all or none."""
    plain_ = {margin.by for margin in margins if two or (margin.shows != "mean" and not margin.merge)}
    if two:
        plain_.add(())
    merged = {margin.by for margin in margins if margin.merge and margin.shows != "mean"}
    with_mean = {margin.by for margin in margins if two or margin.shows != "answers"}
    tables = frozenset(
        Table(names, item, shares=True, merged=way)
        for way, by in ((False, plain_), (True, merged))
        for names in by
    )
    return tables, frozenset(table for table in tables if two or table.by in with_mean)


def _merged(margins: Sequence[Margin]) -> dict[str, Groups]:
    """Item -> groups of its answers; ValueError where two margins merge them in different ways."""
    found: dict[str, Groups] = {}
    for margin in margins:
        for item in margin.items if margin.merge else ():
            if found.setdefault(item, margin.merge) != margin.merge:
                raise ValueError(f"{item}: its answers are merged in two ways")
    return found


def _with_levels(variable: Variable, groups: Groups) -> Variable:
    """The column with every answer of the groups among its levels: one that nobody gave counts too."""
    listed = tuple(level for _, levels in groups for level in levels)
    unknown = [level for level in variable.levels if level not in listed]
    if unknown:
        raise ValueError(f"{variable.name}: merge has no group for {unknown}")
    place = np.array([*(listed.index(level) for level in variable.levels), len(listed)], dtype=np.intp)
    return Variable(variable.name, listed, place[variable.codes])


def _levels(column: pd.Series, name: str) -> Variable:
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):  # answers that nobody gave count too
        codes = column.cat.codes.to_numpy().astype(np.intp)
        labels = list(column.cat.categories)
        return Variable(name, tuple(map(plain, labels)), np.where(codes < 0, len(labels), codes))
    codes, found = pd.factorize(column, sort=False)
    levels = [plain(one) for one in found]
    order = sorted(range(len(levels)), key=lambda place: (str(type(levels[place])), levels[place]))
    place = np.empty(len(levels) + 1, dtype=np.intp)
    place[order] = np.arange(len(levels))
    place[len(levels)] = len(levels)  # factorize says -1 where a value is missing: the last place
    return Variable(name, tuple(levels[one] for one in order), place[codes])


def plain(value: object) -> Level:
    """A value as JSON holds it: text, number or truth; anything else as its text."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, (str, int, float, bool)) else str(value)


def _numbers(column: pd.Series) -> NDArray[np.float64]:
    """(n,) values, or codes of what are no numbers; NaN where missing."""
    import pandas as pd

    if pd.api.types.is_numeric_dtype(column.dtype):
        return column.to_numpy(dtype=np.float64, na_value=np.nan)
    codes = pd.factorize(column)[0].astype(np.float64)
    return np.where(codes < 0, np.nan, codes)
