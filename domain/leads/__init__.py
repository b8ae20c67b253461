"""Leads: what a person may state about one, and what follows from it."""
