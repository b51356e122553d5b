"""The zone explorer: answers, means and differences of the demo study, all through its mask."""

import re

import numpy as np
import pytest

from govlab.workshop.widgets import bench
from govlab.workshop.widgets.zones import opened
from govlab.workshop.widgets.zones_work import EVERYONE
from tests.workshop.reading import CHINESE, LATIN, words

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


def weighted(zone, item, wave=3):
    """Answers and weights of a zone's respondents, straight from the table."""
    design = opened().explorer.tell.design(wave)
    inside = np.ones(len(design), dtype=bool) if not zone else (design.frame["zone"] == zone).to_numpy()
    return design.frame[item].to_numpy(dtype=float)[inside], design.weights[inside]


def test_bars_are_weighted_shares():
    found = opened().explorer.bars("sat_overall", 3)
    shown = [zone for zone, bar in found.items() if bar.shares]
    assert EVERYONE in shown and 2 < len(shown) < 17
    for zone in shown:
        values, weights = weighted(zone, "sat_overall")
        known = ~np.isnan(values)
        total = weights[known].sum()
        by_hand = [weights[known & low & high].sum() / total for low, high in
                   ((values >= 1, values <= 2), (values == 3, True), (values >= 4, values <= 5))]  # fmt: skip
        assert found[zone].shares == pytest.approx(by_hand, rel=1e-9)
        assert found[zone].n == known.sum()
        assert found[zone].outside == pytest.approx(weights[~known].sum() / weights.sum())


def test_no_bar_where_fewer_than_ten_gave_an_answer():
    found = opened().explorer.bars("sat_overall", 3)
    for zone, bar in found.items():
        values, _ = weighted(zone, "sat_overall")
        counts = [np.isin(values, some).sum() for some in ((1, 2), (3,), (4, 5))]
        if min(counts) < 10:
            assert not bar.shares, zone
    one = bench("zones", "en", {"item": "sat_overall"})
    hidden = sum(not bar.shares for zone, bar in found.items() if zone)
    assert f"in the {hidden} with a star" in one.view().said[0]
    assert one.view().drawing.sheet.to_svg("").count(">*<") == hidden


def test_means_and_pairs():
    from govlab.survey import compare_zones

    tell = opened().explorer.tell
    found = opened().explorer.means("belonging", 3)
    for zone in tell.names.zones:
        values, weights = weighted(zone, "belonging")
        known = ~np.isnan(values)
        assert found[zone].ends[0] == pytest.approx(np.average(values[known], weights=weights[known]))
    pairs = compare_zones(tell.design(3), "belonging", zone="zone").to_frame()
    said = bench("zones", "en", {"item": "belonging", "view": "means"}).view().said
    assert f"Of {len(pairs)} pairs of zones, {int(pairs['different'].sum())} can be told apart" in said[-1]
    row = pairs[(pairs["zone"] == "hourglass") & (pairs["against"] == "brass-bell")].iloc[0]
    against = opened().explorer.differences("belonging", 3, "hourglass")["brass-bell"]
    assert against == pytest.approx((-row["estimate"], -row["conf_high"], -row["conf_low"]))
    one = bench("zones", "en", {"item": "belonging", "view": "differences", "against": "brass-bell"})
    mine = pairs[(pairs["zone"] == "brass-bell") | (pairs["against"] == "brass-bell")]
    assert f"Of 15 zones, {int(mine['different'].sum())} can be told apart" in one.view().said[0]


def test_a_scale_of_several_questions_has_no_bars():
    one = bench("zones", "en", {"item": "gain"})
    assert "made of several questions" in one.view().said[0]
    assert one.view().said[1:] == bench("zones", "en", {"item": "gain", "view": "means"}).view().said


def test_only_what_the_study_publishes():
    items = opened().items
    assert items[0] == "sat_overall" and not {"age", "education", "tenure"} & set(items)
    labels = [words for _, words in bench("zones", "zh").controls()[0].options]
    assert len(set(labels)) == len(labels) == len(items)


def test_both_languages():
    one = bench("zones", "en")
    shown = [("3", "belonging", view) for view in ("answers", "means", "differences")]
    shown += [(wave, item, "answers") for wave in ("1", "3") for item in ("sat_overall", "meeting_done")]
    for wave, item, view in shown:
        one.move(wave=wave)
        one.move(item=item, view=view)
        one.lang = "en"
        english = words(one)
        assert english == words(one)
        one.lang = "zh"
        chinese = words(one)
        assert not CHINESE.search(english) and not set(LATIN.findall(chinese)) - {"ab", "bc", "abc", "cd"}
        drop = {"1", "3"}  # a wave is 第一轮 in Chinese
        numbers = [sorted(set(NUMBER.findall(one)) - drop) for one in (english, chinese)]
        assert numbers[0] == numbers[1]


def test_the_zone_compared_with_is_offered_only_for_differences():
    one = bench("zones", "en")
    last = one.screen().children[1].children[3]
    assert last.layout.display == "none"
    one.move(view="differences")
    assert last.layout.display is None
