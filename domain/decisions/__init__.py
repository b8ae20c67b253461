"""Stored decisions read again: the tables that made them, and why in half a sentence."""
