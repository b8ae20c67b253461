"""Durable processes: diagrams, their interpreter, and the Temporal workflows that carry them."""
