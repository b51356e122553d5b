"""Is an answer right, and what is to be said to it: pure, without memory of earlier tries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Literal

from govlab.workshop.exercises import Exercise, Given, right_answer

Verdict = Literal["right", "mistake", "wrong", "unreadable", "empty"]
_LONGEST = 200


@dataclass(frozen=True)
class Judged:
    """How an answer was taken. mistake: place of the typical mistake it is, None for none."""

    verdict: Verdict
    read: Given | None = None
    mistake: int | None = None


def judge(one: Exercise, answer: object) -> Judged:
    """Compare an answer: numbers within the exercise's tolerance, letters in any order and case."""
    if answer is ... or answer is None or (isinstance(answer, str) and not answer.strip()):
        return Judged("empty")
    read = read_number(answer) if one.kind == "number" else read_letters(answer)
    if read is None:
        return Judged("unreadable")
    if _same(one, read, right_answer(one), one.within):
        return Judged("right", read)
    for place, mistake in enumerate(one.mistakes):
        expected: Given = mistake.answer
        if _same(one, read, expected, one.within if mistake.within is None else mistake.within):
            return Judged("mistake", read, place)
    return Judged("wrong", read)


def _same(one: Exercise, read: Given, expected: Given, within: float) -> bool:
    if one.kind == "number":
        assert isinstance(read, (int, float)) and isinstance(expected, (int, float))
        # The margin of a comparison of floats, so that 0.1 + 0.2 is 0.3.
        return abs(read - expected) <= within + 1e-9 * max(1.0, abs(expected))
    wanted = expected if isinstance(expected, tuple) else (str(expected),)
    return isinstance(read, tuple) and sorted(read) == sorted(wanted)


def read_number(answer: object) -> float | None:
    """A number as people write it: ``8.33``, ``1,224``, ``70%`` as 70, full-width digits; else None."""
    if isinstance(answer, bool):
        return None
    if isinstance(answer, str):
        from unicodedata import normalize

        text = normalize("NFKC", answer[:_LONGEST]).strip().replace(",", "").replace("−", "-").rstrip("%")
        try:
            value = float(text)
        except ValueError:
            return None
        return value if isfinite(value) else None
    item = getattr(answer, "item", None)
    if callable(item) and getattr(answer, "size", 1) == 1:
        answer = item()  # a number of numpy or pandas
    if isinstance(answer, (int, float)) and isfinite(answer):
        return float(answer)
    return None


def read_letters(answer: object) -> tuple[str, ...] | None:
    """Letters of options from ``"b"``, ``"A, c"``, ``["a", "c"]``; None if it is nothing of the kind."""
    from unicodedata import normalize

    if isinstance(answer, str):
        text = normalize("NFKC", answer[:_LONGEST]).lower()
        letters = [one for one in text if not (one.isspace() or one in ",;、和.()")]
    elif isinstance(answer, Iterable):
        letters = [str(one).strip().lower() for one in list(answer)[:26]]
    else:
        return None
    if not letters or any(len(one) != 1 or not "a" <= one <= "z" for one in letters):
        return None
    return tuple(sorted(set(letters)))
