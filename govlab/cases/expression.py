"""Arithmetic over fact ids, parsed with an ast whitelist and evaluated without ``eval``.

``AKS_009/AKS_005`` is fact AKS-009 divided by fact AKS-005; ``AKS_018[0]`` the first entry of
a fact with several values; ``parts(AKS_030)`` how many members of AKS-030 the source names.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from govlab.cases.models import Fact
from govlab.errors import Fault, InputError

Value = float | int | bool | str | tuple[float | int | str, ...]

_BINARY: dict[type[ast.operator], tuple[Callable[..., float], str]] = {
    ast.Add: (operator.add, "+"),
    ast.Sub: (operator.sub, "−"),
    ast.Mult: (operator.mul, "×"),
    ast.Div: (operator.truediv, "÷"),
}
_COMPARE: dict[type[ast.cmpop], tuple[Callable[[float, float, float], bool], str]] = {
    ast.Eq: (lambda a, b, t: abs(a - b) <= t, "="),
    ast.NotEq: (lambda a, b, t: abs(a - b) > t, "≠"),
    ast.Lt: (lambda a, b, t: a < b - t, "<"),
    ast.LtE: (lambda a, b, t: a <= b + t, "≤"),
    ast.Gt: (lambda a, b, t: a > b + t, ">"),
    ast.GtE: (lambda a, b, t: a >= b - t, "≥"),
}
_OPPOSITE = {"=": "≠", "≠": "=", "<": "≥", "≤": ">", ">": "≤", "≥": "<"}
_FUNCTIONS: dict[str, Callable[..., float]] = {"min": min, "max": max, "abs": abs, "sum": sum}
_PRECEDENCE = {ast.Add: 1, ast.Sub: 1, ast.Mult: 2, ast.Div: 2}


def _refuse(text: str, why: str) -> InputError:
    return InputError(Fault("cases.expression", {"expression": text, "why": why}))


@dataclass(frozen=True)
class Expression:
    """A parsed expression; ``names`` are the fact ids (with a hyphen) and free variables it uses."""

    text: str
    tree: ast.expr
    names: frozenset[str]

    @classmethod
    def parse(cls, text: str) -> Expression:
        """Parse and check against the whitelist; InputError says what is not allowed."""
        if len(text) > 500:
            raise _refuse(text[:40] + "...", "longer than 500 characters")
        try:
            tree = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError) as error:
            raise _refuse(text, str(error)) from error
        names: set[str] = set()
        _walk(tree, text, names)
        return cls(text, tree, frozenset(name.replace("_", "-") for name in names))

    def value(
        self, facts: Mapping[str, Fact], given: Mapping[str, float] | None = None, tolerance: float = 0.0
    ) -> Value:
        """The value with facts (and named inputs) put in; comparisons allow for ``tolerance``."""
        return _value(self.tree, _Scope(self.text, facts, given or {}, tolerance))

    def comparison(self) -> tuple[Expression, Expression] | None:
        """Left and right side of a single comparison, None where it is something else."""
        if not isinstance(self.tree, ast.Compare) or len(self.tree.ops) != 1:
            return None
        sides = self.tree.left, self.tree.comparators[0]
        left, right = (Expression(ast.unparse(side), side, self.names) for side in sides)
        return left, right

    def written(
        self, facts: Mapping[str, Fact], given: Mapping[str, float] | None = None, holds: bool = True
    ) -> str:
        """The arithmetic with numbers in the place of ids: ``1,224 ÷ 147``; a failed test is negated."""
        return _written(self.tree, _Scope(self.text, facts, given or {}, 0.0), 0, holds)


@dataclass(frozen=True)
class _Scope:
    text: str
    facts: Mapping[str, Fact]
    given: Mapping[str, float]
    tolerance: float

    def is_year(self, name: str) -> bool:
        """Years are written without separators."""
        fact = self.facts.get(name.replace("_", "-"))
        return fact is not None and fact.unit is not None and fact.unit.zh == "年"

    def look_up(self, name: str) -> Value:
        if name in self.given:
            return self.given[name]
        fact = self.facts.get(name.replace("_", "-"))
        if fact is None:
            raise _refuse(self.text, f"{name.replace('_', '-')} is not a fact")
        if fact.value is None:
            raise _refuse(self.text, f"{fact.id} has no value")
        return fact.value


def _walk(node: ast.expr, text: str, names: set[str]) -> None:
    match node:
        case ast.Constant(value=value) if isinstance(value, (int, float)) and not isinstance(value, bool):
            return
        case ast.Name(id=name):
            names.add(name)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            _walk(left, text, names)
            _walk(right, text, names)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            _walk(operand, text, names)
        case ast.Compare(left=left, ops=ops, comparators=right) if all(type(op) in _COMPARE for op in ops):
            for part in (left, *right):
                _walk(part, text, names)
        case ast.BoolOp(values=values):
            for part in values:
                _walk(part, text, names)
        case ast.Subscript(value=ast.Name() as inner, slice=ast.Constant(value=int())):
            _walk(inner, text, names)
        case ast.Call(func=ast.Name(id="parts"), args=[ast.Name() as inner], keywords=[]):
            _walk(inner, text, names)
        case ast.Call(func=ast.Name(id=function), args=arguments, keywords=[]) if function in _FUNCTIONS:
            for part in arguments:
                _walk(part, text, names)
        case _:
            raise _refuse(text, f"{type(node).__name__} is not allowed")


def _value(node: ast.expr, scope: _Scope) -> Value:
    match node:
        case ast.Constant(value=value):
            return value  # type: ignore[return-value]
        case ast.Name(id=name):
            return scope.look_up(name)
        case ast.BinOp(left=left, op=op, right=right):
            try:
                return _BINARY[type(op)][0](_number(left, scope), _number(right, scope))
            except ZeroDivisionError as error:
                raise _refuse(scope.text, "division by zero") from error
        case ast.UnaryOp(operand=operand):
            return -_number(operand, scope)
        case ast.Compare(left=left, ops=ops, comparators=right):
            sides = [_number(part, scope) for part in (left, *right)]
            pairs = zip(ops, sides, sides[1:], strict=False)
            return all(_COMPARE[type(op)][0](a, b, scope.tolerance) for op, a, b in pairs)
        case ast.BoolOp(op=op, values=values):
            found = [bool(_value(part, scope)) for part in values]
            return all(found) if isinstance(op, ast.And) else any(found)
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=int() as place)):
            several = scope.look_up(name)
            if not isinstance(several, tuple) or not -len(several) <= place < len(several):
                raise _refuse(scope.text, f"{name.replace('_', '-')} has no entry {place}")
            return several[place]
        case ast.Call(func=ast.Name(id="parts"), args=[ast.Name(id=name)]):
            scope.look_up(name)
            return len(scope.facts[name.replace("_", "-")].parts)
        case ast.Call(func=ast.Name(id=function), args=arguments):
            if function == "sum":
                several = _value(arguments[0], scope)
                return sum(several) if isinstance(several, tuple) else _number(arguments[0], scope)  # type: ignore[arg-type]
            return _FUNCTIONS[function](*(_number(part, scope) for part in arguments))
    raise AssertionError("the whitelist let something through")


def _number(node: ast.expr, scope: _Scope) -> float:
    value = _value(node, scope)
    if isinstance(value, (str, tuple)):
        raise _refuse(scope.text, f"{ast.unparse(node)} is not a single number")
    return value


def number(value: float, digits: int | None = None) -> str:
    """A number for a sentence: thousands separators, ``digits`` decimals or as few as it has."""
    if digits is not None:
        return f"{value:,.{digits}f}"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"


def _written(node: ast.expr, scope: _Scope, above: int, holds: bool = True) -> str:
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            rank = _PRECEDENCE[type(op)]
            text = f"{_written(left, scope, rank)} {_BINARY[type(op)][1]} {_written(right, scope, rank + 1)}"
            return f"({text})" if rank < above else text
        case ast.Compare(left=left, ops=ops, comparators=right):
            text = _written(left, scope, 0)
            for comparison, part in zip(ops, right, strict=True):
                sign = _COMPARE[type(comparison)][1]
                text += f" {sign if holds or len(ops) > 1 else _OPPOSITE[sign]} {_written(part, scope, 0)}"
            return text
        case ast.BoolOp(op=op, values=values):
            joint = " ∧ " if isinstance(op, ast.And) else " ∨ "
            return joint.join(_written(part, scope, 0) for part in values)
        case ast.UnaryOp(operand=operand):
            return f"−{_written(operand, scope, 3)}"
        case ast.Call(func=ast.Name(id=function), args=arguments) if function in ("min", "max", "abs"):
            return f"{function}({', '.join(_written(part, scope, 0) for part in arguments)})"
        case ast.Name(id=name) if name not in scope.given and name.islower():
            return name
        case ast.Name(id=name) if name not in scope.given and scope.is_year(name):
            return str(scope.look_up(name))
    value = _value(node, scope)
    if isinstance(value, tuple):
        return " + ".join(number(entry) if not isinstance(entry, str) else entry for entry in value)
    return value if isinstance(value, str) else number(value)
