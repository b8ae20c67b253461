"""The ``baton`` command, and what it does besides running the servers."""
