"""Reading a large 问卷星 workbook through the door, against the bare reader. Prints the ratio.

    python -m tests.benchmarks.intake_xlsx [rows] [columns]

The bar is 1.3 at 100,000 rows and 150 columns. Each reading runs in a process of its own.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from govlab.survey.questionnaire import Option, Question, Questionnaire, Words

WORDS = ("完全不同意", "不太同意", "说不上", "比较同意", "完全同意", "不清楚", "(跳过)")
META = ("序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP")
OPEN = 2  # questions in people's own words
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _relations(*parts: tuple[str, str]) -> str:
    inner = "".join(
        f'<Relationship Id="rId{at}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(parts, 1)
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'


def form(columns: int) -> Questionnaire:
    """A questionnaire of scale items and a few open questions."""
    options = tuple(
        Option(name=str(at), label=Words(zh=word), outside="dont_know" if at == 6 else None)
        for at, word in enumerate(WORDS[:6], 1)
    )
    count = columns - len(META)
    questions = [
        Question(
            name=f"q{at}",
            kind="one",
            type="select_one agree",
            label=Words(zh=head(at)),
            options=options,
            measure="scale",
            construct_name="c",
        )
        for at in range(count - OPEN)
    ]
    questions += [
        Question(name=f"t{at}", kind="text", type="text", label=Words(zh=head(count - OPEN + at)))
        for at in range(OPEN)
    ]
    return Questionnaire(title=Words(zh="基准"), form_id="benchmark", questions=tuple(questions))


def head(at: int) -> str:
    """The words of a question."""
    return f"这是第{at}题的题干，您是否同意"


def write(path: Path, rows: int, columns: int) -> None:
    """The workbook, written part by part as Excel would."""
    from openpyxl.utils import get_column_letter

    draw = random.Random(20260501)
    letters = [get_column_letter(place) for place in range(1, columns + 1)]
    heads = [*META, *(f"{at + 1}、{head(at)}" for at in range(columns - len(META)))]
    shared = [*WORDS, *heads]
    closed = letters[len(META) : columns - OPEN]
    cells = [[f'" t="s"><v>{code}</v></c>' for code in range(len(WORDS))] for _ in closed]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as book:
        book.writestr("[Content_Types].xml", _TYPES)
        book.writestr("_rels/.rels", _relations(("officeDocument", "xl/workbook.xml")))
        sheets = f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
        book.writestr("xl/workbook.xml", sheets)
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            _relations(("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")),
        )
        book.writestr(
            "xl/sharedStrings.xml",
            f'<sst xmlns="{_MAIN}">' + "".join(f"<si><t>{word}</t></si>" for word in shared) + "</sst>",
        )
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            first = "".join(
                f'<c r="{letter}1" t="s"><v>{len(WORDS) + at}</v></c>' for at, letter in enumerate(letters)
            )
            sheet.write(f'<row r="1">{first}</row>'.encode())
            for number in range(2, rows + 2):
                meta = (str(number - 1), f"2026/5/{number % 28 + 1} 12:{number % 60:02}:33", f"{draw.randrange(60, 900)}秒", "微信", "N/A",
                        f"36.{number >> 16}.{(number >> 8) & 255}.{number & 255}")  # fmt: skip
                texts = [
                    *zip(letters, meta, strict=False),
                    *((letter, f"意见{draw.randrange(10**6)}路灯") for letter in letters[-OPEN:]),
                ]
                row = "".join(
                    f'<c r="{letter}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
                    for letter, text in texts[: len(META)]
                )
                codes = draw.choices(range(len(WORDS)), k=len(closed))
                row += "".join(
                    [
                        f'<c r="{letter}{number}{own[code]}'
                        for letter, own, code in zip(closed, cells, codes, strict=True)
                    ]
                )
                row += "".join(
                    f'<c r="{letter}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
                    for letter, text in texts[len(META) :]
                )
                sheet.write(f'<row r="{number}">{row}</row>'.encode())
            sheet.write(b"</sheetData></worksheet>")


def bare(path: Path, columns: int) -> int:
    """What the reader alone takes."""
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(str(path))
    return len(book.get_sheet_by_index(0).to_python()) - 1


def door(path: Path, columns: int) -> int:
    """The same file through ``read_responses``."""
    from govlab.survey.intake import read_responses

    return len(read_responses(path, form(columns)))


def main(rows: int = 100_000, columns: int = 150) -> None:
    """Write the file, read it both ways, print seconds of processor time, memory and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        write(path, rows, columns)
        print(f"{rows:,} rows, {columns} columns, {path.stat().st_size / 1e6:.0f} MB")
        took: dict[str, list[float]] = {"bare": [], "door": []}
        for name in ("bare", "door", "bare", "door", "bare", "door"):
            command = [sys.executable, "-m", "tests.benchmarks.intake_xlsx", name, str(path), str(columns)]
            seconds, memory = map(
                float, subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
            )
            took[name].append(seconds)
            print(f"{name}: {seconds:.1f} s, {memory:.1f} GB")
        print(f"ratio: {min(took['door']) / min(took['bare']):.2f} (bar 1.3)")


def _one(name: str, path: str, columns: str) -> None:
    import resource

    import pandas
    import python_calamine

    import govlab.survey.intake.read  # what is loaded once is no part of reading

    assert pandas and python_calamine and govlab
    start = time.process_time()
    {"bare": bare, "door": door}[name](Path(path), int(columns))
    print(time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in ("bare", "door"):
        _one(*sys.argv[1:4])
    else:
        main(*map(int, sys.argv[1:3]))
