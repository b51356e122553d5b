"""What sets, paths and cases of a comparison are called in sentences and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from govlab.language import listed, say

if TYPE_CHECKING:
    from govlab.study.coded import CodedCases


@dataclass(frozen=True, eq=False)
class SetWords:
    """Names in one language, as the study gives them."""

    coded: CodedCases
    lang: str

    def say(self, key: str, **values: object) -> str:
        """A sentence of the report on coded cases."""
        return say(f"qca_report.{key}", values, lang=self.lang)

    @property
    def labels(self) -> dict[str, str]:
        """Printed name of every set."""
        return {one.name: one.label.in_language(self.lang) for one in self.coded.sets}

    def outcome(self, name: str) -> str:
        """An outcome, or its negation, in words."""
        return self._literal(name.lstrip("~"), name.startswith("~"))

    def _literal(self, name: str, without: bool) -> str:
        """Being in a set, or not being in it, which may have a name of its own."""
        label = self.labels.get(name, name)
        if not without:
            return label
        own = self.coded.set(name).absent if name in self.labels else None
        return self.say("absent", name=label) if own is None else own.in_language(self.lang)

    def term(self, text: str) -> str:
        """``A*~B`` in words."""
        parts = []
        for one in text.split("*"):
            name, _, value = one.lstrip("~").partition("{")
            if value:
                parts.append(self.say("level", name=self.labels.get(name, name), value=value.rstrip("}")))
            else:
                parts.append(self._literal(name, one.startswith("~")))
        return self.say("and").join(parts)

    def expression(self, text: str, joint: str = "or") -> str:
        """``A*B + C`` in words, bracketed where a term has several parts and there are several terms."""
        terms = text.split(" + ")
        opening, closing = ("（", "）") if self.lang == "zh" else ("(", ")")
        words = []
        for term in terms:
            said = self.term(term)
            words.append(f"{opening}{said}{closing}" if "*" in term and len(terms) > 1 else said)
        return self.say(joint).join(words)

    def case(self, case: str) -> str:
        """The name of a case, without the mark of a fictional one, which the page has on top."""
        words = self.coded.names.get(case)
        name = case if words is None else words.in_language(self.lang)
        for opening in ("（", " ("):
            name = name.partition(opening)[0]
        return name

    def cases(self, cases: Iterable[str] | str) -> str:
        """Names of several cases; a text holds them parted by commas."""
        found: Sequence[str] = cases.split(", ") if isinstance(cases, str) else list(cases)
        return listed([self.case(one) for one in found if one], self.lang) if any(found) else "—"

    @property
    def case_names(self) -> dict[str, str]:
        """Printed name of every case."""
        return {case: self.case(case) for case in self.coded.frame.index}
