"""What a reader of a bench sees, and which tongue it is in."""

import re
from html import unescape

CHINESE = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2,}")


def words(one):
    """Text of the sheet, sentences, table."""
    return unescape(re.sub(r"<[^>]+>", " ", one.live_html()))
