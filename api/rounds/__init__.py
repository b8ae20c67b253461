"""Scheduled work: how it stands, what it did, and a period that somebody wants done."""
