"""Slides of a lesson as one file: reveal.js and everything else inside, nothing asked of the network."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from pathlib import Path

from govlab.language import say
from govlab.workshop.cutting import Slide, cut
from govlab.workshop.lessons import Edition, Lesson
from govlab.workshop.pieces import Piece, synthetic

_FOLDER = Path(__file__).resolve().parent
_REVEAL = _FOLDER / "reveal"
_WORDS = ("previous", "next", "resume")
# What the speaker's window says in English, and by which message.
_SPEAKER = {
    ">Upcoming<": "upcoming",
    ">Notes<": "notes",
    ">Time <": "time",
    ">Click to Reset<": "reset",
    ">Loading speaker view...<": "loading",
    "'Layout'": "layout",
    "'Default'": "layout_default",
    "'Wide'": "layout_wide",
    "'Tall'": "layout_tall",
    "'Notes only'": "layout_notes",
}


def slides(pieces: Sequence[Piece], lesson: Lesson, lang: str, edition: Edition) -> str:
    """The page of slides. Notes and the speaker's window (key S) are in the trainers' edition only."""
    from jinja2 import Environment, FileSystemLoader

    trainer = edition == "trainer"
    laid = cut(pieces, lang)
    scripts = [_script("reveal.js")] + ([_notes(lang)] if trainer else [])
    words = {word: say(f"lesson_pages.{word}", lang=lang) for word in _WORDS}
    scripts.append((_FOLDER / "templates" / "slides.js").read_text(encoding="utf-8"))
    environment = Environment(loader=FileSystemLoader(_FOLDER / "templates"), autoescape=True)
    foot = _foot(lesson, lang)
    return environment.get_template("slides.html.j2").render(
        tag="zh-CN" if lang == "zh" else "en",
        title=lesson.title[lang],
        policy=_policy(scripts, speaker=trainer),
        styles=[_read("reveal.css"), (_FOLDER / "templates" / "slides.css").read_text(encoding="utf-8")],
        slides=[_section(one, foot, notes=trainer) for one in laid],
        scripts=scripts,
        words=json.dumps(words, ensure_ascii=False),
    )


def _foot(lesson: Lesson, lang: str) -> str:
    """What every slide says below: the lesson, and whether its data are invented."""
    said = {"number": lesson.number, "title": lesson.title[lang]}
    foot = f"<span>{escape(say('lesson_pages.lesson', said, lang=lang))}</span>"
    if synthetic(lesson.source()):
        foot += f'<span class="synthetic">{escape(say("lesson_pages.synthetic", lang=lang))}</span>'
    return f'<div class="foot">{foot}</div>'


def _section(slide: Slide, foot: str, *, notes: bool) -> str:
    rank = "h1" if slide.kind == "title" else "h2"
    title = f"<{rank}>{escape(slide.title)}</{rank}>" if slide.title else ""
    said = "".join(slide.notes) if notes else ""
    aside = f'<aside class="notes">{said}</aside>' if said else ""
    body = "\n".join(slide.body)
    shown = f'<div class="slide {slide.kind}">{title}<div class="body">{body}</div>{foot}</div>'
    return f"<section>{shown}{aside}</section>"


def _policy(scripts: Sequence[str], *, speaker: bool) -> str:
    """What the page may load: nothing but itself.

    The speaker's window takes the policy over and shows the slides in frames, with a script of its own.
    """
    hashes = [f"'sha256-{b64encode(sha256(one.encode('utf-8')).digest()).decode()}'" for one in scripts]
    run = "'unsafe-inline'" if speaker else " ".join(hashes)
    frames = "frame-src 'self' file:; " if speaker else ""
    return (
        f"default-src 'none'; script-src {run}; style-src 'unsafe-inline'; img-src data:; {frames}"
        "base-uri 'none'; form-action 'none'"
    )


def _read(name: str) -> str:
    return (_REVEAL / name).read_text(encoding="utf-8")


def _script(name: str) -> str:
    """A script of reveal.js as it may stand inside a page."""
    lines = [line for line in _read(name).splitlines() if not line.startswith("//# sourceMappingURL")]
    # In a page, these two would open what the end of the script does not close.
    return "\n".join(lines).replace("<!--", "\\x3c!--").replace("<script", "\\x3cscript")


def _notes(lang: str) -> str:
    script = _script("notes.js")
    if lang == "en":
        return script
    for english, key in _SPEAKER.items():
        said = say(f"lesson_pages.speaker.{key}", lang=lang)
        script = script.replace(english, f"{english[0]}{said}{english[-1]}")
    return script
