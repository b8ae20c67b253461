"""Imports a file of leads through the API's own door: a verdict and a reason per row (A2).

``run(path, base_url)`` is the command; ``cli.importer.sending.send`` is the work for callers with a
client.
"""

from cli.importer.command import run, write_template
from cli.importer.problems import ImportProblem

__all__ = ["ImportProblem", "run", "write_template"]
