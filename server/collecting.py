"""When Python's garbage collector works in a long-lived process: not while it starts.

What is imported stays, hundreds of thousands of objects. Looking through them again and again
whether some could go is a fifth of the time that a start takes, and later a part of each full
collection.
"""

from __future__ import annotations

import gc


def hold() -> None:
    """Not before :func:`go_on`. Called before the first import."""
    gc.disable()


def go_on() -> None:
    """From now on, but never again in what is there now. Called once, when the process is about to
    work."""
    gc.freeze()
    gc.enable()
