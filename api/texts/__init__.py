"""Every code that the API answers with, in the caller's words: ``title`` says what is wrong, ``cure`` what to do.

A code never changes once published: clients key on it. Texts carry no personal data.
"""

from api.texts.fields import FIELDS
from api.texts.named import kinds, named
from api.texts.problems import PROBLEMS
from api.texts.text import Text, fill, words

__all__ = ["FIELDS", "PROBLEMS", "Text", "fill", "kinds", "named", "words"]
