"""Conditions of an XLSForm (``relevant``, ``constraint``): the part of XPath that forms use.

Comparisons, ``and or not()``, arithmetic, ``selected()``, ``count-selected()``, ``regex()``, ``if()``,
``coalesce()``, ``string-length()``, ``number()``, ``int()``, ``round()``; ``${name}`` and ``.``.
What else a form may hold is kept and reported as not checked. XLSForm: https://xlsform.org/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'[^']*'|\"[^\"]*\"|“[^”]*”|‘[^’]*’)"
    r"|(?P<ref>\$\{\s*[^}\s]+\s*\})"
    r"|(?P<op><=|>=|!=|=|<|>|\+|\*|\(|\)|,)|(?P<word>[A-Za-z_][\w-]*(?::[\w-]+)?)|(?P<self>\.)|(?P<minus>-))"
)
_LEVELS: tuple[tuple[str, ...], ...] = (
    ("or",),
    ("and",),
    ("=", "!="),
    ("<", "<=", ">", ">="),
    ("+", "-"),
    ("*", "div", "mod"),
)
# What a person writes stays far below; more would only exhaust the stack.
_DEEPEST, _LONGEST = 60, 800


@dataclass(frozen=True)
class Node:
    """One step of a condition: ``number``, ``text``, ``ref``, ``self``, ``call`` or an operator."""

    kind: str
    value: str = ""
    parts: tuple[Node, ...] = ()

    def references(self) -> set[str]:
        """The questions it names."""
        own = {self.value} if self.kind == "ref" else set()
        return own.union(*(part.references() for part in self.parts))

    def calls(self) -> set[str]:
        """The functions it calls."""
        own = {self.value} if self.kind == "call" else set()
        return own.union(*(part.calls() for part in self.parts))

    def checkable(self) -> bool:
        """Whether every function in it can be worked out here."""
        return self.calls() <= set(_FUNCTIONS)


class LogicError(ValueError):
    """A condition that cannot be read."""


def parse(text: str) -> Node:
    """Read a condition; LogicError says at which sign it stops making sense."""
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(self._cut(text))
        if len(self._tokens) > _LONGEST:
            raise LogicError(text[:12])
        self._at = 0
        self._depth = 0

    def _cut(self, text: str) -> Iterator[tuple[str, str]]:
        place, end = 0, len(text.rstrip())
        while place < end:
            match = _TOKEN.match(text, place)
            if match is None:
                raise LogicError(text[place : place + 12].strip())
            kind = str(match.lastgroup)
            yield ("op" if kind == "minus" else kind), match[kind]
            place = match.end()

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _next(self) -> tuple[str, str]:
        token = self._peek()
        self._at += 1
        return token

    def whole(self) -> Node:
        node = self._level(0)
        if self._peek()[0] != "end":
            raise LogicError(self._peek()[1])
        return node

    def _level(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._signed()
        node = self._level(level + 1)
        while self._peek()[0] in ("op", "word") and self._peek()[1] in _LEVELS[level]:
            operator = self._next()[1]
            node = Node("op", operator, (node, self._level(level + 1)))
        return node

    def _signed(self) -> Node:
        if self._peek() == ("op", "-"):
            self._next()
            return Node("op", "-", (Node("number", "0"), self._signed_inside()))
        return self._one()

    def _signed_inside(self) -> Node:
        with _Deeper(self):
            return self._signed()

    def deeper(self, by: int) -> None:
        self._depth += by
        if self._depth > _DEEPEST:
            raise LogicError(self._text[:12])

    def _one(self) -> Node:
        kind, value = self._next()
        if kind == "number":
            return Node("number", value)
        if kind == "text":
            return Node("text", value[1:-1])
        if kind == "ref":
            return Node("ref", value[2:-1].strip())
        if kind == "self":
            return Node("self")
        with _Deeper(self):
            if kind == "op" and value == "(":
                inner = self._level(0)
                self._expect(")")
                return inner
            if kind == "word" and self._peek() == ("op", "("):
                self._next()
                arguments = tuple(self._arguments())
                if len(arguments) != _ARGUMENTS.get(value, len(arguments)):
                    raise LogicError(f"{value}()")
                return Node("call", value, arguments)
        raise LogicError(value or self._text[-12:])

    def _arguments(self) -> Iterator[Node]:
        if self._peek() == ("op", ")"):
            self._next()
            return
        while True:
            yield self._level(0)
            if self._peek() == ("op", ","):
                self._next()
                continue
            self._expect(")")
            return

    def _expect(self, sign: str) -> None:
        kind, value = self._next()
        if (kind, value) != ("op", sign):
            raise LogicError(value or self._text[-12:])


class _Deeper:
    def __init__(self, parser: _Parser) -> None:
        self._parser = parser

    def __enter__(self) -> None:
        self._parser.deeper(1)

    def __exit__(self, *_: object) -> None:
        self._parser.deeper(-1)


class Given:
    """Answers as a form sees them, (n,) each: names of options (several with a blank between), or numbers.

    text: "" where there is none. number: NaN where it is none. Either is worked out from the other.
    """

    def __init__(
        self, text: NDArray[np.object_] | None = None, number: NDArray[np.float64] | None = None
    ) -> None:
        if text is None and number is None:
            raise ValueError("text or number must be given")
        self._text = text
        self.number = number

    @cached_property
    def text(self) -> NDArray[np.object_]:
        """(n,) the answers as text."""
        if self._text is not None:
            return self._text
        assert self.number is not None
        found, codes = np.unique(self.number, return_inverse=True)
        return np.array(["" if np.isnan(one) else f"{one:.15g}" for one in found], dtype=object)[codes]

    @cached_property
    def numbers(self) -> NDArray[np.float64]:
        """(n,) the answers as numbers."""
        if self.number is not None:
            return self.number
        return np.asarray(each(self.text, _number), dtype=float)


def each(text: NDArray[np.object_], of: Callable[[str], Any]) -> NDArray[Any]:
    """(n,) ``of`` every text, worked out once for each that occurs."""
    places: dict[str, int] = {}
    codes = np.fromiter((places.setdefault(one, len(places)) for one in text), np.intp, len(text))
    return np.array([of(one) for one in places])[codes]


def holds(node: Node, rows: int, answers: Mapping[str, Given], own: Given | None = None) -> NDArray[np.bool_]:
    """(rows,) where a condition holds. own: what ``.`` stands for.

    A comparison with a missing answer is that with an empty text, as in XPath.
    """
    return _truth(_value(node, rows, answers, own))


def _value(node: Node, rows: int, answers: Mapping[str, Given], own: Given | None) -> Given:
    if node.kind == "number":
        return Given(number=np.full(rows, float(node.value)))
    if node.kind == "text":
        return Given(np.full(rows, node.value, dtype=object))
    if node.kind == "ref":
        return answers[node.value]
    if node.kind == "self":
        if own is None:
            raise LogicError(".")
        return own
    parts = [_value(part, rows, answers, own) for part in node.parts]
    if node.kind == "call":
        return _FUNCTIONS[node.value](parts, rows)
    return _OPERATORS[node.value](parts[0], parts[1])


def _from_truth(truth: NDArray[np.bool_]) -> Given:
    return Given(np.where(truth, "true", "").astype(object), truth.astype(float))


def _from_number(number: NDArray[np.float64]) -> Given:
    return Given(number=number)


def _truth(value: Given) -> NDArray[np.bool_]:
    if value.number is not None:
        return np.asarray(np.nan_to_num(value.number) != 0)
    return np.asarray(value.text != "", dtype=bool)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _equal(one: Given, other: Given) -> NDArray[np.bool_]:
    if one.number is None and other.number is None:
        return np.asarray(one.text == other.text, dtype=bool)
    # A number written as text ('3') is compared as what it looks like.
    same: NDArray[np.bool_] = np.logical_or(one.numbers == other.numbers, one.text == other.text)
    return same


def _compare(test: Callable[[Any, Any], Any]) -> Callable[[Given, Given], Given]:
    def run(one: Given, other: Given) -> Given:
        with np.errstate(invalid="ignore"):
            return _from_truth(np.asarray(test(one.numbers, other.numbers), dtype=bool))

    return run


def _arithmetic(step: Callable[[Any, Any], Any]) -> Callable[[Given, Given], Given]:
    def run(one: Given, other: Given) -> Given:
        with np.errstate(all="ignore"):
            return _from_number(np.asarray(step(one.numbers, other.numbers), dtype=float))

    return run


_OPERATORS: Mapping[str, Callable[[Given, Given], Given]] = {
    "or": lambda one, other: _from_truth(_truth(one) | _truth(other)),
    "and": lambda one, other: _from_truth(_truth(one) & _truth(other)),
    "=": lambda one, other: _from_truth(_equal(one, other)),
    "!=": lambda one, other: _from_truth(~_equal(one, other)),
    "<": _compare(np.less),
    "<=": _compare(np.less_equal),
    ">": _compare(np.greater),
    ">=": _compare(np.greater_equal),
    "+": _arithmetic(np.add),
    "-": _arithmetic(np.subtract),
    "*": _arithmetic(np.multiply),
    "div": _arithmetic(np.divide),
    "mod": _arithmetic(np.fmod),
}


def _selected(parts: list[Given], _: int) -> Given:
    wanted = {str(one) for one in parts[1].text}
    found = np.zeros(len(parts[0].text), dtype=bool)
    for name in wanted:
        has = each(parts[0].text, lambda text, name=name: name in text.split())  # type: ignore[misc]
        found |= has & np.asarray(parts[1].text == name, dtype=bool)
    return _from_truth(found)


def _choose(parts: list[Given], _: int) -> Given:
    first = _truth(parts[0])
    return Given(np.where(first, parts[1].text, parts[2].text))


_ARGUMENTS = {"true": 0, "false": 0, "selected": 2, "regex": 2, "coalesce": 2, "if": 3} | dict.fromkeys(
    ("count-selected", "not", "number", "int", "round", "string", "string-length"), 1
)
_FUNCTIONS: Mapping[str, Callable[[list[Given], int], Given]] = {
    "selected": _selected,
    "count-selected": lambda parts, _: _from_number(
        each(parts[0].text, lambda text: float(len(text.split())))
    ),
    "not": lambda parts, _: _from_truth(~_truth(parts[0])),
    "true": lambda _, rows: _from_truth(np.ones(rows, dtype=bool)),
    "false": lambda _, rows: _from_truth(np.zeros(rows, dtype=bool)),
    "number": lambda parts, _: _from_number(parts[0].numbers),
    "int": lambda parts, _: _from_number(np.trunc(parts[0].numbers)),
    "round": lambda parts, _: _from_number(np.floor(parts[0].numbers + 0.5)),
    "string": lambda parts, _: Given(parts[0].text),
    "string-length": lambda parts, _: _from_number(each(parts[0].text, lambda text: float(len(text)))),
    "regex": lambda parts, _: _from_truth(
        _matches(parts[0], str(parts[1].text[0]) if len(parts[1].text) else "")
    ),
    "if": _choose,
    "coalesce": lambda parts, _: Given(
        np.where(np.asarray(parts[0].text != "", dtype=bool), parts[0].text, parts[1].text)
    ),
}


def _matches(value: Given, pattern: str) -> NDArray[np.bool_]:
    compiled = re.compile(pattern)
    return np.asarray(each(value.text, lambda text: compiled.fullmatch(text) is not None), dtype=bool)
