"""Back-tests: a table tried on the decisions of a period."""
