"""``Study``: one handle on a user's folder, which is all that a notebook needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from govlab.data.atomic import write_whole
from govlab.data.locate import workspace as find_workspace
from govlab.data.survey_file import DesignColumns, LogEntry, Survey
from govlab.data.survey_file import Wave as WaveFile
from govlab.data.workspace import Workspace, read_workspace
from govlab.errors import Fault, InputError, WorkspaceError
from govlab.language import default_language, say
from govlab.results import NotApplicable
from govlab.study import door, frames, inference
from govlab.study import margins as _margins
from govlab.study.check import read_parts

if TYPE_CHECKING:
    import pandas as pd

    from govlab.disclosure import Margin, Mask
    from govlab.institutions.duties import Duties
    from govlab.institutions.inventory import Inventory
    from govlab.institutions.ledger import Ledger
    from govlab.institutions.reach import Places
    from govlab.institutions.scheme.evidence import Evidence
    from govlab.institutions.scheme.rubric import Rubric
    from govlab.institutions.scheme.scheme import Scheme
    from govlab.study.coded import CodedCases
    from govlab.survey import Design
    from govlab.survey.questionnaire import Questionnaire
    from govlab.survey.responses import Responses
    from govlab.survey.sample_plan import SamplePlan

MASK = "mask.json"


@dataclass(frozen=True, eq=False)
class Study:
    """A study folder that was read and checked.

    workspace: where everything is. questionnaire: None where nobody is asked. notes: what was found that
    somebody should know. Tables it hands out are copies.
    """

    workspace: Workspace
    questionnaire: Questionnaire | None
    notes: tuple[Fault, ...]
    _zones: pd.DataFrame = field(repr=False)
    _read: dict[int, Responses] = field(default_factory=dict, repr=False)

    @classmethod
    def open(cls, folder: Path | str = ".") -> Study:
        """The study whose ``study.toml`` lies in ``folder`` or the nearest folder above it.

        Study file, zones, questionnaire, design and margins are checked at once; InputError (or
        WorkspaceError, for the study file itself) lists every fault with its file and field. Responses
        are read when they are first asked for.
        """
        start = Path(folder)
        root = find_workspace(start)
        if root is None:
            raise WorkspaceError(Fault("study.none", {"folder": str(start.resolve())}))
        workspace = read_workspace(root)
        parts = read_parts(workspace, dt.date.today())
        return cls(workspace, parts.questionnaire, parts.notes, parts.zones)

    # -- what it is ------------------------------------------------------------------------------

    @property
    def zones(self) -> pd.DataFrame:
        """One row a zone: ``zone``, ``name_zh``, ``name_en``, ``role``, ``model`` and counts, as listed."""
        return self._zones.copy()

    @property
    def survey(self) -> Survey:
        """How people were asked; InputError where the study file has no ``[survey]``."""
        assert self.workspace.study is not None
        if self.workspace.study.survey is None:
            raise InputError(Fault("study.no_survey", {}, ("study.toml",)))
        return self.workspace.study.survey

    @property
    def log(self) -> tuple[LogEntry, ...]:
        """The action research, line by line, oldest first."""
        assert self.workspace.study is not None
        return tuple(sorted(self.workspace.study.log, key=lambda one: one.date))

    @property
    def waves(self) -> tuple[int, ...]:
        """Waves whose responses are there, in order."""
        root = self.workspace.root
        there = [one for one in self.survey.waves if all((root / name).is_file() for name in one.responses)]
        return tuple(sorted(one.wave for one in there))

    def title(self, lang: str | None = None) -> str:
        """The title of the study."""
        assert self.workspace.study is not None
        title = self.workspace.study.title
        return title.zh if (lang or self.lang) == "zh" else title.en

    @property
    def lang(self) -> str:
        """The language the study file asks for, else the user's."""
        assert self.workspace.study is not None
        return self.workspace.study.lang or default_language()

    def wave_file(self, number: int) -> WaveFile:
        """What the study file says of a wave; InputError for one that it does not name."""
        found = self.survey.wave(number)
        if found is None:
            known = ", ".join(str(one.wave) for one in self.survey.waves)
            raise InputError(Fault("study.no_wave", {"wave": number, "known": known}))
        return found

    def spec(self, number: int) -> DesignColumns:
        """The design columns of a wave, as the study file names them."""
        return self.wave_file(number).design or self.survey.design

    def plan(self, spec: DesignColumns) -> SamplePlan | None:
        """The sample plan that a design names; None where it names none."""
        from govlab.survey.sample_plan import read_plan

        return None if spec.plan is None else read_plan(self.workspace.root / spec.plan)

    # -- institutions ----------------------------------------------------------------------------

    def inventory(self) -> Inventory:
        """The nine lists and what goes with them, from ``inventory.xlsx``; InputError lists every fault."""
        from govlab.study import listing

        return listing.inventory(self.workspace.root)

    def places(self) -> Places:
        """Facilities and population points, from ``circle.xlsx``; InputError lists every fault."""
        from govlab.study import listing

        return listing.places(self.workspace.root)

    # -- what may be said ------------------------------------------------------------------------

    @property
    def no_inference(self) -> NotApplicable | None:
        """Why no design-based interval, test or rank can be given; None where they can."""
        return inference.no_inference(self.survey)

    @property
    def inference_allowed(self) -> bool:
        """Whether results may be said of more than these respondents; ``no_inference`` says why not."""
        return self.no_inference is None

    @property
    def no_ranks(self) -> NotApplicable | None:
        """Why nothing may be ranked on residents' answers; None where it may."""
        return inference.no_ranks(self.survey)

    # -- data ------------------------------------------------------------------------------------

    def responses(self, wave: int) -> Responses:
        """Clean responses of one wave, read through the door; InputError lists what is wrong with files."""
        if wave not in self._read:
            self._read[wave] = door.read_wave(self, wave)
        return self._read[wave]

    def frame(self, wave: int | Sequence[int] | None = None) -> pd.DataFrame:
        """The table to analyse: answers, ``wave``, scores of constructs, ``model`` and ``role`` of the zone.

        wave: one, several, or None for all whose responses are there. Design columns of a sample plan
        are joined.
        """
        found = []
        for number in self._numbers(wave):
            responses = self.responses(number)
            spec = self.spec(number)
            frame = frames.analysis_frame(responses, number, self._zones, self.survey.zone)
            found.append(frames.with_plan(frame, spec, self.plan(spec)))
        return frames.stacked(found)

    def design(self, wave: int | Sequence[int] | None = None) -> Design:
        """The survey design of one, several or all waves, as the study file or the sample plan says.

        Several waves make one design: communities asked in each of them stay one unit, so that changes
        know about the overlap. InputError names design columns that are missing. Where inference is
        not allowed the design says so, and nothing computed from it has an interval.
        """
        from govlab.survey import Design

        numbers = self._numbers(wave)
        specs = {number: frames.spoken(self.spec(number), self.plan(self.spec(number))) for number in numbers}
        first = specs[numbers[0]]
        if any(_said(one) != _said(first) for one in specs.values()):
            waves = ", ".join(map(str, numbers))
            raise InputError(Fault("study.designs_differ", {"waves": waves}, ("study.toml",)))
        frame = self.frame(numbers)
        named = [name for name in (first.weights, *first.strata, *first.clusters, *first.fpc) if name]
        missing = [name for name in dict.fromkeys(named) if name not in frame]
        if missing:
            raise InputError([Fault("study.no_design_column", {"column": name}) for name in missing])
        design = Design(
            frame,
            weights=first.weights,
            strata=list(first.strata) or None,
            clusters=list(first.clusters) or None,
            fpc=list(first.fpc) or None,
            nest=first.nest,
            lonely_psu=first.lonely_psu,
        )
        why = self.no_inference
        return design if why is None else design.without_inference(why.reason, str(why))

    def coded_cases(self) -> CodedCases:
        """The coded cases of ``[coded]``: measured values, sets with anchors and reasons, memberships."""
        from govlab.study.coded import read_coded

        return read_coded(self.workspace)

    def coded(self) -> pd.DataFrame:
        """Memberships of the coded cases, a row a case and a column a set, ready for ``compare.qca``."""
        return self.coded_cases().frame

    # -- assessment ------------------------------------------------------------------------------

    def scheme(self, name: str) -> Scheme:
        """A scored scheme: the study's own in ``schemes/`` before the shipped ones, with its set weights."""
        from govlab.study import assessing

        return assessing.scheme(self, name)

    def rubric(self, name: str) -> Rubric:
        """A rubric or checklist: the study's own in ``schemes/`` before the shipped ones."""
        from govlab.study import assessing

        return assessing.rubric(self, name)

    def evidence(self, kind: str = "community", wave: int | None = None) -> Evidence:
        """What is known of the units of one kind in a wave (the last that was recorded), to be scored."""
        from govlab.study import assessing

        return assessing.evidence(self, kind, wave)

    # -- who holds what, who does what -----------------------------------------------------------

    def ledger(self) -> Ledger:
        """Who holds staff, money, powers, duties: ``ledger.xlsx`` or ``ledger.yaml`` of the folder."""
        from govlab.study import holding

        return holding.ledger(self)

    def duties(self) -> Duties:
        """Who does what: ``duties.xlsx`` or ``duties.yaml`` of the folder."""
        from govlab.study import holding

        return holding.duties(self)

    # -- what is shown ---------------------------------------------------------------------------

    def margins(self) -> tuple[Margin, ...]:
        """Every table that will be published, item by item."""
        return self._margins(self.frame())

    def mask(self) -> Mask:
        """The suppression mask over all margins and waves: the one in ``mask.json`` if that still fits.

        Computing it takes some seconds; ``write_mask`` keeps it, so that every report starts from the same.
        """
        from govlab.disclosure import Mask

        frame = self.frame()
        margins = self._margins(frame)
        path = self.workspace.root / MASK
        if path.is_file():
            kept = Mask.from_json(path.read_text(encoding="utf-8"))
            same = (kept.margins, kept.threshold) == (margins, self.survey.threshold)
            if same and kept.fits(frame):
                return kept
        return Mask.compute(frame, margins, threshold=self.survey.threshold, places=self._places())

    def write_mask(self) -> Path:
        """Compute the mask and keep it in ``mask.json``; no count of any cell is in it."""
        path = self.workspace.root / MASK
        write_whole(path, (self.mask().to_json() + "\n").encode("utf-8"))
        return path

    # -- in words --------------------------------------------------------------------------------

    def summary(self, lang: str | None = None) -> str:
        """What was found: zones, questionnaire, waves, how people were found, and what to know."""
        lang = lang or self.lang
        assert self.workspace.study is not None
        lines = [self.title(lang), say("study.found.zones", {"n": len(self._zones)}, lang=lang)]
        survey = self.workspace.study.survey
        if survey is None or self.questionnaire is None:
            lines.append(say("study.found.no_survey", lang=lang))
        else:
            closed = len(_margins.closed_questions(self.questionnaire))
            lines.append(say("study.found.questions", {"n": closed}, lang=lang))
            sampling = say(f"study.sampling.{survey.sampling.replace('-', '_')}", lang=lang)
            lines.append(say("study.found.sampling", {"sampling": sampling}, lang=lang))
            there = ", ".join(map(str, self.waves)) or "-"
            lines.append(say("study.found.waves", {"waves": there, "n": len(survey.waves)}, lang=lang))
            if survey.synthetic:
                lines.append(say("study.found.synthetic", lang=lang))
        if self.log:
            lines.append(say("study.found.log", {"n": len(self.log)}, lang=lang))
        lines.extend(f"! {note.text(lang)}" for note in self.notes)
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(self.summary())}</pre>"

    # -- inside ----------------------------------------------------------------------------------

    def _numbers(self, wave: int | Sequence[int] | None) -> list[int]:
        if wave is None:
            if not self.waves:
                raise InputError(Fault("study.no_responses"))
            return list(self.waves)
        return [wave] if isinstance(wave, int) else list(wave)

    def _margins(self, frame: pd.DataFrame) -> tuple[Margin, ...]:
        assert self.questionnaire is not None
        tables = _margins.declared(self.survey, list(frame.columns))
        return _margins.spell_out(tables, self.questionnaire, frame)

    def _places(self) -> tuple[str, ...]:
        """Columns that say where and when people were asked."""
        community = self.survey.community
        more = (community,) if community is not None else ()
        return (self.survey.zone, *more, *frames.OF_ZONE, "wave", "stratum")


def _said(spec: DesignColumns) -> tuple[object, ...]:
    return (spec.weights, spec.strata, spec.clusters, spec.fpc, spec.nest, spec.lonely_psu)
