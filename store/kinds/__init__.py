"""What further kinds of case keep beside it, and their lists."""
