"""Shadows: a draft that decides beside the live table, without effect."""
