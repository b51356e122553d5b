import json

import pandas as pd
import pytest

from govlab import tables
from govlab.results import Estimates
from govlab.tables import MIME, Column, Shown, Table

COLUMNS = (Column("item", "Item"), Column("n", "Count", "integer"), Column("share", "Share", "percent", 1))


def table(rows=(("a <b>", 1224, 37.8),), **fields):
    return Table(COLUMNS, rows, "Staff & money", "en", **fields)


def test_three_line_table_escapes_what_came_from_data():
    html = table().to_html()
    assert "a &lt;b&gt;" in html and "<b>" not in html
    assert "<caption>Staff &amp; money</caption>" in html
    assert '<th scope="col" class="n">Count</th>' in html
    assert '<td class="n">1,224</td>' in html and '<td class="n">37.8%</td>' in html


def test_numbering_returns_a_changed_copy():
    first = table()
    second = first.numbered(3)
    assert first.number is None and second is not first
    assert second.heading == "Table 3. Staff & money"
    assert Table(COLUMNS, (), "人员", "zh").numbered(1).heading == "表 1　人员"


def test_raw_values_stand_beside_the_html():
    bundle = table(((("x"), Shown(310000, "about 310,000"), None),))._repr_mimebundle_()
    data = json.loads(json.dumps(bundle[MIME]))
    assert data["rows"] == [["x", 310000, None]]
    assert data["marks"] == [{"row": 0, "column": 1, "mark": "about 310,000"}]
    assert [column["type"] for column in data["columns"]] == ["text", "integer", "percent"]
    assert "about 310,000" in bundle["text/html"] and "—" in bundle["text/html"]


def test_a_suppressed_cell_prints_a_star_and_holds_nothing():
    hidden = table((("x", None, 5.0),), suppressed=frozenset({(0, 1)}))
    assert '<td class="n">*</td>' in hidden.to_html()
    assert hidden.to_json()["suppressed"] == [[0, 1]]
    with pytest.raises(ValueError, match="still holds its value"):
        table((("x", 7, 5.0),), suppressed=frozenset({(0, 1)}))


def test_synthetic_data_is_marked():
    assert "Synthetic data" in table(synthetic=True).to_html()
    assert table(synthetic=True).to_json()["synthetic"] is True


def test_fact_ids_link_only_to_what_is_on_the_page():
    columns = (Column("item", "Item"), Column("facts", "Facts", "facts"))
    plain = Table(columns, (("x", ("AKS-001", "AKS-002")),), "c", "en").numbered(1, frozenset({"AKS-001"}))
    html = plain.to_html()
    assert '<a href="#AKS-001">AKS-001</a>' in html and 'href="#AKS-002"' not in html
    assert plain.to_json()["rows"] == [["x", "AKS-001 AKS-002"]]


def test_rows_must_fit_the_columns():
    with pytest.raises(ValueError, match="row 0 has 2 values"):
        table((("a", 1),))


def test_publishing_a_result():
    frame = pd.DataFrame({"zone": ["A"], "estimate": [3.25], "n": [120]})
    result = Estimates(frame, "mean")
    published = tables.publish(
        result, lang="zh", caption="均值", labels={"zone": "片区"}, digits={"estimate": 2}
    )
    assert [column.label for column in published.columns] == ["片区", "估计值", "样本量"]
    assert '<td class="n">3.25</td><td class="n">120</td>' in published.to_html()
    with pytest.raises(ValueError, match="no label in 'en' for column 'zone'"):
        tables.publish(result, lang="en", caption="Means")
