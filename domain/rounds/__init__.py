"""Scheduled work: which period comes next, what is done in it, what became of it
(docs/decisions/0050)."""
