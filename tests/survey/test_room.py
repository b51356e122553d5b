"""What the room hands on."""

import types

from govlab import survey


def test_every_name_that_is_handed_on_is_there_and_is_no_module() -> None:
    """A function must not share its name with a module of the room: importing that would hide it."""
    for name in survey.__all__:
        found = getattr(survey, name)
        assert callable(found)
        assert not isinstance(found, types.ModuleType)
    assert "mean" in dir(survey)
