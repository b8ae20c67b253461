"""Back-tests as people read them: how far one is, what it has found, its lines."""
