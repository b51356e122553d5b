"""The ``govlab`` command: a file per command, arguments in, calls out."""

from __future__ import annotations

from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``govlab`` with these arguments (default: those of the process); the exit code."""
    import sys

    from govlab.cli.app import run

    return run(sys.argv[1:] if argv is None else list(argv))
