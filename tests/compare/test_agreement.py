"""Agreement meets the definitions (krippendorff, statsmodels and R psych agree with them) and its edges."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govlab.compare import agreement
from govlab.errors import InputError
from govlab.results import NotApplicable

FOLDER = Path(__file__).parent.parent / "reference" / "measurement"
CODERS = ["coder1", "coder2", "coder3"]


def codes() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "coders.csv")


def reference() -> dict[str, dict[str, object]]:
    return json.loads((FOLDER / "coders_expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("metric", ["nominal", "ordinal", "interval", "ratio"])
def test_krippendorff(metric: str) -> None:
    found = agreement.krippendorff(codes(), CODERS, metric=metric, missing=[-2], draws=200)
    assert found.value == pytest.approx(reference()["krippendorff"][metric], rel=1e-12)
    assert found.n_codes == reference()["krippendorff"]["n_pairable"]
    assert found.conf_low < found.value < found.conf_high


@pytest.mark.parametrize("weights", ["unweighted", "linear", "quadratic"])
def test_cohen(weights: str) -> None:
    found = agreement.cohen(codes(), "coder1", "coder2", weights=weights, missing=[-2], draws=200)
    wanted = reference()["cohen"]
    assert found.value == pytest.approx(wanted[weights], rel=1e-12)
    assert found.std_error == pytest.approx(wanted[f"se_{weights}"], rel=1e-12)
    assert (found.n_units, found.n_dropped) == (wanted["n"], 20 - wanted["n"])
    assert found.agreement == wanted["percent_agreement"]


def test_cohen_of_every_pair() -> None:
    for pair, value in reference()["cohen"]["pairwise_unweighted"].items():
        found = agreement.cohen(codes(), *pair.split("-"), missing=[-2], draws=0)
        assert found.value == pytest.approx(value, rel=1e-12)
        assert found.conf_low is None


def test_fleiss() -> None:
    found, wanted = agreement.fleiss(codes(), CODERS, missing=[-2], draws=200), reference()["fleiss"]
    assert found.value == pytest.approx(wanted["kappa"], rel=1e-12)
    assert found.std_error == pytest.approx(wanted["se_null"], rel=1e-12)
    assert found.n_units == wanted["units_complete"]
    each = agreement.by_category(codes(), CODERS, missing=[-2])
    assert each["kappa"].tolist() == pytest.approx(wanted["per_category"], rel=1e-12)
    assert each["n"].sum() == 55


def test_a_published_worked_example() -> None:
    """Ten subjects, 14 raters, 5 categories (the worked example of the encyclopedia article on Fleiss' kappa)."""
    counts = [
        [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ]  # fmt: skip
    rows = [np.repeat(np.arange(5), line) for line in counts]
    data = pd.DataFrame(np.array(rows), columns=list("abcdefghijklmn"))
    found = agreement.fleiss(data, list(data), draws=0)
    assert found.agreement == pytest.approx(0.378, abs=5e-4)
    assert found.value == pytest.approx(0.210, abs=5e-4)


def test_krippendorffs_own_example() -> None:
    """Four observers, twelve units, missing codes (Krippendorff 2011, Computing Krippendorff's Alpha)."""
    rows = [
        "1 2 3 3 2 1 4 1 2 . . .",
        "1 2 3 3 2 2 4 1 2 5 . 3",
        ". 3 3 3 2 3 4 2 2 5 1 .",
        "1 2 3 3 2 4 4 1 2 5 1 .",
    ]
    data = pd.DataFrame({name: row.split() for name, row in zip("ABCD", rows, strict=True)})
    wanted = {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849, "ratio": 0.797}
    for metric, value in wanted.items():
        found = agreement.krippendorff(data, list("ABCD"), metric=metric, missing=["."], draws=0)
        assert found.value == pytest.approx(value, abs=5e-4), metric
        assert (found.n_units, found.n_dropped) == (11, 1)


def test_specific_agreement_and_what_is_taken_for_what() -> None:
    data = pd.DataFrame({"a": list("xxxyyz"), "b": list("xxyyyx")})
    each = agreement.by_category(data, ["a", "b"], values=["x", "y", "z", "w"]).set_index("code")
    assert each.loc["x", "specific"] == pytest.approx(4 / 6)
    assert each.loc["y", "specific"] == pytest.approx(4 / 5)
    assert each.loc["z", "mistaken_for"] == "x"
    assert each.loc["w", "n"] == 0 and np.isnan(each.loc["w", "specific"])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_identities(seed: int) -> None:
    rng = np.random.default_rng(seed)
    data = pd.DataFrame(rng.integers(0, 4, (15, 3)).astype(float), columns=list("abc"))
    data = data.mask(rng.random((15, 3)) < 0.2)
    data.iloc[:4] = [[0, 1, 2], [3, 3, 1], [0, 0, 0], [2, 1, 1]]
    for metric in ("nominal", "ordinal", "interval", "ratio"):
        first = agreement.krippendorff(data, list("abc"), metric=metric, draws=0).value
        swapped = agreement.krippendorff(data, list("cab"), metric=metric, draws=0).value
        assert first == pytest.approx(swapped, rel=1e-12)
        assert first <= 1
    interval = agreement.krippendorff(data, list("abc"), metric="interval", draws=0).value
    moved = agreement.krippendorff(3 * data + 7, list("abc"), metric="interval", draws=0).value
    assert moved == pytest.approx(interval, rel=1e-10)
    quadratic = agreement.cohen(data, "a", "b", weights="quadratic", values=[0, 1, 2, 3], draws=0).value
    assert quadratic == pytest.approx(
        agreement.cohen(data, "b", "a", weights="quadratic", values=[0, 1, 2, 3], draws=0).value
    )


def test_all_agree_and_one_code_only() -> None:
    same = pd.DataFrame({"a": [1, 2, 3], "b": [1, 2, 3]})
    assert agreement.krippendorff(same, ["a", "b"], draws=50).value == 1.0
    assert agreement.cohen(same, "a", "b", draws=0).value == 1.0
    one = pd.DataFrame({"a": [1, 1, 1], "b": [1, 1, 1]})
    for found in (
        agreement.krippendorff(one, ["a", "b"]),
        agreement.cohen(one, "a", "b"),
        agreement.fleiss(one, ["a", "b"]),
    ):
        assert isinstance(found.value, NotApplicable)
        assert found.to_frame()["reason"].tolist() == ["one-code"]
        assert (found.conf_low, found.std_error) == (None, None)
        assert "not applicable" in found.summary()


def test_interval_covers() -> None:
    """Of 60 samples of 40 units from one process, most 90 % intervals hold the long-run value."""
    rng = np.random.default_rng(8)

    def sample(n: int) -> pd.DataFrame:
        truth = rng.integers(0, 3, n)
        wrong = rng.random((n, 2)) < 0.25
        each = np.where(wrong, rng.integers(0, 3, (n, 2)), truth[:, None])
        return pd.DataFrame(each, columns=["a", "b"])

    long_run = agreement.krippendorff(sample(60_000), ["a", "b"], draws=0).value
    held = 0
    for _ in range(60):
        found = agreement.krippendorff(sample(40), ["a", "b"], level=0.9, draws=200)
        held += found.conf_low <= long_run <= found.conf_high
    assert 45 <= held <= 60


def test_codes_from_a_workbook_are_the_same_code() -> None:
    data = pd.DataFrame({"a": [1, "2", 3.0, "x"], "b": ["1", 2.0, "3", None]}, dtype=object)
    found = agreement.krippendorff(data, ["a", "b"], missing=["x"], metric="interval", draws=0)
    assert found.value == 1.0 and found.n_units == 3


def test_bad_codes() -> None:
    data = pd.DataFrame({"a": ["low", "high", None], "b": ["low", "mid", None], "c": [None] * 3})
    for call, key in [
        (lambda: agreement.krippendorff(data, ["a", "b"], metric="ratio"), "not_numbers"),
        (lambda: agreement.krippendorff(data, ["a", "b"], metric="ordinal"), "no_order"),
        (lambda: agreement.cohen(data, "a", "b", values=["low", "high"]), "unknown_codes"),
        (lambda: agreement.fleiss(data, ["a", "c"]), "no_pairs"),
        (lambda: agreement.krippendorff(data, ["a", "c"]), "no_pairs"),
        (lambda: agreement.cohen(data, "a", "c"), "no_pairs"),
        (lambda: agreement.krippendorff(-codes(), CODERS, metric="ratio"), "negative"),
        (lambda: agreement.cohen(data[["c"]].assign(d=None), "c", "d"), "no_codes"),
    ]:
        with pytest.raises(InputError) as error:
            call()
        assert [fault.key for fault in error.value.faults] == [f"agreement.{key}"]
        assert all(fault.text("zh") for fault in error.value.faults)
    with pytest.raises(ValueError, match="two or more"):
        agreement.fleiss(data, ["a", "a"])
    with pytest.raises(KeyError):
        agreement.fleiss(data, ["a", "nobody"])
    with pytest.raises(ValueError, match="metric"):
        agreement.krippendorff(data, ["a", "b"], metric="fuzzy")


def test_disagreements_lead_to_the_passage() -> None:
    data = pd.DataFrame(
        {
            "place": ["p. 1", "p. 2", "p. 3", "p. 4"],
            "a": ["none", "some", "full", "none"],
            "b": ["none", "full", "none", "?"],
            "c": ["none", "some", "some", "some"],
        }
    )
    found = agreement.disagreements(
        data, ["a", "b", "c"], keep=["place"], missing=["?"], values=["none", "some", "full"]
    )
    assert found["place"].tolist() == ["p. 3", "p. 2", "p. 4"]
    assert found["apart"].tolist() == [2, 1, 1]
    assert found["most"].tolist() == [None, "some", None]
