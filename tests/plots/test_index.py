"""Figures about indices say in words what they show, and refuse what cannot be drawn."""

import io

import pytest
from matplotlib import image

from govlab.plots import Ranged, Shift, rank_ranges, shifts, weight_dots


def ink(figure):
    return image.imread(io.BytesIO(figure.png), format="png").std()


def test_scores_beside_ranges():
    rows = [Ranged("East", 61.2, 1, 1, 3, 1, 2), Ranged("West", 40.0, 2, 1, 3, 2, 3)]
    figure = rank_ranges(rows, lang="en", caption="c", heads=("score", "rank"))
    assert figure.alt == "East 61.2, 1 [1 to 3]; West 40.0, 2 [1 to 3]"
    assert ink(figure) > 0.03
    assert "1 [1—3]" in rank_ranges(rows, lang="zh", caption="c", heads=("得分", "名次")).alt


def test_weights_by_method():
    figure = weight_dots(
        ["人员", "经费"], [("给定", (0.6, 0.4)), ("等权", (0.5, 0.5))], lang="zh", caption="c"
    )
    assert figure.alt == "人员：给定 60%，等权 50%；经费：给定 40%，等权 50%"
    assert ink(figure) > 0.02


def test_what_moves_the_order():
    figure = shifts([Shift("rank", 1.24, "scale"), Shift("z", 0.0, "scale")], lang="en", caption="c")
    assert figure.alt == "scale rank 1.2; scale z 0.0"
    assert ink(figure) > 0.02


@pytest.mark.parametrize(
    "call",
    [
        lambda: rank_ranges([], lang="en", caption="c", heads=("a", "b")),
        lambda: weight_dots(["a"], [("x", (0.5, 0.5))], lang="en", caption="c"),
        lambda: weight_dots(["a"], [], lang="en", caption="c"),
        lambda: shifts([], lang="en", caption="c"),
    ],
)
def test_nothing_to_draw(call):
    with pytest.raises(ValueError):
        call()
