"""The reference document that pandoc takes the look of a Word report from, written part by part.

It is made anew for every report, in a millisecond, so that there is no binary to keep in step.
"""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from govlab.reports.formats.word_styles import LAYOUTS, ROMAN, STAND_INS, Layout, Style, styles_of

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_LINE = 'w:val="single" w:space="0" w:color="000000"'
_LANGUAGES = {"zh": 'w:val="en-US" w:eastAsia="zh-CN"', "en": 'w:val="en-GB" w:eastAsia="zh-CN"'}

# The three lines are here for whoever adds a table; each table also carries them itself, because
# not every program reads the conditional part.
_TABLE = (
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:left w:w="60" w:type="dxa"/>'
    '<w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    '<w:style w:type="table" w:customStyle="1" w:styleId="Table"><w:name w:val="Table"/>'
    '<w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr><w:tblBorders>'
    f'<w:top {_LINE} w:sz="12"/><w:bottom {_LINE} w:sz="12"/></w:tblBorders></w:tblPr>'
    '<w:tblStylePr w:type="firstRow"><w:tblPr/><w:tcPr><w:tcBorders>'
    f'<w:bottom {_LINE} w:sz="6"/></w:tcBorders></w:tcPr></w:tblStylePr></w:style>'
)


def reference_parts(lang: str) -> dict[str, bytes]:
    """The parts of the reference document of one language, by name."""
    at = LAYOUTS[lang]
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(("officeDocument", "word/document.xml")),
        "word/document.xml": _document(at),
        "word/_rels/document.xml.rels": _relations(
            ("styles", "styles.xml"),
            ("fontTable", "fontTable.xml"),
            ("settings", "settings.xml"),
            ("footer", "footer1.xml"),
        ),
        "word/styles.xml": _styles(lang),
        "word/fontTable.xml": _fonts(lang),
        "word/settings.xml": _settings(lang),
        "word/footer1.xml": _footer(at),
    }
    return {name: (_HEAD + text).encode("utf-8") for name, text in parts.items()}


def twips_of_millimetres(length: float) -> int:
    """Millimetres in twentieths of a point."""
    return round(length / 25.4 * 1440)


def _twips(points: float) -> int:
    return round(20 * points)


def _style_xml(style: Style) -> str:
    default = ' w:default="1"' if style.name == "Normal" else ""
    paragraph = f"<w:pPr>{_paragraph(style)}</w:pPr>" if style.kind == "paragraph" else ""
    based = f'<w:basedOn w:val="{style.based}"/>' if style.based else ""
    return (
        f'<w:style w:type="{style.kind}"{default} w:styleId={quoteattr(style.id)}>'
        f"<w:name w:val={quoteattr(style.name)}/>{based}<w:qFormat/>{paragraph}"
        f"<w:rPr>{_run(style)}</w:rPr></w:style>"
    )


def _paragraph(style: Style) -> str:
    """Paragraph properties in the order that the schema fixes."""
    parts = ["<w:keepNext/>"] if style.keep_next else []
    if style.keep_lines:
        parts.append("<w:keepLines/>")
    parts.append("<w:widowControl/>")
    if style.rule:
        sides = dict.fromkeys(("top", "left", "bottom", "right", "between"), "")
        for rule in style.rule.split():
            side, width, colour = rule.split(":")
            sides[side] = f'<w:{side} w:val="single" w:sz="{width}" w:space="6" w:color="{colour}"/>'
        parts.append(f"<w:pBdr>{''.join(sides.values())}</w:pBdr>")
    if style.shade:
        parts.append(f'<w:shd w:val="clear" w:color="auto" w:fill="{style.shade}"/>')
    if style.hanging:
        parts.append(f'<w:tabs><w:tab w:val="left" w:pos="{_twips(style.left)}"/></w:tabs>')
    exact = f'w:line="{_twips(style.lines)}" w:lineRule="exact"'
    natural = f'w:line="{round(240 * style.stretch)}" w:lineRule="auto"'
    space = f'w:before="{_twips(style.before)}" w:after="{_twips(style.after)}"'
    parts.append(f"<w:spacing {space} {exact if style.lines else natural}/>")
    parts.append(f'<w:ind w:left="{_twips(style.left)}" {_first_line(style)}/>')
    if style.together:
        parts.append("<w:contextualSpacing/>")
    parts.append(f'<w:jc w:val="{style.align}"/>')
    if style.outline is not None:
        parts.append(f'<w:outlineLvl w:val="{style.outline}"/>')
    return "".join(parts)


