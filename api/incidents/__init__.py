"""Incidents: steps that could not be done, and what people do about them, one at a time or many at
once."""
