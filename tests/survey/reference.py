"""The reference numbers by design, and one comparison that lists every number that is off."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

FOLDER = Path(__file__).parent.parent / "reference" / "survey"
STATS = {
    "estimate": "est",
    "std_error": "se",
    "statistic": "stat",
    "p_value": "p",
    "conf_low": "lci",
    "conf_high": "uci",
    "deff": "deff",
}
PLAIN = (
    *("lik", "lik_fpc", "lik_nostrata", "lik_w", "lik_sub60"),
    *("srs_fpc", "srs_nofpc", "srs_plain", "pair_lin"),
)
CALIBRATED = ("lik_post", "lik_rake", "lik_greg", "lik_calrake", "lik_callogit", "lik_greg_fpc")
CHANGED = (*CALIBRATED, "lik_trim", "lik_trim1")
REPLICATED = (
    *("lik_jkn", "lik_jkn_mse", "lik_jk1", "lik_jkn_fpc"),
    *("pair_jkn", "pair_brr", "pair_brr_mse", "pair_fay"),
)
ITEMS = {
    "lik": ["q1", "q2", "q3", "part", "income", "meet"],
    "srs": ["y", "x", "owner", "visits", "sat"],
    "pai": ["y", "x", "bin"],
}
FACTORS = {"lik": ["q1f", "q3f", "edu", "agegrp"], "srs": ["satf", "type"], "pai": ["grp"]}
DOMAINS = {"lik": [["zone"], ["zone", "wave"], ["agegrp"]], "srs": [["type"], ["stratum"]], "pai": [["grp"]]}


@cache
def expected() -> dict[tuple[str, ...], float]:
    text = pd.read_csv(FOLDER / "expected.csv", dtype=str, keep_default_na=False)
    values = pd.to_numeric(text["value"], errors="coerce")
    keys = zip(*(text[name] for name in ("design", "fn", "var", "domain", "term", "stat")), strict=True)
    return dict(zip(keys, values, strict=True))


@cache
def _noise() -> dict[str, float]:
    table = pd.read_csv(FOLDER / "r_side_noise.csv")
    return dict(zip(table["fn"], table["max_relative_change"], strict=True))


class Compared:
    """Numbers put beside the reference; what is off is collected, not raised one by one."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.keys: set[tuple[str, ...]] = set()
        self.off: list[str] = []

    def one(self, fn: str, var: str, stat: str, value: float, *, domain: str = "", term: str = "") -> None:
        """Compare one number, if the reference has it."""
        key = (self.name, fn, var, domain, term, stat)
        known = expected().get(key)
        if known is None:
            return
        self.keys.add(key)
        if np.isnan(known) or np.isnan(value):
            close = bool(np.isnan(known) and np.isnan(value))
        elif abs(known) < (1e-20 if stat == "cov" else 1e-6) and stat in ("se", "cov", "deff"):
            close = abs(value) < 1e-6  # zero by construction: only rounding is left on either side
        else:
            close = abs(value - known) <= self._tolerance(fn, stat, known)
        if not close:
            self.off.append(f"{fn} {var} {domain} {term} {stat}: {value!r}, reference {known!r}")

    def _tolerance(self, fn: str, stat: str, known: float) -> float:
        if fn == "svyciprop_likelihood":
            return 1e-5
        closed = 1e-10 if self.name in CALIBRATED else 1e-12
        relative = 1e-9 if stat == "p" else max(closed, _noise().get(fn, 0.0))
        return relative * abs(known)

    def rows(
        self, fn: str, frame: pd.DataFrame, *, by: Iterable[str] = (), term: str = "", var: str = "term"
    ) -> None:
        """Compare a table of estimates, domain labels in the reference's form. var, term: columns."""
        by = list(by)
        for row in frame.to_dict("records"):
            domain = ";".join(f"{name}={row[name]}" for name in by)
            named = str(row[term]) if term else ""
            for column, stat in STATS.items():
                if column in row:
                    self.one(fn, str(row[var]), stat, float(row[column]), domain=domain, term=named)

    def done(self, *fns: str, only: Iterable[str] | None = None) -> None:
        """Fail with the list of what is off, or of what the reference has under ``fns`` and nobody compared.

        only: variables that the test is about; by default all.
        """
        assert not self.off, f"{self.name}: {len(self.off)} of {len(self.keys)}\n" + "\n".join(self.off[:20])
        meant = None if only is None else set(only)
        left = [
            key
            for key in expected()
            if key[0] == self.name and key[1] in fns and (meant is None or key[2] in meant)
            if key not in self.keys
        ]
        assert not left, f"{self.name}: {len(left)} numbers not compared, among them {left[:10]}"
