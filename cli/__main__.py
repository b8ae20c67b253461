"""``python -m cli`` is the ``baton`` command."""

from cli.app import app

app()
