"""Processes: what is deployed, deploying, checking, comparing versions, and trying a diagram
out."""
