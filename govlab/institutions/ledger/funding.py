"""Money by channel and purpose: what is unspent, and what runs beside other money without a joint plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from govlab.errors import Fault, InputError
from govlab.institutions.ledger.model import LedgerFile
from govlab.institutions.measured import Measured

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("channel", "community", "year", "purpose", "received", "spent", "plan")


def check(file: LedgerFile, table: pd.DataFrame) -> None:
    """InputError lists every row: channel not declared, money below zero, more spent than received."""
    lacking = [one for one in COLUMNS if one not in table]
    if lacking:
        raise InputError(Fault("ledger.no_column", {"columns": ", ".join(lacking)}, ("funding",)))
    known = {one.id for one in file.channels}
    faults = []
    for row, one in enumerate(table[list(COLUMNS)].itertuples(index=False), 2):
        where = ("funding", f"row {row}")
        if one.channel not in known:
            values = {"name": str(one.channel), "known": ", ".join(sorted(known))}
            faults.append(Fault("ledger.unknown_channel", values, where))
        amounts = []
        for name in ("received", "spent"):
            try:
                amounts.append(float(getattr(one, name)))
            except (TypeError, ValueError):
                amounts.append(float("nan"))
            if not np.isfinite(amounts[-1]) or amounts[-1] < 0:
                faults.append(Fault("ledger.amount", {"got": str(getattr(one, name))}, (*where, name)))
        if 0 <= amounts[0] < amounts[1]:
            values = {"spent": f"{amounts[1]:,.0f}", "received": f"{amounts[0]:,.0f}"}
            faults.append(Fault("ledger.overspent", values, where))
    if faults:
        raise InputError(faults)


def by_channel(file: LedgerFile, table: pd.DataFrame) -> Measured:
    """Received, spent and unspent by channel; a channel without a row reads ``not-stated``.

    Columns channel, standing, received, spent, unspent, rate (percent of received), share (percent of all).
    """
    import pandas as pd

    check(file, table)
    total = float(table["received"].astype(float).sum())
    rows: list[tuple[object, ...]] = []
    for one in file.channels:
        mine = table[table["channel"] == one.id]
        if mine.empty:
            rows.append((one.id, one.standing, None, None, None, None, None, "not-stated"))
            continue
        received, spent = (
            float(mine["received"].astype(float).sum()),
            float(mine["spent"].astype(float).sum()),
        )
        rate = 100 * (received - spent) / received if received else None
        share = 100 * received / total if total else None
        rows.append((one.id, one.standing, received, spent, received - spent, rate, share, ""))
    columns = ["channel", "standing", "received", "spent", "unspent", "rate", "share", "reason"]
    return Measured(pd.DataFrame(rows, columns=columns), "money received, spent and unspent by channel")


def uncoordinated(file: LedgerFile, table: pd.DataFrame) -> Measured:
    """Purposes that several channels pay for in one community and year without a plan in common.

    ``plan`` names a joint plan; empty where there is none. A purpose is coordinated if all its money stands
    in one plan. Columns purpose, cases (community-years with several channels), uncoordinated, amount.
    """
    import pandas as pd

    check(file, table)
    found: dict[str, list[float]] = {}
    for (purpose, _, _), mine in table.groupby(["purpose", "community", "year"], sort=True):
        if mine["channel"].nunique() < 2:
            continue
        plans = mine["plan"].fillna("").astype(str).str.strip()
        apart = plans.nunique() > 1 or bool((plans == "").any())
        cases = found.setdefault(str(purpose), [0, 0, 0.0])
        cases[0] += 1
        if apart:
            cases[1] += 1
            cases[2] += float(mine["received"].astype(float).sum())
    rows = [(purpose, int(one[0]), int(one[1]), one[2], "") for purpose, one in found.items()]
    columns = ["purpose", "cases", "uncoordinated", "amount", "reason"]
    return Measured(
        pd.DataFrame(rows, columns=columns), "purposes paid for by several channels without a plan"
    )
