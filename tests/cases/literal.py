"""A few facts, written by hand, that the tests of this room share."""

from govlab.cases.models import Fact, Part
from govlab.data.definition import Text

SAME = Text(zh="事", en="thing")


def fact(name, value, parts=0):
    return Fact(
        id=name,
        source="s",
        topic="t",
        label=SAME,
        value=value,
        statement=SAME,
        kind="count",
        claim="input",
        locator=SAME,
        parts=tuple(Part(zh="一", en="one") for _ in range(parts)),
    )


FACTS = {
    one.id: one
    for one in (
        fact("AKS-005", 147),
        fact("AKS-009", 1224),
        fact("AKS-018", (10, 5)),
        fact("AKS-030", 37, parts=13),
        fact("AKS-031", "words"),
        fact("AKS-032", None),
    )
}
