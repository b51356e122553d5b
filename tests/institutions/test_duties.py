"""Duties: load, overlap, gaps, lines, cross-appointment, comparison; every number worked out in a comment."""

import pandas as pd
import pytest

from govlab.cases import load_catalogue
from govlab.errors import InputError
from govlab.institutions.duties import Duties, DutiesFile, names
from govlab.study import Study
from govlab.studybook import open_study

FLAGS = {name: frozenset(f.value for f in fact.flags) for name, fact in load_catalogue().facts.items()}
TEXT = {"zh": "甲", "en": "a"}


def duties(tasks, *arrangements, **more):
    """Duties of a committee, a station and a street. arrangements: (id, complete, [(task, body, role)])."""
    raw = {
        "format": 1, "kind": "duties", "id": "t", "title": TEXT, "about": TEXT,
        "bodies": [{"id": one, "label": TEXT, "kind": one} for one in ("committee", "station", "street")],
        "tasks": [{"label": TEXT, "origin": "user"} | one for one in tasks],
        "arrangements": [
            {
                "id": name, "label": TEXT, "origin": "user", "complete": complete,
                "assignments": [
                    {"task": task, "body": body, "role": role, "origin": "user"} for task, body, role in given
                ],
            }
            for name, complete, given in arrangements
        ],
    }  # fmt: skip
    return Duties.of(DutiesFile.model_validate(raw | more))


TASKS = [
    {"id": "forms", "nature": "administrative", "hours": 10},
    {"id": "reports", "nature": "administrative", "hours": 6},
    {"id": "assembly", "nature": "self-government", "hours": 4},
]
BEFORE = [("forms", "committee", "does"), ("reports", "committee", "does"), ("assembly", "committee", "does"),
          ("forms", "street", "decides")]  # fmt: skip
AFTER = [("forms", "station", "does"), ("reports", "committee", "assists"), ("reports", "station", "does"),
         ("reports", "street", "does"), ("assembly", "committee", "does"), ("forms", "committee", "refuses")]  # fmt: skip


@pytest.fixture(scope="module")
def worked():
    return duties(TASKS, ("before", True, BEFORE), ("after", True, AFTER))


def test_load_by_hand(worked):
    frame = worked.load_on("committee").frame.set_index("arrangement")
    # Before: 3 tasks done, 2 administrative (2/3), 10 + 6 hours. After: 1 done, 1 assisted with; of these
    # one administrative (1/2), counting a half: load 0.5, 3 hours. A task refused is no load.
    assert frame.loc["before", ["does", "assists", "administrative"]].tolist() == [3, 0, 2]
    assert frame.loc["before", ["share_administrative", "load", "hours"]].tolist() == pytest.approx(
        [200 / 3, 2, 16], rel=1e-12
    )
    assert frame.loc["after", ["does", "assists", "administrative"]].tolist() == [1, 1, 1]
    assert frame.loc["after", ["share_administrative", "load", "hours"]].tolist() == pytest.approx(
        [50, 0.5, 3]
    )


def test_hours_that_are_not_known_leave_no_sum():
    found = duties([TASKS[0] | {"hours": None}, TASKS[1]], ("only", True, BEFORE[:2]))
    frame = found.load_on("committee").frame
    assert frame["hours"].isna().all()
    assert frame["load"].tolist() == [2]


def test_overlap_gap_and_refusal(worked):
    # Reports are done by station and street; nobody decides anything after; nobody supervises.
    overlaps = worked.overlaps("after").frame
    assert overlaps[["task", "role"]].to_numpy().tolist() == [["reports", "does"]]
    assert overlaps.iloc[0]["holders"] == ("station", "street")
    gaps = worked.gaps("after").frame
    assert len(gaps) == 6
    assert set(gaps["role"]) == {"decides", "supervises"}


def test_a_task_refused_and_done_by_nobody_is_told_apart():
    found = duties(TASKS[:1], ("now", True, [("forms", "committee", "refuses")]))
    frame = found.holders("now").frame.set_index("role")
    assert frame.loc["does", "state"] == "refused"
    assert frame.loc["decides", "state"] == "gap"


