"""What a page says, without its markup; words of the other language in it."""

import re
from html import unescape

CHINESE = re.compile(r"[\u3400-\u9fff]")
NAMES = {"govlab", "Excel", "QCA"}


def said(paper) -> str:
    """The text of every part, a part a line."""
    from govlab.workshop.printing import Prose

    texts = [
        part.text if isinstance(part, Prose) else part._repr_mimebundle_()["text/html"]
        for part in paper.parts
    ]
    return "\n".join(unescape(re.sub(r"<[^>]+>", " ", text)) for text in texts)


def strangers(text: str, lang: str) -> list[str]:
    """Chinese characters on an English page; Latin words of three letters or more on a Chinese one."""
    if lang == "en":
        return CHINESE.findall(text)
    return [word for word in re.findall(r"[A-Za-z]{3,}", text) if word not in NAMES]
