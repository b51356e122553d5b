import io

import matplotlib as mpl
import pytest
from matplotlib import image

from govlab import plots
from govlab.plots import Bar, Segment

BARS = [
    Bar("人员", (Segment("街道", 30), Segment("社区", 70)), "AKS-017"),
    Bar("开支", (Segment("街道", None, "复审"), Segment("社区", None, "两人签字")), "AKS-026"),
]


def pixels(figure):
    return image.imread(io.BytesIO(figure.png), format="png")


def test_holdings_are_drawn_and_told():
    figure = plots.holdings(BARS, lang="zh", caption="各方持有什么", note="注")
    assert pixels(figure).std() > 0.05
    assert figure.alt == "人员：街道 30%，社区 70%；开支：复审，两人签字"
    html = figure.numbered(2).to_html()
    assert "图 2　各方持有什么" in html and 'alt="人员：' in html and "data:image/png;base64," in html


def test_a_drawing_changes_no_setting():
    before = dict(mpl.rcParams)
    plots.counts([("甲", [3, 1])], ["投入", "产出"], lang="zh", caption="c")
    plots.grid([("a", [True, False])], ["x", "y"], lang="en", caption="c")
    assert dict(mpl.rcParams) == before


def test_the_same_data_give_the_same_bytes():
    assert (
        plots.holdings(BARS, lang="zh", caption="c").png == plots.holdings(BARS, lang="zh", caption="c").png
    )


def test_blue_and_grey_differ_in_greyscale():
    from govlab.plots.style import BLUE, REST

    def grey(colour):
        r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return 0.299 * r + 0.587 * g + 0.114 * b

    assert abs(grey(BLUE) - grey(REST)) > 80


def test_alt_texts():
    counted = plots.counts([("A", [3, 0]), ("B", [0, 2])], ["input", "output"], lang="en", caption="c")
    assert counted.alt == "A: input 3; B: output 2"
    gridded = plots.grid([("a", [True, False]), ("b", [False, False])], ["x", "y"], lang="en", caption="c")
    assert gridded.alt == "Stated: a: x; b: nowhere"


@pytest.mark.parametrize(
    "call",
    [
        lambda: plots.holdings([], lang="en", caption="c"),
        lambda: plots.counts([("A", [0])], ["x"], lang="en", caption="c"),
        lambda: plots.counts([("A", [1, 2])], ["x"], lang="en", caption="c"),
        lambda: plots.grid([("A", [True])], ["x", "y"], lang="en", caption="c"),
    ],
)
def test_nothing_to_draw(call):
    with pytest.raises(ValueError):
        call()


def test_the_font_has_chinese():
    from fontTools.ttLib import TTFont

    with TTFont(plots.font_path()) as font:
        assert all(ord(letter) in font.getBestCmap() for letter in "社区治理存疑")