def test_where_a_text_tells_only_some_roles_there_is_no_gap():
    found = duties(TASKS, ("told", False, BEFORE))
    assert found.gaps("told").frame.empty
    assert "not-stated" in set(found.holders("told").frame["state"])
    assert found.load_on("committee").frame["reason"].tolist() == ["least"]


def test_comparison(worked):
    found = worked.compare("before", "after")
    counts = found.frame["change"].value_counts().to_dict()
    # Before 4 roles, after 6; assembly by the committee is in both: 1 kept, 5 gained, 3 lost, 9 in all.
    assert counts == {"kept": 1, "gained": 5, "lost": 3}
    assert found.notes == ("roles kept: 1 of 9",)
    same = worked.compare("after", "after").frame
    assert set(same["change"]) == {"kept"}


def test_what_only_one_text_tells_is_neither_gained_nor_lost():
    found = duties(TASKS, ("before", False, BEFORE), ("after", False, AFTER))
    assert set(found.compare("before", "after").frame["change"]) == {"kept", "only-before", "only-after"}


def test_matrix_shows_roles_in_order(worked):
    frame = worked.matrix("after").frame.set_index("task")
    assert frame.loc["forms", "committee"] == "refuses"
    assert frame.loc["reports", "committee"] == "assists"
    assert frame.loc["assembly", "station"] == ""


def test_lines_and_posts_by_hand():
    line = {"arrangement": "now", "over": "station", "origin": "user"}
    found = duties(
        TASKS, ("now", True, BEFORE),
        lines=[line | {"by": "street", "kind": "leads"}, line | {"by": "committee", "kind": "supervises"}],
        posts=[
            {"id": "head", "label": TEXT, "arrangement": "now", "bodies": ["committee", "station"],
             "holders": 3, "posts": 8, "origin": "user"},
            {"id": "deputy", "label": TEXT, "arrangement": "now", "bodies": ["committee", "station"],
             "holders": 1, "posts": 8, "origin": "user"},
        ],
    )  # fmt: skip
    row = found.leadership().frame.iloc[0]
    assert (row["leads"], row["supervises"], row["lines"], row["state"]) == (1, 1, 2, "single")
    # 3 + 1 of 8 + 8 posts: a quarter.
    cross = found.cross_appointment().frame.iloc[0]
    assert (cross["posts"], cross["holders"], cross["of"], cross["share"]) == (2, 4, 16, 25)


# -- the shipped definitions -----------------------------------------------------------------------


def test_shipped_definitions_are_in_order_and_use_no_banned_fact():
    assert set(names()) >= {"aksu-admission", "beijing-separation", "lulei-services", "resident-knowledge"}
    for name in names():
        found = Duties.load(name, flags=FLAGS)
        assert found.file.id == name
        assert not any(one.complete for one in found.file.arrangements)


def test_beijing_has_two_leaders_and_four_lines():
    found = Duties.load("beijing-separation")
    row = found.leadership().frame.set_index("body").loc["station"]
    assert (row["leads"], row["guides"], row["supervises"], row["lines"]) == (2, 1, 1, 4)
    assert row["state"] == "dual"
    assert load_catalogue().facts["BJ-039"].value == 2
    assert len(load_catalogue().facts["BJ-005"].parts) == 4
    load = found.load_on("committee").frame
    assert load["administrative"].tolist() == [1, 0]
    assert set(load["reason"]) == {"least"}
    frame = found.provision().frame.set_index("service")
    assert frame.loc["basic", ["purchase", "contract", "entrust"]].all()
    assert not frame.loc["basic", "market"]


def test_lulei_has_four_services_and_five_committees_without_tasks():
    found = Duties.load("lulei-services")
    assert len(found.file.services) == load_catalogue().facts["LU-004"].value == 4
    committees = [one.id for one in found.file.bodies if one.part_of == "committee"]
    assert len(committees) == load_catalogue().facts["LU-006"].value == 5
    assert set(committees) <= set(found.idle("proposed"))
    # Three bodies joined two by two.
    assert len(found.cross_appointment().frame) == 3
    assert set(found.cross_appointment().frame["reason"]) == {"not-stated"}


def test_aksu_names_no_task_refused():
    roles = [one.role.value for one in Duties.load("aksu-admission").arrangement("after").assignments]
    assert "refuses" not in roles
    assert "assists" not in roles


