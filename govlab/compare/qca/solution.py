"""Minimisation: from a truth table to complex, parsimonious and intermediate solutions, with every model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from govlab.compare.qca.cover import Budget, Covers, Kind, all_covers
from govlab.compare.qca.expression import (
    FREE,
    Terms,
    configurations_of,
    configurations_within,
    covers,
    order_key,
    row_numbers,
    term_text,
)
from govlab.compare.qca.model import Model, model_of
from govlab.compare.qca.primes import all_but, prime_implicants
from govlab.compare.qca.table import TruthTable
from govlab.errors import Fault, InputError
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

SolutionKind = Literal["complex", "parsimonious", "intermediate"]
KINDS: tuple[SolutionKind, ...] = get_args(SolutionKind)
Expectation = int | tuple[int, ...] | None
# Pairs of a complex and a parsimonious model that are gone through, times rows and 2^k of each.
PAIR_WORK = 8_000_000


@dataclass(frozen=True, eq=False)
class Pair:
    """What an intermediate model stands between. easy: remainders assumed because expectations say so."""

    complex: str
    parsimonious: str
    easy: tuple[int, ...]
    models: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Solution(Result):
    """Every model of one kind of solution, up to the cap.

    kind: complex, parsimonious or intermediate. models: in order of their expressions. n_models: how many
    there are in all, None where counting them was given up. proven: no model has fewer terms. primes: the
    prime implicants. expectations: as used. excluded: remainders that no model may cover. pairs: for
    intermediate solutions. notes: what a reader must know.
    """

    table: TruthTable
    kind: SolutionKind
    choice: Kind
    models: tuple[Model, ...]
    n_models: int | None
    max_models: int
    proven: bool
    primes: tuple[str, ...]
    expectations: Mapping[str, Expectation]
    excluded: tuple[int, ...]
    pairs: tuple[Pair, ...]
    notes: tuple[Fault, ...]

    @property
    def ambiguous(self) -> bool:
        """Whether the data leave more than one model."""
        return len(self.models) > 1

    @property
    def expressions(self) -> tuple[str, ...]:
        """The models as expressions."""
        return tuple(one.expression for one in self.models)

    def to_frame(self) -> pd.DataFrame:
        """The terms of every model, ``model`` (from 1) in front."""
        import pandas as pd

        frames = [one.to_frame() for one in self.models]
        for number, frame in enumerate(frames, 1):
            frame.insert(0, "model", number)
        return pd.concat(frames, ignore_index=True)

    def labels(self, lang: str) -> dict[str, str]:
        """Printed names of the columns of ``to_frame``."""
        from govlab.language import say

        return {"model": say("qca.column.model", lang=lang)} | self.models[0].labels(lang)

    def summary(self) -> str:
        """The models, how many there are, and what to know."""
        lines = [f"{self.kind} solution of {self.table.data.outcome}"]
        lines += [one.summary() for one in self.models[:10]]
        return "\n".join([*lines, *(note.text("en") for note in self.notes)])


def minimise(
    table: TruthTable,
    *,
    solution: SolutionKind = "complex",
    expectations: Mapping[str, Expectation] | None = None,
    models: Kind = "fewest",
    max_models: int = 1000,
    exclude: Iterable[int] = (),
) -> Solution:
    """The sufficient conditions of the outcome that a truth table holds.

    solution: ``complex`` assumes nothing of configurations without cases; ``parsimonious`` whatever makes
    terms short; ``intermediate`` only what ``expectations`` (condition -> the value expected to help, None
    or left out: no view) make easy (Ragin 2008, ch. 9). models: those with the ``fewest`` terms, or every
    ``irredundant`` one; at most ``max_models`` are listed, and how many there are is said. exclude: row
    numbers of remainders that must not be assumed, see ``untenable``. InputError where no row is coded 1,
    or none 0 and a solution would be always true.
    """
    if solution not in KINDS:
        raise ValueError(f"solution must be one of {', '.join(KINDS)}, got {solution!r}")
    if models not in ("fewest", "irredundant"):
        raise ValueError(f"models must be 'fewest' or 'irredundant', got {models!r}")
    if max_models < 1:
        raise ValueError(f"max_models must be at least 1, got {max_models!r}")
    expected = _expected(table, expectations or {})
    excluded = np.unique(np.array(list(exclude), dtype=np.int64))
    if excluded.size and not np.isin(excluded, table.remainders()).all():
        raise ValueError("exclude: only remainders can be excluded; a row with cases is there")
    if "1" not in table.outcome:
        raise InputError(Fault("qca.no_positive", {"outcome": table.data.outcome}))
    work = _Work(table, excluded, models, max_models)
    pairs: tuple[Pair, ...] = ()
    if solution == "complex":
        found = work.complex()
    elif solution == "parsimonious":
        found = work.parsimonious()
    else:
        found, pairs = work.intermediate(expected)
    coded = table.rows[np.array([one != "?" for one in table.outcome])]
    built = [model_of(table.data, terms, coded) for terms in found.models]
    built.sort(key=lambda one: one.literals.tolist(), reverse=True)
    names, levels = table.data.conditions, table.data.levels
    primes = tuple(term_text(one, names, levels) for one in sorted(found.primes, key=order_key))
    notes = tuple(_notes(table, found, max_models, solution, expected))
    return Solution(
        table, solution, models, tuple(built), found.count, max_models, found.proven, primes,
        dict(expectations or {}), tuple(int(one) for one in excluded), pairs, notes,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Found:
    """Models as (t, k) terms, the primes they are chosen from, how many there are, whether that is proven."""

    models: list[Terms]
    texts: list[str]
    primes: Terms
    count: int | None
    proven: bool


class _Work:
    """One minimisation: rows coded 1, rows coded 0, and what may be assumed."""

    def __init__(self, table: TruthTable, excluded: NDArray[np.int64], kind: Kind, most: int) -> None:
        self.levels = table.data.levels
        self.names = table.data.conditions
        self.positive = table.coded("1")
        self.negative = table.coded("0")
        self.barred = configurations_of(excluded, self.levels)
        self.kind, self.most = kind, most
        self.budget = Budget()

    def complex(self) -> _Found:
        return self._solve(all_but(self.positive, self.levels))

    def parsimonious(self) -> _Found:
        return self._solve(np.concatenate([self.negative, self.barred]))

    def intermediate(self, expected: Mapping[int, frozenset[int]]) -> tuple[_Found, tuple[Pair, ...]]:
        """Models between every pair of a complex and a parsimonious one, each once."""
        long, short = self.complex(), self.parsimonious()
        known: dict[tuple[int, ...], _Found] = {}
        models: dict[str, Terms] = {}
        pairs: list[Pair] = []
        complete = long.count == len(long.models) and short.count == len(short.models)
        affordable = max(4, PAIR_WORK // (len(self.positive) << len(self.names)))
        for from_, from_text in zip(long.models, long.texts, strict=True):
            for to, to_text in zip(short.models, short.texts, strict=True):
                if len(pairs) >= min(self.most, affordable) or len(models) >= self.most:
                    complete = False
                    break
                easy = self._easy(from_, to, expected)
                if easy not in known:
                    assumed = np.concatenate([self.positive, configurations_of(easy, self.levels)])
                    known[easy] = self._solve(all_but(assumed, self.levels))
                    models |= dict(zip(known[easy].texts, known[easy].models, strict=True))
                pairs.append(Pair(from_text, to_text, easy, tuple(known[easy].texts)))
        complete = complete and all(one.count == len(one.models) for one in known.values())
        primes = np.unique(np.concatenate([one.primes for one in known.values()]), axis=0)
        proven = long.proven and short.proven and all(one.proven for one in known.values())
        listed = [models[name] for name in sorted(models)][: self.most]
        return _Found(
            listed, sorted(models)[: self.most], primes, len(models) if complete else None, proven
        ), tuple(pairs)

    def _easy(self, long: Terms, short: Terms, expected: Mapping[int, frozenset[int]]) -> tuple[int, ...]:
        """Remainders within terms between the two: literals that speak against an expectation go."""
        rows: set[int] = set()
        for term in long:
            for goal in short:
                if not ((goal == FREE) | (goal == term)).all():
                    continue
                between = term.copy()
                for place in np.flatnonzero((term != FREE) & (goal == FREE)):
                    if place in expected and int(term[place]) not in expected[int(place)]:
                        between[place] = FREE
                rows |= set(row_numbers(configurations_within(between, self.levels), self.levels).tolist())
        for known in (self.positive, self.negative, self.barred):
            rows -= set(row_numbers(known, self.levels).tolist())
        return tuple(sorted(rows))

    def _solve(self, off: Terms) -> _Found:
        if not len(off):
            raise InputError(Fault("qca.no_negative"))
        primes = np.array(sorted(prime_implicants(self.positive, off), key=order_key), dtype=np.int8)
        found: Covers = all_covers(covers(primes, self.positive), self.kind, self.most, self.budget)
        said = [term_text(one, self.names, self.levels) for one in primes]
        texts = [" + ".join(said[one] for one in cover) for cover in found.covers]
        return _Found([primes[list(one)] for one in found.covers], texts, primes, found.count, found.proven)


def _expected(table: TruthTable, given: Mapping[str, Expectation]) -> dict[int, frozenset[int]]:
    """Condition number -> the values expected to help; ValueError for what cannot be."""
    found = {}
    names, levels = table.data.conditions, table.data.levels
    for name, value in given.items():
        if name not in names:
            raise ValueError(f"expectations: {name!r} is no condition of the table ({', '.join(names)})")
        if value is None:
            continue
        values = frozenset((value,) if isinstance(value, int) else value)
        place = names.index(name)
        if not values or not values <= set(range(levels[place])):
            raise ValueError(f"expectations: {name} has the values 0 to {levels[place] - 1}, got {value!r}")
        found[place] = values
    return found


def _notes(
    table: TruthTable, found: _Found, most: int, kind: str, expected: Mapping[int, frozenset[int]]
) -> Iterable[Fault]:
    yield from table.notes
    if len(found.models) > 1:
        yield Fault("qca.note.ambiguous", {"n": len(found.models)})
    if found.count is None:
        yield Fault("qca.note.many_models", {"n": len(found.models)})
    elif found.count > len(found.models):
        yield Fault("qca.note.capped", {"count": found.count, "n": len(found.models), "cap": most})
    if not found.proven:
        yield Fault("qca.note.not_proven", {"n": len(found.models[0])})
    if kind == "intermediate" and not expected:
        yield Fault("qca.note.no_expectation")
