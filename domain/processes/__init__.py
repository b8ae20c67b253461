"""Processes: whether a diagram may be deployed, and the script that it is played through with."""
