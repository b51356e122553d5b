"""The devolution bench: counts follow the share, the way and the floors; nothing but invented places."""

import csv
import re

import pytest

from govlab.data.locate import shipped
from govlab.workshop.widgets import bench
from govlab.workshop.widgets.controls import Choice
from tests.workshop.test_widgets import CHINESE

LATIN = re.compile(r"[A-Za-z]{2,}")


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


def numbers(words: str) -> list[str]:
    return re.findall(r"\d[\d,.]*\d|\d", words)


def rows(name: str) -> list[dict[str, str]]:
    path = shipped("datasets") / "demo_study" / f"{name}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def divided_equally(share: int, floor: int, thing: str) -> tuple[int, float, float]:
    """Below, lacking, moved by hand: posts whole and the first ones get the rest, money to the yuan."""
    below, short, moved = 0, 0.0, 0.0
    for street in rows("devolved_streets"):
        mine = [
            float(one[thing]) for one in rows("devolved_communities") if one["street"] == street["street"]
        ]
        total = int(street[thing]) * share / 100
        if thing == "staff":
            total = int(total + 1e-9)
            parts = [total // len(mine) + (place < total % len(mine)) for place in range(len(mine))]
        else:
            parts = [total / len(mine)] * len(mine)
        lack = [max(0.0, floor - own - part) for own, part in zip(mine, parts, strict=True)]
        below += sum(one > 1e-6 for one in lack)
        short += sum(lack)
        moved += total
    return below, short, moved


@pytest.mark.parametrize(("share", "floor"), [(70, 10), (60, 10), (0, 10), (100, 13), (33, 9)])
def test_posts_against_a_count_by_hand(share, floor):
    below, short, moved = divided_equally(share, floor, "staff")
    said = bench("devolution", "en", {"share": share, "staff": floor}).view().said
    assert (
        said[0].startswith(f"Below the floor of {floor} posts: {below} of 32") and f" {short:.0f} " in said[0]
    )
    assert f"218 posts in all; {moved:.0f} posts go down" in said[1]


def test_money_and_both_floors():
    below, short, moved = divided_equally(70, 110_000, "funds")
    one = bench("devolution", "en", {"thing": "funds", "funds": 11})
    assert numbers(one.view().said[0]) == ["110,000", str(below), "32", f"{short:,.0f}"]
    assert f"{moved:,.0f} yuan go down" in one.view().said[1]
    staff = divided_equally(70, 10, "staff")[0]
    assert f"{staff} are below its floor of 10 posts" in one.view().said[2]


@pytest.mark.parametrize("way", ["equal", "residents", "lowest-first"])
def test_the_least_share_is_where_nobody_falls_below(way):
    one = bench("devolution", "en", {"way": way, "staff": 9})
    least = int(re.search(r"From (\d+)%", one.view().said[1])[1])
    for share in (least, (least + 100) // 2, 100):
        one.move(share=share)
        assert one.view().said[0].startswith("None")
    one.move(share=least - 1)
    assert one.view().said[0].startswith("Below")


def test_too_high_a_floor_is_never_reached():
    one = bench("devolution", "en", {"staff": 20, "share": 100})
    below = divided_equally(100, 20, "staff")[0]
    assert f"{below} would still be below" in one.view().said[1] and f"{below} of 32" in one.view().said[0]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_end_of_every_control(lang):
    one = bench("devolution", lang)
    for control in one.controls():
        if isinstance(control, Choice):
            ends = [key for key, _ in control.options]
        else:
            ends = [control.low, control.high]
        for end in ends:
            one.move(**{control.name: end})
            assert not (CHINESE if lang == "en" else LATIN).search(words(one))
        one.move(**{control.name: control.start})
    assert one.live_html() == bench("devolution", lang).live_html()


def words(one) -> str:
    """All that is read: title, controls, captions, sentences, labels on the picture."""
    seen = one.view()
    marks = re.findall(r">([^<>]+)</text>", seen.drawing.sheet.to_svg(""))
    labels = [control.label for control in one.controls()]
    labels += [
        text for control in one.controls() if isinstance(control, Choice) for _, text in control.options
    ]
    return " ".join([one.title, *labels, *seen.said, *marks, seen.drawing.caption, seen.drawing.note])


@pytest.mark.parametrize("values", [{}, {"share": 20, "way": "residents"}, {"staff": 20, "share": 100}])
def test_both_languages_hold_the_same_numbers(values):
    zh, en = (numbers(" ".join(bench("devolution", lang, values).view().said)) for lang in ("zh", "en"))
    same = [f"{float(one) * 10_000:,.0f}" if one in ("12",) else one for one in zh]
    assert sorted(same) == sorted(en)


def test_what_it_runs_on_is_said_to_be_invented():
    assert "虚构" in bench("devolution", "zh").view().drawing.note
    assert "invented" in bench("devolution", "en").view().drawing.note
    assert all(row["fictional"] == "yes" for row in rows("devolved_communities"))


def test_it_begins_at_the_floors_of_the_ledger():
    values = bench("devolution", "en").values
    assert (values["share"], values["staff"], values["funds"]) == (70, 10, 12)
