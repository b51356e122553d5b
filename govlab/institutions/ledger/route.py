"""A rule of approval run on a list of payments; what its words do not settle stays unsettled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from govlab.errors import Fault, InputError
from govlab.institutions.ledger.model import Route
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("payment", "amount", "state", "branch", "decides", "steps", "reason")


@dataclass(frozen=True, eq=False)
class RouteRun(Result):
    """Payments and the way each goes.

    frame: payment, amount, state (``decided``, ``undecided``, ``stopped``), branch, decides (the body with
    the last word), steps (how many), reason (``both-apply``, ``no-rule``, ``too-few-signatures``).
    """

    route: Route
    frame: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """A copy of the table."""
        return self.frame.copy()

    def summary(self) -> str:
        """How many payments go which way, and how many nobody can place."""
        counts = self.frame["state"].value_counts()
        parts = [f"{state}: {counts.get(state, 0):,}" for state in ("decided", "undecided", "stopped")]
        return f"{len(self.frame):,} payments along {self.route.id}; " + ", ".join(parts)

    def decided_by(self) -> pd.DataFrame:
        """Who has the last word: body, payments, amount, share of all money on the list (percent)."""
        import pandas as pd

        total = float(self.frame["amount"].sum())
        rows = []
        for body in dict.fromkeys(one.decides for one in self.route.branches):
            mine = self.frame[(self.frame["decides"] == body) & (self.frame["state"] == "decided")]
            rows.append((body, len(mine), float(mine["amount"].sum())))
        rest = self.frame[self.frame["state"] != "decided"]
        rows.append(("", len(rest), float(rest["amount"].sum())))
        found = pd.DataFrame(rows, columns=["body", "payments", "amount"])
        found["share"] = 100 * found["amount"] / total if total > 0 else np.nan
        return found


def run(route: Route, payments: pd.DataFrame, *, reading: Mapping[float, str] | None = None) -> RouteRun:
    """Send every payment down its branch.

    payments: columns ``payment`` (id), ``amount`` and, where signatures are to be checked, ``signatures``.
    reading: amount -> id of the branch that it belongs to, for amounts that the words of two branches cover.
    Without it such a payment is left undecided. InputError lists every row with a fault.
    """
    import pandas as pd

    _check_reading(route, reading or {})
    _check(payments, route)
    amounts = [float(one) for one in payments["amount"]]
    signed = payments["signatures"].to_numpy() if "signatures" in payments else None
    rows: list[tuple[object, ...]] = []
    for place, (name, amount) in enumerate(zip(payments["payment"], amounts, strict=True)):
        fit = [one for one in route.branches if one.holds(amount)]
        chosen = (reading or {}).get(float(amount))
        if len(fit) > 1 and chosen is not None:
            fit = [one for one in fit if one.id == chosen]
        if len(fit) != 1:
            reason = "both-apply" if fit else "no-rule"
            rows.append((name, amount, "undecided", "", "", None, reason))
            continue
        branch = fit[0]
        short = signed is not None and signed[place] < branch.signatures
        state, reason = ("stopped", "too-few-signatures") if short else ("decided", "")
        rows.append((name, amount, state, branch.id, branch.decides, len(branch.steps), reason))
    return RouteRun(route, pd.DataFrame(rows, columns=list(COLUMNS)))


def _check_reading(route: Route, reading: Mapping[float, str]) -> None:
    faults = []
    for amount, branch in reading.items():
        fit = [one.id for one in route.branches if one.holds(float(amount))]
        if branch not in fit or len(fit) < 2:
            values = {"amount": f"{amount:g}", "branch": branch, "known": ", ".join(fit)}
            faults.append(Fault("ledger.reading", values, (route.id,)))
    if faults:
        raise InputError(faults)


def _check(payments: pd.DataFrame, route: Route) -> None:
    lacking = [name for name in ("payment", "amount") if name not in payments]
    if lacking:
        raise InputError(Fault("ledger.no_column", {"columns": ", ".join(lacking)}, ("payments",)))
    faults = []
    seen: set[object] = set()
    for row, (name, given) in enumerate(zip(payments["payment"], payments["amount"], strict=True), 2):
        where = ("payments", f"row {row}")
        try:
            amount = float(given)
        except (TypeError, ValueError):
            amount = float("nan")
        if not np.isfinite(amount) or amount <= 0:
            faults.append(Fault("ledger.amount", {"got": str(given)}, where))
        if name in seen:
            faults.append(Fault("ledger.twice", {"id": str(name)}, where))
        seen.add(name)
    if "signatures" in payments:
        for row, given in enumerate(payments["signatures"], 2):
            try:
                bad = not float(given) >= 0 or not float(given).is_integer()
            except (TypeError, ValueError):
                bad = True
            if bad:
                faults.append(Fault("ledger.signatures", {"got": str(given)}, ("payments", f"row {row}")))
    if faults:
        raise InputError(faults)
