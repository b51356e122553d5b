"""Definitions of schemes: every fault found, weights, copies, what is whose."""

from __future__ import annotations

import pytest
import yaml

from govlab.errors import InputError
from govlab.institutions.scheme import read_rubric, read_scheme, shipped_rubrics, shipped_schemes
from govlab.study.assessing import fact_flags

TEXT = {"zh": "某", "en": "some"}
FLAGS = {"AKS-035": frozenset(), "AKS-045": frozenset({"risk-tier"}), "AKS-072": frozenset({"surveillance"})}


def node(name, weight, **more):
    measure = {"kind": "count", "origin": "user", "range": [0, 10]}
    one = {
        "id": name,
        "origin": "user",
        "label": TEXT,
        "weight": {"value": weight, "origin": "user"},
        "measure": measure,
    }
    return {key: value for key, value in (one | more).items() if value is not None}


def definition(*nodes, **more):
    return {
        "kind": "scheme", "format": 1, "id": "mine", "origin": "user", "title": TEXT, "unit": TEXT, "about": TEXT,
        "nodes": list(nodes), "silences": [TEXT],
    } | more  # fmt: skip


@pytest.fixture
def read(tmp_path):
    def make(*nodes, flags=None, **more):
        path = tmp_path / "mine.yaml"
        path.write_text(yaml.safe_dump(definition(*nodes, **more), sort_keys=False), encoding="utf-8")
        return read_scheme(path, flags)

    return make


def keys(read, *nodes, **more):
    with pytest.raises(InputError) as raised:
        read(*nodes, **more)
    for lang in ("zh", "en"):
        assert raised.value.text(lang)
    return [one.key for one in raised.value.faults]


def test_shares_go_down_the_tree(read):
    # a: 0.6 * 25/100 and 0.6 * 75/100; b: 0.4
    scheme = read(
        node("a", 60, measure=None), node("a1", 25, parent="a"), node("a2", 75, parent="a"), node("b", 40)
    )
    assert scheme.shares == pytest.approx({"a1": 0.15, "a2": 0.45, "b": 0.4}, rel=1e-12)
    assert scheme.free == {"": ["a", "b"], "a": ["a1", "a2"]}
    assert "indicators: 3" in scheme.summary()


def test_weights_that_do_not_sum(read):
    assert keys(read, node("a", 60), node("b", 30)) == ["scheme.weights"]
    assert read(node("a", 33.3), node("b", 33.3), node("c", 33.3)).shares["a"] == pytest.approx(1 / 3)


def test_a_cycle(read):
    found = keys(
        read,
        node("a", 100),
        node("x", 100, parent="y", measure=None),
        node("y", 100, parent="x", measure=None),
    )
    assert found == ["scheme.cycle", "scheme.cycle"]


def test_an_indicator_without_evidence_and_one_with_too_much(read):
    assert keys(read, node("a", 100, measure=None)) == ["scheme.no_evidence"]
    assert keys(read, node("a", 100), node("b", 100, parent="a")) == ["scheme.leaf_with_children"]


def test_every_fault_at_once(read):
    survey = {"kind": "survey", "origin": "user", "range": [5, 1], "normalisation": "target"}
    found = keys(
        read, node("a", 50, measure=survey), node("a", 50), node("b", 100, parent="nowhere"),
        points=[{"id": "p", "origin": "user", "label": TEXT, "amount": {"origin": "user"}, "each": 0, "most": 1}],
    )  # fmt: skip
    assert sorted(found) == sorted(
        ["scheme.twice", "scheme.parent", "scheme.no_item", "scheme.range", "scheme.target", "scheme.points"]
    )


def test_flagged_facts_are_refused(read):
    assert read(node("a", 100, origin="source", facts=["AKS-035"]), flags=FLAGS)
    found = keys(
        read,
        node("a", 50, facts=["AKS-045"]),
        node("b", 50, origin="source", facts=["AKS-072"]),
        flags=FLAGS,
    )
    assert found == ["definition.never_scored", "definition.never_scored"]
    assert keys(read, node("a", 100, facts=["AKS-999"]), flags=FLAGS) == ["definition.unknown_fact"]
    assert keys(read, node("a", 100, origin="source")) == ["definition.no_facts"]


