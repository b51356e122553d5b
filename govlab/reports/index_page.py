"""The page that lists the reports of a batch: to browse by name, language, format and outcome, offline."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from govlab.language import LANGUAGES, Lang, default_language, say
from govlab.reports.formats.body import TEMPLATES
from govlab.reports.formats.page import FORMATS
from govlab.reports.formats.place import put

FILE = "index.html"
# Says before the table comes that a script will choose its rows; without scripts all of them show.
_EARLY = 'document.documentElement.dataset.script = ""'
_STYLES = ("page.css", "index_page.css")
_NAMES = {"html": "HTML", "docx": "Word", "pdf": "PDF", "xlsx": "Excel"}
_WORDS = (
    "switch", "made", "search", "language", "format", "status", "all", "report", "files", "seconds", "none",
    "why", "count", "more",
)  # fmt: skip


@dataclass(frozen=True)
class IndexEntry:
    """One report of the batch, in one language.

    files: format -> link relative to the page. status: ``done``, ``failed`` or ``skipped``.
    """

    name: str
    title: str
    lang: str
    status: str
    files: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    error: str = ""


def write_index(
    folder: Path, entries: Sequence[IndexEntry], title: Mapping[str, str], lang: Lang | None = None
) -> Path:
    """Write ``index.html`` into ``folder`` and hand its path back.

    title: of the batch, in both languages. lang: the language it opens in (default: the locale's);
    a button changes it. Raises OutputError where the file cannot be written, ValueError for a link
    that is not a path relative to the page.
    """
    shown = lang or default_language()
    templates = TEMPLATES / "govlab"
    script = (templates / "index_page.js").read_text(encoding="utf-8")
    statuses = list(dict.fromkeys(entry.status for entry in entries))
    found = {name for entry in entries for name in entry.files}
    content = _environment(templates).get_template("index_page.html.j2").render(
        lang=shown,
        tag="zh-CN" if shown == "zh" else "en",
        title=title,
        css="".join((templates / name).read_text(encoding="utf-8") for name in _STYLES),
        script=script,
        early=_EARLY,
        script_hashes=f"{_hash(_EARLY)} {_hash(script)}",
        said={word: {one: _said(word, one) for one in LANGUAGES} for word in _WORDS},
        counted={one: _counted(len(entries), one) for one in LANGUAGES},
        statuses=statuses,
        status_words={status: {one: _status(status, one) for one in LANGUAGES} for status in statuses},
        formats=[name for name in FORMATS if name in found],
        names=_NAMES,
        rows=[_row(entry) for entry in entries],
    )  # fmt: skip
    return put(folder / FILE, content.encode("utf-8"))


def _hash(script: str) -> str:
    """A script as a content security policy names it."""
    return f"'sha256-{b64encode(sha256(script.encode('utf-8')).digest()).decode('ascii')}'"


def _environment(folder: Path) -> Any:
    from jinja2 import Environment, FileSystemLoader

    return Environment(loader=FileSystemLoader(folder), autoescape=True, trim_blocks=False)


def _said(word: str, lang: str) -> str:
    if word == "count":  # the script fills this one in again and again
        return say("formats.index_count", {"shown": "{shown}", "all": "{all}"}, lang=lang)
    return say(f"formats.index_{word}", lang=lang)


def _counted(number: int, lang: str) -> str:
    return say("formats.index_count", {"shown": number, "all": number}, lang=lang)


def _status(status: str, lang: str) -> str:
    try:
        return say(f"formats.status_{status}", lang=lang)
    except LookupError:
        return status


def _row(entry: IndexEntry) -> dict[str, object]:
    formats = [name for name in FORMATS if name in entry.files]
    return {
        "name": entry.name,
        "title": entry.title,
        "lang": entry.lang,
        "tag": "zh-CN" if entry.lang == "zh" else entry.lang,
        "status": entry.status,
        "formats": " ".join(formats),
        "files": [{"href": _href(entry.files[name]), "label": _NAMES[name]} for name in formats],
        "seconds": f"{entry.seconds:.1f}" if entry.seconds else "",
        "error": entry.error,
    }


def _href(path: str) -> str:
    parts = path.replace("\\", "/").split("/")
    if not path or parts[0] == "" or ".." in parts:
        raise ValueError(f"files: must be relative to the page and inside its folder, got {path!r}")
    # Quoted whole, so that a colon cannot make a scheme of it.
    return "/".join(quote(part, safe="") for part in parts)