def test_the_demo_community():
    found = open_study("demo").duties()
    assert isinstance(open_study("demo"), Study)
    frame = found.load_on("committee").frame.set_index("arrangement")
    # Before: allowances 14, certificates 8, records 18, inspections 6 = 46. After: half of records = 9.
    assert frame["hours"].tolist() == [46, 9]
    assert found.file.fictional


# -- what residents think --------------------------------------------------------------------------


def answers(*rows):
    return pd.DataFrame(rows, columns=["item", "answer", "estimate", "conf_low", "conf_high"])


def test_knowledge_by_hand():
    nan = float("nan")
    table = answers(
        ("who_insurance", "station", 0.62, 0.58, 0.66), ("who_insurance", "committee", 0.30, 0.26, 0.34),
        ("who_dispute", "committee", 0.51, 0.47, 0.55), ("who_dispute", "party", 0.10, 0.08, 0.12),
        ("who_meeting", "committee", nan, nan, nan), ("who_meeting", "party", 0.2, 0.1, 0.3),
        ("who_fund", "owners", 0.30, 0.26, 0.34), ("who_fund", "property", 0.45, 0.41, 0.49),
    )  # fmt: skip
    found = Duties.load("resident-knowledge").knowledge("separated", table).frame.set_index("task")
    assert found["verdict"].to_dict() == {
        "insurance": "most-know", "dispute": "open", "meeting": "", "lift": "", "fund": "few-know"
    }  # fmt: skip
    assert found.loc["meeting", "reason"] == "withheld"
    assert found.loc["lift", "reason"] == "not-asked"
    # For the repair fund most name the property company, which the matrix only consults.
    assert found.loc["fund", "most_named"] == "property"
    assert found.loc["fund", "estimate"] == pytest.approx(0.30)


def test_two_right_bodies_add_up_without_an_interval():
    found = duties(
        [TASKS[0] | {"question": "q"}],
        ("now", True, [("forms", "station", "does"), ("forms", "committee", "does")]),
        bodies=[
            {"id": "station", "label": TEXT, "kind": "station", "answers": ["a"]},
            {"id": "committee", "label": TEXT, "kind": "committee", "answers": ["b"]},
        ],
    )
    table = answers(("q", "a", 0.3, 0.2, 0.4), ("q", "b", 0.25, 0.2, 0.3))
    row = found.knowledge("now", table).frame.iloc[0]
    assert row["estimate"] == pytest.approx(0.55)
    assert (row["reason"], row["verdict"]) == ("several-right", "")


def test_answers_out_of_range():
    found = Duties.load("resident-knowledge")
    with pytest.raises(InputError, match="between 0 and 1"):
        found.knowledge("separated", answers(("who_lift", "property", 62, 58, 66)))
    with pytest.raises(InputError, match="conf_low"):
        found.knowledge("separated", pd.DataFrame({"item": ["q"], "answer": ["a"], "estimate": [0.5]}))


# -- bad input -------------------------------------------------------------------------------------


def test_every_fault_at_once():
    line = {"arrangement": "now", "over": "station", "by": "station", "kind": "leads", "origin": "user"}
    post = {"id": "p", "label": TEXT, "arrangement": "then", "bodies": ["committee", "mayor"], "holders": 9,
            "posts": 8, "origin": "user"}  # fmt: skip
    with pytest.raises(InputError) as caught:
        duties(
            TASKS,
            ("now", True, [*BEFORE, BEFORE[0], ("forms", "committee", "refuses"), ("tax", "mayor", "does")]),
            lines=[line], posts=[post],
        )  # fmt: skip
    assert {fault.key for fault in caught.value.faults} == {
        "duties.role_twice", "duties.does_and_refuses", "duties.unknown_task", "duties.unknown_body",
        "duties.unknown_arrangement", "duties.over_itself", "duties.more_holders",
    }  # fmt: skip
    assert len(caught.value.text("zh").splitlines()) == len(caught.value.faults)


def test_names_that_are_not_there(worked):
    with pytest.raises(InputError, match="beijing-separation"):
        Duties.load("beijing")
    with pytest.raises(ValueError, match="arrangement must be one of"):
        worked.gaps("then")
    with pytest.raises(ValueError, match="body must be one of"):
        worked.load_on("mayor")
