"""What a class answered: progress files in a folder, or rows of one workbook, put together.

Nothing in them is run, sizes are bounded, and what cannot be read is named and left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govlab.errors import Fault, InputError
from govlab.results import Result
from govlab.workshop.exercises import exercises
from govlab.workshop.handed_in import bounded, encoding_of
from govlab.workshop.judging import judge
from govlab.workshop.progress import Progress, Tries, read_progress

if TYPE_CHECKING:
    import pandas as pd

    from govlab.plots import Figure

MOST_FILES = 500
MOST_ROWS = 20_000
_HEADS = ("alias", "exercise", "answer")


@dataclass(frozen=True, eq=False)
class ClassPicture(Result):
    """A row an exercise: who tried, who came by it, at the first try, with how much help.

    frame: ``exercise``, ``tried``, ``right``, ``first`` (right at the first try), ``tries`` (median of
    those who came by it), ``helped`` (asked for a hint or the solution), ``usual`` (the wrong answer
    given most often) and ``usual_n``. people: how many files or aliases. left_out: what could not be read.
    firsts: exercise -> first answer -> how many gave it.
    """

    frame: pd.DataFrame
    people: int
    left_out: tuple[Fault, ...] = field(default=())
    firsts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def to_frame(self) -> pd.DataFrame:
        """A copy of the table."""
        return self.frame.copy()

    def summary(self) -> str:
        """How many files, and which exercises are worth talking about."""
        lines = [f"{self.people} files, {len(self.frame)} exercises"]
        if self.to_discuss():
            lines.append(f"to talk about: {', '.join(self.to_discuss())}")
        lines += [fault.text("en") for fault in self.left_out]
        return "\n".join(lines)

    def to_discuss(self, most: int = 3) -> tuple[str, ...]:
        """The exercises with the fewest right at the first try, if fewer than three in four were."""
        shares = self.frame["first"] / self.frame["tried"]
        low = self.frame.assign(share=shares)[shares < 0.75].sort_values("share", kind="stable")
        return tuple(low["exercise"].head(most))

    def figure(self, lang: str) -> Figure | None:
        """First answers, agreement and what to discuss; None where too few files answered anything."""
        from govlab.workshop.class_picture import figure

        return figure(self, lang)


def gather(place: Path | str) -> ClassPicture:
    """The picture of a class from a folder of progress files, or from a workbook or CSV of answers.

    A workbook has the columns ``alias``, ``exercise``, ``answer``, a row a try, in order. InputError for
    a place that is neither, that holds nothing to read, or more than can be read.
    """
    path = Path(place)
    if path.is_dir():
        found, faults = _from_folder(path)
    elif path.suffix.lower() in (".xlsx", ".csv") and path.is_file():
        found, faults = _from_rows(path)
    else:
        raise InputError(Fault("workshop.gather_place", {"path": str(place)}))
    if not found:
        raise InputError([*faults, Fault("workshop.gather_empty", {"path": str(place)})])
    return pictured(found, tuple(faults))


def pictured(people: list[Progress], left_out: tuple[Fault, ...] = ()) -> ClassPicture:
    """The picture of a class from what each of them tried."""
    return ClassPicture(_table(people), len(people), left_out, _firsts(people))


def _from_folder(folder: Path) -> tuple[list[Progress], list[Fault]]:
    paths = sorted(folder.glob("*.json"))
    if len(paths) > MOST_FILES:
        raise InputError(Fault("workshop.gather_many", {"n": len(paths), "most": MOST_FILES}))
    found: list[Progress] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            found.append(read_progress(path))
        except InputError as error:
            faults.extend(error.faults)
    return found, faults


def _from_rows(path: Path) -> tuple[list[Progress], list[Fault]]:
    import pandas as pd

    bounded(path)
    reader = pd.read_csv if path.suffix.lower() == ".csv" else pd.read_excel
    options: dict[str, Any] = {"dtype": str, "nrows": MOST_ROWS + 1}
    if reader is pd.read_excel:
        options["engine"] = "calamine"
    else:
        options["encoding"] = encoding_of(path)
    try:
        rows = reader(path, **options)
    except (ValueError, OSError) as error:
        raise InputError(Fault("workshop.gather_unreadable", {"why": str(error)}, (path.name,))) from error
    missing = [name for name in _HEADS if name not in rows.columns]
    if missing:
        raise InputError(Fault("workshop.gather_heads", {"heads": ", ".join(missing)}, (path.name,)))
    if len(rows) > MOST_ROWS:
        raise InputError(Fault("workshop.gather_many", {"n": len(rows), "most": MOST_ROWS}, (path.name,)))
    known = exercises()
    people: dict[str, Progress] = {}
    faults: list[Fault] = []
    for line, row in enumerate(rows[list(_HEADS)].fillna("").to_dict("records"), 2):
        number, answer = str(row["exercise"]).strip(), str(row["answer"])
        if number not in known:
            where = (path.name, f"{line}")
            faults.append(Fault("workshop.no_exercise", {"number": number, "known": ", ".join(known)}, where))
            continue
        alias = str(row["alias"]).strip()
        right = judge(known[number], answer).verdict == "right"
        people[alias] = people.get(alias, Progress(alias)).tried(number, answer, right=right)
    return list(people.values()), faults


def _table(people: list[Progress]) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for number, one in exercises().items():
        tries = [person.exercises[number] for person in people if number in person.exercises]
        tries = [each for each in tries if each.answers]
        if not tries:
            continue
        done = sorted(len(each.answers) for each in tries if each.right)
        wrong = Counter(answer for each in tries for answer in _wrong(each))
        usual, count = wrong.most_common(1)[0] if wrong else ("", 0)
        rows.append(
            {
                "exercise": one.id,
                "tried": len(tries),
                "right": len(done),
                "first": sum(each.right and len(each.answers) == 1 for each in tries),
                "tries": float(done[len(done) // 2]) if done else float("nan"),
                "helped": sum(each.hints > 0 or each.solution for each in tries),
                "usual": usual,
                "usual_n": count,
            }
        )
    columns = ["exercise", "tried", "right", "first", "tries", "helped", "usual", "usual_n"]
    return pd.DataFrame(rows, columns=columns)


def _firsts(people: list[Progress]) -> dict[str, dict[str, int]]:
    from govlab.workshop.class_picture import first_answers

    known = exercises()
    # Only what somebody tried: some right answers take a while to work out.
    tried = {number for person in people for number, each in person.exercises.items() if each.answers}
    return {
        number: first_answers(one, [each.exercises[number] for each in people if number in each.exercises])
        for number, one in known.items()
        if number in tried
    }


def _wrong(tries: Tries) -> tuple[str, ...]:
    """The answers that were not right, each counted once a person."""
    given = tries.answers[:-1] if tries.right else tries.answers
    return tuple(dict.fromkeys(given))
