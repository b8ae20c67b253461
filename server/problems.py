"""What keeps Baton from starting, said to the person at the keyboard in one line."""

from __future__ import annotations


class StartProblem(Exception):
    """Something outside the program is not as it has to be. ``cure`` says what to do about it."""

    def __init__(self, problem: str, cure: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.cure = cure

    def line(self) -> str:
        """The one line for stderr."""
        text = f"{self.problem}: {self.cure}" if self.cure else self.problem
        return "baton: " + " ".join(text.split())
