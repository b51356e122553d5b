"""What if another share of a street's posts and money went down? On fictional communities only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from govlab.errors import Fault, InputError
from govlab.institutions.ledger.model import Floor
from govlab.results import NotApplicable, Result

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Way = Literal["equal", "residents", "lowest-first"]
NEAR = 1e-9  # a computed amount this close to the floor is on it
WAYS: tuple[Way, ...] = ("equal", "residents", "lowest-first")


def in_whole(total: int, weights: Floats) -> Floats:
    """``total`` posts split in proportion to (n,) weights, whole ones only: largest remainders.

    Ties go to the first. Hamilton's method; Balinski & Young (2001), ch. 2.
    """
    quota = total * weights / weights.sum()
    found: Floats = np.floor(quota)
    left = int(total - found.sum())
    if left:
        found[np.argsort(-(quota - found), kind="stable")[:left]] += 1
    return found


def lowest_first(own: Floats, total: float, *, whole: bool) -> Floats:
    """(n,) what holders receive when the lowest are raised first, as far as ``total`` reaches."""
    order = np.argsort(own, kind="stable")
    ranked = own[order]
    # Raising the k lowest to a level needs k * level - their sum; the largest k whose own level is reached.
    need = ranked * np.arange(1, len(own) + 1) - np.cumsum(ranked)
    count = int(np.searchsorted(need, total, side="right"))
    level = (total + ranked[:count].sum()) / count
    if not whole:
        received: Floats = np.maximum(0.0, level - own)
        return received
    received = np.maximum(0.0, np.floor(level + 1e-9) - own)
    left = round(total - received.sum())
    for place in order[:count][:left]:
        received[place] += 1
    return received


def spread(total: float, own: Floats, residents: Floats, way: Way, *, whole: bool) -> Floats:
    """(n,) what each community of one street receives of ``total``."""
    if way == "lowest-first":
        return lowest_first(own, total, whole=whole)
    weights = residents if way == "residents" else np.ones(len(own))
    if whole:
        return in_whole(round(total), weights)
    parts: Floats = total * weights / weights.sum()
    return parts


@dataclass(frozen=True, eq=False)
class Communities:
    """Fictional communities of fictional streets; arrays have one value a community.

    names, streets: ids. residents: heads. own: posts or money a community has before. pools: street ->
    what the street has to give. whole: whether only whole units can be given (posts).
    """

    names: tuple[str, ...]
    streets: tuple[str, ...]
    residents: Floats
    own: Floats
    pools: dict[str, float]
    whole: bool

    def received(self, share: float, way: Way) -> Floats:
        """What each community receives when ``share`` percent of every street's pool goes down."""
        found = np.zeros(len(self.names))
        at = np.array(self.streets)
        for street, pool in self.pools.items():
            mine = at == street
            total = pool * share / 100
            # Posts are people: a share of a post does not go down.
            total = float(np.floor(total + 1e-9)) if self.whole else total
            found[mine] = spread(total, self.own[mine], self.residents[mine], way, whole=self.whole)
        return found


@dataclass(frozen=True, eq=False)
class WhatIf(Result):
    """Communities under a share that goes down: what each has then, and whether it is below the floor.

    frame: community, street, own, received, after, floor, below, short. floor: the one applied.
    """

    floor: Floor
    share: float
    way: Way
    frame: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """A copy of the table."""
        return self.frame.copy()

    @property
    def below(self) -> int:
        """How many communities stay below the floor."""
        return int(self.frame["below"].sum())

    def summary(self) -> str:
        """Share, way of dividing, communities below."""
        lacking = f"{self.below} of {len(self.frame)} below {self.floor.at_least:,.0f}"
        return f"{self.share:g} % down, divided {self.way}: {lacking} ({self.floor.id})"


