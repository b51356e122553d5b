import io

import pytest
from matplotlib import image

from govlab.plots import Service, importance_performance


def test_the_figure_tells_what_it_shows():
    figure = importance_performance(
        [
            Service("Basic", 4.41, 3.62, (4.3, 4.5), (3.5, 3.7)),
            Service("Market", 4.2, 3.1),
            Service("Few", None, None, reason="* fewer than 10"),
            Service("Withheld", 4.0, 3.0, reason="*"),
        ],
        lang="en", caption="Importance and satisfaction",
    )  # fmt: skip
    assert figure.alt == (
        "Basic: Importance 4.41 [4.30, 4.50], Satisfaction 3.62 [3.50, 3.70]; "
        "Market: Importance 4.20, Satisfaction 3.10; Few: * fewer than 10; Withheld: *"
    )
    assert image.imread(io.BytesIO(figure.png), format="png").std() > 0.03


def test_in_chinese_without_stray_english():
    figure = importance_performance(
        [Service("基本公共服务", 4.4, 3.6, (4.3, 4.5), (3.5, 3.7))], lang="zh", caption="图"
    )
    assert figure.alt == "基本公共服务：重要程度 4.40 [4.30，4.50]，满意程度 3.60 [3.50，3.70]"


def test_points_differ_in_greyscale():
    """Two points at one place in turn: their marks are not the same picture."""
    drawn = set()
    for place in range(3):
        kinds = [Service("", 4.0, 3.0)] * place + [Service("", 4.5, 3.5)]
        figure = importance_performance(kinds, lang="en", caption="c")
        grey = image.imread(io.BytesIO(figure.png), format="png")[..., :3].mean(axis=2)
        drawn.add(grey[:200, 700:].tobytes())
    assert len(drawn) == 3


def test_nothing_to_show():
    with pytest.raises(ValueError, match="none has both means"):
        importance_performance([Service("Few", None, None)], lang="en", caption="c")
