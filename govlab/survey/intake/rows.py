"""What is said of every row besides its answers: its id, when, how long, from where; and what to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from govlab.errors import Fault, InputError
from govlab.survey.intake import checks, duplicates
from govlab.survey.intake.match import Target
from govlab.survey.intake.raw import Raw, cell_text
from govlab.survey.intake.sort import Sorted
from govlab.survey.intake.times import durations, moments
from govlab.survey.questionnaire import Questionnaire
from govlab.survey.responses import FLAG

if TYPE_CHECKING:
    import pandas as pd

_WHO = ("account", "phone", "id_number", "email")
_TRUE = ("1", "true")


def row_columns(found: Sorted, ids: list[str]) -> dict[str, Any]:
    """respondent, file, submitted, seconds, source; missing where the file does not say."""
    import pandas as pd

    raw, meta, text = found.raw, found.meta, pd.StringDtype(na_value=np.nan)
    submitted = np.full(raw.n, np.datetime64("NaT"), dtype="datetime64[us]")
    seconds = np.full(raw.n, np.nan)
    source = np.full(raw.n, None, dtype=object)
    if times := meta.get("submitted"):
        submitted = moments(times[0])
    if spent := meta.get("seconds"):
        seconds = durations(spent[0])
    elif started := meta.get("started"):
        spans = submitted - moments(started[0])
        seconds = np.where(np.isnat(spans), np.nan, spans / np.timedelta64(1, "s"))
    if named := meta.get("source"):
        source = np.array([one.strip() or None for one in named[0].texts()], dtype=object)[named[0].codes]
    return {
        "respondent": pd.array(ids, dtype=text),
        "file": pd.array(_files(found), dtype=text),
        "submitted": pd.array(submitted, dtype="datetime64[us]"),
        "seconds": seconds,
        "source": pd.array(source, dtype=text),
    }


def _files(found: Sorted) -> NDArray[np.object_]:
    """The file each row came from; in an export of ours, the one it first came from."""
    for column in found.raw.columns:
        if found.platform == "govlab" and column.head == "file":
            return np.array(column.texts(), dtype=object)[column.codes]
    return np.full(found.raw.n, found.raw.file, dtype=object)


def carried_columns(found: Sorted, taken_names: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that go along as they are; InputError where one has the name of another column."""
    clash = [name for name in found.carried if name in taken_names]
    if clash:
        values: dict[str, object] = {"names": ", ".join(clash)}
        raise InputError(Fault("survey_intake.carry.clash", values, (found.raw.file,)))
    return {
        name: checks.as_column(column, typed=found.platform == "govlab")
        for name, column in found.carried.items()
    }


def respondent_ids(found: Sorted, *, refuse: bool) -> list[str]:
    """Ids as the platform gave them, else row numbers. InputError for repeated ones if ``refuse``."""
    raw = found.raw
    named = found.meta.get("id")
    if not named:
        return [str(raw.row_number(row)) for row in range(raw.n)]
    texts = [text.strip() for text in named[0].texts()]
    ids = [texts[code] for code in named[0].codes]
    counted = Counter(ids)
    again = [one for one, count in counted.items() if count > 1]
    if again and refuse:
        raise InputError(checks.repeated_ids(raw, named[0].head, ids, again))
    return [_own_id(raw, row, one, counted[one]) for row, one in enumerate(ids)]


def _own_id(raw: Raw, row: int, one: str, count: int) -> str:
    return one if count == 1 and one else f"{one}#{raw.row_number(row)}"


def row_flags(found: Sorted, questionnaire: Questionnaire) -> pd.DataFrame:
    """Repetitions, (n rows) True at every occurrence but the first; and the flags of an export of ours."""
    import pandas as pd

    rows = found.raw.n
    nameless = {*found.meta.get("nickname", ()), *found.meta.get("source_detail", ())}
    accounts = [
        column
        for column in found.raw.columns
        if found.kinds.get(column.place) in _WHO and column not in nameless
    ]
    code = questionnaire.with_role("study_code")
    codes = [column for target, column in found.taken.items() if code and target == Target(code.name)]
    flags = {
        "same_account": duplicates.repeats(accounts, rows),
        "same_ip": duplicates.repeats(found.meta.get("ip", ()), rows),
        "same_answers": duplicates.same_answers(list(found.taken.values()), rows),
        "same_code": duplicates.repeats(codes, rows),
        "same_id": duplicates.repeats(found.meta.get("id", ()), rows),
    }
    flags["duplicate"] = flags["same_account"] | flags["same_answers"] | flags["same_code"] | flags["same_id"]
    for column in found.raw.columns:
        if found.platform == "govlab" and column.head.startswith(FLAG):
            ticked = np.array([cell_text(value).lower() in _TRUE for value in column.values])
            flags[column.head.removeprefix(FLAG)] = column.spread(ticked)
    return pd.DataFrame(flags)
