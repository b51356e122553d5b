"""The picture of a class: first answers, agreement, nothing of fewer than five files."""

import pytest

from govlab.plots.classes import ClassRow, Given, class_answers
from govlab.workshop.class_picture import LEAST, agreement, example, final_share, first_answers, pieces, row
from govlab.workshop.exercises import exercise
from govlab.workshop.gathering import gather, pictured
from govlab.workshop.progress import Progress, Tries, write_progress
from tests.workshop.paper_text import CHINESE


def counted(parts, n):
    return [(one.words, round(n * one.share), one.right) for one in parts]


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"b": 12, "a": 6, "c": 5}, [("b (right)", 12, True), ("a", 6, False), ("c", 5, False)]),
        ({"b": 12, "a": 6, "c": 2}, [("b (right)", 12, True), ("other", 8, False)]),
        ({"b": 9, "a": 5, "c": 4, "abc": 3}, [("b (right)", 9, True), ("a", 5, False), ("other", 7, False)]),
        ({"b": 20, "a": 3}, [("nearly all right", 23, True)]),
        ({"b": 20}, [("nearly all right", 20, True)]),
        ({"a": 12, "b": 3, "c": 4}, [("a", 12, False), ("other", 7, False)]),
        ({"a": 12, "b": 3}, [("hardly any right", 15, False)]),
        ({"a": 12, "c": 5}, [("a", 12, False), ("c", 5, False)]),
    ],
)  # fmt: skip
def test_no_part_of_few_files(counts, shown):
    n = sum(counts.values())
    found = counted(pieces(counts, counts.get("b", 0), "en", "1.1"), n)
    assert found == shown
    assert all(count >= LEAST for _, count, _ in found) and sum(count for _, count, _ in found) == n


@pytest.mark.parametrize(
    ("first", "end", "n", "share"),
    [(6, 14, 20, 0.7), (6, 20, 20, 1.0), (6, 17, 20, None), (6, 8, 20, None), (6, 6, 20, 0.3), (0, 3, 20, None),
     (16, 20, 20, None)],
)  # fmt: skip
def test_the_end_is_shown_where_it_tells_on_nobody(first, end, n, share):
    assert final_share(first, end, n) == (share if share is None else pytest.approx(share))


def test_agreement_is_the_share_of_pairs():
    assert agreement({"a": 3, "b": 2}) == pytest.approx((3 + 1) / 10)
    assert agreement({"a": 4}) == 1.0 and agreement({"a": 1}) is None


def test_ways_to_write_an_answer_are_one():
    tries = [Tries(("8.33",), right=True), Tries(("8.3", "8.33"), right=True), Tries(("２２.04",)), Tries(())]
    assert first_answers(exercise("1.3"), tries) == {"8.327": 2, "22.04": 1}


def folder_of(folder, n):
    for i in range(n):
        person = Progress(f"g{i}", "zh").tried("1.1", "a" if i % 2 else "b", right=not i % 2)
        if i < 3:
            person = person.tried("2.3", "b", right=True)
        write_progress(folder / f"{i}.json", person)
    return gather(folder)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_figure_of_a_folder(tmp_path, lang):
    found = folder_of(tmp_path, 12)
    assert found.firsts["1.1"] == {"b": 6, "a": 6}
    figure = found.figure(lang)
    assert figure.png[:4] == b"\x89PNG"
    assert "12" in figure.note and "g1" not in figure.alt
    assert ("50%" in figure.alt) and ("少于 5 个文件" if lang == "zh" else "fewer than 5 files") in figure.alt
    assert bool(CHINESE.search(figure.alt + figure.caption + figure.note)) == (lang == "zh")
    assert "files" in found.summary()


def test_a_sheet_as_a_chinese_excel_saves_it(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_bytes("alias,exercise,answer\n甲组,1.1,a\n甲组,1.1,b\n".encode("gb18030"))
    assert gather(path).firsts == {"1.1": {"a": 1}}


def test_too_few_files_give_no_figure(tmp_path):
    assert folder_of(tmp_path, 4).figure("zh") is None


def test_agreement_is_not_printed_beside_a_bar_in_one_piece():
    people = [Progress(f"{i}").tried("1.1", "b" if i else "a", right=bool(i)) for i in range(12)]
    found = row(pictured(people), "1.1", "en")
    assert found.agreement is None and found.final is None and len(found.given) == 1


def test_the_example_is_drawn():
    assert "22.04" in example("zh").alt


def test_shares_must_add_up():
    with pytest.raises(ValueError, match="add up"):
        class_answers([ClassRow("x", (Given("a", 0.5),))], lang="en", caption="c")
    with pytest.raises(ValueError, match="at least one"):
        class_answers([], lang="en", caption="c")
