"""YAML into plain data, quickly: nodes composed in C, built here; a key given twice is refused."""

from __future__ import annotations

from typing import Any

import yaml

_TEXT = "tag:yaml.org,2002:str"
# A plain scalar that begins with none of these can only be text (YAML 1.1 as PyYAML resolves it).
_NOT_TEXT = frozenset("0123456789+-.~=<&!*nNtTfFyYoO")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader with a short way for words, which most scalars here are."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        """The tag of a node."""
        if kind is yaml.ScalarNode and (not implicit[0] or (value and value[0] not in _NOT_TEXT)):
            return _TEXT
        return super().resolve(kind, value, implicit)


def parse(data: bytes) -> Any:
    """The document as dicts, lists and scalars. yaml.YAMLError with the place for anything malformed."""
    loader = _Loader(data)
    try:
        node = loader.get_single_node()
        return None if node is None else _build(node, loader)
    finally:
        loader.dispose()


def _build(node: Any, loader: Any) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return node.value if node.tag == _TEXT else loader.construct_object(node)
    if isinstance(node, yaml.SequenceNode):
        return [_build(one, loader) for one in node.value]
    found: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = _build(key_node, loader)
        if not isinstance(key, (str, int, float, bool)) or key in found:
            raise yaml.constructor.ConstructorError(
                None, None, f"key {key!r} is given twice or is no plain word", key_node.start_mark
            )
        found[key] = _build(value_node, loader)
    return found
