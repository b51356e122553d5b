"""How the lists stand: participants by the four tests, entries open over time, entries that look the same."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from govlab.institutions.inventory.lists import NINE, TESTS
from govlab.institutions.measured import Measured

if TYPE_CHECKING:
    import pandas as pd
    from scipy.sparse import csr_matrix

    from govlab.institutions.inventory.book import Inventory

_LEAST = 0.85
_PLAIN = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+")


def participants(inventory: Inventory) -> Measured:
    """Participants by kind: how many, and how many pass under each reading of the four tests.

    Columns: ``kind``, ``n``, ``will`` ... ``relation`` (yes), ``unknown`` (some test not answered), ``any``,
    ``all``. The source does not say whether all tests must be met or any one, so both are counted.
    """
    import pandas as pd

    actors = inventory.sheet("actors")
    yes = actors[list(TESTS)] == "yes"
    table = yes.assign(
        kind=actors["kind"],
        n=1,
        unknown=(~actors[list(TESTS)].isin(["yes", "no"])).any(axis=1),
        any=yes.any(axis=1),
        all=yes.all(axis=1),
    )
    frame = table.groupby("kind", sort=True)[["n", *TESTS, "unknown", "any", "all"]].sum().astype(int)
    return Measured(
        pd.DataFrame(frame.reset_index()),
        "participants by kind and by the four tests (will, ability, means, relation)",
    )


def course(inventory: Inventory, days: Sequence[dt.date]) -> Measured:
    """Entries of each list on given days: ``opened`` until then, ``open`` on it, ``done``, ``dropped``.

    An entry counts as open from ``since`` to the day before ``closed``; agreements, the register of
    participants and the time bank have no such state and are left out.
    """
    import pandas as pd

    rows = []
    for name in NINE:
        frame = inventory.sheet(name)
        if "status" not in frame:
            continue
        since, closed = (frame[one].to_numpy("datetime64[D]") for one in ("since", "closed"))
        for day in days:
            now = np.datetime64(day)
            begun, ended = since <= now, closed <= now  # not-a-time compares as false
            rows.append(
                {
                    "list": name, "day": pd.Timestamp(day), "opened": int(begun.sum()),
                    "open": int((begun & ~ended).sum()),
                    "done": int((ended & (frame["status"] == "done").to_numpy()).sum()),
                    "dropped": int((ended & (frame["status"] == "dropped").to_numpy()).sum()),
                }
            )  # fmt: skip
    return Measured(pd.DataFrame(rows), f"entries of each list on {len(days)} days")


def duplicates(inventory: Inventory, *, least: float = _LEAST) -> Measured:
    """Pairs of entries of one list that may be one: ``list``, ``first``, ``second``, ``likeness``.

    likeness: Dice coefficient of the two names' pairs of letters (Dice 1945, Ecology 26), the larger of the
    two languages, from ``least`` up. They must share a place, a capability and an actor where the list has
    these, and hold the same numbers: block 3 is not block 4. Somebody has to look at them all the same.
    """
    import pandas as pd

    if not 0 < least <= 1:
        raise ValueError(f"least must lie in (0, 1], got {least!r}")
    rows = []
    for name in NINE:
        frame = inventory.sheet(name)
        names = [frame["name::中文 (zh)"].to_list(), frame["name::English (en)"].to_list()]
        likeness = np.maximum(_likeness(names[0]), _likeness(names[1]))
        numbers = [tuple(sorted(_NUMBER.findall(zh or en))) for zh, en in zip(*names, strict=True)]
        for first, second in zip(*np.nonzero(np.triu(likeness >= least, 1)), strict=True):
            if numbers[first] == numbers[second] and _same(frame, int(first), int(second)):
                rows.append(
                    {
                        "list": name, "first": frame["id"].iloc[first], "second": frame["id"].iloc[second],
                        "likeness": float(likeness[first, second]),
                    }
                )  # fmt: skip
    frame = pd.DataFrame(rows, columns=["list", "first", "second", "likeness"])
    return Measured(frame, f"entries whose names are alike (Dice coefficient of letter pairs ≥ {least:g})")


def _likeness(names: Sequence[str]) -> np.ndarray:
    """(n, n) Dice coefficients of pairs of letters; 0 with an empty name."""
    table = _letters(names)
    common = np.asarray((table @ table.T).todense(), dtype=float)
    size = np.asarray(table.sum(axis=1)).ravel()
    both = size[:, None] + size[None, :]
    found: np.ndarray = np.divide(2 * common, both, out=np.zeros_like(common), where=both > 0)
    return found


def _letters(names: Sequence[str]) -> csr_matrix:
    """names x letter pairs, 1 where a name has the pair."""
    from scipy.sparse import csr_matrix

    seen: dict[str, int] = {}
    rows, columns = [], []
    for row, name in enumerate(names):
        plain = _PLAIN.sub("", name.casefold())
        pairs = {plain[place : place + 2] for place in range(len(plain) - 1)} or ({plain} - {""})
        for pair in pairs:
            rows.append(row)
            columns.append(seen.setdefault(pair, len(seen)))
    ones = np.ones(len(rows))
    return csr_matrix((ones, (rows, columns)), shape=(len(names), max(1, len(seen))))


def _same(frame: pd.DataFrame, first: int, second: int) -> bool:
    """Whether two entries share a place, a capability and an actor, as far as the list has them."""
    for column in ("place", "capability", "actor"):
        if column not in frame:
            continue
        one, other = (
            {value} if isinstance(value, str) else set(value)
            for value in (frame[column].iloc[first], frame[column].iloc[second])
        )
        if not (one & other or "*" in one | other or not one or not other):
            return False
    return True
