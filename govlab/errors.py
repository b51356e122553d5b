"""Exceptions and warnings: one small family, with a stable id and a text in each language.

An error that a user can cause is raised as ``InputError(Fault(...), ...)``: checks collect
every fault they find and raise once. A fault carries a message id (looked up in the message
catalogues by the command line) and the values for it, and says where it was found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_LINE = re.compile(r"^(?:line|row) (\d+)$")


@dataclass(frozen=True)
class Fault:
    """One thing wrong with what a user gave us.

    key: id of the message in the catalogues, ``room.name``, never renamed once released.
    values: what the message is filled with.
    where: file, and sheet, line, row, entry or field, outermost first.
    """

    key: str
    values: Mapping[str, object] = field(default_factory=dict)
    where: tuple[str, ...] = ()

    def text(self, lang: str = "en") -> str:
        """The fault as a sentence in one language, with its place in front."""
        from govlab.language import say

        said = say(self.key, dict(self.values), lang=lang)
        if not self.where:
            return said
        if lang == "zh":
            place = "，".join(_LINE.sub(r"第 \1 行", one) for one in self.where)
            return f"{place}：{said}"
        return f"{', '.join(self.where)}: {said}"


class GovlabError(Exception):
    """Root of everything govlab raises on purpose."""


class InputError(GovlabError):
    """What the user gave cannot be used; every fault that was found is listed."""

    def __init__(self, faults: Sequence[Fault] | Fault) -> None:
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__(self.text("en"))

    def text(self, lang: str = "en") -> str:
        """All faults, one a line, in one language."""
        return "\n".join(fault.text(lang) for fault in self.faults)

    def _render_traceback_(self) -> list[str]:
        """What a notebook prints: the sentences, since the lines of our code are not where the fault is."""
        from govlab.language import default_language

        return [f"{type(self).__name__}: {self.text(default_language())}"]


class CatalogueError(InputError):
    """A catalogue folder has faults: file, entry, field."""


class DatasetError(InputError):
    """A dataset is missing, or does not agree with its descriptor."""


class BatchError(InputError):
    """A batch file, or a row of it, cannot be planned."""


class WorkspaceError(InputError):
    """A workspace cannot be found, made or upgraded."""


class FormatError(GovlabError):
    """A finished report could not be turned into an output format."""


class GovlabWarning(UserWarning):
    """Root of the warnings that govlab gives."""
