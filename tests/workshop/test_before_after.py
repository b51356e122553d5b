"""The short test: forms without and with the key, answers read back, the change among the same people."""

import json
from collections import Counter
from math import comb
from statistics import NormalDist, fmean, stdev

import pandas as pd
import pytest

from govlab.errors import InputError
from govlab.workshop.before_after import ALL, compared
from govlab.workshop.handed_in import hand_in, read_sittings
from govlab.workshop.lessons import lessons
from govlab.workshop.paired import mcnemar, paired_difference, wilson
from govlab.workshop.short_test import FORMS, paper, short_test, write_test
from tests.workshop.paper_text import said, strangers

TEST = short_test()


def sheet(path, n, right, forms="ab", ask=10):
    """n people; person i knows the question q where ``right(i, q)``."""
    rows = []
    for i in range(n):
        form = forms[i % len(forms)]
        row = {"alias": f"p{i}", "form": form}
        for place, question in enumerate(TEST.questions[:ask]):
            row[f"q{question.id}"] = question.version(form).answer.upper() if right(i, place) else "d"
        rows.append(row)
    pd.DataFrame(rows).to_excel(path, index=False)
    return path


@pytest.fixture
def class_of_24(tmp_path):
    before = sheet(tmp_path / "before.xlsx", 24, lambda i, q: (i + q) % 3 == 0)
    after = sheet(tmp_path / "after.xlsx", 24, lambda i, q: (i + q) % 3 < 2 or i % 7 == 0, forms="ba")
    return compared(before, after)


def test_interval_is_that_published():
    """Complete response before and after consolidation, 161 patients (Cavo et al. 2012), as Fagerland,
    Lydersen & Laake (2017), Statistical Analysis of Contingency Tables, give Newcombe's interval."""
    found = paired_difference(59, 16, 6, 80)
    assert found == pytest.approx((0.0621, 0.0046, 0.1186), abs=5e-5)


def test_interval_where_answers_are_unrelated():
    """Without correlation it is Newcombe's interval of two independent shares (method 10 of his other paper
    of 1998), here written out from Wilson's roots of (p - x)^2 = z^2 x (1 - x) / n."""
    both, gained, lost, neither = 12, 18, 8, 12  # 12 x 12 = 18 x 8
    z = NormalDist().inv_cdf(0.975)

    def roots(count, n):
        a, b, c = n + z * z, -(2 * count + z * z), count * count / n
        spread = (b * b - 4 * a * c) ** 0.5
        return (-b - spread) / (2 * a), (-b + spread) / (2 * a)

    (low_after, high_after), (low_before, high_before) = roots(30, 50), roots(20, 50)
    difference, low, high = paired_difference(both, gained, lost, neither)
    assert low == pytest.approx(0.2 - ((0.6 - low_after) ** 2 + (high_before - 0.4) ** 2) ** 0.5, rel=1e-12)
    assert high == pytest.approx(0.2 + ((high_after - 0.6) ** 2 + (0.4 - low_before) ** 2) ** 0.5, rel=1e-12)
    turned = paired_difference(both, lost, gained, neither)
    assert turned == pytest.approx((-difference, -high, -low), rel=1e-12)
    assert wilson(0, 10)[0] == 0.0 and wilson(10, 10)[1] == 1.0


@pytest.mark.parametrize(("gained", "lost"), [(9, 2), (1, 0), (5, 5), (0, 12)])
def test_exact_test_is_the_binomial_sum(gained, lost):
    n = gained + lost
    tail = sum(comb(n, k) for k in range(min(gained, lost) + 1)) / 2**n
    assert mcnemar(gained, lost) == pytest.approx(min(1.0, 2 * tail), rel=1e-12)
    assert mcnemar(0, 0) == 1.0


def test_impossible_counts_are_refused():
    with pytest.raises(ValueError, match="counts"):
        paired_difference(0, 0, 0, 0)


def test_forms_are_parallel_and_letters_even():
    known = {one.number for one in lessons()}
    assert len(TEST.questions) == 10 and {one.lesson for one in TEST.questions} <= known
    for question in TEST.questions:
        assert question.a.ask != question.b.ask and len(question.a.options) == len(question.b.options) == 3
    for form in FORMS:
        letters = Counter(question.version(form).answer for question in TEST.questions)
        assert max(letters.values()) <= 5 and len(letters) == 3


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("form", FORMS)
def test_only_the_trainers_page_holds_the_key(form, lang):
    plain, key = (said(paper(TEST, form, lang, key=key)) for key in (False, True))
    for question in TEST.questions:
        assert question.version(form).ask.in_language(lang) in plain
        assert question.why.in_language(lang) not in plain and question.why.in_language(lang) in key
    assert strangers(key, lang) == []
    assert plain.count("□") >= 4 * len(TEST.questions)


