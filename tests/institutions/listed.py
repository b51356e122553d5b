"""Small inventories for the tests."""

import datetime as dt

from govlab.institutions import inventory as inv

D = dt.date
BOTH = {"name::中文 (zh)": "名", "name::English (en)": "name"}


def actor(code, kind="social-organisation", **more):
    tests = dict.fromkeys(("will", "ability", "means", "relation"), "yes")
    return {"id": code, **BOTH, "kind": kind, **tests, "since": D(2024, 1, 1)} | more


def need(code, capability="meals", place="east", **more):
    row = {
        "id": code,
        **BOTH,
        "capability": capability,
        "place": place,
        "since": D(2025, 3, 1),
        "status": "open",
    }
    return row | more


def resource(code, capability=("meals",), place=("east",), capacity=1, **more):
    row = {"id": code, **BOTH, "actor": "a1", "shares": "time", "capability": capability, "place": place,
           "since": D(2025, 1, 1), "capacity": capacity, "status": "open"}  # fmt: skip
    return row | more


def rule(kind, need="", resource=""):
    return {"rule": kind, "need": need, "resource": resource, "reason": "x"}


def book(**sheets):
    """An inventory of these rows."""
    return inv.Inventory.of({"actors": [actor("a1")], **sheets})
