"""What a person may state to repair running cases: one of them, one incident, many at once."""
