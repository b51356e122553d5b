"""Every reason id in the source has its sentence in both languages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import govlab
from govlab.language import LANGUAGES, messages
from govlab.results import NotApplicable
from govlab.survey.reasons import reason

PACKAGE = Path(govlab.__file__).parent
ID = re.compile(r"[a-z]+(-[a-z]+)+")
# Words of that form that are no reasons: options, formats, functions and columns of other standards.
OTHER = {
    *("max-t", "supply-less-even", "demand-less-even", "cannot-tell"),
    *("background-audio", "big-image", "csv-external", "xml-external", "start-geopoint", "table-list"),
    *("count-selected", "string-length", "meta-instanceid", "utf-8-sig", "utf-32-le", "as-coded"),
}
SINGLE = {"quota", "suppressed"}


def reason_ids() -> set[str]:
    """Hyphenated words among the strings of the rooms whose results carry reasons; not of docstrings."""
    files = [PACKAGE / "ranks.py", PACKAGE / "results.py"]
    for room in ("survey", "study", "disclosure"):
        files += (PACKAGE / room).rglob("*.py")
    found: set[str] = set()
    for path in files:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        spoken = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        strings = [
            node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in spoken
        ]
        found |= {one.value for one in strings if isinstance(one.value, str) and ID.fullmatch(one.value)}
    return found - OTHER


def test_the_scan_finds_them() -> None:
    assert {"one-psu", "open-link", "few-clusters", "answers-not-safe", "model-only"} <= reason_ids()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_reason_has_its_sentence(lang: str) -> None:
    silent = {
        name for name in reason_ids() | SINGLE if f"survey.reason.{name}" not in messages("survey", lang)
    }
    assert not silent
    for name in reason_ids() | SINGLE:
        text = reason(name, lang)
        assert any("\u4e00" <= sign <= "\u9fff" for sign in text) == (lang == "zh")
        assert lang == "en" or not re.search("[A-Za-z]", text)


def test_no_sentence_is_left_over() -> None:
    listed = {key.removeprefix("survey.reason.") for key in messages("survey", "en") if ".reason." in key}
    assert listed == reason_ids() | SINGLE


def test_calls() -> None:
    why = NotApplicable("one-psu", "all 31 rows come from one community")
    assert reason(why, "en").startswith("all answers here come from one")
    assert reason(why, "zh") == reason("one-psu", "zh")
    with pytest.raises(LookupError, match="no-such"):
        reason("no-such")
    with pytest.raises(ValueError, match="empty"):
        reason("")
