"""The papers of a workshop: needs form, short test, programmes, trainer's guide; what came back counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from govlab.cli.screen import Screen
    from govlab.workshop.printing import Paper


@dataclass(frozen=True)
class PaperOptions:
    """Options of the papers. to: formats by comma, empty for all that a paper has."""

    to: str
    out: Path
    answers: Path | None
    before: Path | None
    after: Path | None

    def formats(self, every: Sequence[str]) -> tuple[str, ...]:
        """The formats asked for."""
        return tuple(one.strip() for one in self.to.split(",")) if self.to else tuple(every)


def needs(screen: Screen, names: Sequence[str], options: PaperOptions) -> int:
    """The form, or with answers what they come to."""
    from govlab.workshop.needs_form import FORMATS, write_needs

    if options.answers is None:
        return _tell(screen, write_needs(screen.lang, options.formats(FORMATS), options.out))
    from govlab.workshop.needs import needs as read

    found = read(options.answers)
    for line in found.proposal_lines(screen.lang):
        screen.line(line)
    return _report(screen, found.report(screen.lang), options)


def test(screen: Screen, names: Sequence[str], options: PaperOptions) -> int:
    """Both forms, or with answers before and after how they differ."""
    from govlab.workshop.short_test import FORMATS, write_test

    if options.before is None and options.after is None:
        return _tell(screen, write_test(screen.lang, options.formats(FORMATS), options.out))
    if options.before is None or options.after is None:
        from govlab.errors import Fault, InputError

        raise InputError(Fault("workshop_papers.test.both_files"))
    from govlab.workshop.before_after import compared

    found = compared(options.before, options.after)
    for line in found.notes(screen.lang):
        screen.line(line)
    return _report(screen, found.report(screen.lang), options)


def programme(screen: Screen, names: Sequence[str], options: PaperOptions) -> int:
    """The plans, all of them or those named; a lesson that is missing is told."""
    from govlab.workshop.printing import PRINTED
    from govlab.workshop.programmes import lesson_faults, programmes, write_programme

    formats = options.formats(PRINTED)
    written = write_programme(screen.lang, formats, options.out, names)
    for one in programmes().values():
        for fault in lesson_faults(one) if not names or one.id in names else ():
            screen.line(fault.text(screen.lang))
    return _tell(screen, written)


def guide(screen: Screen, names: Sequence[str], options: PaperOptions) -> int:
    """The trainer's guide."""
    from govlab.workshop.guide import write_guide
    from govlab.workshop.printing import PRINTED

    return _tell(screen, write_guide(screen.lang, options.formats(PRINTED), options.out))


def _report(screen: Screen, paper: Paper, options: PaperOptions) -> int:
    from govlab.workshop.printing import COUNTED, asked_formats

    formats = asked_formats(options.formats(COUNTED), COUNTED, screen.lang)
    return _tell(screen, paper.write(formats, options.out))


def _tell(screen: Screen, written: Sequence[Path]) -> int:
    for path in written:
        screen.tell("lesson.written", path=path)
    return 0
