"""A study under assessment: its schemes, units, what was recorded of them, estimates of its survey."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from govlab.errors import Fault, InputError
from govlab.institutions.scheme.book import Book, read_book
from govlab.institutions.scheme.evidence import Evidence, Survey, Unit
from govlab.institutions.scheme.rubric import Rubric, read_rubric
from govlab.institutions.scheme.scheme import Scheme, read_scheme

if TYPE_CHECKING:
    import pandas as pd

    from govlab.study.handle import Study

# Where a study keeps its own: definitions, units, records, and workbooks named like the scheme.
SCHEMES, UNITS, RECORDS, BOOKS = "schemes", "appraised_units.csv", "appraisals.csv", "appraisals"
_UNIT_COLUMNS = ("kind", "unit", "parent", "name_zh", "name_en", "size")
_RECORD_COLUMNS = ("scheme", "period", "unit", "indicator", "rater", "value")


def fact_flags() -> Mapping[str, frozenset[str]]:
    """Flags of every fact of the catalogue: what must not be scored."""
    from govlab.cases import load_catalogue

    return {name: frozenset(one.value for one in fact.flags) for name, fact in load_catalogue().facts.items()}


def scheme(study: Study, name: str) -> Scheme:
    """A scored scheme by its name, with the weights of ``appraisals/<name>.xlsx`` where it is filled in."""
    root = study.workspace.root
    found = read_scheme(_file(root, name, "scheme"), fact_flags())
    book = _book(root, found)
    return found if book is None else book.scheme


def rubric(study: Study, name: str) -> Rubric:
    """A rubric or checklist by its name."""
    return read_rubric(_file(study.workspace.root, name, "rubric"), fact_flags())


def _file(root: Path, name: str, kind: str) -> Path:
    """Where a definition lies: the study's own before the shipped ones; InputError names what there is."""
    from govlab.data.definition import kind_of

    files = {one: path for one, path in definitions(root).items() if kind_of(path) == kind}
    if name not in files:
        values = {"name": name, "known": ", ".join(files)}
        raise InputError(Fault("definition.unknown_name", values))
    return files[name]


def definitions(root: Path) -> dict[str, Path]:
    """Name -> file of every scheme and rubric a study can use, its own first."""
    from govlab.data.definition import kind_of
    from govlab.institutions.scheme import shipped_rubrics, shipped_schemes

    own = {path.stem: path for path in sorted((root / SCHEMES).glob("*.yaml"))}
    own = {name: path for name, path in own.items() if kind_of(path) in ("scheme", "rubric")}
    return own | {
        name: path for name, path in (shipped_schemes() | shipped_rubrics()).items() if name not in own
    }


def evidence(study: Study, kind: str, wave: int | None) -> Evidence:
    """Units of one kind, what was recorded of them in a wave, and the survey's estimates by community."""
    root = study.workspace.root
    books = _books(study)
    known = _known(_units(root), books)
    chosen = tuple(unit for what, unit in known if what == kind)
    records = _stacked([_records(root), *(book.records for book in books)])
    if wave is None:
        mine = records[records["unit"].isin([one.id for one in chosen])]
        wave = ([0, *_periods(study, mine)])[-1]
    mine = records[records["period"].astype(str) == str(wave)].reset_index(drop=True)
    parents = {one.parent for one in chosen}
    above = tuple(unit for what, unit in known if unit.id in parents and what != kind)
    survey = study.workspace.study.survey if study.workspace.study is not None else None
    asked = (
        survey is not None and kind == "community" and survey.community is not None and wave in study.waves
    )
    return Evidence(
        units=chosen,
        records=mine,
        above=above,
        ask=(lambda items: estimates(study, items, wave)) if asked else None,
        no_ranks=study.no_ranks if survey is not None else None,
        period=str(wave),
        synthetic=bool(survey and survey.synthetic),
    )


def estimates(study: Study, items: tuple[str, ...], wave: int) -> Survey:
    """Means of items by community, with their joint covariance.

    The statements are about each community, so each is a stratum (``for_units``), not a sampled cluster.
    """
    from govlab.survey import mean

    column = study.survey.community
    assert column is not None
    design = study.design(wave)
    missing = [name for name in items if name not in design.frame]
    if missing:
        raise InputError([Fault("study.no_column", {"column": name}) for name in missing])
    found = mean(design.for_units(column), list(items), by=column)
    frame = found.to_frame()
    frame["unit"] = frame[column].astype(str)
    if "term" not in frame:
        frame["term"] = items[0]
    units = tuple(dict.fromkeys(frame["unit"]))
    place = {key: at for at, key in enumerate(zip(frame["term"].astype(str), frame["unit"], strict=True))}
    order = np.array([place[item, unit] for item in items for unit in units])
    shape = (len(items), len(units))
    covariance = np.asarray(found.covariance, dtype=float)[np.ix_(order, order)]
    # estimates that rest on other people's answers have no covariance of their own to be unknown
    lost = np.isnan(np.diag(covariance))
    covariance = np.where(np.isnan(covariance) & ~(lost[:, None] | lost), 0.0, covariance)
    values = frame["estimate"].to_numpy(dtype=float)[order].reshape(shape)
    n = frame["n"].to_numpy(dtype=float)[order].reshape(shape)
    return Survey(items, units, np.where(n > 0, values, np.nan), covariance, n)


