"""The groups of ``baton``'s commands; each is a module that imports what it needs when it is
called."""

from __future__ import annotations

import typer

from cli.commands import conformance, network, process, table

GROUPS: dict[str, typer.Typer] = {
    "conformance": conformance.app,
    "network": network.app,
    "process": process.app,
    "table": table.app,
}
"""A further group is one row: ``baton <name> …``."""
