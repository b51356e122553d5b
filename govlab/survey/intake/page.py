"""The page of ``govlab intake``: what came in, what it was taken for, what a person must look at."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from math import isnan
from typing import TYPE_CHECKING, Any

from govlab.language import say
from govlab.survey.intake.report import IntakeReport

if TYPE_CHECKING:
    from govlab.survey.quality import Quality
    from govlab.survey.responses import Responses

_SHOWN = 12


def page(responses: Responses, quality: Quality, *, lang: str, mapping: str = "mapping.xlsx") -> str:
    """One page of plain text in one language, file by file, then all responses together."""
    lines: list[str] = []
    for report in responses.reports:
        lines += [*_file(report, responses, lang, mapping), ""]
    return "\n".join([*lines, *_whole(responses, quality, lang)])


def _say(key: str, lang: str, **values: object) -> str:
    return say(f"survey_intake.page.{key}", values, lang=lang)


def _file(report: IntakeReport, responses: Responses, lang: str, mapping: str) -> Iterator[str]:
    known = [_say(f"platform.{report.platform}", lang)]
    known += [_say(f"written.{report.written}", lang)] if report.written else []
    known += [report.encoding.upper()] if report.encoding else []
    known += [_say("sheet", lang, sheet=report.sheet)] if report.sheet else []
    comma = "，" if lang == "zh" else ", "
    yield _say(
        "read",
        lang,
        file=report.file,
        n=report.rows,
        columns=report.columns,
        form=report.form,
        known=comma.join(known),
    )
    yield _say("matched", lang, n=report.questions)
    if report.held:
        yield _say("held", lang, n=len(report.held), mapping=mapping)
        questions = responses.questionnaire
        for match in report.held[:_SHOWN]:
            assert match.target is not None
            asked = questions.question(match.target.question)
            words = asked.label.in_language(lang) or asked.name
            values = {
                "head": match.head.strip(),
                "question": asked.name,
                "words": words,
                "share": f"{match.similarity:.2f}",
            }
            yield "  " + _say("twice" if match.how == "twice" else "near", lang, **values)
        yield from _more(len(report.held), lang)
    if report.unmatched:
        heads = _list([match.head.strip() for match in report.unmatched], lang)
        yield _say("unmatched", lang, n=len(report.unmatched), heads=heads)
    if report.absent:
        yield _say("absent", lang, n=len(report.absent), questions=_list(list(report.absent), lang))
    yield from _personal(report, lang)
    if report.unknown:
        yield _say("unknown", lang, n=len(report.unknown), mapping=mapping)
        for one in report.unknown[:_SHOWN]:
            from govlab.survey.intake.personal import in_text

            shown = _say("withheld", lang) if in_text(one.value) else _short(one.value)
            yield "  " + _say("value", lang, question=one.question, value=shown, n=one.n)
        yield from _more(len(report.unknown), lang)
    if report.by_place:
        yield _say("by_place", lang, n=len(report.by_place), mapping=mapping)
    if report.no_consent:
        yield _say("no_consent", lang, n=report.no_consent)
    for fault in report.notes:
        yield fault.text(lang)


def _personal(report: IntakeReport, lang: str) -> Iterator[str]:
    dropped = report.dropped
    if dropped:
        yield _say("dropped", lang, n=len(dropped))
    else:
        yield _say("none_dropped", lang)
    for column in report.personal:
        kind = say(f"survey_intake.personal.{column.kind}", lang=lang)
        by = _say(f"by.{column.by}", lang)
        key = {"dropped": "column", "kept": "kept", "redacted": "redacted"}[column.action]
        values = {
            "head": column.head.strip(),
            "kind": kind,
            "by": by,
            "n": column.filled,
            "reason": column.reason,
        }
        yield "  " + _say(key, lang, **values)


def _whole(responses: Responses, quality: Quality, lang: str) -> Iterator[str]:
    flags = quality.flags
    parts = {
        name: int(flags[name].sum())
        for name in ("same_account", "same_answers", "same_code", "same_ip")
        if name in flags
    }
    total = int(flags["duplicate"].sum()) if "duplicate" in flags else 0
    yield _say(
        "duplicates",
        lang,
        n=total,
        **{name: parts.get(name, 0) for name in ("same_account", "same_answers", "same_code", "same_ip")},
    )
    if quality.speed["known"]:
        values = {
            "n": quality.count("speeder"),
            "limit": f"{quality.speed['limit']:.0f}",
            "median": f"{quality.speed['median']:.0f}",
        }
        yield _say("speeders", lang, **values)
    else:
        yield _say("no_seconds", lang)
    yield _say("straight", lang, n=quality.count("straight_line"))
    yield _say("impossible", lang, n=quality.count("impossible"))
    comma = "；" if lang == "zh" else "; "
    reasons = comma.join(
        f"{say(f'survey_intake.reason.{name}', lang=lang)} {count:,}"
        for name, count in quality.by_reason().items()
    )
    yield _say("missing", lang, reasons=reasons or _say("nothing", lang))
    if len(quality.zones):
        text = comma.join(_zone(row, lang) for row in quality.zones.to_dict("records"))
        yield _say("zones", lang, zones=text)
    for one in quality.excluded:
        yield _say("excluded", lang, rule=one.rule, reason=one.reason, n=one.n)
    yield _say("nothing_deleted", lang)


def _zone(row: Mapping[Hashable, Any], lang: str) -> str:
    values = {"zone": row["zone"] or _say("no_zone", lang), "n": row["received"]}
    if isnan(row["planned"]):
        return _say("zone", lang, **values)
    return _say("zone_plan", lang, planned=f"{row['planned']:g}", **values)


def _list(names: list[str], lang: str) -> str:
    comma = "、" if lang == "zh" else ", "
    shown = comma.join(_short(name) for name in names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} …"


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:38]}…"


def _more(count: int, lang: str) -> Iterator[str]:
    if count > _SHOWN:
        yield "  " + _say("more", lang, n=count - _SHOWN)
