"""Numbers of masked tables as sentences, figures and cells take them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def known(value: Any) -> float | None:
    """The number in a cell, None where there is none."""
    import pandas as pd

    return None if value is None or pd.isna(value) else float(value)


def counted(value: Any) -> int | None:
    """The count in a cell, None where there is none."""
    number = known(value)
    return None if number is None else round(number)


def point(row: Mapping[Any, Any] | None) -> tuple[float, float, float] | None:
    """Estimate and both ends of its interval (the estimate itself where there is none)."""
    if row is None:
        return None
    value, low, high = (known(row[name]) for name in ("estimate", "conf_low", "conf_high"))
    if value is None:
        return None
    return (value, value if low is None else low, value if high is None else high)


def signed(row: Mapping[Any, Any], lang: str, digits: int = 2) -> str:
    """``+0.21 [+0.05, +0.37]``, with a real minus sign."""
    comma = "，" if lang == "zh" else ", "
    ends = comma.join(plus(row[name], digits) for name in ("conf_low", "conf_high"))
    return f"{plus(row['estimate'], digits)} [{ends}]"


def plus(value: float, digits: int = 2) -> str:
    """A difference with its sign."""
    return f"{value:+.{digits}f}".replace("-", "−")
