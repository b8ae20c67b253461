"""The network of dealers and people: what may be stated about it, and what follows for leads."""
