"""Ledgers of devolution: who holds staff, money, powers and duties, before and after."""

from govlab.institutions.ledger.door import Ledger, names
from govlab.institutions.ledger.funding import by_channel, uncoordinated
from govlab.institutions.ledger.measures import herfindahl
from govlab.institutions.ledger.model import LedgerFile
from govlab.institutions.ledger.route import RouteRun, run
from govlab.institutions.ledger.whatif import (
    Communities,
    WhatIf,
    curve,
    least_share,
    read_communities,
    what_if,
)

__all__ = [
    "Communities",
    "Ledger",
    "LedgerFile",
    "RouteRun",
    "WhatIf",
    "by_channel",
    "curve",
    "herfindahl",
    "least_share",
    "names",
    "read_communities",
    "run",
    "uncoordinated",
    "what_if",
]