def test_faults_name_file_and_line(read):
    with pytest.raises(InputError) as raised:
        read(node("a", 100, measure=None))
    assert raised.value.faults[0].where[0] == "mine.yaml" and raised.value.faults[0].where[1].startswith(
        "line "
    )
    with pytest.raises(InputError, match="colour"):
        read(node("a", 100, colour="red"))


def test_changing_makes_another(read):
    scheme = read(node("a", 60), node("b", 40))
    other = scheme.weighted({"a": 20, "b": 80})
    assert scheme.shares["a"] == 0.6 and other.shares["a"] == 0.2
    assert other.node("a").weight.origin == "user"
    with pytest.raises(InputError, match="sum to 120"):
        scheme.weighted({"b": 60})
    with pytest.raises(InputError, match="no indicator c"):
        scheme.weighted({"c": 60})
    with pytest.raises(InputError, match="between 0 and 100"):
        scheme.weighted({"a": -1})
    with pytest.raises(KeyError):
        scheme.node("c")


def test_leaving_one_out(read):
    scheme = read(
        node("a", 60, measure=None), node("a1", 25, parent="a"), node("a2", 75, parent="a"), node("b", 40)
    )
    assert scheme.without("a1").shares == pytest.approx({"a2": 0.6, "b": 0.4})
    alone = scheme.without("a1").without("a2")  # the empty group goes too
    assert alone.shares == {"b": 1.0}
    with pytest.raises(InputError, match="no indicator is left"):
        alone.without("b")


def test_how_units_are_averaged():
    scheme = read_scheme(shipped_schemes()["aksu-3-plus-1"])
    assert scheme.averaged("size").file.rollup.mean == "size" and scheme.file.rollup.mean == "simple"
    with pytest.raises(ValueError, match="simple or size"):
        scheme.averaged("median")
    with pytest.raises(InputError, match="body above"):
        read_scheme(shipped_schemes()["project-selection"]).averaged("size")


@pytest.mark.parametrize("name", shipped_schemes())
def test_shipped_schemes_hold_against_the_catalogue(name):
    scheme = read_scheme(shipped_schemes()[name], fact_flags())
    assert scheme.id == name
    assert sum(scheme.shares.values()) == pytest.approx(1, rel=1e-12)
    assert 0 < scheme.share_ours < 1
    assert scheme.file.title.en in scheme.summary()
    assert len(scheme.to_frame()) == len(scheme.file.nodes)


@pytest.mark.parametrize("name", shipped_rubrics())
def test_shipped_rubrics_hold_against_the_catalogue(name):
    rubric = read_rubric(shipped_rubrics()[name], fact_flags())
    assert rubric.id == name and 0 < rubric.share_ours < 1
    assert rubric.file.title.en in rubric.summary()


def test_what_the_sources_give_and_what_not():
    aksu = read_scheme(shipped_schemes()["aksu-3-plus-1"])
    rollup = aksu.file.rollup
    assert (rollup.units.value, rollup.own.value) == (90, 10)
    assert rollup.units.origin == rollup.own.origin == "source"
    # inner weights are not in the source: all of them are the user's
    assert {one.weight.origin.value for one in aksu.file.nodes} == {"user"}
    assert [one.id for one in aksu.file.nodes if one.parent is None] == ["targets", "satisfaction", "leaders"]
    assert len(read_scheme(shipped_schemes()["beijing-seven-standardisations"]).indicators) == 7
    six = read_rubric(shipped_rubrics()["aksu-six-isations"]).file
    assert six.checklist and len(six.items) == 6
    assert [one.id for one in six.items if not one.asked] == ["grids"]
    five = read_rubric(shipped_rubrics()["zhejiang-five-shifts"]).file
    assert len(five.items) == 5 and all(len(one.anchors) == 4 for one in five.items)
    assert len(read_rubric(shipped_rubrics()["lulei-three-systems"]).file.items) == 3
