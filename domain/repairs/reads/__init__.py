"""What a repair would do."""