def test_shares_before_and_after(class_of_24):
    frame = class_of_24.to_frame().set_index("question")
    first = frame.loc["1"]
    before = {i for i in range(24) if i % 3 == 0}
    after = {i for i in range(24) if i % 3 < 2 or i % 7 == 0}
    assert (first["before"], first["after"]) == pytest.approx((len(before) / 24, len(after) / 24))
    want = paired_difference(
        len(before & after), len(after - before), len(before - after), 24 - len(before | after)
    )
    assert (first["estimate"], first["conf_low"], first["conf_high"]) == pytest.approx(want)
    assert frame.loc[ALL, "estimate"] == pytest.approx(frame.drop(ALL)["estimate"].mean())
    changes = [
        sum(((i + q) % 3 < 2 or i % 7 == 0) - ((i + q) % 3 == 0) for q in range(10)) / 10 for i in range(24)
    ]
    half = 2.0686576 * stdev(changes) / 24**0.5  # t of 23 degrees of freedom, from a printed table
    limits = (fmean(changes) - half, fmean(changes) + half)
    assert (frame.loc[ALL, "conf_low"], frame.loc[ALL, "conf_high"]) == pytest.approx(limits, rel=1e-6)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_report_says_what_it_cannot(class_of_24, lang):
    assert class_of_24.told == ("wide", "no_control", "many_intervals")
    text = said(class_of_24.report(lang))
    assert strangers(text, lang) == [] and "p0" not in text
    assert all(note in text for note in class_of_24.notes(lang))


def test_few_pairs_are_not_listed(tmp_path):
    before = sheet(tmp_path / "b.xlsx", 9, lambda i, q: i % 2, forms="a")
    after = sheet(tmp_path / "a.xlsx", 12, lambda i, q: True, forms="a")
    found = compared(before, after)
    assert (found.pairs, found.lost) == (9, 3)
    assert (found.to_frame()["reason"] == "few").all() and found.to_frame()["before"].isna().all()
    assert found.told == ("few", "no_control", "same_form")
    assert "9" in found.summary() and "*" in found.table("zh").to_html()


def test_questions_not_asked_are_left_out(tmp_path):
    before = sheet(tmp_path / "b.xlsx", 12, lambda i, q: i % 2, forms="a", ask=4)
    after = sheet(tmp_path / "a.xlsx", 12, lambda i, q: True, forms="b", ask=4)
    found = compared(before, after)
    assert list(found.to_frame()["question"]) == ["1", "2", "3", "4", ALL]
    assert "one_order" in found.told


def test_files_of_a_folder_are_read(tmp_path):
    for i in range(10):
        hand_in("甲", f"组{i}", {"1": "B", "2": "a ", "3": "a, b"}, tmp_path)
    found = read_sittings(tmp_path)
    assert found["组3"].answers == {"1": "b", "2": "a"}  # two letters are no answer
    assert found["组3"].right("1") and found["组3"].right("3") is None
    (tmp_path / "x.json").write_text(json.dumps({"format": 1, "alias": "x"}), encoding="utf-8")
    with pytest.raises(InputError, match=r"x\.json"):
        read_sittings(tmp_path)


def test_what_is_wrong_in_a_sheet_is_listed(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("化名,卷别,第1题\n甲组,甲,a\n甲组,乙,b\n13812345678,甲,a\n乙组,丙,a\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_sittings(path)
    assert [fault.key.rsplit(".", 1)[1] for fault in error.value.faults] == ["twice", "alias", "form"]
    assert [fault.where[1] for fault in error.value.faults] == ["3", "4", "5"]
    path.write_text("name,1\nx,a\n", encoding="utf-8")
    with pytest.raises(InputError, match="alias, form"):
        read_sittings(path)
    with pytest.raises(InputError, match="no folder"):
        compared(tmp_path / "none", tmp_path / "none.csv")


def test_a_sheet_as_a_chinese_excel_saves_it(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_bytes("化名,卷别,第1题\n甲组,乙卷,a\n".encode("gb18030"))
    assert read_sittings(path)["甲组"].right("1")


def test_a_sheet_that_is_none_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "answers.xlsx"
    path.write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(InputError, match=r"answers\.xlsx"):
        read_sittings(path)
    monkeypatch.setattr("govlab.workshop.handed_in.MOST_BYTES", 3)
    with pytest.raises(InputError, match="too large"):
        read_sittings(path)


def test_nobody_there_twice(tmp_path):
    for folder, alias in (("b", "one"), ("a", "two")):
        (tmp_path / folder).mkdir()
        hand_in("a", alias, {"1": "a"}, tmp_path / folder)
    with pytest.raises(InputError, match="before and after"):
        compared(tmp_path / "b", tmp_path / "a")


def test_answer_sheet(tmp_path):
    (path,) = write_test("en", ("xlsx",), tmp_path)
    assert list(pd.read_excel(path, engine="calamine").columns[:3]) == ["alias", "form", "1"]
