"""What a reader is told a zone, a model, a question, an answer or a wave is called."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from govlab.language import say

if TYPE_CHECKING:
    from govlab.study import Study
    from govlab.survey.questionnaire import Question

# Constructs of the shipped questionnaire; a study names its own in ``[survey.labels]``.
_KNOWN = (
    "sat_overall",
    "belonging",
    "identity",
    "gain",
    "participation",
    "satisfaction_basic",
    "satisfaction_shared",
    "satisfaction_market",
    "importance_basic",
    "importance_shared",
    "importance_market",
)
_SERVICES = ("basic", "shared", "market")
_ROLES = ("pilot", "comparison")


@dataclass(frozen=True, eq=False)
class Names:
    """Names in one language, as the study gives them."""

    study: Study
    lang: str

    @cached_property
    def _zones(self) -> dict[str, tuple[str, str, bool]]:
        """Zone -> name, model, whether it is fictional."""
        listed = self.study.zones
        names = listed["name_zh" if self.lang == "zh" else "name_en"]
        models = listed["model"] if "model" in listed else [""] * len(listed)
        invented = listed["fictional"] if "fictional" in listed else [False] * len(listed)
        rows = zip(listed["zone"], names, models, invented, strict=True)
        return {str(zone): (str(name), str(model), bool(made)) for zone, name, model, made in rows}

    @property
    def zones(self) -> tuple[str, ...]:
        """Ids of all zones, as listed."""
        return tuple(self._zones)

    def zone(self, zone: object) -> str:
        """The name of a zone, without the mark of a fictional one, which the page has on top."""
        name, _, invented = self._zones.get(str(zone), (str(zone), "", False))
        if invented:
            for opening in ("（", " ("):
                name = name.partition(opening)[0]
        return name

    def full(self, zone: object) -> str:
        """The name of a zone as the study writes it."""
        return self._zones[str(zone)][0]

    def model_of(self, zone: object) -> str:
        """Id of the model a zone is under; empty if none is given."""
        return self._zones[str(zone)][1]

    @property
    def models(self) -> tuple[str, ...]:
        """Ids of the models, as listed; zones for comparison last."""
        found = dict.fromkeys(model for _, model, _ in self._zones.values() if model)
        return tuple(sorted(found, key=lambda model: model in self.compared))

    @cached_property
    def compared(self) -> frozenset[str]:
        """Models of which every zone is there for comparison."""
        listed = self.study.zones
        if "model" not in listed or "role" not in listed:
            return frozenset()
        roles = listed.groupby("model")["role"].agg(set)
        return frozenset(str(model) for model, found in roles.items() if model and found == {"comparison"})

    def model(self, model: object) -> str:
        """What the study calls a model."""
        said = self._label(str(model))
        if said is not None:
            return said
        return say("studybook.role.comparison", lang=self.lang) if model in _ROLES[1:] else str(model)

    def item(self, name: str) -> str:
        """A construct's label, or the words of a question; of one with a column an option, both."""
        said = self._label(name)
        if said is not None:
            return said
        if name in _KNOWN:
            return say(f"studybook.construct.{name}", lang=self.lang)
        questionnaire = self.study.questionnaire
        if questionnaire is not None and name in questionnaire.owners:
            return questionnaire.column_label(name, self.lang)
        return name

    def service(self, kind: str) -> str:
        """What a kind of service is called."""
        said = self._label(kind)
        if said is not None:
            return said
        return say(f"studybook.service.{kind}", lang=self.lang) if kind in _SERVICES else kind

    def in_group(self, question: Question) -> str:
        """The words of a question as a row under the heading of its table."""
        return question.label.in_language(self.lang) or question.name

    def heading(self, question: Question) -> str:
        """The words over the table a question belongs to; empty if it stands alone."""
        return question.group.label.in_language(self.lang) if question.group else ""

    def answers(self, question: Question) -> list[str]:
        """The answers on the scale, in order."""
        ordered = (
            sorted(question.inside, key=lambda one: int(one.name)) if question.scale else question.inside
        )
        return [one.label.in_language(self.lang) or one.name for one in ordered]

    def wave(self, number: int) -> str:
        """What the study calls a wave."""
        label = self.study.wave_file(number).label
        if label is not None:
            return label.in_language(self.lang)
        return say("studybook.wave", {"n": number}, lang=self.lang)

    def date(self, number: int) -> str:
        """When people were asked; empty if the study does not say."""
        date = self.study.wave_file(number).date
        if date is None or isinstance(date, str):
            return date or ""
        if self.lang == "zh":
            return f"{date.year} 年 {date.month} 月 {date.day} 日"
        return date.isoformat()

    def _label(self, name: str) -> str | None:
        survey = self.study.workspace.study.survey if self.study.workspace.study else None
        words = survey.labels.get(name) if survey is not None else None
        return words.in_language(self.lang) if words is not None else None
