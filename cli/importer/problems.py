"""Why an import cannot go on, in one line for the person at the screen."""

from __future__ import annotations


class ImportProblem(Exception):
    """The file or the API is not usable; the text is one line, with what to do."""