def _first_line(style: Style) -> str:
    if style.hanging:
        return f'w:hanging="{_twips(style.hanging)}"'
    # firstLineChars wins over any other indent, so it is always written, 0 included.
    count = style.first_characters
    return f'w:firstLineChars="{100 * count}" w:firstLine="{_twips(count * style.size)}"'


def _run(style: Style) -> str:
    face, size = style.face, round(2 * style.size)
    fonts = ""
    if face is not None:
        latin = f'w:ascii="{face.latin}" w:hAnsi="{face.latin}" w:cs="{face.latin}"'
        fonts = f'<w:rFonts {latin} w:eastAsia="{face.chinese}"/>'
    bold = "<w:b/><w:bCs/>" if style.bold else ""
    if style.outline is not None and not style.bold:
        bold = '<w:b w:val="0"/><w:bCs w:val="0"/>'  # programs make headings bold unless told not to
    return (
        f"{fonts}{bold}"
        + ("<w:i/><w:iCs/>" if style.italic else "")
        + (f'<w:color w:val="{style.colour}"/>' if style.colour else "")
        + (f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>' if size else "")
        + (_shade(style) if style.kind == "character" and style.shade else "")
    )


def _shade(style: Style) -> str:
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{style.shade}"/>'


def _content_types() -> str:
    kinds = {"document": "document.main", "footer1": "footer"}
    kinds |= {name: name for name in ("styles", "fontTable", "settings")}
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.{kind}+xml"/>'
        for name, kind in kinds.items()
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(*targets: tuple[str, str]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{_R}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def _document(at: Layout) -> str:
    edges = {"top": at.top, "right": at.right, "bottom": at.bottom, "left": at.left}
    margins = " ".join(f'w:{side}="{twips_of_millimetres(length)}"' for side, length in edges.items())
    return (
        f'<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body><w:p/><w:sectPr>'
        '<w:footerReference w:type="default" r:id="rId4"/>'
        f'<w:pgSz w:w="{twips_of_millimetres(210)}" w:h="{twips_of_millimetres(297)}"/>'
        f'<w:pgMar {margins} w:header="851" w:footer="{twips_of_millimetres(at.bottom) - 600}" w:gutter="0"/>'
        "</w:sectPr></w:body></w:document>"
    )


def _styles(lang: str) -> str:
    at = LAYOUTS[lang]
    normal = Style("", at.body, at.size)
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{_run(normal)}<w:lang {_LANGUAGES[lang]} w:bidi="ar-SA"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    )
    plain = (
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/></w:style>'
    )
    named = "".join(_style_xml(style) for style in styles_of(lang))
    return f'<w:styles xmlns:w="{_W}">{defaults}{plain}{named}{_TABLE}</w:styles>'


def _fonts(lang: str) -> str:
    faces = [style.face for style in styles_of(lang) if style.face is not None]
    lines = ""
    for name in dict.fromkeys(name for face in faces for name in (face.chinese, face.latin)):
        chinese = name in STAND_INS
        other = f"<w:altName w:val={quoteattr(STAND_INS[name])}/>" if chinese else ""
        family = "auto" if chinese else "roman" if name == ROMAN else "swiss"
        lines += (
            f'<w:font w:name={quoteattr(name)}>{other}<w:charset w:val="{"86" if chinese else "00"}"/>'
            f'<w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
        )
    return f'<w:fonts xmlns:w="{_W}">{lines}</w:fonts>'


def _settings(lang: str) -> str:
    """Word's present mode instead of its compatibility mode; Chinese punctuation closed up."""
    return (
        f'<w:settings xmlns:w="{_W}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode"'
        ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        f'<w:themeFontLang {_LANGUAGES[lang]}/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>'
        "</w:settings>"
    )


def _footer(at: Layout) -> str:
    before, _, after = at.footer.partition("{page}")
    field = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'

    def run(text: str) -> str:
        return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""

    return (
        f'<w:ftr xmlns:w="{_W}"><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>'
        f"{run(before)}{field}{run(after)}</w:p></w:ftr>"
    )
