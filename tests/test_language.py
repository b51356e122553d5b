"""Which language is asked for; messages read fast must be the messages gettext would read."""

from __future__ import annotations

import string
from pathlib import Path

import pytest

import govlab
from govlab.language import LANGUAGES, default_language, messages, read_po, say

LOCALE = Path(govlab.__file__).parent / "locale"
ROOMS = sorted({path.stem for path in LOCALE.glob("*/*.po")})


@pytest.mark.parametrize(
    ("variables", "wanted"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "zh_CN.GB18030"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "GOVLAB_LANG": "en"}, "en"),
        ({"LC_MESSAGES": "Chinese (Simplified)_China.936"}, "zh"),
    ],
)
def test_default_language(monkeypatch, variables, wanted):
    for name in ("GOVLAB_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert default_language() == wanted


def test_without_variables_the_locale_decides(monkeypatch):
    for name in ("GOVLAB_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("locale.getlocale", lambda: ("Chinese (Simplified)_China", "936"))
    assert default_language() == "zh"
    monkeypatch.setattr("locale.getlocale", lambda: (None, None))
    assert default_language() == "en"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("room", ROOMS)
def test_light_reader_agrees_with_babel(room, lang):
    from babel.messages.pofile import read_po as babel_read

    with (LOCALE / lang / f"{room}.po").open("rb") as file:
        entries = [entry for entry in babel_read(file, locale=lang) if entry.id]
    theirs = {}
    for entry in entries:
        key = entry.id[0] if isinstance(entry.id, (tuple, list)) else entry.id
        theirs[key] = tuple(entry.string) if isinstance(entry.string, (tuple, list)) else entry.string
    assert dict(messages(room, lang)) == theirs


@pytest.mark.parametrize("room", ROOMS)
def test_languages_are_level(room):
    zh, en = messages(room, "zh"), messages(room, "en")
    assert zh.keys() == en.keys()
    for key in zh:
        assert key.startswith(f"{room}."), f"{key} belongs in another file"
        assert _holes(zh[key]) == _holes(en[key]), key


def _holes(message: str | tuple[str, ...]) -> set[str | None]:
    forms = (message,) if isinstance(message, str) else message
    # the singular may say "one" and leave its number out, so the last form speaks for all
    return {name for _, name, _, _ in string.Formatter().parse(forms[-1]) if name is not None}


@pytest.mark.parametrize("room", ROOMS)
def test_every_message_says_something_in_its_language(room):
    for key, message in messages(room, "zh").items():
        assert message, key
    for key, message in messages(room, "en").items():
        forms = (message,) if isinstance(message, str) else message
        for form in forms:
            assert form, key
            assert not any("\u3000" <= sign <= "\u303f" or "\uff00" <= sign <= "\uffef" for sign in form), key


def test_reader_escapes_continuations_and_plurals():
    text = r"""
# a comment
msgid ""
msgstr "Language: en\n"

#: place
msgid "room.long"
msgstr ""
"one \"two\"\n"
"three\\four"

msgid "room.many"
msgid_plural "room.many"
msgstr[0] "{n} report"
msgstr[1] "{n} reports"
"""
    assert read_po(text) == {
        "room.long": 'one "two"\nthree\\four',
        "room.many": ("{n} report", "{n} reports"),
    }


@pytest.mark.parametrize("line", ['msgctxt "menu"', 'msgid "open', "msgid open", '"before any msgid"'])
def test_reader_refuses_what_it_does_not_know(line):
    with pytest.raises(ValueError, match="line 2"):
        read_po(f"# comment\n{line}\n")


def test_a_message_given_twice_is_refused():
    with pytest.raises(ValueError, match=r"a\.b appears twice"):
        read_po('msgid "a.b"\nmsgstr "x"\n\nmsgid "a.b"\nmsgstr "x"\n')


def test_say():
    assert say("cases.twice", {"id": "AKS-009"}, lang="en") == "AKS-009 appears twice"
    assert say("cases.twice", {"id": "AKS-009"}, lang="zh") == "AKS-009 出现了两次"


@pytest.mark.parametrize("key", ["cases.no_such_thing", "no_such_room.text"])
def test_unknown_key(key):
    with pytest.raises(LookupError):
        say(key)


def test_unknown_language():
    with pytest.raises(ValueError, match="zh, en"):
        say("cases.twice", {"id": "x"}, lang="fr")


def test_messages_cannot_be_changed_by_a_caller():
    with pytest.raises(TypeError):
        messages("cases", "en")["cases.twice"] = "no"


def test_a_notebook_prints_the_sentence_and_no_lines_of_code(monkeypatch, capsys):
    from IPython.core.interactiveshell import InteractiveShell

    from govlab.workshop import bench

    shell = InteractiveShell()
    shell.user_ns["bench"] = bench
    for lang, said in (("zh", "没有名为“devolutoin”的演示台"), ("en", "there is no bench devolutoin")):
        monkeypatch.setenv("GOVLAB_LANG", lang)
        shell.run_cell('bench("devolutoin", "en")')
        shown = capsys.readouterr().out
        assert said in shown and "Traceback" not in shown and len(shown.splitlines()) == 1


def test_places_of_a_fault_in_the_language_of_its_sentence():
    from govlab.errors import Fault

    fault = Fault("widgets.no_bench", {"name": "x", "known": "y"}, ("zones.xlsx", "row 4"))
    assert fault.text("en").startswith("zones.xlsx, row 4: there is no bench x")
    assert fault.text("zh").startswith("zones.xlsx，第 4 行：没有名为")
