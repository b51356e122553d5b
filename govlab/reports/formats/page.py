"""What a page says about itself, and the error of a page that could not be made."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime

from govlab.errors import FormatError, InputError
from govlab.language import LANGUAGES

FORMATS = ("html", "docx", "pdf", "xlsx")

# Zip archives, and so Word and Excel files, know no time before this one.
_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)


class OutputError(InputError, FormatError):
    """A file of a report could not be made or put in its place; ``text(lang)`` says why."""


@dataclass(frozen=True)
class PageInfo:
    """What every format of one report carries besides its content.

    lang: ``zh`` or ``en``. links: (label, href) of the other language and the other formats.
    version, generated, checksum: printed in the last line where given; generated is an ISO date.
    """

    lang: str
    title: str
    links: tuple[tuple[str, str], ...] = ()
    version: str = ""
    generated: str = ""
    checksum: str = ""

    def __post_init__(self) -> None:
        """Refuse a language that govlab does not speak (ValueError)."""
        if self.lang not in LANGUAGES:
            raise ValueError(f"lang must be one of {', '.join(LANGUAGES)}, got {self.lang!r}")

    @property
    def tag(self) -> str:
        """The language tag that files carry."""
        return "zh-CN" if self.lang == "zh" else "en"

    def moment(self) -> datetime:
        """The time written into files: SOURCE_DATE_EPOCH, else the day of ``generated``.

        Never the clock, so that the same report gives the same bytes on the same day.
        """
        epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
        if epoch.isdecimal():
            return max(datetime.fromtimestamp(int(epoch), UTC), _EARLIEST)
        try:
            day = datetime.fromisoformat(self.generated)
        except ValueError:
            return _EARLIEST
        return max(day if day.tzinfo else day.replace(tzinfo=UTC), _EARLIEST)
