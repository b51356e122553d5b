"""The log of deliberation, read by the four questions of Yuhang: who, what, how, by which rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from govlab.institutions.measured import Measured

if TYPE_CHECKING:
    import pandas as pd

    from govlab.institutions.inventory.book import Inventory

QUESTIONS = ("who", "what", "how", "rules")


def answered(inventory: Inventory) -> pd.DataFrame:
    """One row a consultation: which of the four questions its record answers, kinds present, days to close.

    who: convener, those present and how many came; what: the entries of the lists it was about; how: the
    way of deciding; rules: whether written rules held (yes or no: the answer, not its content, counts).
    """
    frame, actors = inventory.sheet("consultations"), inventory.sheet("actors")
    kinds = dict(zip(actors["id"], actors["kind"], strict=True)) | {"residents": "households"}
    found = frame[["id", "since", "closed", "status", "form", "invited", "attended"]].copy()
    found["who"] = frame["convener"].ne("") & frame["present"].map(len).gt(0) & frame["attended"].notna()
    found["what"] = frame["about"].map(len).gt(0)
    found["how"] = frame["decided_by"].ne("")
    found["rules"] = frame["rules"].isin(["yes", "no"])
    found["written_rules"] = frame["rules"].eq("yes")
    found["minutes"] = frame["minutes"].eq("yes")
    found["kinds"] = [len({kinds[one] for one in present if one in kinds}) for present in frame["present"]]
    found["days"] = (frame["closed"] - frame["since"]).dt.days
    return found


def consultations(inventory: Inventory) -> Measured:
    """The log in numbers: ``measure``, ``value``, ``of``, ``reason``.

    who, what, how, rules, all_four: shares of records that answer. attended_share: of those invited, where
    both are known. kinds: mean number of kinds of participants. written_rules, minutes: shares. closed:
    share done; days: median from meeting to closing.
    """
    import pandas as pd

    log = answered(inventory)
    n = len(log)
    rows: list[tuple[str, float, int, str]] = []
    for name in QUESTIONS:
        rows.append(_share(name, int(log[name].sum()), n))
    rows.append(_share("all_four", int(log[list(QUESTIONS)].all(axis=1).sum()), n))
    both = log[log["invited"].gt(0) & log["attended"].notna()]
    came = float(both["attended"].sum() / both["invited"].sum()) if len(both) else np.nan
    rows.append(("attended_share", came, len(both), "" if len(both) else "no-record"))
    with_kinds = log[log["kinds"] > 0]
    mean = float(with_kinds["kinds"].mean()) if len(with_kinds) else np.nan
    rows.append(("kinds", mean, len(with_kinds), "" if len(with_kinds) else "no-record"))
    rows += [_share(name, int(log[name].sum()), n) for name in ("written_rules", "minutes")]
    done = log[log["status"] == "done"]
    rows.append(_share("closed", len(done), n))
    days = float(done["days"].median()) if len(done) else np.nan
    rows.append(("days", days, len(done), "" if len(done) else "none-closed"))
    table = pd.DataFrame(rows, columns=["measure", "value", "of", "reason"])
    return Measured(table, f"log of {n} consultations, by the four questions")


def _share(name: str, count: int, of: int) -> tuple[str, float, int, str]:
    return (name, count / of if of else np.nan, of, "" if of else "no-record")
