"""Coded cases of a study: what was counted or coded, the sets made of it, with anchors and written reasons.

Two tables: ``cases`` (a row a case) and ``sets`` (a row a condition or outcome: the column it is made of,
how, where its anchors lie, and why there).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from govlab.compare.qca.calibration import METHODS, Anchors, Calibrated, calibrate
from govlab.compare.qca.redrawn import Drawn
from govlab.data.survey_file import Coded, Words
from govlab.data.workspace import Workspace
from govlab.errors import Fault, InputError

if TYPE_CHECKING:
    import pandas as pd

    from govlab.survey.unit_list import UnitList

AS_CODED = "as-coded"
ROLES = ("condition", "outcome", "other")
NOT_STATED = ("", "未说明", "not stated")
_LABELS = ("label::中文 (zh)", "label::English (en)")
_ABSENT = ("absent::中文 (zh)", "absent::English (en)")
_REASONS = ("reason::中文 (zh)", "reason::English (en)")
_NAMES = ("name::中文 (zh)", "name::English (en)")


@dataclass(frozen=True)
class CodedSet:
    """A set: its column of measured values, the column of their standard errors, how it is calibrated.

    method: as in ``qca.calibrate``, or ``as-coded`` where coders gave memberships. expectation: the value
    expected to help the outcome. label: what being in the set is called; absent: not being in it, where that
    has a name. reason: why the anchors lie where they do.
    """

    name: str
    role: str
    column: str
    std_error: str | None
    method: str
    anchors: tuple[float, ...]
    expectation: int | None
    label: Words
    reason: Words
    absent: Words | None = None

    def anchors_in(self, lang: str) -> Anchors:
        """Its anchors with the reason in one language."""
        return Anchors(self.anchors, self.method, (self.reason.in_language(lang),))  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class CodedCases:
    """frame: memberships, indexed by case; measured: the columns they are made of. names: by case.

    synthetic: whether all of it is invented.
    """

    frame: pd.DataFrame
    measured: pd.DataFrame
    names: Mapping[str, Words]
    sets: tuple[CodedSet, ...]
    synthetic: bool

    @property
    def conditions(self) -> list[str]:
        """Names of the sets that are conditions."""
        return [one.name for one in self.sets if one.role == "condition"]

    @property
    def outcomes(self) -> list[str]:
        """Names of the sets that are outcomes."""
        return [one.name for one in self.sets if one.role == "outcome"]

    @property
    def expectations(self) -> dict[str, int | None]:
        """What is expected of each condition."""
        return {one.name: one.expectation for one in self.sets if one.role == "condition"}

    def set(self, name: str) -> CodedSet:
        """The set of that name; KeyError if there is none."""
        found = next((one for one in self.sets if one.name == name), None)
        if found is None:
            raise KeyError(f"no set {name!r}; there are {', '.join(one.name for one in self.sets)}")
        return found

    def calibrated(self, lang: str = "en") -> dict[str, Calibrated]:
        """Every set that has anchors, with what it was made from; reasons in one language."""
        return {
            one.name: calibrate(self.measured[one.column], one.anchors_in(lang))
            for one in self.sets
            if one.method != AS_CODED
        }

    def drawn(self, lang: str = "en") -> dict[str, Drawn]:
        """Sets whose values carry standard errors, for ``qca.redraw``; cases are taken as independent."""
        found = {}
        for one in self.sets:
            if one.std_error is not None and one.method != AS_CODED:
                errors = self.measured[one.std_error].to_numpy(dtype=float)
                values = self.measured[one.column].to_numpy(dtype=float)
                found[one.name] = Drawn(values, np.diag(errors**2), one.anchors_in(lang))
        return found


def read_coded(workspace: Workspace) -> CodedCases:
    """The coded cases of a study; InputError lists every fault of both tables with sheet, row and column."""
    from govlab.survey.unit_list import check_units, read_units

    assert workspace.study is not None
    given: Coded | None = workspace.study.coded
    if given is None:
        raise InputError(Fault("qca.coded.none", {}, ("study.toml",)))
    book = workspace.root / given.file
    paths = (book, book if given.sets is None else workspace.root / given.sets)
    missing = [path.name for path in dict.fromkeys(paths) if not path.is_file()]
    if missing:
        raise InputError([Fault("qca.coded.no_file", {"path": name}, ("study.toml",)) for name in missing])
    if given.sets is None and book.suffix.lower() not in (".xlsx", ".xls"):
        raise InputError(Fault("qca.coded.no_sets", {"path": given.file}, ("study.toml",)))
    in_book = given.sets is None
    cases = read_units(book, "cases" if in_book else None)
    sets = read_units(paths[1], "sets" if in_book else None)
    check_units(cases, unit="case")
    check_units(sets, unit="set")
    faults: list[Fault] = []
    found = tuple(_sets(sets, cases, faults))
    if not any(one.role == "outcome" for one in found) and not faults:
        faults.append(Fault("qca.coded.no_outcome", {}, sets.where))
    measured = _measured(cases, found, faults)
    if faults:
        raise InputError(faults)
    frame = measured[[]].copy()
    for one in found:
        column = measured[one.column]
        made = column.to_numpy(dtype=float)
        if one.method != AS_CODED:
            made = calibrate(column, one.anchors_in("en")).memberships
        frame[one.name] = made
    return CodedCases(frame, measured, _names(cases), found, given.synthetic)


def _sets(sets: UnitList, cases: UnitList, faults: list[Fault]) -> Iterator[CodedSet]:
    for place, name in enumerate(sets.column("set")):
        where = (*sets.where, str(sets.rows[place]))

        def cell(head: str, place: int = place) -> str:
            return sets.column(head)[place] if sets.has(head) else ""

        role, column = cell("role") or "condition", cell("column") or name
        method = cell("method") or "direct"
        error, anchors = cell("std_error") or None, _numbers(cell("anchors"))
        bad = []
        if role not in ROLES:
            bad.append(_choice("role", role, ROLES, where))
        if method not in (*METHODS, AS_CODED):
            bad.append(_choice("method", method, (*METHODS, AS_CODED), where))
        for head in (column, error):
            if head is not None and not cases.has(head):
                bad.append(Fault("qca.coded.no_column", {"column": head, "set": name}, where))
        reason = [cell(head) or cell("reason") for head in _REASONS]
        if not any(reason):
            bad.append(Fault("qca.coded.no_reason", {"set": name}, where))
        if cell("expectation") not in ("", "0", "1"):
            bad.append(_choice("expectation", cell("expectation"), ("0", "1", ""), where))
        if not bad and method != AS_CODED:
            bad += _anchor_faults(name, method, anchors, cell("anchors"), where)
        if bad:
            faults.extend(bad)
            continue
        labels = [cell(head) or cell("label") or name for head in _LABELS]
        without = [cell(head) for head in _ABSENT]
        absent = Words(zh=without[0], en=without[1]) if all(without) else None
        expectation = int(cell("expectation")) if cell("expectation") else None
        yield CodedSet(
            name, role, column, error, method, anchors or (), expectation, Words(zh=labels[0], en=labels[1]),
            Words(zh=reason[0] or reason[1], en=reason[1] or reason[0]), absent,
        )  # fmt: skip


def _choice(column: str, got: str, allowed: tuple[str, ...], where: tuple[str, ...]) -> Fault:
    values = {"got": got, "allowed": ", ".join(one for one in allowed if one)}
    return Fault("qca.coded.choice", values, (*where, column))


def _numbers(text: str) -> tuple[float, ...] | None:
    """The numbers of a cell, parted by semicolons or spaces; None where one is none."""
    from govlab.survey.unit_list import number

    found = [number(one) for one in re.split(r"[;；\s]+", text.strip()) if one]
    return None if not found or any(math.isnan(one) for one in found) else tuple(found)


def _anchor_faults(
    name: str, method: str, anchors: tuple[float, ...] | None, text: str, where: tuple[str, ...]
) -> list[Fault]:
    at = (*where, "anchors")
    if anchors is None:
        return [Fault("qca.coded.anchors", {"set": name, "got": text}, at)]
    try:
        calibrate([anchors[0]], Anchors(anchors, method))  # type: ignore[arg-type]  # checked before
    except InputError as error:
        return [Fault(one.key, one.values, at) for one in error.faults]
    except ValueError:
        return [Fault("qca.coded.anchor_count", {"set": name, "method": method, "n": len(anchors)}, at)]
    return []


def _measured(cases: UnitList, sets: tuple[CodedSet, ...], faults: list[Fault]) -> pd.DataFrame:
    """The columns that sets are made of as numbers, by case; nan where nothing is stated."""
    import pandas as pd

    from govlab.survey.unit_list import number

    wanted = dict.fromkeys(head for one in sets for head in (one.column, one.std_error) if head is not None)
    coded = {one.column for one in sets if one.method == AS_CODED}
    frame = pd.DataFrame(index=pd.Index(cases.column("case"), name="case"))
    for head in wanted:
        values = []
        for row, text in zip(cases.rows, cases.column(head), strict=True):
            stated = text.strip().lower() not in NOT_STATED
            value = number(text) if stated else math.nan
            if stated and math.isnan(value):
                faults.append(Fault("qca.coded.not_number", {"got": text}, (*cases.where, str(row), head)))
            elif stated and head in coded and not 0 <= value <= 1:
                faults.append(Fault("qca.coded.outside", {"got": text}, (*cases.where, str(row), head)))
            values.append(value)
        frame[head] = values
    return frame


def _names(cases: UnitList) -> dict[str, Words]:
    keys = cases.column("case")
    columns = [cases.column(head) if cases.has(head) else keys for head in _NAMES]
    return {key: Words(zh=zh or key, en=en or key) for key, zh, en in zip(keys, *columns, strict=True)}
