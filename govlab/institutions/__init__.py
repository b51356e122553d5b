"""Who holds what, and what that comes to: ledgers, duties, schemes, inventories, life circles."""

from __future__ import annotations

from govlab.handing import handed_on

_ROOMS = ("duties", "inventory", "ledger", "reach", "scheme")

__all__ = list(_ROOMS)
__getattr__, __dir__ = handed_on(__name__, {}, _ROOMS)
