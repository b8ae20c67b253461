"""Runs suites of cases that nobody here wrote, and says how many came out right: ``baton
conformance``."""
