"""Processes and tables in their versions, what they decided, and what they would have."""
