"""Terms of conditions: how they are written, read and held as numbers.

A term is a row of whole numbers, one a condition: the value that the condition must have, or ``FREE``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Terms = NDArray[np.int8]
FREE = -1
_LITERAL = re.compile(r"(~?)([^\s~*+{}]+)(?:\{(\d+)\})?")


def literal(name: str, value: int, levels: int) -> str:
    """``A`` or ``~A`` of a condition with two values, ``A{2}`` of one with more."""
    if levels > 2:
        return f"{name}{{{value}}}"
    return name if value else f"~{name}"


def term_text(term: Sequence[int] | Terms, names: Sequence[str], levels: Sequence[int]) -> str:
    """The literals of a term in the order of the conditions: ``A*~B``; ``1`` where none is left."""
    found = [
        literal(name, int(value), level)
        for name, value, level in zip(names, term, levels, strict=True)
        if value != FREE
    ]
    return "*".join(found) or "1"


def order_key(term: Sequence[int] | Terms) -> tuple[int, ...]:
    """Sorts terms by the order of the conditions, presence before absence, absence before silence."""
    return tuple(127 if value == FREE else -int(value) for value in term)


def canonical(terms: Iterable[Terms], names: Sequence[str], levels: Sequence[int]) -> str:
    """Terms in order, joined: ``A*~B + C``."""
    return " + ".join(term_text(term, names, levels) for term in sorted(terms, key=order_key))


def parse(text: str, names: Sequence[str], levels: Sequence[int]) -> Terms:
    """(t, k) the terms of an expression; ValueError names what is not understood."""
    place = {name: number for number, name in enumerate(names)}
    rows = []
    for piece in text.split("+"):
        row = np.full(len(names), FREE, dtype=np.int8)
        for part in piece.split("*"):
            hit = _LITERAL.fullmatch(part.strip())
            if hit is None or hit[2] not in place:
                raise ValueError(f"{part.strip()!r} is no literal of {', '.join(names)}")
            at = place[hit[2]]
            value = int(hit[3]) if hit[3] is not None else 0 if hit[1] else 1
            if value >= levels[at] or (hit[3] is not None and hit[1]):
                raise ValueError(f"{part.strip()!r}: {hit[2]} has the values 0 to {levels[at] - 1}")
            row[at] = value
        rows.append(row)
    return np.array(rows, dtype=np.int8)


def literal_membership(column: Floats, value: int, levels: int) -> Floats:
    """(n,) membership of cases in one value of a condition."""
    if levels > 2:
        found: Floats = (column == value).astype(np.float64)
        return found
    turned: Floats = column if value else 1 - column
    return turned


def membership(values: Floats, terms: Terms, levels: Sequence[int]) -> Floats:
    """(n, t) membership of cases in terms: the smallest of the memberships in their literals.

    values: (n, k) memberships, or values of multi-value conditions. terms: (t, k).
    """
    found = np.ones((len(values), len(terms)))
    for place, level in enumerate(levels):
        for value in range(level):
            own = terms[:, place] == value
            if own.any():
                part = literal_membership(values[:, place], value, level)
                found[:, own] = np.minimum(found[:, own], part[:, None])
    return found


def covers(terms: Terms, configurations: Terms) -> NDArray[np.bool_]:
    """(r, t) which configurations (r, k) lie within which terms (t, k)."""
    found = np.ones((len(configurations), len(terms)), dtype=bool)
    for place in range(terms.shape[1]):
        asked = terms[:, place]
        found &= (asked == FREE) | (configurations[:, place][:, None] == asked)
    return found


def row_numbers(configurations: Terms, levels: Sequence[int]) -> NDArray[np.int64]:
    """(r,) numbers of truth-table rows from 1, the first condition counting most."""
    found = np.zeros(len(configurations), dtype=np.int64)
    for place, level in enumerate(levels):
        found = found * level + configurations[:, place]
    return found + 1


def configurations_of(rows: Sequence[int] | NDArray[np.int64], levels: Sequence[int]) -> Terms:
    """(r, k) the configurations with these row numbers."""
    rest = np.asarray(rows, dtype=np.int64) - 1
    found = np.zeros((len(rest), len(levels)), dtype=np.int8)
    for place in range(len(levels) - 1, -1, -1):
        rest, found[:, place] = np.divmod(rest, levels[place])
    return found


def configurations_within(term: Terms, levels: Sequence[int]) -> Terms:
    """(r, k) every configuration within a term."""
    choices = [range(level) if value == FREE else (value,) for value, level in zip(term, levels, strict=True)]
    grids = np.meshgrid(*choices, indexing="ij")
    return np.stack([grid.reshape(-1) for grid in grids], axis=1).astype(np.int8)
