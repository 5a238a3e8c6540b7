"""The statements of payments by their names, which the functions of the store call; they are in `sql/`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared.db import statements

queries = statements(str(Path(__file__).parent))

Row = Mapping[str, Any]
