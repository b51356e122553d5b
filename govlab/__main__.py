"""``python -m govlab``: the same as ``govlab``, where the command itself is not on the path."""

from __future__ import annotations

import sys

from govlab.cli import main

sys.exit(main())
