"""The nine lists of Kong Nana as tables, and the sheets that go with them.

The source names the lists, the four tests of a participant and the six kinds of things to share; what is
written in them is not shown, so every column here is ours (``datasets/institutions/inventory.yaml`` keeps
the two apart). Organisations, posts and needs are listed, never persons.
"""

from __future__ import annotations

from dataclasses import replace

from govlab.institutions.sheets import Field, Sheet

NINE = (
    "actors", "needs", "problems", "service_projects", "welfare_projects", "benefits", "resources", "actions",
    "consultations",
)  # fmt: skip
TESTS = ("will", "ability", "means", "relation")  # KO-008
SHARING = ("time", "goods", "skills", "space", "money", "data")  # KO-009
FORMS = ("talk", "council", "dialogue", "online")  # KO-011
KINDS = (
    "party", "committee", "public-body", "institution", "enterprise", "shop", "social-organisation",
    "residents-group", "households",
)  # fmt: skip
STATES = ("open", "under-way", "done", "dropped")
PROJECT_STATES = ("offered", "chosen", "bought", "running", "finished", "evaluated", "dropped")
_YES = ("yes", "no", "unknown")
RESIDENTS = "residents"  # may stand where an actor does: all who live there

_id = Field("id", "code", required=True, width=10)
_zh = Field("name::中文 (zh)", width=30, note="inventory.column.name")
_en = Field("name::English (en)", width=34, note="inventory.column.name")
_state = Field("status", "choice", required=True, allowed=STATES, width=12)
_place = Field("place", "codes", required=True, width=26)
_since = Field("since", "date", required=True, width=12)
_until = Field("until", "date", width=12)
_closed = Field("closed", "date", width=12)
_skill = Field("capability", "codes", required=True, width=22)
_actor = Field("actor", "code", required=True, width=14)


def _test(name: str) -> Field:
    return Field(name, "choice", allowed=_YES, width=10)


SHEETS = (
    Sheet("codes", (
        Field("list", "choice", required=True, allowed=("capability", "place"), width=12),
        Field("code", "code", required=True, width=22), _zh, _en,
    )),
    Sheet("actors", (
        _id, _zh, _en, Field("kind", "choice", required=True, allowed=KINDS, width=20), *map(_test, TESTS),
        _since, _until,
    ), key="id", needed=True),
    Sheet("needs", (
        _id, _zh, _en, replace(_skill, kind="code"), replace(_place, kind="code"), _since, _until,
        Field("amount", "number", least=0.001, width=10),
        Field("whole", "choice", allowed=("yes", "no"), width=8),
        Field("weight", "number", least=0.0, width=10), _state, _closed,
    ), key="id", needed=True),
    Sheet("problems", (_id, _zh, _en, _place, _since, _state, _closed, Field("need", "codes")), key="id"),
    Sheet("service_projects", (
        _id, _zh, _en, _actor, _skill, _place, _since, _until, _state, _closed,
    ), key="id"),
    Sheet("welfare_projects", (
        _id, _zh, _en, _actor, _skill, _place, _since, _until, _state, _closed,
    ), key="id"),
    Sheet("benefits", (
        _id, _zh, _en, Field("shares", "choice", required=True, allowed=SHARING, width=12), _actor,
        Field("receiver", "code", required=True, width=14), _since, _until, _state, _closed,
    ), key="id"),
    Sheet("resources", (
        _id, _zh, _en, _actor, Field("shares", "choice", required=True, allowed=SHARING, width=12), _skill,
        _place, _since, _until, Field("capacity", "number", required=True, least=0.0, width=10),
        _state, _closed,
    ), key="id", needed=True),
    Sheet("actions", (
        _id, _zh, _en, _actor, Field("need", "codes"), _place, _since, Field("amount", "number", least=0.0),
        _state, _closed,
    ), key="id"),
    Sheet("consultations", (
        _id, _zh, _en, _place, _since, Field("form", "choice", required=True, allowed=FORMS, width=12),
        Field("convener", "code", width=14), Field("present", "codes", width=26),
        Field("invited", "number", least=0.0, width=10), Field("attended", "number", least=0.0, width=10),
        Field("about", "codes", width=22),
        Field("decided_by", "choice", allowed=("consensus", "vote", "convener", "none"), width=14),
        Field("rules", "choice", allowed=_YES, width=10), Field("minutes", "choice", allowed=_YES, width=10),
        _state, _closed,
    ), key="id"),
    Sheet("agreements", (
        Field("agreement", "code", required=True, width=14), Field("giver", "code", required=True, width=14),
        Field("receiver", "code", required=True, width=14),
        Field("shares", "choice", required=True, allowed=SHARING, width=12), _since, _until,
        Field("renews", "code", width=14),
    )),
    Sheet("library", (
        _id, _zh, _en, Field("proposer", "code", required=True, width=14), _skill, _since,
        Field("status", "choice", required=True, allowed=PROJECT_STATES, width=12),
        Field("purchaser", "code", width=14), Field("price", "number", least=0.0, width=12),
        Field("bought", "date", width=12), _until, Field("evaluated", "date", width=12),
        Field("evaluator", "code", width=14), Field("met", "number", least=0.0, width=10),
        Field("promised", "number", least=0.0, width=10),
    ), key="id"),
    Sheet("rules", (
        Field("rule", "choice", required=True, allowed=("must", "may", "never"), width=10),
        Field("need", "code", width=14), Field("resource", "code", width=14), Field("reason", width=40),
    )),
    Sheet("time_bank", (
        _id, replace(_since, name="date"), Field("giver", "code", required=True, width=12),
        Field("giver_group", "code", required=True, width=16),
        Field("receiver", "code", required=True, width=12),
        Field("receiver_group", "code", required=True, width=16),
        Field("hours", "number", required=True, least=0.01, most=24.0, width=10),
        replace(_skill, kind="code", required=False), Field("expires", "date", width=12),
    ), key="id"),
)  # fmt: skip


def sheet(name: str) -> Sheet:
    """The sheet of that name; ValueError for one that is not there."""
    found = next((one for one in SHEETS if one.name == name), None)
    if found is None:
        raise ValueError(f"sheet must be one of {', '.join(one.name for one in SHEETS)}, got {name!r}")
    return found
