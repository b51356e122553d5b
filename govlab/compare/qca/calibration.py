"""Calibration: from what was measured to membership in a set, with the anchors and the reasons for them.

Ragin (2008), Redesigning Social Inquiry, ch. 5 (direct and indirect method); Dusa (2019), QCA with R, ch. 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from govlab.compare.qca.fractional import indirect
from govlab.compare.qca.presets import preset as _preset
from govlab.errors import Fault, InputError
from govlab.language import say
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Method = Literal["direct", "linear", "indirect", "crisp", "multi-value"]
METHODS = ("direct", "linear", "indirect", "crisp", "multi-value")
_COUNTS = {"direct": (3, 6), "linear": (3, 6), "indirect": (5,), "crisp": (1,)}


@dataclass(frozen=True)
class Anchors:
    """Where a set begins and ends, and why there.

    values: direct and linear: full non-membership, crossover, full membership (in this order; where the
    first is the largest, low values are in the set), or six: out, crossover, in, in, crossover, out. crisp:
    one threshold, multi-value: one or more, rising; indirect: five that part six degrees from 0 to 1.
    reasons: one for all, or one for each; an anchor without a written reason is pointed out.
    """

    values: tuple[float, ...]
    method: Method = "direct"
    reasons: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise ValueError(f"method must be one of {', '.join(METHODS)}, got {self.method!r}")
        allowed = _COUNTS.get(self.method)
        if not self.values or (allowed is not None and len(self.values) not in allowed):
            wanted = " or ".join(map(str, allowed or ("one or more",)))
            raise ValueError(f"anchors: {self.method} takes {wanted}, got {len(self.values)}")
        if len(self.reasons) not in (0, 1, len(self.values)):
            raise ValueError(f"reasons: one for all anchors or one for each, got {len(self.reasons)}")

    @property
    def missing_reasons(self) -> bool:
        """Whether an anchor stands without a reason."""
        return not self.reasons or any(not one.strip() for one in self.reasons)


@dataclass(frozen=True, eq=False)
class Calibrated(Result):
    """Memberships with what they were made from. raw: (n,), memberships: (n,), nan where nothing is known."""

    raw: Floats
    memberships: Floats
    anchors: Anchors
    cases: tuple[str, ...]
    log_odds: float
    notes: tuple[Fault, ...] = ()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.memberships, dtype=dtype)

    def __iter__(self) -> Iterator[float]:
        return iter(self.memberships.tolist())

    def __len__(self) -> int:
        return len(self.memberships)

    def again(self, values: Sequence[float]) -> Calibrated:
        """The same raw values under other anchors."""
        anchors = Anchors(tuple(map(float, values)), self.anchors.method, self.anchors.reasons)
        return _calibrated(self.raw, anchors, self.cases, self.log_odds)

    def to_frame(self) -> pd.DataFrame:
        """A row a case: ``case``, ``raw``, ``membership``."""
        import pandas as pd

        return pd.DataFrame({"case": self.cases, "raw": self.raw, "membership": self.memberships})

    def labels(self, lang: str) -> dict[str, str]:
        """Printed names of the columns of ``to_frame``."""
        return {name: say(f"qca.column.{name}", lang=lang) for name in ("case", "raw", "membership")}

    def summary(self) -> str:
        """Method, anchors, reasons, and what to know."""
        values = ", ".join(f"{one:g}" for one in self.anchors.values)
        reasons = "; ".join(self.anchors.reasons) or "none written"
        lines = [f"{self.anchors.method} calibration of {len(self)} cases at {values}", f"reasons: {reasons}"]
        return "\n".join([*lines, *(note.text("en") for note in self.notes)])


def calibrate(
    values: Sequence[float] | Floats | pd.Series,
    anchors: Anchors | Sequence[float],
    *,
    method: Method | None = None,
    reasons: Sequence[str] = (),
    degree: float | None = None,
    preset: str = "as R QCA",
) -> Calibrated:
    """Membership of cases in a set from measured values.

    values: (n,), nan for not known, which stays not known. anchors: as in ``Anchors``, or its numbers
    with ``method`` (default direct) and ``reasons``. degree: membership at the outer anchors of the
    direct method, otherwise what ``preset`` says (``as R QCA`` 0.95, ``as fsQCA`` log odds of 3).
    InputError for anchors out of order, and names cases that come out at exactly 0.5 in the notes.
    """
    if not isinstance(anchors, Anchors):
        anchors = Anchors(tuple(map(float, anchors)), method or "direct", tuple(reasons))
    elif method is not None or reasons:
        raise ValueError("method and reasons belong to the Anchors that were given")
    if degree is not None and not 0.5 < degree < 1:
        raise ValueError(f"degree must lie between 0.5 and 1, got {degree!r}")
    log_odds = _preset(preset).log_odds if degree is None else log(degree / (1 - degree))
    raw = np.array(values, dtype=np.float64)
    if raw.ndim != 1:
        raise ValueError(f"values must be one column, got shape {raw.shape}")
    index: Iterable[object] = getattr(values, "index", range(1, len(raw) + 1))
    if callable(index):  # a list's own method of that name
        index = range(1, len(raw) + 1)
    return _calibrated(raw, anchors, tuple(map(str, index)), log_odds)


def _calibrated(raw: Floats, anchors: Anchors, cases: tuple[str, ...], log_odds: float) -> Calibrated:
    faults = _order(anchors)
    if faults:
        raise InputError(faults)
    known = ~np.isnan(raw)
    found = np.full(len(raw), np.nan)
    found[known] = memberships(raw[known], anchors, log_odds)
    notes = []
    half = [case for case, value in zip(cases, found, strict=True) if value == 0.5]
    if half and anchors.method != "multi-value":
        shown = ", ".join(half[:5]) + (", …" if len(half) > 5 else "")
        notes.append(Fault("qca.note.half_here", {"n": len(half), "cases": shown}))
    if anchors.missing_reasons:
        notes.append(Fault("qca.note.no_reason"))
    if not known.all():
        notes.append(Fault("qca.note.not_known", {"n": int((~known).sum())}))
    return Calibrated(raw, found, anchors, cases, log_odds, tuple(notes))


def _order(anchors: Anchors) -> list[Fault]:
    given = anchors.values
    shown = {"values": ", ".join(f"{one:g}" for one in given)}
    if anchors.method in ("crisp", "multi-value", "indirect"):
        rising = all(low < high for low, high in pairwise(given))
        return [] if rising else [Fault("qca.anchors_rising", shown)]
    if len(given) == 3:
        ordered = given[0] < given[1] < given[2] or given[0] > given[1] > given[2]
    else:
        out, cross, full, full2, cross2, out2 = given
        hill = out < cross < full <= full2 < cross2 < out2
        ordered = hill or full < cross < out <= out2 < cross2 < full2
    return [] if ordered else [Fault("qca.anchors_order", shown)]


def memberships(x: Floats, anchors: Anchors, log_odds: float) -> Floats:
    """(n,) memberships of values by anchors that are in order."""
    given = anchors.values
    if anchors.method in ("crisp", "multi-value"):
        return np.searchsorted(np.array(given), x, side="right").astype(np.float64)
    if anchors.method == "indirect":
        return indirect(x, given)
    flank = _logistic if anchors.method == "direct" else _linear
    left = flank(x, given[0], given[1], given[2], log_odds)
    if len(given) == 3:
        return left
    right = flank(x, given[5], given[4], given[3], log_odds)
    # a hill is in both flanks, a valley in either
    return np.minimum(left, right) if given[0] < given[1] else np.maximum(left, right)


def _logistic(x: Floats, out: float, cross: float, full: float, log_odds: float) -> Floats:
    """Log odds proportional to the distance from the crossover, on each side by its own anchor."""
    inside = (x - cross) * np.sign(full - cross) > 0
    width = np.where(inside, abs(full - cross), abs(cross - out))
    found: Floats = 1 / (1 + np.exp(-(x - cross) * np.sign(full - cross) * log_odds / width))
    return found


def _linear(x: Floats, out: float, cross: float, full: float, log_odds: float) -> Floats:
    """0 to the first anchor, 1 from the last, straight lines through 0.5 between them."""
    if out > full:
        x, out, cross, full = -x, -out, -cross, -full
    return np.interp(x, [out, cross, full], [0.0, 0.5, 1.0])
