"""Leads: sent in, looked at, worked on, handed over."""