def read_communities(
    communities: pd.DataFrame, streets: pd.DataFrame, column: str, *, whole: bool
) -> Communities:
    """Tables of fictional communities and streets as arrays.

    communities: ``community street residents fictional`` and ``column``; streets: ``street fictional`` and
    ``column`` (what the street has). InputError lists every row with a fault; a place that is not marked
    fictional is one, because the bases of the shares that the documents state are not known for real ones.
    """
    faults: list[Fault] = []
    for name, table, wanted in (
        ("communities", communities, ("community", "street", "residents", "fictional", column)),
        ("streets", streets, ("street", "fictional", column)),
    ):
        lacking = [one for one in wanted if one not in table]
        if lacking:
            faults.append(Fault("ledger.no_column", {"columns": ", ".join(lacking)}, (name,)))
    if faults:
        raise InputError(faults)
    pools = dict(
        zip(streets["street"].astype(str), _amounts(streets, column, "streets", faults), strict=True)
    )
    own = _amounts(communities, column, "communities", faults)
    residents = _amounts(communities, "residents", "communities", faults)
    for name, table in (("communities", communities), ("streets", streets)):
        for row, mark in enumerate(table["fictional"], 2):
            if str(mark).strip().lower() not in ("yes", "true", "1", "是"):
                faults.append(Fault("ledger.not_fictional", {}, (name, f"row {row}")))
    at = tuple(communities["street"].astype(str))
    for row, street in enumerate(at, 2):
        if street not in pools:
            values = {"name": street, "known": ", ".join(pools)}
            faults.append(Fault("ledger.unknown_street", values, ("communities", f"row {row}")))
    names = tuple(communities["community"].astype(str))
    faults += [
        Fault("ledger.twice", {"id": name}, ("communities", f"row {row}"))
        for row, name in enumerate(names, 2)
        if name in names[: row - 2]
    ]
    if faults:
        raise InputError(faults)
    return Communities(names, at, residents, own, {k: float(v) for k, v in pools.items()}, whole)


def _amounts(table: pd.DataFrame, column: str, name: str, faults: list[Fault]) -> Floats:
    import pandas as pd

    found = pd.to_numeric(table[column], errors="coerce").to_numpy(dtype=np.float64)
    for row, (value, given) in enumerate(zip(found, table[column], strict=True), 2):
        if not np.isfinite(value) or value < 0:
            faults.append(Fault("ledger.amount", {"got": str(given)}, (name, f"row {row}", column)))
    return found


def what_if(communities: Communities, floor: Floor, *, share: float, way: Way = "equal") -> WhatIf:
    """Who falls below a floor when ``share`` percent of every street's posts or money goes down.

    way: ``equal``, by ``residents``, or ``lowest-first``. ValueError for a share outside 0 to 100, another
    way, or a floor that the definition records as text only.
    """
    import pandas as pd

    _check(floor, [share], way)
    received = communities.received(share, way)
    after = communities.own + received
    short = np.maximum(0.0, floor.at_least - after)
    frame = pd.DataFrame(
        {
            "community": communities.names, "street": communities.streets, "own": communities.own,
            "received": received, "after": after, "floor": floor.at_least,
            "below": short > NEAR, "short": short,
        }
    )  # fmt: skip
    return WhatIf(floor, share, way, frame)


def _check(floor: Floor, shares: Sequence[float], way: str) -> None:
    if not all(0 <= one <= 100 for one in shares) or way not in WAYS:
        raise ValueError(f"shares must be 0 to 100 and way one of {', '.join(WAYS)}; got {shares!r}, {way!r}")
    if floor.text_only:
        raise ValueError(f"floor {floor.id!r} is recorded as text only and is never applied")


def curve(
    communities: Communities, floor: Floor, *, shares: Sequence[float], way: Way = "equal"
) -> pd.DataFrame:
    """Communities below the floor and what they lack together: columns share, below, short."""
    import pandas as pd

    _check(floor, shares, way)
    rows = []
    for share in shares:
        short = np.maximum(0.0, floor.at_least - communities.own - communities.received(share, way))
        rows.append((float(share), int((short > NEAR).sum()), float(short.sum())))
    return pd.DataFrame(rows, columns=["share", "below", "short"])


def least_share(communities: Communities, floor: Floor, *, way: Way = "equal") -> float | NotApplicable:
    """The smallest whole percentage from which on no community is below the floor.

    From which on, because posts split by largest remainders can go away from a community as the total grows.
    """
    table = curve(communities, floor, shares=range(101), way=way)
    below = table["below"].to_numpy()
    if below[-1]:
        return NotApplicable("never-reached", f"with all of it down, {below[-1]} are still below")
    failing = np.flatnonzero(below)
    return 0.0 if not len(failing) else float(failing[-1] + 1)
