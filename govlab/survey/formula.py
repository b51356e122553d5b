"""Model formulas: `y ~ a * b + C(c)` and a table -> outcome, model matrix, and which columns are a term.

Parsing is formulaic's; what a formula may contain is limited here, because formulas also come from batch
files and formulaic would evaluate any Python in them.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from govlab.errors import Fault, InputError

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

FUNCTIONS = frozenset({"C", "I", "exp", "log", "log10"})
CONTRASTS = frozenset({"treatment", "sum", "helmert", "diff", "poly"})
_ALLOWED = (
    ast.Expression, ast.Name, ast.Load, ast.Constant, ast.Call, ast.keyword, ast.Attribute, ast.BinOp,
    ast.UnaryOp, ast.Compare, ast.List, ast.Tuple, ast.operator, ast.unaryop, ast.cmpop,
)  # fmt: skip
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m|⧛\[[0-9;]*m|⧚|\[(?:\d+;)*\d+m")


@dataclass(frozen=True, eq=False)
class ModelData:
    """What a formula makes of a table, on the rows that have every value.

    rows: (n,) rows used; outcome: the left side on those rows; x: (used, p); columns: (p,) names;
    terms: each term and its columns of x, the intercept being ``Intercept``.
    """

    rows: NDArray[np.bool_]
    outcome: pd.Series
    x: Floats
    columns: tuple[str, ...]
    terms: tuple[tuple[str, tuple[int, ...]], ...]


def read_formula(frame: pd.DataFrame, formula: str, inside: NDArray[np.bool_] | None = None) -> ModelData:
    """Outcome and model matrix of the rows inside that have every value; empty categories are left out.

    InputError for a formula that cannot be read, names what is not a column, or uses more than columns,
    arithmetic and the functions of FUNCTIONS; and where no row has every value.
    """
    parsed, names = _parse(formula)
    unknown = [name for name in names if name not in frame.columns]
    if unknown:
        values = {"formula": formula, "columns": ", ".join(unknown)}
        raise InputError(Fault("survey.formula_unknown", values))
    used = frame[names]
    rows = used.notna().all(axis=1).to_numpy(dtype=np.bool_)
    if inside is not None:
        rows = rows & inside
    if not rows.any():
        raise InputError(Fault("survey.formula_no_rows", {"formula": formula}))
    table = used.loc[rows].apply(_plain)
    matrices = _build(parsed, table, formula)
    left, right = matrices.lhs, matrices.rhs
    x = right.to_numpy(dtype=np.float64)
    if not np.isfinite(x).all():
        raise InputError(Fault("survey.formula_not_finite", {"formula": formula}))
    outcome = left if left.ndim == 1 else left.iloc[:, 0]
    if str(parsed.lhs).strip() in table.columns:
        outcome = table[str(parsed.lhs).strip()]  # as it is: formulaic would spread a category over columns
    slices = right.model_spec.term_indices
    terms = tuple(("Intercept" if str(term) == "1" else str(term), tuple(at)) for term, at in slices.items())
    return ModelData(rows, outcome, x, tuple(str(name) for name in right.columns), terms)


def _parse(formula: str) -> tuple[Any, list[str]]:
    from formulaic import Formula
    from formulaic.errors import FormulaicError

    try:
        parsed = Formula(formula)
        factors = [factor for side in (parsed.lhs, parsed.rhs) for term in side for factor in term.factors]
        one_sided = len(list(parsed.lhs)) != 1
        names = sorted(str(name) for name in parsed.required_variables)
    except (FormulaicError, AttributeError, SyntaxError) as error:
        why = _ESCAPES.sub("", str(error)).split("\n")[0]
        if isinstance(error, AttributeError):
            why = "y ~ x"
        raise InputError(Fault("survey.formula_unread", {"formula": formula, "why": why})) from error
    if one_sided:
        raise InputError(Fault("survey.formula_unread", {"formula": formula, "why": "y ~ x"}))
    for factor in factors:
        if factor.eval_method.value == "python":
            _check(factor.expr, formula)
    return parsed, names


def _check(expression: str, formula: str) -> None:
    """Refuse anything but arithmetic on columns and the functions we know."""
    refused: str | None = None
    try:
        tree = ast.parse(_without_backticks(expression), mode="eval")
    except SyntaxError as error:
        values = {"formula": formula, "why": expression}
        raise InputError(Fault("survey.formula_unread", values)) from error
    for node in ast.walk(tree):
        if not isinstance(node, _ALLOWED):
            refused = ast.unparse(node)
        elif isinstance(node, ast.Attribute):
            if not (isinstance(node.value, ast.Name) and node.value.id == "contr" and node.attr in CONTRASTS):
                refused = ast.unparse(node)
        elif isinstance(node, ast.BinOp):
            # Powers of powers and repeated strings would fill the memory.
            sides = (node.left, node.right)
            texts = [isinstance(one, ast.Constant) and isinstance(one.value, str) for one in sides]
            if any(texts) or (isinstance(node.op, ast.Pow) and not _small(node.right)):
                refused = ast.unparse(node)
        elif isinstance(node, ast.Call):
            plain = isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS
            if not plain and not isinstance(node.func, ast.Attribute):
                refused = ast.unparse(node.func)
    if refused is not None:
        values = {"formula": formula, "part": refused, "known": ", ".join(sorted(FUNCTIONS))}
        raise InputError(Fault("survey.formula_refused", values))


def _small(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and abs(node.value) <= 10


def _without_backticks(expression: str) -> str:
    return re.sub(r"`[^`]*`", "quoted", expression)


def _plain(column: pd.Series) -> pd.Series:
    """Columns as a model reads them: no empty categories, numbers without pandas' own missing values."""
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.remove_unused_categories()
    if pd.api.types.is_bool_dtype(column.dtype) or pd.api.types.is_numeric_dtype(column.dtype):
        values = column.to_numpy(dtype=np.float64)
        whole = bool((values == np.round(values)).all()) and bool((np.abs(values) < 2**53).all())
        # Whole numbers as integers, so that the level of C(wave) is 2 and not 2.0 beside a gap.
        return pd.Series(values.astype(np.int64) if whole else values, index=column.index)
    return column


def _build(parsed: Any, table: pd.DataFrame, formula: str) -> Any:
    from formulaic.errors import FormulaicError

    try:
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return parsed.get_model_matrix(table, context={}, na_action="ignore", output="pandas")
    except (FormulaicError, ValueError, TypeError) as error:
        why = _ESCAPES.sub("", str(error)).split("\n")[0]
        raise InputError(Fault("survey.formula_unread", {"formula": formula, "why": why})) from error
