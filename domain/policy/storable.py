"""What PostgreSQL takes as JSON: a table's answers are kept, and one that it refuses makes the lead
stand still."""

from __future__ import annotations

import json
import re
from typing import Any, Final

_NUL: Final = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def storable(value: Any) -> bool:
    """Whether a JSON value can be kept."""
    try:
        text = json.dumps(value, default=str, allow_nan=False, ensure_ascii=False)
        text.encode()  # fails for half of a surrogate pair, which PostgreSQL refuses just as it refuses NUL
    except ValueError:  # also a whole number of more digits than Python writes
        return False
    return _NUL.search(text) is None
