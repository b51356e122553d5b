import io

import numpy as np
import pandas as pd
import pytest
from matplotlib import image

from govlab import plots
from govlab.compare import did, necessity
from govlab.plots import Moment


def ink(figure):
    return image.imread(io.BytesIO(figure.png), format="png").std()


def panel():
    rng = np.random.default_rng(2)
    rows = [
        (
            f"z{place}",
            wave,
            int(place < 4 and wave == 3),
            0.4 * (place < 4) * (wave == 3) + rng.normal(3, 0.1),
        )
        for place in range(8)
        for wave in (1, 2, 3)
    ]
    return pd.DataFrame(rows, columns=["zone", "wave", "on", "y"])


MOMENTS = [
    Moment("1", -0.04, (-0.2, 0.12), (-0.27, 0.19), before=True),
    Moment("2", None, before=True),
    Moment("3", 0.32, (0.16, 0.48), (0.1, 0.54)),
]


def test_event_study_says_both_intervals():
    figure = plots.event_study(MOMENTS, lang="en", caption="c", wedge=0.24)
    assert figure.alt == (
        "1 −0.04 [−0.20, +0.12] [−0.27, +0.19]; 2 (base); 3 +0.32 [+0.16, +0.48] [+0.10, +0.54]"
    )
    assert ink(figure) > 0.03
    assert "（基期）" in plots.event_study(MOMENTS, lang="zh", caption="c").alt


def test_an_event_study_draws_itself():
    found = did.event_study(panel(), "y", unit="zone", time="wave", treated="on")
    drawn = plots.moments(found)
    assert [one.label for one in drawn] == ["−2", "−1", "0"] and drawn[1].estimate is None
    row = found.to_frame().iloc[2]
    assert drawn[2].inner == (row["conf_low"], row["conf_high"]) and drawn[2].outer[0] < drawn[2].inner[0]
    wedge = found.pre_trend().detectable
    assert ink(plots.event_study(drawn, lang="zh", caption="c", wedge=wedge)) > 0.03


def test_permutations_count_what_is_as_large():
    found = did.randomisation_test(
        panel(), "y", treated="on", cluster="zone", time="wave", assignment="not-random"
    )
    figure = plots.permutations(found, lang="en", caption="c")
    extreme = int((np.abs(found.statistics) >= abs(found.observed) - 1e-9).sum())
    assert "all 70 ways" in figure.alt and f"; {extreme} are at least" in figure.alt and ink(figure) > 0.03


def test_synthetic_path_names_the_unit():
    found = did.synthetic_control(panel(), "y", unit="zone", time="wave", treated="on", of="z1")
    figure = plots.synthetic_path(found, ["一", "二", "三"], name="风车", lang="zh", caption="c")
    assert figure.alt.startswith("一 风车 ") and "合成对照" in figure.alt and ink(figure) > 0.03
    with pytest.raises(ValueError):
        plots.synthetic_path(found, ["1"], name="z1", lang="en", caption="c")


@pytest.mark.parametrize("corner", ["upper-left", "lower-right"])
def test_ceilings_over_a_scatter(corner):
    rng = np.random.default_rng(1)
    x = rng.uniform(0, 10, 30)
    frame = pd.DataFrame({"staff": x, "trust": x * rng.uniform(0.2, 1, 30)})
    if corner == "lower-right":
        frame = -frame
        frame["staff"] *= -1
        frame["staff"] = frame["staff"].max() - frame["staff"]
    pair = necessity.nca(frame, "staff", "trust", corner=corner, draws=0)["staff"]
    figure = plots.ceilings(pair, x="Staff", y="Trust", lang="en", caption="c")
    assert figure.alt.startswith("30 cases: Staff across, Trust up; effect size ") and ink(figure) > 0.03


def test_nothing_to_draw():
    flat = necessity.nca(pd.DataFrame({"x": [1, 1], "y": [1, 2]}), "x", "y")["x"]
    with pytest.raises(ValueError):
        plots.ceilings(flat, x="x", y="y", lang="en", caption="c")
    with pytest.raises(ValueError):
        plots.event_study(MOMENTS[:2], lang="en", caption="c")
    with pytest.raises(ValueError):
        plots.event_study([MOMENTS[2]], lang="en", caption="c")
