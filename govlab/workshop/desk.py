"""What a participant types in a lesson: ``begin``, ``check``, ``hint``, ``solution``."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Literal

from govlab.errors import Fault, InputError
from govlab.language import default_language, say
from govlab.workshop.exercises import Exercise, exercise
from govlab.workshop.judging import judge
from govlab.workshop.progress import FILE, Progress, read_alias, read_progress, write_progress

Style = Literal["ok", "bad", "amb", "int"]


@dataclass(frozen=True)
class Said:
    """What the desk answers: a chip, a sentence or two; shows itself in a notebook."""

    style: Style
    chip: str
    lines: tuple[str, ...]
    right: bool = False

    def __str__(self) -> str:
        return "\n".join([f"[{self.chip}] {self.lines[0]}", *self.lines[1:]])

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        colours = {"ok": "#1f5fa8", "bad": "#c8641b", "amb": "#5a6472", "int": "#5a6472"}
        chip = (
            f'<span style="background:{colours[self.style]};color:#fff;border-radius:3px;padding:1px 7px;'
            f'margin-right:.6em;font-size:.9em">{escape(self.chip)}</span>'
        )
        lines = "".join(f'<p style="margin:.3em 0 0">{escape(one)}</p>' for one in self.lines[1:])
        html = (
            f'<div role="status" style="border-left:4px solid {colours[self.style]};padding:.4em .8em;'
            f'margin:.3em 0">{chip}{escape(self.lines[0])}{lines}</div>'
        )
        return {"text/html": html, "text/plain": str(self)}


def begin(alias: str, lang: str = "") -> Said:
    """Say under which name progress is kept (no real names), and in which language to speak."""
    if lang not in ("", "zh", "en"):
        raise InputError(Fault("workshop.lang", {"got": lang}))
    path = Path(FILE)
    before = read_progress(path)
    progress = Progress(read_alias(alias), lang or before.lang, before.exercises)
    write_progress(path, progress)
    spoken = _spoken(progress)
    return Said("int", _say("chip.begin", spoken), (_say("begin", spoken, alias=progress.alias),))


def check(number: str, answer: object = None) -> Said:
    """Judge an answer to an exercise, in words; the solution is never among them.

    A typical mistake is explained; otherwise each wrong try brings the next hint. Tries are kept in
    ``govlab-progress.json`` in the working folder. InputError for a number that there is not.
    """
    one = exercise(number)
    path = Path(FILE)
    progress = read_progress(path)
    lang = _spoken(progress)
    judged = judge(one, answer)
    if judged.verdict == "empty":
        return Said("int", number, (one.ask.in_language(lang), *_offered(one, lang)))
    if judged.verdict == "unreadable":
        return Said("amb", _say("chip.unreadable", lang), (_say(f"unreadable.{one.kind}", lang),))
    right = judged.verdict == "right"
    write_progress(path, progress.tried(number, _short(judged.read), right=right))
    if right:
        return Said("ok", _say("chip.right", lang), (one.right.in_language(lang),), right=True)
    if judged.mistake is not None:
        says = one.mistakes[judged.mistake].says.in_language(lang)
        return Said("bad", _say("chip.not_yet", lang), (says,))
    before = progress.exercises.get(number)
    place = min(len(before.answers) if before else 0, len(one.hints) - 1)
    return Said("bad", _say("chip.not_yet", lang), (one.hints[place].in_language(lang),))


def hint(number: str) -> Said:
    """The next hint of an exercise; the last one again when there are no more."""
    one = exercise(number)
    path = Path(FILE)
    progress = read_progress(path)
    before = progress.exercises.get(number)
    place = min(before.hints if before else 0, len(one.hints) - 1)
    write_progress(path, progress.helped(number, hints=place + 1))
    lang = _spoken(progress)
    chip = _say("chip.hint", lang, n=place + 1, all=len(one.hints))
    return Said("int", chip, (one.hints[place].in_language(lang),))


def solution(number: str) -> Said:
    """How one comes by the answer, for those who ask; that it was asked for is kept."""
    one = exercise(number)
    path = Path(FILE)
    progress = read_progress(path)
    write_progress(path, progress.helped(number, solution=True))
    lang = _spoken(progress)
    return Said("int", _say("chip.solution", lang), (one.solution.in_language(lang),))


def _spoken(progress: Progress) -> str:
    return progress.lang or default_language()


def _say(key: str, lang: str, **values: object) -> str:
    return say(f"workshop.{key}", values, lang=lang)


def _offered(one: Exercise, lang: str) -> tuple[str, ...]:
    dot = "．" if lang == "zh" else ". "
    return tuple(f"{option.id}{dot}{option.text.in_language(lang)}" for option in one.options)


def _short(read: object) -> str:
    return "".join(read) if isinstance(read, tuple) else f"{read:g}" if isinstance(read, float) else str(read)
