"""A small export, and the check of a file that must be refused with a clear answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from govlab.errors import InputError
from govlab.language import LANGUAGES
from govlab.survey.intake import read_responses

HEADS = ["序号", "提交答卷时间", "所用时间", "20、您的年龄", "21、您的性别"]
ROWS = [
    ["1", "2026/5/1 9:00:00", "100秒", "30—44 岁", "女"],
    ["2", "2026/5/1 9:01:00", "90秒", "不愿回答", "男"],
]


def refused(path: Path, form, key: str, **options) -> InputError:
    before = path.read_bytes() if path.exists() else b""
    with pytest.raises(InputError) as caught:
        read_responses(path, form, **options)
    assert [fault.key for fault in caught.value.faults] == [f"survey_intake.{key}"]
    for lang in LANGUAGES:
        text = caught.value.text(lang)
        assert text and "{" not in text
        assert any("\u4e00" <= sign <= "\u9fff" for sign in text.replace(path.name, "")) or lang == "en"
    assert not path.exists() or path.read_bytes() == before
    return caught.value
