"""Invented streets and communities of the four devolution zones: posts, money, payments, channels.

Each zone is taken as a street, its sampled communities as the communities of that street. Before the reform
the street has most of the posts and the money. Two payments are of exactly 5,000 yuan, and one purpose is
paid for by two channels without a plan in common. Only ``Generator.random`` is used.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

SEED = 20260511
MODEL = "devolution"
Table = tuple[list[str], list[list[str]]]
TITLES = {
    "devolved_streets.csv": "Posts and yearly operating funds of four streets before the reform",
    "devolved_communities.csv": "Posts and yearly work funds of their communities before the reform",
    "payments.csv": "Routine payments of one community in a year",
    "funding.csv": "Money by channel, community, year and purpose",
}
WRITTEN = {
    "ledger.yaml": "Who holds what in the four streets, before and after",
    "duties.yaml": "Who does what in a community of the devolution zones, before and after",
}
CHANNELS = ("party-service", "public-benefit", "purchase")
PURPOSES = (
    ("elderly", "老年助餐", "meals for old people"),
    ("children", "课后托管", "care after school"),
    ("repairs", "楼道小修", "small repairs"),
)


def draw(zones: list[list[str]], communities: list[list[str]]) -> dict[str, Table]:
    """The four tables. zones: rows of zones.csv; communities: rows of communities.csv."""
    rng = np.random.default_rng(SEED)

    def between(low: int, high: int, step: int = 1) -> int:
        return low + step * int(rng.random() * ((high - low) // step + 1))

    streets = [row[0] for row in zones if row[4] == MODEL]
    mine = [row for row in communities if row[0] in streets]
    pools = [
        [one, str(between(38, 62)), str(between(480_000, 760_000, 10_000)), "yes"] for one in streets
    ]  # fmt: skip
    held = [
        [row[1], row[0], row[4], str(between(4, 9)), str(between(30_000, 95_000, 1_000)), "yes"]
        for row in mine
    ]
    return {
        "devolved_streets.csv": (["street", "staff", "funds", "fictional"], pools),
        "devolved_communities.csv": (
            ["community", "street", "residents", "staff", "funds", "fictional"], held
        ),
        "payments.csv": _payments(mine[0][1], rng),
        "funding.csv": _funding([row[1] for row in mine[:4]], rng),
    }  # fmt: skip


def _payments(community: str, rng: np.random.Generator) -> Table:
    """Thirty payments: mostly small, two at the limit itself, three with a signature missing."""
    rows = []
    for number in range(1, 31):
        amount = 10 * round(25 * float(np.exp(1.05 * (rng.random() * 4 - 1))) + 10 * rng.random())
        amount = 5000 if number in (9, 21) else amount * (12 if number % 5 == 0 else 1)
        signed = 1 if number in (4, 13, 26) else 2
        rows.append([f"P{number:02d}", community, str(amount), str(signed)])
    return ["payment", "community", "amount", "signatures"], rows


def _funding(communities: list[str], rng: np.random.Generator) -> Table:
    """Three channels, three purposes, two years; meals for old people are paid for by two channels."""
    rows = []
    for community in communities:
        for year in (2024, 2025):
            for place, channel in enumerate(CHANNELS):
                for key, zh, en in (PURPOSES[place], *(PURPOSES[:1] if place == 1 else ())):
                    received = 1000 * (12 + int(rng.random() * 30))
                    spent = 100 * round(received * (0.45 + 0.55 * rng.random()) / 100)
                    plan = (
                        "plan-2025"
                        if year == 2025 and key == "elderly" and community == communities[0]
                        else ""
                    )
                    rows.append([channel, community, str(year), key, zh, en, str(received), str(spent), plan])
    head = [
        "channel",
        "community",
        "year",
        "purpose",
        "purpose_zh",
        "purpose_en",
        "received",
        "spent",
        "plan",
    ]
    return head, rows


def written(folder: Path) -> dict[str, tuple[bytes, str]]:
    """The two definitions that were written by hand, as they stand in the folder."""
    return {name: ((folder / name).read_bytes(), title) for name, title in WRITTEN.items()}
