"""Heavy work beside the API: in processes of their own, under limits, so that no request can stop
the others.

::

    found = await pool.run(review, xml)         # raises TooCostly, Busy
    parts = await pool.parts(reviewed, xml)     # a generator's answers, as many as came within the limits

What is sent in could keep a processor busy for ever, or fill the memory: an expression, a table, a
diagram. On a thread it would hold the interpreter's lock, and the event loop with it.
"""

from api.aside.limits import Limits, TooCostly
from api.aside.pool import Parts, Pool

__all__ = ["Limits", "Parts", "Pool", "TooCostly"]
