"""The duties board: load, overlap, gaps and lines follow the cards; Beijing's separation as the article has it."""

import re
from collections import Counter

import pytest
import yaml

from govlab.data.locate import shipped
from govlab.workshop.widgets import bench
from tests.workshop.test_bench_devolution import LATIN, numbers
from tests.workshop.test_widgets import CHINESE

FILE = yaml.safe_load((shipped("datasets") / "demo_study" / "duties.yaml").read_text(encoding="utf-8"))
OFFICE = {one["id"]: one["hours"] for one in FILE["tasks"] if one["nature"] == "administrative"}
SELF = [one["id"] for one in FILE["tasks"] if one["nature"] == "self-government"]
SERVICE = [one["id"] for one in FILE["tasks"] if one["nature"] in ("service", "market")]


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


def said(**values) -> tuple[str, ...]:
    return bench("duties", "en", values).view().said


def test_beijing_separated_takes_the_offices_work_off_the_committee():
    committee, station, overlap, gaps, lines = said()
    hours = sum(OFFICE.values())
    n, own = len(OFFICE), len(SELF)
    assert numbers(committee) == [str(one) for one in (n + own, own, n, 0, hours, 0)]
    assert numbers(station) == [str(one) for one in (0, n, 0, n, 0, hours)]
    assert numbers(overlap) == ["0", "0"]
    assert f"of {len(SERVICE)} the text did not say then" in gaps and f"{len(SERVICE)} now" in gaps
    assert "the source does not say" in lines and "service station (street and party organisation)" in lines


def test_the_article_says_where_the_kinds_of_task_go():
    values = bench("duties", "en").values
    assert sorted(values["board"]) == sorted(
        [(one, "station") for one in OFFICE] + [(one, "committee") for one in SELF]
    )


@pytest.mark.parametrize("when", ["before", "after"])
def test_the_invented_community_against_its_file(when):
    given = next(one for one in FILE["arrangements"] if one["id"] == when)["assignments"]
    does = [(one["task"], one["body"]) for one in given if one["role"] == "does"]
    times = Counter(task for task, _ in does)
    one = bench("duties", "en", {"start": f"demo-{when}", "against": f"demo-{when}"})
    assert sorted(one.values["board"]) == sorted(does)
    committee, _, overlap, gaps, _ = one.view().said
    mine = [task for task, body in does if body == "committee"]
    office = [task for task in mine if task in OFFICE]
    expected = [len(mine)] * 2 + [len(office)] * 2 + [sum(OFFICE[task] for task in office)] * 2
    assert numbers(committee) == [str(number) for number in expected]
    assert numbers(overlap) == [str(sum(count > 1 for count in times.values()))] * 2
    assert numbers(gaps) == [str(len(FILE["tasks"]) - len(times))] * 2
    assert one.view().table is None


def test_a_card_moved_copied_and_put_back():
    one = bench("duties", "en")
    pairs = one.values["board"]
    one.move(board=(*pairs, ("records", "committee"), ("elderly", "groups")))
    seen = one.view()
    assert "1 now (Records and reports)" in seen.said[2] and f"{len(SERVICE) - 1} now" in seen.said[3]
    assert f"now {OFFICE['records']})" in seen.said[0]
    moved = {row[0]: row[1:] for row in seen.table.rows}
    assert moved["Records and reports"] == (
        "residents' committee",
        "service station and residents' committee",
    )
    assert moved["Meals for old people"] == ("not said", "residents' groups")
    one.move(board=())
    assert f"{len(FILE['tasks'])} now" in one.view().said[3]


def test_another_beginning_lays_the_board_anew():
    one = bench("duties", "zh")
    one.move(board=())
    one.move(start="demo-after")
    assert ("certificates", "station") in one.values["board"]
    one.move(start="demo-before", board=(("parking", "groups"),))
    assert one.values["board"] == (("parking", "groups"),)
    shown = one.screen().children[1].children
    shown[0].value = "beijing-before"
    assert {body for _, body in one.values["board"]} == {"committee"}
    assert ["records", "committee"] in shown[2].value
    shown[2].value = [*shown[2].value, ["culture", "party"], ["culture", "the moon"]]
    assert one.values["board"][-1] == ("culture", "party") and "culture" not in str(one.view().said)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_choice_in_one_language(lang):
    one = bench("duties", lang)
    start, against, board = one.controls()
    for key, _ in start.options:
        for other, _ in against.options:
            one.move(start=key, against=other)
            assert not (CHINESE if lang == "en" else LATIN).search(words(one))
    every = tuple((card.id, column) for card in board.cards for column, _ in board.columns)
    one.move(board=every)
    assert f"{len(board.cards)}" in numbers(one.view().said[2])
    assert one.live_html() == one.live_html()


def words(one) -> str:
    seen = one.view()
    marks = re.findall(r">([^<>]+)</text>", seen.drawing.sheet.to_svg(""))
    start, against, board = one.controls()
    labels = [start.label, against.label, board.label, board.tray, *(text for _, text in start.options)]
    labels += [card.words for card in board.cards] + [text for _, text in board.columns]
    cells = [str(cell) for row in (seen.table.rows if seen.table else ()) for cell in row]
    notes = [seen.drawing.caption, seen.drawing.note]
    return " ".join([one.title, *labels, *seen.said, *marks, *cells, *notes])


@pytest.mark.parametrize("values", [{}, {"start": "demo-after", "against": "demo-before"}])
def test_both_languages_hold_the_same_numbers(values):
    zh, en = (numbers(" ".join(bench("duties", lang, values).view().said)) for lang in ("zh", "en"))
    assert sorted(zh) == sorted(en)
