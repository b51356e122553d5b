"""Languages, help pages, usage errors and exit codes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from govlab.cli.app import COMMANDS
from govlab.cli.helptext import width_of, wrapped
from govlab.cli.usage import language_around, one_of, split_language, whole_number
from govlab.errors import InputError
from govlab.language import LANGUAGES

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_help_lists_every_command_and_exit_code(govlab):
    said = govlab("--help")
    assert said.code == 0
    for name in COMMANDS:
        assert f"\n  {name} " in said.out
    for code in ("0", "1", "2", "130"):
        assert re.search(rf"^  {code} +\w", said.out, re.MULTILINE)
    assert govlab() == said


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_help_in_one_language(govlab, command):
    arguments = [command] if command else []
    en, zh = (govlab(*arguments, "--help", "--lang", lang) for lang in ("en", "zh"))
    assert en.code == zh.code == 0
    assert not CHINESE.search(en.out)
    assert CHINESE.search(zh.out)
    assert not re.search(r"(?:[A-Za-z]+ ){3,}[A-Za-z]+", zh.out)  # no English sentence is left
    names = re.compile(r"^  (-\S+|[a-z]+)", re.MULTILINE)
    assert names.findall(en.out) == names.findall(zh.out)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_fits_the_screen(govlab, command, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    for lang in LANGUAGES:
        lines = govlab(command, "--help", "--lang", lang).out.splitlines()
        assert max(map(width_of, lines)) <= 62  # closing punctuation may hang


@pytest.mark.parametrize(
    ("arguments", "en", "zh"),
    [
        (["casse"], "did you mean cases?", "是否想写 cases"),
        (["nonsense"], "no command nonsense; there are: new, cases", "没有 nonsense 这个命令"),
        (["batch", "--nly"], "did you mean --only?", "是否想写 --only"),
        (["batch", "--zzzzzz"], "no option --zzzzzz", "没有 --zzzzzz 这个选项"),
        (["new"], "FOLDER is missing", "缺少 FOLDER"),
        (["batch", "--out"], "--out needs a value", "--out 后面要写一个值"),
        (["new", "a", "b c"], "not understood: b c", "看不懂：b c"),
        (
            ["batch", "--only", "some"],
            "--only takes failed, changed (got some)",
            "--only 只能是 failed, changed",
        ),
        (["batch", "--workers", "0"], "at least 1 is needed (got 0)", "不小于 1"),
        (["batch", "--workers", "two"], "at least 1 is needed (got two)", "得到 two"),
        (["lab", "--port", "x"], "--port cannot be used", "--port 不能用"),
    ],
)
def test_usage_errors(govlab, arguments, en, zh):
    for lang, text in (("en", en), ("zh", zh)):
        said = govlab(*arguments, "--lang", lang)
        assert said.code == 2
        assert text in said.err
        assert said.out == ""
        assert "Traceback" not in said.err


@pytest.mark.parametrize("arguments", [["--lang", "fr"], ["--lang"], ["cases", "--lang=", "x"]])
def test_language_that_is_none(govlab, arguments):
    said = govlab(*arguments)
    assert said.code == 2
    assert "--lang takes zh, en" in said.err


def test_split_language():
    assert split_language(["--lang", "zh", "batch", "a"]) == ("zh", ["batch", "a"])
    assert split_language(["batch", "--lang=en", "a"]) == ("en", ["batch", "a"])
    assert split_language(["lab", "--", "--lang", "fr"]) == (None, ["lab", "--", "--lang", "fr"])


def test_language_of_the_study_around(tmp_path, monkeypatch):
    for name in ("GOVLAB_LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    assert language_around(tmp_path) == "en"
    study = tmp_path / "study.toml"
    study.write_text('lang = "zh"\n', encoding="utf-8")
    assert language_around(tmp_path) == "zh"
    monkeypatch.setenv("GOVLAB_LANG", "en")
    assert language_around(tmp_path) == "en"
    monkeypatch.delenv("GOVLAB_LANG")
    study.write_text("lang = [\n", encoding="utf-8")
    assert language_around(tmp_path) == "en"


def test_values():
    assert whole_number("12") == 12
    assert one_of("--only", None, ("a",)) is None
    with pytest.raises(InputError):
        one_of("--only", "b", ("a",))


def test_version_is_the_one_of_the_package(govlab):
    project = Path(__file__).parents[2] / "pyproject.toml"
    version = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"]
    assert govlab("--version").out == f"govlab {version}\n"


def test_entry_point_is_the_one_that_is_tested():
    project = Path(__file__).parents[2] / "pyproject.toml"
    scripts = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["scripts"]
    assert scripts == {"govlab": "govlab.cli:main"}


def test_wrapping_keeps_words_and_every_character():
    text = "一个批次 one batch 的全部报告，都先查清再做。"
    for width in range(10, 60):
        lines = wrapped(text, width)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert all("batch" in line or "batch" not in text or "bat" not in line for line in lines)
        assert not any(line.startswith(("，", "。")) for line in lines)


def test_errors_that_are_no_input_errors_end_with_1(govlab, monkeypatch):
    from govlab.cli import shown
    from govlab.errors import FormatError

    def fail():
        raise FormatError("no pandoc")

    monkeypatch.setattr("govlab.cli.cases.open_catalogue", fail)
    assert shown.open_catalogue is not fail
    said = govlab("cases")
    assert (said.code, said.err) == (1, "no pandoc\n")


def test_interrupted(govlab, monkeypatch):
    def stop():
        raise KeyboardInterrupt

    monkeypatch.setattr("govlab.cli.cases.open_catalogue", stop)
    assert govlab("cases").code == 130
