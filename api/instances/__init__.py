"""Instances: what is running, where, how it got there, and how each element of a version does."""
