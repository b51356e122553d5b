import io
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import image

from govlab.plots import Answers, Course, Interval, courses, intervals, likert
from govlab.plots.survey import apart


def ink(figure):
    return image.imread(io.BytesIO(figure.png), format="png").std()


def test_intervals_tell_what_they_show():
    figure = intervals(
        [
            Interval("East", 3.9, 3.7, 4.1, 212, "a"),
            Interval("West", 3.6, 3.5, 3.7, 1420, "ab", reference=True),
            Interval("One unit", 3.5, n=31),
            Interval("Few", None, reason="* fewer than 10"),
        ],
        lang="en", caption="Means", zero=True,
    )  # fmt: skip
    assert ink(figure) > 0.03
    assert (
        figure.alt
        == "East 3.90 [3.70, 4.10], n = 212; West 3.60 [3.50, 3.70], n = 1,420; One unit 3.50, n = 31; Few * fewer than 10"
    )


def test_a_withheld_row_shows_no_number():
    figure = likert(
        [Answers("东街", (0.1, 0.2, 0.7), 0.05, 200), Answers("西街", (), reason="* 人数过少")],
        ["不同意", "一般", "同意"], lang="zh", caption="c",
    )  # fmt: skip
    assert figure.alt == "东街：不同意 10%，一般 20%，同意 70%，没有表态 5%；西街：* 人数过少"
    assert ink(figure) > 0.03


def test_courses_over_waves():
    line = Course("pilot", ((3.1, 3.0, 3.2), None, (3.6, 3.5, 3.7)))
    figure = courses(
        [line, Course("comparison", ((3.2, 3.1, 3.3),) * 3)], ["1", "2", "3"], lang="en", caption="c"
    )
    assert figure.alt == "pilot: 1 3.10, 2 —, 3 3.60; comparison: 1 3.20, 2 3.20, 3 3.20"


@pytest.mark.parametrize(
    "call",
    [
        lambda: intervals([Interval("a", None)], lang="en", caption="c"),
        lambda: likert([Answers("a", (0.5, 0.5))], ["x", "y", "z"], lang="en", caption="c"),
        lambda: likert([], ["x", "y"], lang="en", caption="c"),
        lambda: likert([Answers("a", (1.0,))], ["x"], lang="en", caption="c"),
        lambda: courses([Course("a", (None,))], ["1", "2"], lang="en", caption="c"),
    ],
)
def test_nothing_to_draw(call):
    with pytest.raises(ValueError):
        call()


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=6), st.floats(0.01, 1))
def test_names_at_the_ends_of_lines_keep_apart(heights, gap):
    moved = apart(heights, gap)
    ranked = sorted(moved)
    assert all(b - a >= gap - 1e-9 for a, b in itertools.pairwise(ranked))
    assert sum(moved) == pytest.approx(sum(heights), abs=1e-9)
    far = [place * 2.0 * gap for place in range(len(heights))]
    assert apart(far, gap) == pytest.approx(far)
