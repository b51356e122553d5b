"""Figures about inventories and life circles: numbers in the alternative text, what cannot be drawn refused."""

import numpy as np
import pytest

from govlab import plots
from govlab.plots import Spots, Stock


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_stock_says_its_numbers(lang):
    lines = [Stock("需求" if lang == "zh" else "needs", (1, 5)), Stock("b", (1, 5))]
    figure = plots.stock(lines, ["2024.3", "2024.6"], lang=lang, caption="c", note="n")
    assert figure.png.startswith(b"\x89PNG")
    first = "需求：2024.3 1，2024.6 5" if lang == "zh" else "needs: 2024.3 1, 2024.6 5"
    assert figure.alt.startswith(first)
    with pytest.raises(ValueError, match="lines"):
        plots.stock([Stock("a", (1,))], ["x", "y"], lang=lang, caption="c")
    with pytest.raises(ValueError, match="lines"):
        plots.stock([], ["x"], lang=lang, caption="c")


def test_flows_star_what_is_withheld():
    figure = plots.flows(["a", "b"], [[3.5, None], [12, 0]], lang="en", caption="c", heads=("from", "to"))
    assert figure.alt == "a: →a 3.5, →b *; b: →a 12, →b 0"
    with pytest.raises(ValueError, match="hours"):
        plots.flows(["a", "b"], [[1, 2]], lang="en", caption="c", heads=("from", "to"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_map(lang):
    at = np.array([[0.0, 0.0], [500.0, 900.0], [3000.0, 100.0]])
    spots = [
        Spots("站" if lang == "zh" else "station", np.array([[10.0, 10.0]])),
        Spots("x", np.zeros((0, 2))),
    ]
    shown = {"lang": lang, "caption": "c", "words": ("0", "2"), "scale": (500.0, "500 m")}
    residents = np.array([10.0, 20, 30])
    figure = plots.circle_map(at, residents, np.array([2, 1, 0]), spots, **shown)
    assert figure.png.startswith(b"\x89PNG")
    assert ("0：30" if lang == "zh" else "0: 30") in figure.alt
    # one point alone, everything in one place
    plots.circle_map(at[:1], residents[:1], np.array([0]), spots[:1], **shown)
    with pytest.raises(ValueError, match="at least one point"):
        plots.circle_map(at[:0], residents[:0], np.zeros(0, int), spots, **shown)
