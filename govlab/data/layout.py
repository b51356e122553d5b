"""What ``govlab new`` lays out: a list of files, so that a further template is one more line here."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from govlab.data.atomic import write_new
from govlab.data.locate import shipped
from govlab.data.manifest import Manifest, content_digest, write_manifest
from govlab.data.zone_list import community_list, zone_list
from govlab.errors import Fault, WorkspaceError

_KEPT = 5  # years
TEMPLATES = Path(__file__).resolve().parent / "templates"


@dataclass(frozen=True)
class Template:
    """One file of a new workspace.

    target: its place in the workspace. source: a file of the templates folder; or make: what
    builds it. follows: an untouched copy may be replaced when a newer govlab ships a new version.
    """

    target: str
    source: str | None = None
    make: Callable[[], bytes] | None = None
    follows: bool = False

    def content(self, title: str, lang: str) -> bytes:
        """The bytes to write: ``@title@`` and ``@lang@`` of a text template filled in."""
        if self.make is not None:
            return self.make()
        data = (TEMPLATES / (self.source or self.target)).read_bytes()
        if not self.target.endswith(".toml"):
            return data
        # A JSON string is a TOML string: quotes and backslashes of a folder name are escaped alike.
        text = data.decode("utf-8").replace("@title@", json.dumps(title, ensure_ascii=False))
        # Long enough for a study with three waves; the user sets what the consent page promises.
        retention = f"{dt.date.today().year + _KEPT}-12-31"
        return text.replace("@lang@", lang).replace("@retention@", retention).encode("utf-8")


def _questionnaire() -> bytes:
    return (shipped("datasets") / "questionnaire" / "questionnaire.xlsx").read_bytes()


LAYOUT = (
    Template("study.toml"),
    Template("START_HERE.md", follows=True),
    Template(".gitignore", "gitignore"),
    Template("zones.xlsx", make=zone_list),
    Template("communities.xlsx", make=community_list),
    Template("questionnaire.xlsx", make=_questionnaire),
    Template("consent.md"),
    Template("catalogue/my-community.yaml"),
    Template("catalogue/sources/my-sources.yaml"),
    Template("reports/cases.toml"),
    Template("reports/survey.toml"),
    Template("responses/README.md", follows=True),
)


def copies(layout: tuple[Template, ...] = LAYOUT) -> Iterator[tuple[str, bytes]]:
    """What follows govlab from version to version: the shipped report notebooks and the notes to read."""
    folder = shipped("notebooks")
    for path in sorted((folder / "reports").glob("*.ipynb")):
        yield f"notebooks/{path.relative_to(folder).as_posix()}", path.read_bytes()
    for template in layout:
        if template.follows:
            yield template.target, template.content("", "en")


def lay_out(folder: Path, lang: str) -> list[str]:
    """Fill a new or empty folder with a workspace that works at once; the files written.

    WorkspaceError if there is anything in the folder already: nothing is ever overwritten.
    """
    folder = folder.resolve()
    if folder.is_file():
        raise WorkspaceError(Fault("data.new.is_file", {}, (str(folder),)))
    if folder.is_dir() and any(folder.iterdir()):
        count = sum(1 for _ in folder.iterdir())
        raise WorkspaceError(Fault("data.new.not_empty", {"n": count}, (str(folder),)))
    following = dict(copies())
    files = {template.target: template.content(folder.name, lang) for template in LAYOUT} | following
    for target, data in files.items():
        write_new(folder / target, data)
    write_manifest(folder, Manifest({name: content_digest(name, data) for name, data in following.items()}))
    return sorted(files)
