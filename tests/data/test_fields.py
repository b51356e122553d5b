"""What pydantic refuses, in our words and both languages."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from govlab.data.fields import dotted, field_faults


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    formats: tuple[Literal["html", "pdf"], ...] = ()


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    name: Annotated[str, Field(pattern="^[a-z]+$", min_length=1)]
    count: Annotated[int, Field(gt=0)] = 1
    share: float = 0.5
    sure: bool = True
    blocks: list[Inner] = []


@pytest.mark.parametrize(
    ("given", "where", "en", "zh"),
    [
        ({}, "name", "is missing", "缺少"),
        ({"name": ""}, "name", "must not be empty", "不能为空"),
        ({"name": "A1"}, "name", "form ^[a-z]+$ (got 'A1')", "得到 'A1'"),
        ({"name": 3}, "name", "text in quotes (got 3)", "引号"),
        ({"name": "a", "count": 0}, "count", "> 0 (got 0)", "应 > 0"),
        ({"name": "a", "count": "2"}, "count", "whole number", "整数"),
        ({"name": "a", "share": "x"}, "share", "a number (got 'x')", "应为数"),
        ({"name": "a", "sure": "yes"}, "sure", "true or false", "true 或 false"),
        ({"name": "a", "blocks": 1}, "blocks", "a list", "列表"),
        ({"name": "a", "blocks": [1]}, "blocks[1]", "table of fields", "一组字段"),
        ({"name": "a", "nmae": 1}, "nmae", "did you mean name?", "是否想写 name"),
        ({"name": "a", "zzz": 1}, "zzz", "name, count, share, sure, blocks", "可用的有"),
        (
            {"name": "a", "blocks": [{}, {"format": 1}]},
            "blocks[2].format",
            "did you mean formats?",
            "formats",
        ),
        ({"name": "a", "blocks": [{"formats": ("doc",)}]}, "blocks[1].formats[1]", "html, pdf", "html, pdf"),
    ],
)
def test_messages(given, where, en, zh):
    with pytest.raises(ValidationError) as raised:
        Outer.model_validate(given)
    (fault,) = field_faults(raised.value, Outer, lambda loc: ("f.toml",))
    assert fault.where == ("f.toml", where)
    assert en in fault.text("en")
    assert zh in fault.text("zh")


def test_all_faults_and_long_values_cut():
    with pytest.raises(ValidationError) as raised:
        Outer.model_validate({"count": "x" * 500, "share": None})
    faults = field_faults(raised.value, Outer, lambda loc: ())
    assert [fault.where for fault in faults] == [("name",), ("count",), ("share",)]
    assert len(faults[1].text("en")) < 150


def test_dotted():
    assert dotted(("reports", 1, "grid", "lang", 0)) == "reports[2].grid.lang[1]"
