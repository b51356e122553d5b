from govlab.reports.parameters import asked, coerced, faults_of, parameters_in, parameters_of


def declared(source, count=1):
    return parameters_of([source] * count)


def test_types_defaults_and_choices(tmp_path):
    found, faults = declared(
        'case: str = "aksu"  # from govlab.casebook:case_names\nlang: str = "zh"  # zh | en\nn: int = 3\nx: float = 0.5'
    )
    assert faults == []
    assert (found["n"].type, found["n"].default) == ("int", 3)
    assert found["lang"].choices == ("zh", "en")
    assert found["case"].choices == ()
    assert "beijing" in asked(found, tmp_path)["case"].choices


def test_one_parameters_cell():
    assert [fault.key for fault in declared("a: int = 1", 2)[1]] == ["reports.parameters_cell"]
    assert [fault.key for fault in declared("a: int = 1", 0)[1]] == ["reports.parameters_cell"]


def test_a_cell_that_is_not_of_the_form():
    for source in ("a = 1", "a: int = open('x')", "import os", "a: Path = 1", "a: int ="):
        assert [fault.key for fault in declared(source)[1]] == ["reports.parameters_syntax"], source


def test_every_fault_of_the_values():
    found, _ = declared('lang: str = "zh"  # zh | en\nn: int = 3\nb: bool = True')
    faults = faults_of({"lang": "fr", "n": "three", "b": 1, "nn": 2}, found)
    assert [fault.key for fault in faults] == [
        "reports.parameter_choice",
        "reports.parameter_type",
        "reports.parameter_type",
        "reports.parameter_unknown",
    ]
    assert faults_of({"n": True}, found)[0].key == "reports.parameter_type"
    assert faults_of({"lang": "en", "n": 4, "b": False}, found) == []
    for lang in ("zh", "en"):
        assert all(fault.text(lang) for fault in faults)


def test_spreadsheet_cells_become_the_type():
    found, _ = declared('s: str = ""\nn: int = 3\nb: bool = True\nx: float = 1.0')
    assert coerced(12.0, found["s"]) == "12"
    assert coerced(12.0, found["n"]) == 12
    assert coerced("12", found["n"]) == 12
    assert coerced("TRUE", found["b"]) is True
    assert coerced("0.5", found["x"]) == 0.5
    assert coerced("twelve", found["n"]) == "twelve"  # and is then refused
    assert coerced(12.5, found["n"]) == 12.5


def test_reading_a_file(tmp_path):
    path = tmp_path / "n.ipynb"
    for text in ("{", "[]", '{"cells": [{}]}', '{"cells": 1}'):
        path.write_text(text, encoding="utf-8")
        assert [fault.key for fault in parameters_in(path)[1]] == ["reports.broken_notebook"], text
    cell = '{"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": ["a: int = 1\\n", "b: str = \\"x\\""]}'
    path.write_text(f'{{"cells": [{cell}, {{"metadata": {{}}, "source": "x"}}]}}', encoding="utf-8")
    found, faults = parameters_in(path)
    assert faults == [] and (found["a"].default, found["b"].default) == (1, "x")
    assert [fault.key for fault in parameters_in(tmp_path / "none.ipynb")[1]] == ["reports.broken_notebook"]


def test_planning_imports_no_notebook_library():
    import subprocess
    import sys

    code = (
        "import sys; from govlab.reports import Batch; from govlab.data.locate import shipped;"
        "Batch.read(shipped('reports') / 'cases.toml').plan('out');"
        "print(sorted({'nbformat', 'papermill', 'jsonschema', 'matplotlib', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
