"""Right answers of lessons on lists, matches and batches, worked out when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from govlab.studybook import InventoryReport


@lru_cache(maxsize=1)
def _demo() -> InventoryReport:
    from govlab.studybook import InventoryReport

    return InventoryReport.open("demo", "en")


def participants_lost() -> float:
    """Participants of the demo study that pass one of the four tests but not all."""
    from govlab.institutions.inventory import participants

    frame = participants(_demo().held).to_frame()
    return float((frame["any"] - frame["all"]).sum())


def corner_needs_met() -> float:
    """How many of the four needs at the street corner can be met at once."""
    from govlab.institutions.inventory import match
    from govlab.workshop import corner

    return float(match(corner.lists(), on=corner.DAY).value)


def best_change() -> float:
    """The weight that the most helpful single change adds to the match of the demo study."""
    from govlab.institutions.inventory import Match

    found = _demo().match
    assert isinstance(found, Match)
    return float(found.unlocks(16)["gain"].iloc[0])


def groups_withheld_at_twenty() -> float:
    """Groups of the demo study's time bank that are withheld where fewer than twenty members show nothing."""
    from govlab.institutions.inventory import time_bank

    frame = time_bank(_demo().held, _demo().day, least=20).to_frame()
    return float((frame["reason"] != "").sum())


def zone_reports() -> float:
    """Reports that the block of zones in the shipped batch of the demo study makes."""
    from math import prod

    from govlab.data.locate import shipped
    from govlab.reports import Batch

    blocks = Batch.read(shipped("reports") / "demo.toml").content.reports
    own = next(one for one in blocks if one.notebook == "reports/zone_report.ipynb")
    return float(prod(map(len, own.grid.values())))


def aksu_never_scored() -> float:
    """Facts of the Aksu text that may be quoted and never scored."""
    from govlab.cases import load_catalogue
    from govlab.provenance import NEVER_SCORED

    facts = load_catalogue().entry("aksu").facts
    return float(sum(bool(NEVER_SCORED & set(one.flags)) for one in facts))


ANSWERS: dict[str, Callable[[], float]] = {
    "lists-aksu-never-scored": aksu_never_scored,
    "lists-best-change": best_change,
    "lists-corner-met": corner_needs_met,
    "lists-groups-withheld": groups_withheld_at_twenty,
    "lists-participants-lost": participants_lost,
    "lists-zone-reports": zone_reports,
}
