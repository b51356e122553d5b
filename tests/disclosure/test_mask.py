"""The mask as it is kept: written, read, compared, asked."""

from __future__ import annotations

import dataclasses
import json

import pytest

from govlab.disclosure import Mask
from govlab.errors import InputError


def test_round_trip(study):
    frame, mask = study
    again = Mask.from_json(mask.to_json())
    assert again.to_json() == mask.to_json()
    assert again.digest == mask.digest
    assert again.hidden == mask.hidden
    assert again.fits(frame)
    assert not again.fits(frame.iloc[1:])
    assert not again.fits(frame.drop(columns="q"))
    assert Mask.compute(frame, mask.margins, places=mask.places).to_json() == mask.to_json()


def test_row_order_does_not_matter(study):
    frame, mask = study
    shuffled = frame.sample(frac=1, random_state=1)
    assert Mask.compute(shuffled, mask.margins, places=mask.places).digest == mask.digest


def test_digest_follows_what_is_shown(study):
    frame, mask = study
    stricter = Mask.compute(frame, mask.margins, places=mask.places, threshold=20)
    assert stricter.digest != mask.digest
    fewer = Mask.compute(frame, mask.margins[:1], places=mask.places)
    assert fewer.digest != mask.digest


def test_no_count_is_stored(study):
    _, mask = study
    stored = json.loads(mask.to_json())
    assert set(stored) == {"format", "threshold", "width", "places", "margins", "levels", "hidden", "inputs"}
    assert set(stored["hidden"][0]) == {"by", "item", "shares", "cells"}


def test_a_mask_cannot_be_changed(study):
    _, mask = study
    with pytest.raises(dataclasses.FrozenInstanceError):
        mask.threshold = 3


@pytest.mark.parametrize("text", ["", "{}", '{"format": 99}', "[]", '{"format": 1, "margins": 3}'])
def test_what_is_no_mask(text):
    with pytest.raises(InputError, match="no suppression mask"):
        Mask.from_json(text)


def test_cells_nobody_declared(study):
    _, mask = study
    for by, item, answer in [
        ({"sex": "f"}, "", True),
        ({"zone": "A"}, "r", True),
        ({"zone": "A"}, "q", 3),
        ({"wave": 1}, "s", True),
    ]:
        with pytest.raises(InputError, match="not among the tables"):
            mask.shows(by, item, answer)
    with pytest.raises(InputError, match="no respondent has D in zone"):
        mask.shows({"zone": "D", "wave": 1}, "q")
    with pytest.raises(InputError, match="no respondent has 7 in q"):
        mask.shows({"wave": 1}, "q", 7)
