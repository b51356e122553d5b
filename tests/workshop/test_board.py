"""The board: what it takes from a browser, and that it is moved by mouse and by keyboard without a network."""

from pathlib import Path

import pytest

from govlab.workshop.widgets import controls
from govlab.workshop.widgets.board import board, kept
from tests.reports.browser import chromium

CARDS = (controls.Card("a", "Records", "■"), controls.Card("b", "Meetings"), controls.Card("c", "Repairs"))
COLUMNS = (("left", "Left"), ("middle", "Middle"), ("right", "Right"))

FAKE = """
async ({esm, state}) => {
  const heard = {};
  window.saved = 0;
  window.model = {
    get: (name) => state[name],
    set: (name, value) => { state[name] = value; (heard["change:" + name] ?? []).forEach((one) => one()); },
    save_changes: () => { window.saved += 1; },
    on: (name, done) => { (heard[name] ??= []).push(done); },
    off: () => {},
  };
  const made = await import(URL.createObjectURL(new Blob([esm], {type: "text/javascript"})));
  await made.default.render({model: window.model, el: document.getElementById("here")});
}
"""


def control(lang: str = "en", most: int = 0) -> controls.Board:
    start = (("a", "left"), ("b", "left"))
    return controls.Board("board", "Who does it", CARDS, COLUMNS, start, "Tray", most, lang)


def test_only_what_the_board_knows_is_kept():
    cards, columns = {"a", "b", "c"}, {"left", "right"}
    given = [
        ["a", "left"],
        ["x", "left"],
        ["a", "up"],
        ("b", "right"),
        ["a", "left"],
        "ab",
        ["b"],
        [1, 2],
        None,
    ]
    assert kept(given, cards, columns) == [["a", "left"], ["b", "right"]]
    assert kept([["a", "left"], ["b", "left"], ["c", "right"]], cards, columns, 1) == [
        ["a", "left"],
        ["c", "right"],
    ]


def test_a_browser_cannot_lay_what_is_not_there():
    shown = board(control(), control().start)
    told = []
    shown.observe(lambda change: told.append(change["new"]), "value")
    shown.set_state({"value": [["a", "middle"], ["nobody", "left"], ["c", "middle"], ["c", "right"]]})
    assert shown.value == [["a", "middle"], ["c", "middle"], ["c", "right"]] == told[-1]
    shown.value = (("b", "right"),)
    assert shown.value == [["b", "right"]]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_board_speaks_its_language(lang):
    texts = board(control(lang), ()).texts
    other = board(control("en" if lang == "zh" else "zh"), ()).texts
    assert set(texts) == set(other) and not set(texts.values()) & set(other.values())


def test_files_of_the_board_ship_and_reach_for_nothing():
    folder = Path(controls.__file__).parent
    for name in ("board.js", "board.css"):
        text = (folder / name).read_text(encoding="utf-8")
        assert "http" not in text and "import(" not in text and "url(" not in text


@pytest.fixture(scope="module")
def page():
    with chromium(width=800, height=700) as tab:
        asked = []
        tab.on("request", lambda one: asked.append(one.url))
        yield tab
        assert not [one for one in asked if not one.startswith(("blob:", "data:", "about:"))]


def opened(page, shown) -> None:
    page.set_content(f"<style>{shown._css}</style><div id='here' style='width:760px'></div>")
    state = {
        key: getattr(shown, key)
        for key in ("value", "cards", "columns", "tray", "label", "lang", "most", "texts")
    }
    page.evaluate(FAKE, {"esm": shown._esm, "state": state})


def value(page) -> list[list[str]]:
    return page.evaluate("window.model.get('value')")


def card(page, name: str, column: str):
    return page.locator(f".glb-column[data-column='{column}'] .glb-card[data-card='{name}']")


def said(page) -> str:
    return page.locator(".glb-said").inner_text()


def drag(page, name: str, column: str, to: str) -> None:
    start, end = card(page, name, column).bounding_box(), page.locator(f"[data-column='{to}']").bounding_box()
    page.mouse.move(start["x"] + 10, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(end["x"] + 30, end["y"] + end["height"] - 12, steps=6)
    page.mouse.up()


@pytest.mark.browser
def test_cards_are_dragged_by_mouse(page):
    opened(page, board(control(), control().start))
    drag(page, "a", "left", "right")
    assert value(page) == [["b", "left"], ["a", "right"]] and page.evaluate("window.saved") == 1
    assert said(page) == "Records now lies in Right."
    drag(page, "c", "", "middle")  # out of the tray
    assert value(page)[-1] == ["c", "middle"] and card(page, "c", "").count() == 0
    page.keyboard.down("Shift")
    drag(page, "c", "middle", "left")
    page.keyboard.up("Shift")
    assert ["c", "middle"] in value(page) and ["c", "left"] in value(page)
    drag(page, "b", "left", "")
    assert ["b", "left"] not in value(page) and card(page, "b", "").count() == 1
    before = value(page)
    drag(page, "a", "right", "right")
    card(page, "a", "right").click()
    assert value(page) == before


@pytest.mark.browser
def test_cards_are_moved_by_keyboard(page):
    opened(page, board(control(), control().start))
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.card") == "a"
    page.keyboard.press("ArrowRight")
    assert value(page) == [["b", "left"], ["a", "middle"]]
    assert page.evaluate("document.activeElement.parentNode.dataset.column") == "middle"
    page.keyboard.press("c")
    assert value(page)[-1] == ["a", "right"] and said(page) == "Records now lies in Right as well."
    page.keyboard.press("Shift+ArrowLeft")  # skips the middle, which has it already
    assert sorted(value(page)) == [["a", "left"], ["a", "middle"], ["a", "right"], ["b", "left"]]
    page.keyboard.press("Delete")
    assert ["a", "left"] not in value(page)
    assert "still lies in another" in said(page)
    assert page.evaluate("document.activeElement.dataset.card") == "a"  # where it still lies
    card(page, "b", "left").focus()
    page.keyboard.press("Enter")
    assert card(page, "b", "left").get_attribute("aria-pressed") == "true"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert said(page) == "Meetings is over Right." and ["b", "left"] in value(page)
    page.keyboard.press(" ")
    assert ["b", "right"] in value(page) and ["b", "left"] not in value(page)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Escape")
    assert ["b", "middle"] in value(page)


@pytest.mark.browser
def test_it_follows_python_and_a_full_column_says_so(page):
    opened(page, board(control("zh", 2), control().start))
    page.evaluate("window.model.set('value', [['a', 'left'], ['c', 'left']])")
    assert card(page, "c", "left").count() == 1 and card(page, "b", "").count() == 1
    drag(page, "b", "", "left")
    assert value(page) == [["a", "left"], ["c", "left"]] and "已经满了" in said(page)
    assert page.locator(".glb").get_attribute("lang") == "zh"
    assert card(page, "a", "left").get_attribute("role") == "button"
    assert page.locator("[data-column='left']").get_attribute("aria-label") == "Left，2 张牌"
    wide = page.evaluate(
        "[...document.querySelectorAll('.glb *')].every((one) => one.getBoundingClientRect().right <= 776)"
    )
    assert wide
