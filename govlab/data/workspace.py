"""A user's folder as one handle: ``study.toml``, and where notebooks, batch files and outputs are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from govlab.data.fields import dotted, field_faults
from govlab.data.formats import format_fault
from govlab.data.locate import shipped, workspace
from govlab.data.survey_file import Coded, Log, Survey, files
from govlab.data.toml import Toml, read_toml
from govlab.errors import Fault, InputError, WorkspaceError

Name = Annotated[str, Field(min_length=1)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Title(_Model):
    """The title of a study in both languages."""

    zh: Name
    en: Name


class Paths(_Model):
    """Where things are, from the folder of ``study.toml``; never outside it."""

    reports: Name = "reports"  # batch files
    out: Name = "reports/out"  # what is made
    responses: Name = "responses"
    zones: Name = "zones.xlsx"


class Study(_Model):
    """What ``study.toml`` may hold.

    lang: the language govlab speaks inside this workspace unless ``--lang`` says otherwise.
    catalogue: folder with the user's own sources, facts and cases; they are added to ours.
    survey: how people were asked; None where nobody was. coded: cases coded for comparison. log: the
    action research, line by line.
    """

    format: int
    title: Title
    lang: Literal["zh", "en"] | None = None
    catalogue: Name | None = None
    paths: Paths = Paths()
    survey: Survey | None = None
    coded: Coded | None = None
    log: Log = ()


@dataclass(frozen=True, eq=False)
class Workspace:
    """A place to work in: the user's own folder, or the shipped one where there is none.

    root: folder that batch files count their paths from. study: None for the shipped workspace.
    """

    root: Path
    notebooks: Path
    reports: Path
    out: Path
    study: Study | None = None
    catalogue: Path | None = None
    responses: Path | None = None
    zones: Path | None = None

    def batches(self) -> list[Path]:
        """The batch files, by name; WorkspaceError if there are none."""
        found = sorted(self.reports.glob("*.toml"))
        if not found:
            raise WorkspaceError(Fault("data.workspace.no_batches", {"folder": str(self.reports)}))
        return found


def open_workspace(start: Path | None = None) -> Workspace:
    """The workspace around ``start`` (default: the working folder), else the shipped one.

    Outputs of the shipped one go to ``reports/out`` under ``start``. WorkspaceError lists every
    fault of a ``study.toml`` with its line and field.
    """
    here = (start or Path.cwd()).resolve()
    root = workspace(here)
    if root is not None:
        return read_workspace(root)
    notebooks, reports = shipped("notebooks"), shipped("reports")
    return Workspace(notebooks.parent, notebooks, reports, here / "reports" / "out")


def workspace_of(file: Path, start: Path | None = None) -> Workspace:
    """The workspace a batch file belongs to: the study around it, else the shipped one.

    A batch file outside any study and not shipped counts its paths from the folder above its own;
    outputs go to ``reports/out`` under ``start`` (default: the working folder). WorkspaceError as for
    ``open_workspace``.
    """
    folder = file.resolve().parent
    root = workspace(folder)
    if root is not None:
        return read_workspace(root)
    out = (start or Path.cwd()).resolve() / "reports" / "out"
    notebooks, reports = shipped("notebooks"), shipped("reports")
    if folder == reports.resolve():
        return Workspace(notebooks.parent, notebooks, reports, out)
    return Workspace(folder.parent, folder.parent / "notebooks", folder, out)


def read_workspace(root: Path) -> Workspace:
    """The workspace whose ``study.toml`` lies in ``root``; WorkspaceError lists every fault."""
    try:
        toml = read_toml(root / "study.toml")
    except InputError as error:
        raise WorkspaceError(error.faults) from error
    fault = format_fault("study", toml.data.get("format"), toml.where(("format",)))
    if fault is not None:
        raise WorkspaceError(fault)
    try:
        study = Study.model_validate(toml.data)
    except ValidationError as error:
        raise WorkspaceError(field_faults(error, Study, toml.where)) from error
    faults = _path_faults(study, toml, root)
    if faults:
        raise WorkspaceError(faults)
    return Workspace(
        root=root,
        notebooks=root / "notebooks",
        reports=root / study.paths.reports,
        out=root / study.paths.out,
        study=study,
        catalogue=root / study.catalogue if study.catalogue is not None else None,
        responses=root / study.paths.responses,
        zones=root / study.paths.zones,
    )


def _path_faults(study: Study, toml: Toml, root: Path) -> list[Fault]:
    named: dict[tuple[int | str, ...], str] = {
        ("paths", field): getattr(study.paths, field) for field in Paths.model_fields
    }
    if study.survey is not None:
        named |= files(study.survey)
    if study.coded is not None:
        named[("coded", "file")] = study.coded.file
        if study.coded.sets is not None:
            named[("coded", "sets")] = study.coded.sets
    if study.catalogue is not None:
        named = {("catalogue",): study.catalogue, **named}
    found = []
    for loc, value in named.items():
        place = (*toml.where(loc), dotted(loc))
        if _leaves(value) or not (root / value).resolve().is_relative_to(root.resolve()):
            found.append(Fault("data.workspace.outside", {"path": value}, place))
        elif loc == ("catalogue",) and not (root / value).is_dir():
            found.append(Fault("data.workspace.no_folder", {"path": value}, place))
    return found


def _leaves(path: str) -> bool:
    """Whether a path is absolute or climbs out, read the way either kind of system would."""
    for kind in (PurePosixPath(path), PureWindowsPath(path)):
        if kind.is_absolute() or kind.drive or kind.root or ".." in kind.parts:
            return True
    return False
