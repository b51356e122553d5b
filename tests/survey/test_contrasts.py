"""Linear combinations of estimates."""

import numpy as np
import pandas as pd
import pytest

from govlab.survey.contrasts import contrast, row_keys
from govlab.survey.design import Design
from govlab.survey.estimate import mean
from tests.survey.reference import CHANGED, ITEMS, PLAIN, REPLICATED, STATS, Compared

SHOWN = {column: stat for column, stat in STATS.items() if stat != "deff"}
GROUPS = {"lik": ("zone", "Z1"), "srs": ("type", "unit"), "pai": ("grp", "a")}


@pytest.mark.parametrize("name", [*PLAIN, *CHANGED, *REPLICATED])
def test_contrasts_meet_the_reference(name: str, designs: dict[str, Design]) -> None:
    by, first = GROUPS[name[:3]]
    compared = Compared(name)
    for variable in ITEMS[name[:3]]:
        found = mean(designs[name], variable, by=by)
        labels = found.frame[by].tolist()
        asked = {f"{one}-{first}": {one: 1.0, first: -1.0} for one in labels if one != first}
        table = contrast(found, asked | {"mean of zones": np.full(len(labels), 1 / len(labels))}).frame
        for row in table.to_dict("records"):
            for column, stat in SHOWN.items():
                compared.one("svycontrast", variable, stat, row[column], domain=by, term=row["term"])
        if "pilot" not in designs[name].frame:
            continue
        cells = mean(designs[name], variable, by=["wave", "pilot"])
        for last in (2, 3):
            change = contrast(cells, {"change": {(last, 1): 1, (1, 1): -1, (last, 0): -1, (1, 0): 1}})
            row = change.frame.iloc[0]
            where = {"domain": f"wave {last}-1", "term": "pilot 1-0"}
            for column, stat in SHOWN.items():
                compared.one("svycontrast_did", variable, stat, row[column], **where)
    compared.done("svycontrast", "svycontrast_did")


def found() -> object:
    table = pd.DataFrame(
        {
            "psu": [1, 1, 2, 2, 3, 3, 4, 4],
            "zone": ["k", "k", "l", "m", "l", "m", "l", "m"],
            "y": [1.0, 2, 3, 4, 5, 7, 6, 8],
            "x": [1.0, 0, 1, 0, 0, 0, 1, 1],
        }
    )
    return mean(Design(table, clusters="psu"), ["y", "x"], by="zone")


def test_a_contrast_with_a_domain_of_one_unit_has_no_interval_and_says_why() -> None:
    rows = contrast(found(), {"l-k": {("l", "y"): 1, ("k", "y"): -1}, "m-l": {("m", "y"): 1, ("l", "y"): -1}})
    first, second = rows.frame.to_dict("records")
    assert first["estimate"] == pytest.approx(14 / 3 - 1.5)
    assert np.isnan(first["std_error"])
    assert first["reason"] == "one-psu"
    assert second["reason"] == ""
    assert np.isnan(rows.covariance[0]).all()
    assert rows.covariance[1, 1] == pytest.approx(second["std_error"] ** 2)


def test_contrasts_of_contrasts() -> None:
    rows = contrast(found(), {"y": {("m", "y"): 1, ("l", "y"): -1}, "x": {("m", "x"): 1, ("l", "x"): -1}})
    twice = contrast(rows, {"y - x": {"y": 1, "x": -1}}).frame.iloc[0]
    direct = contrast(
        found(), {"y - x": {("m", "y"): 1, ("l", "y"): -1, ("m", "x"): -1, ("l", "x"): 1}}
    ).frame.iloc[0]
    assert twice["std_error"] == pytest.approx(direct["std_error"], rel=1e-12)
    assert twice["estimate"] == pytest.approx(direct["estimate"], rel=1e-12)


def test_keys_of_rows() -> None:
    assert row_keys(found().frame)[:2] == [("k", "y"), ("l", "y")]


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        ({}, ValueError, "name at least one"),
        ({"a": {("z", "y"): 1}}, KeyError, "no row"),
        ({"a": [1.0, -1.0]}, ValueError, r"contrasts\['a'\] needs 6 coefficients"),
    ],
)
def test_wrong_calls_name_the_argument(asked: dict[str, object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        contrast(found(), asked)
