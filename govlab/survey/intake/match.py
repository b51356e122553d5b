"""Which column holds the answers to which question: by name, by words, by order; what is only close is held.

A column is taken when its head says one question and no other. Everything else is shown to the user
with the nearest question, and is used only after the user has said so in the mapping workbook.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from govlab.survey.intake.heads import Head, take_apart
from govlab.survey.questionnaire import OTHER_TEXT, Question, Questionnaire
from govlab.survey.wording import plain, plain_option

How = Literal["name", "words", "options", "order", "mapping", "close", "twice", "meta", "personal", "none"]
Use = Literal["yes", "held", "no", "carry", "drop"]

_NEAR = 0.6


@dataclass(frozen=True)
class Target:
    """Where answers go: a question, and with ``part`` one option of it or the words beside "other"."""

    question: str
    part: str = ""


@dataclass(frozen=True)
class Match:
    """What became of one column. occurrence: 1 unless the same head stands there more than once."""

    place: int
    head: str
    occurrence: int
    how: How
    use: Use
    target: Target | None = None
    similarity: float = 1.0
    note: str = ""


@dataclass(frozen=True)
class Asked:
    """A column to be matched: its heads (name and label, as far as there are any)."""

    place: int
    heads: tuple[str, ...]
    occurrence: int = 1

    @property
    def shown(self) -> str:
        """The head a person reads."""
        return self.heads[-1]


def match_columns(
    asked: Sequence[Asked], questionnaire: Questionnaire, forced: Mapping[int, Match]
) -> tuple[Match, ...]:
    """One match a column, in the order of ``asked``. forced: what the mapping workbook already says."""
    index = _Index(questionnaire)
    found: dict[int, Match] = dict(forced)
    heads = {one.place: tuple(take_apart(head) for head in one.heads) for one in asked}
    open_ = [one for one in asked if one.place not in found]
    for one in open_:
        target, how = index.exact(one.heads, heads[one.place])
        if target is not None:
            found[one.place] = Match(one.place, one.shown, one.occurrence, how, "yes", target)
    open_ = [one for one in open_ if one.place not in found]
    found |= _by_number(open_, heads, found, index)
    found = _hold_twice(found)
    open_ = [one for one in open_ if one.place not in found]
    found |= _close(open_, heads, found, index)
    return tuple(found[one.place] for one in asked)


class _Index:
    """What the heads of a questionnaire can look like."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.order = {question.name: place for place, question in enumerate(questionnaire)}
        self.questions = {question.name: question for question in questionnaire if question.columns}
        self.names: dict[str, Target] = {}
        self.whole: dict[str, set[Target]] = {}
        self.pairs: dict[tuple[str, str], set[Target]] = {}
        # Table or question with options -> plain words of a row or option -> where its answers go.
        self.parts: dict[str, dict[str, Target]] = {}
        self.stems: dict[str, set[str]] = {}
        for question in self.questions.values():
            self._add_names(question)
            self._add_words(question)

    def _add_names(self, question: Question) -> None:
        self.names[question.name.lower()] = Target(question.name)
        if question.kind in ("many", "rank"):
            for option in question.options:
                for join in ("__", "/", "."):
                    self.names[f"{question.name}{join}{option.name}".lower()] = Target(
                        question.name, option.name
                    )
        if question.words_column:
            self.names[question.words_column.lower()] = Target(question.name, OTHER_TEXT)

    def _add_words(self, question: Question) -> None:
        target = Target(question.name)
        for words in question.label.both():
            self.whole.setdefault(plain(words), set()).add(target)
        group = question.group
        if group is not None and group.table:
            rows = self.parts.setdefault(f"table:{group.name}", {})
            for words in question.label.both():
                rows[plain_option(words)] = target
            self._add_pairs(f"table:{group.name}", group.label.both(), rows)
        if question.kind in ("many", "rank"):
            options = {
                plain_option(words): Target(question.name, option.name)
                for option in question.options
                for words in option.label.both()
            }
            self.parts[f"question:{question.name}"] = options
            self._add_pairs(f"question:{question.name}", question.label.both(), options)

    def _add_pairs(self, container: str, stems: Iterable[str], parts: Mapping[str, Target]) -> None:
        for stem in stems:
            self.stems.setdefault(plain(stem), set()).add(container)
            for words, target in parts.items():
                self.pairs.setdefault((plain(stem), words), set()).add(target)

    def exact(self, raws: Sequence[str], heads: Sequence[Head]) -> tuple[Target | None, How]:
        """The one question that a head names, by name or by its words."""
        for raw in raws:
            target = self._named(raw)
            if target is not None:
                return target, "name"
        for head in heads:
            found = set(self.whole.get(head.whole, ())) or set(self.whole.get(plain(head.raw), ()))
            for split in head.splits:
                found |= self.pairs.get(split, set())
            if len(found) == 1:
                return found.pop(), "words"
        return None, "none"

    def _named(self, raw: str) -> Target | None:
        lower = raw.strip().lower()
        found = self.names.get(lower)
        if found is not None:
            return found
        # ODK and Kobo put the groups in front: group/question, group-question, group/question/option.
        steps = re.split(r"[/\-]", lower)
        for count in (2, 1):
            if len(steps) > count and (target := self.names.get("/".join(steps[-count:]))) is not None:
                return target
        return None

    def containers_of(self, target: Target) -> set[str]:
        """The tables and questions with options that hold a target."""
        return {name for name, parts in self.parts.items() if target in parts.values()}

    def place_of(self, container: str) -> int:
        """Where a table or question stands in the questionnaire."""
        return min(self.order[target.question] for target in self.parts[container].values())

    def candidates(self, target_words: str) -> set[str]:
        """The containers that have a row or option of these words."""
        return {name for name, parts in self.parts.items() if target_words in parts}


