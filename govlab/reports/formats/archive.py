"""Zip archives (Word, Excel) whose bytes depend on nothing but their content."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

CORE = "docProps/core.xml"


def read(content: bytes) -> dict[str, bytes]:
    """Every part of an archive by name, in its order."""
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(parts: Mapping[str, bytes], moment: datetime) -> bytes:
    """An archive of the parts in the order given, every one of them dated ``moment``."""
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            entry = ZipInfo(name, moment.timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16  # else it would follow the umask of the machine
            entry.create_system = 3
            archive.writestr(entry, content)
    return buffer.getvalue()


def core_properties(title: str, tag: str, moment: datetime) -> bytes:
    """The part that holds title, language and dates of an Office file."""
    when = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        "<cp:coreProperties"
        ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>govlab</dc:creator>"
        f"<dc:language>{tag}</dc:language>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{when}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{when}</dcterms:modified>'
        "</cp:coreProperties>"
    ).encode()
