"""What intake refuses."""

from __future__ import annotations

from cases.messages.text import Text

INTAKE: dict[str, Text] = {
    "lead_rejected": Text(
        "线索未被接收",
        "The lead was not accepted",
        "请按 problems 修改后重新提交",
        "Correct what `problems` lists and send it again",
    ),
}
