"""Finding facts."""

from __future__ import annotations

import pytest

from govlab.cases import load_catalogue
from govlab.cases.search import search
from govlab.errors import InputError


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


def _ids(facts):
    return [fact.id for fact in facts]


def test_without_words_everything(catalogue):
    assert _ids(search(catalogue)) == list(catalogue.facts)


def test_words_in_either_language_and_any_case(catalogue):
    assert "AKS-009" in _ids(search(catalogue, ["国家干部"]))
    assert "AKS-009" in _ids(search(catalogue, ["State CADRES"]))
    assert _ids(search(catalogue, ["aks-009"])) == ["AKS-009"]


def test_every_word_must_be_there(catalogue):
    both = set(_ids(search(catalogue, ["cadres", "1,224"])))
    assert both == set(_ids(search(catalogue, ["cadres"]))) & set(_ids(search(catalogue, ["1224"])))
    assert both


def test_entry_and_topic(catalogue):
    found = search(catalogue, entry="beijing")
    assert _ids(found) == _ids(catalogue.entry("beijing").facts)
    topic = found[0].topic
    assert {fact.topic for fact in search(catalogue, entry="beijing", topic=topic)} == {topic}


def test_what_does_not_exist(catalogue):
    with pytest.raises(InputError, match="no case nowhere"):
        search(catalogue, entry="nowhere")
    with pytest.raises(InputError, match="no topic staf; near it: staff"):
        search(catalogue, topic="staf")