def periods(study: Study, scheme: str) -> tuple[int, ...]:
    """Waves for which something was recorded under a scheme, in order."""
    found = _stacked([_records(study.workspace.root), *(book.records for book in _books(study))])
    return tuple(_periods(study, found[found["scheme"] == scheme]))


def listed_units(root: Path) -> list[str]:
    """Ids of everything in a study's list of units, and in its workbooks."""
    from govlab.data.definition import kind_of

    found = [unit.id for _, unit in _units(root)]
    files = {name: path for name, path in definitions(root).items() if kind_of(path) == "scheme"}
    for path in sorted((root / BOOKS).glob("*.xlsx")):
        if path.stem in files:
            book = read_book(path, read_scheme(files[path.stem]))
            found += [one.id for one in (*book.above, *book.units)]
    return list(dict.fromkeys(found))


def _periods(study: Study, records: pd.DataFrame) -> list[int]:
    survey = study.workspace.study.survey if study.workspace.study is not None else None
    found = {int(one) for one in records["period"].astype(str).unique() if one.isdigit()}
    return sorted(found or set(study.waves if survey is not None else ()))


def _read(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    if not path.is_file():
        return pd.DataFrame(columns=[*columns])
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    lost = [name for name in columns if name not in frame]
    if lost:
        raise InputError(Fault("scheme.no_column", {"columns": ", ".join(lost)}, (path.name,)))
    return frame


def _units(root: Path) -> list[tuple[str, Unit]]:
    """Kind and unit, as listed; InputError for sizes that are none and ids twice."""
    frame = _read(root / UNITS, _UNIT_COLUMNS)
    found: list[tuple[str, Unit]] = []
    faults = []
    for number, row in enumerate(frame.to_dict("records"), 2):
        size = row["size"].strip()
        if size and not size.replace(".", "", 1).isdigit():
            faults.append(Fault("scheme.size", {"got": size}, (UNITS, str(number))))
            continue
        names = (row["name_zh"] or row["unit"], row["name_en"] or row["unit"])
        unit = Unit(row["unit"], *names, row["parent"], float(size) if size else None)
        if (row["kind"], unit.id) in {(kind, one.id) for kind, one in found}:
            faults.append(Fault("scheme.unit_twice", {"unit": unit.id}, (UNITS, str(number))))
        found.append((row["kind"], unit))
    if faults:
        raise InputError(faults)
    return found


def _records(root: Path) -> pd.DataFrame:
    frame = _read(root / RECORDS, _RECORD_COLUMNS)
    frame["where"] = [f"{RECORDS}, {number}" for number in range(2, len(frame) + 2)]
    return frame


def _book(root: Path, scheme: Scheme) -> Book | None:
    path = root / BOOKS / f"{scheme.id}.xlsx"
    return read_book(path, scheme) if path.is_file() else None


def _books(study: Study) -> list[Book]:
    """Every filled workbook of the study."""
    root = study.workspace.root
    from govlab.data.definition import kind_of

    files = {name: path for name, path in definitions(root).items() if kind_of(path) == "scheme"}
    filled = [path for path in sorted((root / BOOKS).glob("*.xlsx")) if path.stem in files]
    return [read_book(path, read_scheme(files[path.stem])) for path in filled]


def _stacked(frames: list[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    return pd.concat([one for one in frames if len(one)] or frames[:1], ignore_index=True)


def _known(units: list[tuple[str, Unit]], books: list[Book]) -> list[tuple[str, Unit]]:
    """Kind and unit of the list and of every workbook; the first of each, as a workbook may list it again."""
    found = {(kind, one.id): one for kind, one in units}
    for book in books:
        file = book.scheme.file
        for one in book.above:
            found.setdefault((file.rollup.to if file.rollup else "above", one.id), one)
        for one in book.units:
            found.setdefault((file.of, one.id), one)
    return [(kind, one) for (kind, _), one in found.items()]
