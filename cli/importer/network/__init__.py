"""The network in files: read, sent through the API's door, written out again.

``run_import`` and ``run_export`` are the commands; ``cli.importer.network.kinds`` says which column
is which field.
"""

from cli.importer.network.command import run_export, run_import, write_template

__all__ = ["run_export", "run_import", "write_template"]
