"""Text files: encodings, separators, and what can be wrong with them."""

from __future__ import annotations

import pytest

from govlab.survey.intake import read_responses
from tests.survey.exports import shipped, write_csv
from tests.survey.small_export import HEADS, ROWS, refused
from tests.survey.truth import plain


@pytest.fixture(scope="module")
def form():
    return shipped()


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_encodings_are_detected_and_stated(form, tmp_path, encoding, said):
    found = read_responses(write_csv(tmp_path / "f.csv", [HEADS, *ROWS], encoding), form)
    assert found.reports[0].encoding == said
    assert plain(found.frame["gender"]) == ["female", "male"]
    assert found.reasons["age"].tolist() == ["", "refused"]


@pytest.mark.parametrize(("sign", "name"), [(",", "f.csv"), ("\t", "f.tsv"), (";", "f.csv")])
def test_separators(form, tmp_path, sign, name):
    path = tmp_path / name
    path.write_text("\n".join(sign.join(row) for row in [HEADS, *ROWS]), encoding="utf-8")
    found = read_responses(path, form)
    assert found.reports[0].separator == sign and plain(found.frame["gender"]) == ["female", "male"]


@pytest.mark.parametrize("encoding", ["big5", "shift_jis", "latin-1"])
def test_wrong_encoding(form, tmp_path, encoding):
    words = {
        "big5": "您的性別，請問閣下對社區滿意嗎",
        "shift_jis": "あなたの性別をおしえてください",
        "latin-1": "êtes-vous déçu à Noël",
    }
    path = tmp_path / "f.csv"
    path.write_bytes("\n".join(["a,b", f"1,{words[encoding]}", f"2,{words[encoding]}"]).encode(encoding))
    error = refused(path, form, "file.encoding")
    assert "UTF-8" in error.text("en")


def test_text_that_was_saved_in_the_wrong_encoding(form, tmp_path):
    garbled = "\n".join(",".join(row) for row in [HEADS, *ROWS]).encode("utf-8").decode("gb18030", "replace")
    path = tmp_path / "f.csv"
    path.write_text(garbled, encoding="utf-8")
    refused(path, form, "file.damaged")


def test_text_cut_in_the_middle_of_a_character(form, tmp_path):
    path = write_csv(tmp_path / "f.csv", [HEADS, *ROWS])
    path.write_bytes(path.read_bytes().rstrip()[:-1])
    refused(path, form, "file.text_cut")


def test_a_comma_too_many(form, tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("20、您的年龄,21、您的性别\n30—44 岁,女,男\n", encoding="utf-8")
    assert "2" in refused(path, form, "file.too_wide").text("zh")


def test_line_breaks_and_quotes_inside_an_answer(form, tmp_path):
    text = '路灯不亮，\n"晚上"不敢走'
    path = write_csv(
        tmp_path / "f.csv", [[*HEADS, "19、" + form.question("one_change").label.zh], [*ROWS[0], text]]
    )
    assert plain(read_responses(path, form).frame["one_change"]) == [text]


def test_a_binary_file_is_no_text(form, tmp_path):
    path = tmp_path / "f.csv"
    path.write_bytes(b"a,b\n\x01\x02\x00,1\n")
    refused(path, form, "file.binary")
