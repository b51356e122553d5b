"""Dates, times and durations as platforms write them."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
from numpy.typing import NDArray

from govlab.survey.intake.decode import CODE, Reasons, Rules, missing_reason
from govlab.survey.intake.raw import Column, cell_text
from govlab.survey.questionnaire import Question
from govlab.survey.wording import half_width

_STAMP = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[T ]?\s*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?秒?)?)?(?:Z|[+-]\d{2}:?\d{2})?"
)
_PARTS = re.compile(
    r"(?:(\d+)\s*(?:小时|时|hours?|h))?\s*(?:(\d+)\s*(?:分钟?|min(?:utes?)?|m))?\s*(?:(\d+(?:\.\d+)?)\s*(?:秒钟?|s(?:ec(?:onds?)?)?)?)?"
)
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})")


def moment(value: object) -> dt.datetime | None:
    """A time stamp, without a zone; None if it is none."""
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)
    match = _STAMP.fullmatch(half_width(cell_text(value)))
    if match is None:
        return None
    try:
        return dt.datetime(*(int(part or 0) for part in match.groups()))  # type: ignore[arg-type]
    except ValueError:
        return None


def duration(value: object) -> float:
    """Seconds from ``326秒``, ``5分26秒``, ``00:05:26`` or a bare number of seconds; NaN if it is none."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value) if value >= 0 else float("nan")
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    if isinstance(value, dt.time):
        return value.hour * 3600.0 + value.minute * 60 + value.second
    text = half_width(cell_text(value)).lower()
    clock = _CLOCK.fullmatch(text)
    if clock is not None:
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return hours * 3600.0 + minutes * 60 + seconds
    match = _PARTS.fullmatch(text)
    if match is None or not any(match.groups()):
        return float("nan")
    hour, minute, second = (float(part or 0) for part in match.groups())
    return hour * 3600 + minute * 60 + second


def moments(column: Column) -> NDArray[np.datetime64]:
    """(n,) time stamps of a column, NaT where there is none."""
    made = [moment(value) for value in column.values]
    found = np.array([np.datetime64("NaT") if one is None else one for one in made], dtype="datetime64[us]")
    return found[column.codes]


def durations(column: Column) -> NDArray[np.float64]:
    """(n,) seconds of a column, NaN where there are none."""
    return np.array([duration(value) for value in column.values], dtype=float)[column.codes]


def read_times(question: Question, column: Column, rules: Rules) -> tuple[NDArray[np.datetime64], Reasons]:
    """For each value: the time (NaT for none) and the reason."""
    times = np.full(len(column.values), np.datetime64("NaT"), dtype="datetime64[us]")
    reasons = np.zeros(len(column.values), dtype=np.int8)
    for at, value in enumerate(column.values):
        text = cell_text(value)
        reason = missing_reason(value, text, column, rules, question)
        if reason is not None:
            reasons[at] = reason
            continue
        found = moment(value)
        if found is None:
            reasons[at] = CODE["unreadable"]
        else:
            times[at] = np.datetime64(found)
    return times, reasons
