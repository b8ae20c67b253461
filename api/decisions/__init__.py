"""Decisions: one stored decision with all that made it come out so."""
