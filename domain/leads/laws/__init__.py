"""What holds for every statement: what counts, what may be promised, what is possible now, who can
hear it."""
