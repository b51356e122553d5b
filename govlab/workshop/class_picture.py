"""What a class answered, made ready to be drawn: nothing of fewer than five files, whichever way one counts.

A class is small and a file is often a group: what cannot be shown without telling on four files or fewer
is said in words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from govlab.language import say
from govlab.workshop.exercises import Exercise, exercise, right_answer
from govlab.workshop.judging import judge, read_letters, read_number

if TYPE_CHECKING:
    from govlab.plots import Figure
    from govlab.plots.classes import ClassRow, Given
    from govlab.workshop.gathering import ClassPicture
    from govlab.workshop.progress import Tries

LEAST = 5
_LONGEST = 14  # characters of an answer on a bar


def first_answers(one: Exercise, tries: Sequence[Tries]) -> dict[str, int]:
    """First answer -> files that gave it; every way to write the right answer is one."""
    counted: Counter[str] = Counter()
    right = written(one, right_answer(one))
    for each in tries:
        if each.answers:
            first = each.answers[0]
            counted[right if judge(one, first).verdict == "right" else written(one, first)] += 1
    return dict(counted.most_common())


def written(one: Exercise, answer: object) -> str:
    """An answer as it is printed: letters, a number to four digits, else the first signs of what came."""
    if one.kind == "number":
        number = read_number(answer)
        if number is not None:
            return f"{number:.4g}"
    else:
        letters = read_letters(answer)
        if letters is not None:
            return "".join(letters)
    return str(answer)[:_LONGEST]


def agreement(counts: Mapping[str, int]) -> float | None:
    """The share of pairs of files with the same first answer; None for fewer than two files."""
    n = sum(counts.values())
    return sum(one * (one - 1) for one in counts.values()) / (n * (n - 1)) if n > 1 else None


def figure(found: ClassPicture, lang: str) -> Figure | None:
    """The picture of the class; None where every exercise has fewer than five files."""
    from govlab.plots.classes import class_answers

    rows = [row(found, str(number), lang) for number in found.frame["exercise"]]
    if not any(one.given for one in rows):
        return None
    values = {"n": found.people, "least": LEAST}
    caption = say("workshop_papers.class.caption", lang=lang)
    note = say("workshop_papers.class.note", values, lang=lang)
    return class_answers(rows, lang=lang, caption=caption, note=note)


def row(found: ClassPicture, number: str, lang: str) -> ClassRow:
    """One exercise of the picture."""
    from govlab.plots.classes import ClassRow

    counts = found.firsts[number]
    label = say("workshop_papers.class.row", {"number": number}, lang=lang)
    n = sum(counts.values())
    if n < LEAST:
        return ClassRow(label, (), reason=say("workshop_papers.class.few", {"least": LEAST}, lang=lang))
    end = int(found.frame.set_index("exercise").loc[number, "right"])  # type: ignore[arg-type]
    right = counts.get(written(exercise(number), right_answer(exercise(number))), 0)
    given = pieces(counts, right, lang, number)
    return ClassRow(
        label,
        given,
        n,
        final_share(right, end, n),
        # Beside a bar in one piece it would tell how many are missing from "nearly all".
        agreement(counts) if len(given) > 1 else None,
        number in found.to_discuss(),
    )


def pieces(counts: Mapping[str, int], right: int, lang: str, number: str) -> tuple[Given, ...]:
    """The parts of a bar, each of five files or more; the rest in one part, or said in words."""
    from govlab.plots.classes import Given

    n = sum(counts.values())
    if n - right < LEAST:
        return (Given(say("workshop_papers.class.nearly", lang=lang), 1.0, right=True),)
    truth = written(exercise(number), right_answer(exercise(number)))
    wrong = [(words, count) for words, count in counts.items() if words != truth]
    shown = [(words, count) for words, count in wrong if count >= LEAST]
    # Those who were right, if few, hide among the rest; and a rest of few takes the smallest part in.
    rest = n - (right if right >= LEAST else 0) - sum(count for _, count in shown)
    while shown and 0 < rest < LEAST:
        rest += shown.pop()[1]
    parts = []
    if right >= LEAST:
        words = say("workshop_papers.class.right", {"answer": truth}, lang=lang)
        parts.append(Given(words, right / n, True))
    elif not shown:
        return (Given(say("workshop_papers.class.hardly", lang=lang), 1.0),)
    parts += [Given(words, count / n) for words, count in shown]
    if rest:
        parts.append(Given(say("workshop_papers.class.other", lang=lang), rest / n, rest=True))
    return tuple(parts)


def final_share(first: int, end: int, n: int) -> float | None:
    """The share right in the end; None where it would tell how fewer than five files fared."""
    between = (end - first, n - end, end)
    if n - first < LEAST or any(0 < one < LEAST for one in between):
        return None
    return end / n


# An invented class of fourteen files: exercise -> (first answer, right in the end, how many).
_INVENTED = {
    "1.1": (("b", True, 9), ("a", True, 5)),
    "1.2": (("0", True, 12), ("5", True, 2)),
    "1.3": (("8.33", True, 5), ("22.04", True, 9)),
    "1.4": (("abcd", True, 3), ("abcd", False, 5), ("acd", True, 6)),
}


def example(lang: str) -> Figure | None:
    """The picture of an invented class, to show how one is read."""
    from govlab.workshop.gathering import pictured
    from govlab.workshop.progress import Progress

    people = [Progress(f"{place}") for place in range(14)]
    for number, groups in _INVENTED.items():
        answers = [(first, done) for first, done, count in groups for _ in range(count)]
        one = exercise(number)
        for place, (first, done) in enumerate(answers):
            right = judge(one, first).verdict == "right"
            people[place] = people[place].tried(number, first, right=right)
            if done and not right:
                people[place] = people[place].tried(number, written(one, right_answer(one)), right=True)
    return figure(pictured(people), lang)
