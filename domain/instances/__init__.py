"""Instances: lives of cases with all that they hold, the way that they took, and how often and how
long tokens were where."""
