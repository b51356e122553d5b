from typing import Any

import nbformat
import pytest

from govlab.reports.formats.page import OutputError
from govlab.reports.formats.table_data import MIME, tables_of

v4 = nbformat.v4
GOOD: dict[str, Any] = {"columns": [{"key": "a", "label": "A", "type": "integer"}], "rows": [[1], [None]]}


def notebook(*tables: dict[str, Any]) -> nbformat.NotebookNode:
    outputs = [v4.new_output("display_data", {"text/html": "<p>x</p>", MIME: one}) for one in tables]
    return v4.new_notebook(cells=[v4.new_markdown_cell("x"), v4.new_code_cell("", outputs=outputs)])


def test_tables_come_in_order_with_their_types() -> None:
    first, second = tables_of(notebook(GOOD, GOOD | {"caption": "two", "more": "ignored"}))
    assert (first.caption, second.caption) == ("", "two")
    assert first.rows == ((1,), (None,))
    assert first.columns[0].head == "A"


def test_numbers_stay_numbers_and_text_stays_text() -> None:
    table = GOOD | {"rows": [["007"], [7.5], [True]]}
    assert next(tables_of(notebook(table))).rows == (("007",), (7.5,), (True,))


@pytest.mark.parametrize(
    ("change", "why"),
    [({"rows": [[1, 2]]}, "row 1: 2 values, 1 columns"), ({"columns": [{"key": "a"}]}, "columns.0.label")],
)
def test_a_table_that_does_not_hold_together_is_named_by_cell(change: dict[str, Any], why: str) -> None:
    with pytest.raises(OutputError) as caught:
        list(tables_of(notebook(GOOD | change)))
    assert why in caught.value.text("en")
    assert "第 2 个单元格" in caught.value.text("zh")
