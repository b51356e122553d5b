"""A made-up lesson, executed: one of everything that slides and handouts have to lay out."""

from base64 import b64encode
from io import BytesIO

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

WIDGET = "application/vnd.jupyter.widget-view+json"
WORDS = {
    "zh": ("第九十九课　样例", "学完以后，您能：看；想；说。", "看一张表", "教学提示：慢一点。", "带走的三句话", "一句。", "城市社区"),
    "en": ("Lesson 99. A sample", "Afterwards you can: look; think; say.", "Look at a table", "Note: slowly.", "Three sentences to take home", "One.", "communities"),
}  # fmt: skip
KEYS = {"zh": "每个单元格按 Shift+Enter 运行。", "en": "Run a cell with Shift+Enter."}


def png(width=400, height=200):
    buffer = BytesIO()
    Image.new("RGB", (width, height), "#1f5fa8").save(buffer, "PNG")
    return b64encode(buffer.getvalue()).decode()


def table(rows, columns=3):
    head = "".join(f"<th>c{place}</th>" for place in range(columns))
    body = "".join(
        f"<tr><th>{row}</th>{''.join(f'<td>{row * 1000 + place}</td>' for place in range(columns))}</tr>"
        for row in range(rows)
    )
    return f"<div><table border='1' class='dataframe'><thead><tr><th></th>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def code(source, *data, tags=(), streams=()):
    outputs = [new_output("stream", name=name, text=text) for name, text in streams]
    outputs += [new_output("display_data", data=one) for one in data]
    return new_code_cell(source, outputs=outputs, metadata={"tags": list(tags)})


def lesson(lang="zh", rows=40, prose=""):
    """The notebook as it is after its run, trainers' cells in it."""
    title, able, heading, note, close, sentence, word = WORDS[lang]
    cells = [
        new_markdown_cell(f"# {title}\n\n{able}\n\n{KEYS[lang]}"),
        code('begin("a", "zh")', {"text/html": '<div role="status">begun</div>', "text/plain": "begun"}),
        new_markdown_cell(f"## {heading}\n\n{sentence}{prose}"),
        code("secret_code(1)", {"text/html": table(rows), "text/plain": "table"}, streams=[("stderr", "NOISE 10%")]),
        code("bench()", {WIDGET: {"model_id": "x"}, "image/png": png(), "text/plain": "Bench(alive)"}),
        code("tall()", {"text/html": f'<figure class="gl-figure"><figcaption>图 1　{sentence}</figcaption><img alt="{word}" src="data:image/png;base64,{png(300, 300)}"></figure><p class="gl-note">{word}</p>'}),
        code("only_live()", {WIDGET: {"model_id": "y"}, "text/plain": "Slider(value=3)"}),
        code("6 * 7", {"text/plain": "42"}),
        code("series", {"text/plain": f"{word}    27\nb     1224\nName: n, dtype: int64"}),
        code("listed", {"text/plain": f"['{word}', 'b', 'c', 'd', 'e']"}, streams=[("stdout", f"{word} 1\n")]),
        code("taught = 1", tags=["code"]),
        code('check("1.1", ...)', {"text/html": '<div role="status">asked</div>'}, tags=["exercise"]),
        code('solution("1.1")', {"text/html": '<div role="status">solved</div>'}, tags=["solution"]),
        new_markdown_cell(note, metadata={"tags": ["trainer"]}),
        code('check("1.3", ...)', tags=["exercise"]),
        new_markdown_cell(f"## {close}\n\n1. {sentence}\n2. {sentence}"),
    ]  # fmt: skip
    return new_notebook(cells=cells)


def participants(notebook):
    """Without what a participant does not get."""
    copy = nbformat.from_dict(notebook)
    copy.cells = [
        cell for cell in copy.cells if not {"solution", "trainer"} & set(cell.metadata.get("tags", []))
    ]
    return copy