def _by_number(
    asked: Sequence[Asked], heads: Mapping[int, Sequence[Head]], found: Mapping[int, Match], index: _Index
) -> dict[int, Match]:
    """Heads such as ``第6题(option)``: the number binds them together, their options say to what."""
    bound: dict[int, set[str]] = {}
    order: dict[int, set[int]] = {}
    for place, match in found.items():
        for head in heads[place]:
            if head.number is not None and match.target is not None and match.use == "yes":
                order.setdefault(head.number, set()).add(index.order[match.target.question])
                containers = index.containers_of(match.target)
                bound[head.number] = bound.get(head.number, containers) & containers
    groups: dict[int, list[tuple[Asked, str]]] = {}
    for one in asked:
        for head in heads[one.place]:
            if head.number is not None and head.splits and (head.bare or bound.get(head.number)):
                part = head.splits[0][1]
                groups.setdefault(head.number, []).append((one, part))
                break
    decided = _containers(
        {number: [part for _, part in members] for number, members in groups.items()}, bound, order, index
    )
    made: dict[int, Match] = {}
    for number, (container, how) in decided.items():
        for one, part in groups[number]:
            target = index.parts[container].get(part)
            if target is not None:
                made[one.place] = Match(one.place, one.shown, one.occurrence, how, "yes", target)
    return made


def _containers(
    parts: Mapping[int, Sequence[str]],
    bound: Mapping[int, set[str]],
    order: Mapping[int, set[int]],
    index: _Index,
) -> dict[int, tuple[str, How]]:
    """Number of a question on the platform -> the table or question it must be, and how that is known."""
    taken = {next(iter(names)) for names in bound.values() if len(names) == 1}
    decided: dict[int, tuple[str, How]] = {}
    fitting: dict[int, set[str]] = {}
    for number, words in sorted(parts.items()):
        own = bound.get(number, set())
        if len(own) == 1:
            decided[number] = (next(iter(own)), "options")
            continue
        common = set.intersection(*(index.candidates(part) for part in words)) - taken
        if len(common) == 1:
            decided[number] = (common.pop(), "options")
        elif common:
            fitting[number] = common
    # Two tables with the same rows are told apart by where they stand, if all else follows the order
    # of the questionnaire.
    known = dict(order) | {number: {index.place_of(name)} for number, (name, _) in decided.items()}
    places = [place for number in sorted(known) for place in (min(known[number]), max(known[number]))]
    if places != sorted(places):
        return decided
    left = {number: names - {name for name, _ in decided.values()} for number, names in fitting.items()}
    for number in sorted(left):
        twins = [other for other in sorted(left) if left[other] == left[number]]
        before = max((max(at) for other, at in known.items() if other < twins[0]), default=-1)
        after = min((min(at) for other, at in known.items() if other > twins[-1]), default=len(index.order))
        between = sorted(
            (name for name in left[number] if before < index.place_of(name) < after), key=index.place_of
        )
        if len(between) == len(twins):
            decided[number] = (between[twins.index(number)], "order")
    return decided


def _hold_twice(found: Mapping[int, Match]) -> dict[int, Match]:
    """Two columns that name one question: which is meant is not ours to say."""
    counted = Counter(
        match.target for match in found.values() if match.use == "yes" and match.how != "mapping"
    )
    settled = {match.target for match in found.values() if match.use == "yes" and match.how == "mapping"}
    kept = {}
    for place, match in found.items():
        held = match.use == "yes" and match.how != "mapping"
        if held and match.target in settled:
            kept[place] = replace(match, how="none", use="no", target=None)
        elif held and counted[match.target] > 1:
            kept[place] = replace(match, how="twice", use="held")
        else:
            kept[place] = match
    return kept


def _close(
    asked: Sequence[Asked], heads: Mapping[int, Sequence[Head]], found: Mapping[int, Match], index: _Index
) -> dict[int, Match]:
    """For what is left: the nearest question that has no column yet, held until the user agrees."""
    taken = {match.target for match in found.values() if match.target is not None and match.use == "yes"}
    left: dict[Target, list[str]] = {}
    for words, targets in index.whole.items():
        for target in sorted(targets - taken, key=_declared):
            left.setdefault(target, []).append(words)
    for (stem, part), targets in index.pairs.items():
        for target in sorted(targets - taken, key=_declared):
            left.setdefault(target, []).append(f"{stem}:{part}")
    made = {}
    for one in asked:
        best, share = None, 0.0
        for head in heads[one.place]:
            split = (f"{stem}:{part}" for stem, part in head.splits if stem)
            for mine in dict.fromkeys([head.whole, *split]):
                for target, written in left.items():
                    for theirs in written:
                        ratio = _similar(mine, theirs, max(share, _NEAR))
                        if ratio > share:
                            best, share = target, ratio
        if best is not None and share >= _NEAR:
            made[one.place] = Match(
                one.place, one.shown, one.occurrence, "close", "held", best, round(share, 3)
            )
        else:
            made[one.place] = Match(one.place, one.shown, one.occurrence, "none", "no", None, 0.0)
    return made


def _declared(target: Target) -> tuple[str, str]:
    return target.question, target.part


def _similar(one: str, other: str, least: float) -> float:
    if not one or not other:
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
        return 0.0
    return matcher.ratio()
