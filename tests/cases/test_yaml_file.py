import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from govlab.cases.yaml_file import parse
from govlab.data.locate import shipped


@pytest.mark.parametrize(
    "path", sorted((shipped("datasets") / "catalogue").rglob("*.yaml")), ids=lambda path: path.stem
)
def test_reads_as_the_plain_safe_loader_does(path):
    assert parse(path.read_bytes()) == yaml.load(path.read_bytes(), Loader=yaml.SafeLoader)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(values)
def test_reads_what_yaml_writes(value):
    text = yaml.safe_dump(value, allow_unicode=True).encode()
    assert parse(text) == yaml.safe_load(text)


@pytest.mark.parametrize("text", [b"a: 1\na: 2", b"{[1]: 2}", b"a: [", b"!!python/object:os.system x"])
def test_refusals(text):
    with pytest.raises(yaml.YAMLError):
        parse(text)
