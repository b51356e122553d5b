from nbformat.v4 import new_code_cell, new_notebook

from govlab.reports.parameters import asked, coerced, faults_of, parameters_of


def declared(source, count=1):
    cells = [new_code_cell(source, metadata={"tags": ["parameters"]}) for _ in range(count)]
    return parameters_of(new_notebook(cells=cells))


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
